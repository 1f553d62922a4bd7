//! What holds for every schema, configuration and prior object.

use super::*;
use proptest::prelude::*;

/// A schema with all ways of nesting, `depth` levels deep.
fn schema(depth: usize) -> Block {
    const ALL: [(&str, Nesting); 4] = [
        ("s", Nesting::Single),
        ("l", Nesting::List),
        ("t", Nesting::Set),
        ("m", Nesting::Map),
    ];
    let attributes = abc();
    let mut all = attributes.to_vec();
    if depth == 0 {
        return block(&all, &[]);
    }
    for (name, nesting) in ALL {
        let name = ["ns", "nl", "nt", "nm"][ALL.iter().position(|a| a.0 == name).unwrap_or(0)];
        all.push((
            name,
            nested(if depth == 1 { "oc" } else { "o" }, nesting, &attributes),
        ));
    }
    let inner = schema(depth - 1);
    let nested: Vec<_> = ALL
        .iter()
        .map(|(name, nesting)| (*name, blocks(*nesting, inner.clone())))
        .chain([("g", blocks(Nesting::Group, inner.clone()))])
        .collect();
    block(&all, &nested)
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// Computed-only attributes are null.
    Config,
    /// Everything is known.
    State,
}

fn text(kind: Kind) -> BoxedStrategy<Value> {
    let known = "[a-b]".prop_map(Value::string);
    let null = Just(Value::null(Type::String));
    match kind {
        Kind::Config => {
            prop_oneof![4 => known, 2 => null, 1 => Just(Value::unknown(Type::String))].boxed()
        }
        Kind::State => prop_oneof![3 => known, 1 => null].boxed(),
    }
}

fn attribute_value(attribute: &Attribute, kind: Kind) -> BoxedStrategy<Value> {
    let ty = attribute.implied_type();
    if kind == Kind::Config && attribute.computed && !attribute.optional {
        return Just(Value::null(ty)).boxed();
    }
    match &attribute.ty {
        AttributeType::Plain(_) => text(kind),
        AttributeType::Nested(nested) => {
            let members: Vec<_> = nested
                .attributes
                .values()
                .map(|a| attribute_value(a, kind))
                .collect();
            let element_type = nested.element_type();
            let element = members
                .prop_map(move |m| Value::object_of(element_type.clone(), m))
                .boxed();
            let whole = repeated(nested.nesting, ty.clone(), element);
            prop_oneof![3 => whole, 1 => Just(Value::null(ty))].boxed()
        }
    }
}

fn repeated(nesting: Nesting, ty: Type, element: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    let some = prop::collection::vec(element.clone(), 0..3);
    match nesting {
        Nesting::Single | Nesting::Group => element,
        Nesting::List => some
            .prop_map(move |v| Value::list_of(ty.clone(), v))
            .boxed(),
        Nesting::Set => some.prop_map(move |v| Value::set_of(ty.clone(), v)).boxed(),
        Nesting::Map => some
            .prop_map(move |v| Value::map_of(ty.clone(), ["k", "l", "m"].into_iter().zip(v)))
            .boxed(),
    }
}

fn object(block: &Block, kind: Kind) -> BoxedStrategy<Value> {
    let ty = block.implied_type();
    let names: Vec<_> = ty
        .as_object()
        .unwrap()
        .iter()
        .map(|(n, t)| (n.clone(), t.clone()))
        .collect();
    let parts: Vec<_> = names
        .into_iter()
        .map(|(name, ty)| match block.attributes.get(&name) {
            Some(attribute) => attribute_value(attribute, kind),
            None => {
                let nested = &block.block_types[&name];
                let whole = repeated(nested.nesting, ty.clone(), object(&nested.block, kind));
                if nested.nesting == Nesting::Single {
                    prop_oneof![3 => whole, 1 => Just(Value::null(ty))].boxed()
                } else {
                    whole
                }
            }
        })
        .collect();
    parts
        .prop_map(move |p| Value::object_of(ty.clone(), p))
        .boxed()
}

fn inputs() -> impl Strategy<Value = (Block, Value, Value)> {
    (0..3_usize).prop_flat_map(|depth| {
        let block = schema(depth);
        let ty = block.implied_type();
        let prior = prop_oneof![4 => object(&block, Kind::State), 1 => Just(Value::null(ty))];
        (Just(block.clone()), prior, object(&block, Kind::Config))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// What is proposed has the schema's type, and a provider may plan it as it is.
    #[test]
    fn the_proposal_is_a_valid_plan((block, prior, config) in inputs()) {
        let proposed = proposed_new(&block, &prior, &config);
        prop_assert_eq!(conforms(&proposed, &block.implied_type()), []);
        prop_assert_eq!(assert_plan_valid(&block, &prior, &config, &proposed), []);
        let planned = unknown_computed(&block, &proposed);
        prop_assert_eq!(conforms(&planned, &block.implied_type()), []);
        prop_assert_eq!(assert_plan_valid(&block, &prior, &config, &planned), []);
    }

    /// Planning again what came out of a proposal changes nothing.
    #[test]
    fn the_proposal_is_stable((block, prior, config) in inputs()) {
        let once = unknowns_as_null(&proposed_new(&block, &prior, &unknowns_as_null(&config)));
        let twice = proposed_new(&block, &once, &unknowns_as_null(&config));
        // Elements of sets that differ in computed attributes only may swap these.
        if !format!("{config:?}").contains("}, {") {
            prop_assert_eq!(once, twice);
        }
    }

    /// Whatever fills the unknown parts of a plan is compatible with it; the plan is with itself.
    #[test]
    fn what_fills_a_plan_is_compatible((block, prior, config) in inputs()) {
        let planned = unknown_computed(&block, &proposed_new(&block, &prior, &config));
        prop_assert_eq!(assert_object_compatible(&block, &planned, &planned), []);
        let filled: Result<Value, Infallible> = cty::transform(&planned, |_, v| {
            Ok(match v.ty() {
                _ if v.is_known() => v.clone(),
                Type::String => Value::string("z"),
                ty => Value::null(ty.clone()),
            })
        });
        prop_assert_eq!(assert_object_compatible(&block, &planned, &filled.unwrap()), []);
    }

    /// Objects that are in form already stay so.
    #[test]
    fn objects_in_form_stay((block, prior, _) in inputs()) {
        prop_assert_eq!(normalize_legacy(&block, &prior), prior);
    }

    /// An object that comes from a configuration is proposed from it again, and nothing is to do.
    #[test]
    fn ignoring_all_changes_nothing((block, prior, config) in inputs()) {
        prop_assume!(!prior.is_null());
        let config = apply_ignore_changes(&config, &prior, &configs::IgnoreChanges::All, Some(&block));
        let proposed = proposed_new(&block, &prior, &config);
        // Elements of sets may swap computed attributes, and are found again only if what they hold in sets of their own is
        // the same throughout.
        if !format!("{prior:?}").contains("}, {") && !holds_sets_in_sets(&prior, false) {
            prop_assert_eq!(proposed, prior);
        }
    }
}

/// Whether an element of a set holds a set that is not empty.
fn holds_sets_in_sets(value: &Value, in_set: bool) -> bool {
    let is_set = matches!(value.ty(), Type::Set(_));
    let mut elements = value.elements();
    elements.any(|(_, element)| in_set && is_set || holds_sets_in_sets(element, in_set || is_set))
}
