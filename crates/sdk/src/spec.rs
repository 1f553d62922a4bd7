//! What a block of a type is made of: the schema, and the rules by which it is checked and planned.

use cty::{Path, Type, Value};
use schema::{Attribute, AttributeType, Block, NestedBlock, Nesting};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Checks a known value that is not null. The error says what was expected.
pub type Check = Arc<dyn Fn(&Value) -> Result<(), String> + Send + Sync>;
/// Whether two known values mean the same to the cloud.
pub type Same = fn(&Value, &Value) -> bool;

/// A block: what it contains, and what must hold between its parts.
#[derive(Clone, Default)]
pub struct Spec {
    /// What it is for.
    pub description: &'static str,
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, AttrSpec>,
    /// Nested block types by name.
    pub blocks: BTreeMap<Arc<str>, BlockSpec>,
    /// What must hold between attributes and nested blocks of this block.
    pub rules: Vec<Rule>,
}

/// An attribute: its schema, and how it is planned.
#[derive(Clone)]
pub struct AttrSpec {
    /// The type.
    pub ty: Type,
    /// What it is for.
    pub description: &'static str,
    /// It must be given.
    pub required: bool,
    /// It may be given.
    pub optional: bool,
    /// The provider may set it.
    pub computed: bool,
    /// It is never shown.
    pub sensitive: bool,
    /// It is never stored.
    pub write_only: bool,
    /// Its use is discouraged.
    pub deprecated: bool,
    /// A change needs a new object.
    pub requires_replace: bool,
    /// The value where the configuration has none.
    pub default: Option<Value>,
    /// Stored as the zero value of its type (`""`, `0`, `false`, no elements) when it is not given: what hashicorp's
    /// providers do. Such a stored value and null are the same to a plan.
    pub zero: bool,
    /// A stored zero value and null are the same to a plan, though null is what a create stores: what hashicorp's providers
    /// find when they read what was not given.
    pub zero_read: bool,
    /// Known after apply whenever anything else changes. Otherwise a computed attribute keeps its value.
    pub unknown_on_update: bool,
    /// Values that mean the same.
    pub same: Option<Same>,
    /// What a value must fulfil.
    pub checks: Vec<Check>,
    /// What it does is not built: a configuration that sets it is refused.
    pub unbuilt: bool,
}

/// A nested block type.
#[derive(Clone)]
pub struct BlockSpec {
    /// How many there are.
    pub nesting: Nesting,
    /// At least so many.
    pub min: u64,
    /// At most so many; 0 = no limit.
    pub max: u64,
    /// Adding or removing one needs a new object.
    pub requires_replace: bool,
    /// The provider decides where the configuration has none.
    pub computed: bool,
    /// What it does is not built: a configuration that has one is refused.
    pub unbuilt: bool,
    /// What each contains.
    pub spec: Spec,
}

/// What must hold between parts of one block. Names are attributes and nested blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Where the first is given, none of the others may be.
    Conflicts(&'static str, &'static [&'static str]),
    /// Where the first is given, all others must be.
    RequiredWith(&'static str, &'static [&'static str]),
    /// One of them must be given, and only one.
    ExactlyOneOf(&'static [&'static str]),
    /// One of them must be given.
    AtLeastOneOf(&'static [&'static str]),
}

impl Spec {
    /// A block with nothing in it yet.
    pub fn new(description: &'static str) -> Self {
        Self {
            description,
            ..Self::default()
        }
    }

    /// Adds an attribute.
    pub fn attr(&mut self, name: &'static str, spec: AttrSpec) {
        self.attributes.insert(name.into(), spec);
    }

    /// Adds a nested block type.
    pub fn block(&mut self, name: &'static str, spec: BlockSpec) {
        self.blocks.insert(name.into(), spec);
    }

    /// Adds what must hold.
    pub fn rule(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    /// Adds all of another block.
    pub fn merge(&mut self, other: Self) {
        self.attributes.extend(other.attributes);
        self.blocks.extend(other.blocks);
        self.rules.extend(other.rules);
    }

    /// The schema.
    pub fn schema(&self) -> Block {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, spec)| (name.clone(), spec.schema()));
        let blocks = self
            .blocks
            .iter()
            .map(|(name, spec)| (name.clone(), spec.schema()));
        let mut block = Block::new(attributes, blocks);
        block.description = self.description.into();
        block
    }

    /// The paths of everything that needs a new object if it differs between the two objects.
    pub(crate) fn replaced(&self, prior: &Value, planned: &Value) -> Vec<Path> {
        let mut paths = Vec::new();
        self.find_replaced(&Path::root(), Some(prior), Some(planned), &mut paths);
        paths
    }

    fn find_replaced(
        &self,
        at: &Path,
        prior: Option<&Value>,
        planned: Option<&Value>,
        paths: &mut Vec<Path>,
    ) {
        let part = |value: Option<&Value>, name: &str| value.and_then(|v| v.get(name).cloned());
        for (name, spec) in self.attributes.iter().filter(|(_, s)| s.requires_replace) {
            let (was, will) = (part(prior, name), part(planned, name));
            let nothing = |value: &Option<Value>| {
                let zero = |v: &Value| spec.zero && v.raw_equals(&zero_value(&spec.ty));
                value.as_ref().is_none_or(|v| v.is_null() || zero(v))
            };
            let equal = match (&was, &will) {
                (Some(now), Some(then)) if now.raw_equals(then) || spec.is_same(now, then) => true,
                _ => nothing(&was) && nothing(&will),
            };
            if !equal {
                paths.push(at.clone().attr(name.clone()));
            }
        }
        for (name, spec) in &self.blocks {
            let at = at.clone().attr(name.clone());
            let (was, will) = (part(prior, name), part(planned, name));
            spec.find_replaced(&at, was.as_ref(), will.as_ref(), paths);
        }
    }
}

impl AttrSpec {
    /// An attribute of a type that may not be given and that nobody sets.
    pub fn of<T: crate::Shape>() -> Self {
        Self::of_type(T::ty())
    }

    pub(crate) const fn of_type(ty: Type) -> Self {
        Self {
            ty,
            description: "",
            required: false,
            optional: false,
            computed: false,
            sensitive: false,
            write_only: false,
            deprecated: false,
            requires_replace: false,
            default: None,
            zero: false,
            zero_read: false,
            unknown_on_update: false,
            same: None,
            checks: Vec::new(),
            unbuilt: false,
        }
    }

    /// The schema. A default makes an attribute computed only where the type system of the plugin protocol must be kept; the
    /// flags here are those of the published schema.
    fn schema(&self) -> Attribute {
        Attribute {
            ty: AttributeType::Plain(self.ty.clone()),
            description: self.description.into(),
            markdown: false,
            required: self.required,
            optional: self.optional,
            computed: self.computed,
            sensitive: self.sensitive,
            write_only: self.write_only,
            deprecated: self.deprecated,
        }
    }

    /// Whether two values mean the same to the cloud.
    pub(crate) fn is_same(&self, a: &Value, b: &Value) -> bool {
        let known = |v: &Value| v.is_wholly_known() && !v.is_null();
        self.same
            .is_some_and(|same| known(a) && known(b) && same(a, b))
    }
}

impl BlockSpec {
    /// A nested block type of a model.
    pub fn of<M: crate::Model>(nesting: Nesting) -> Self {
        Self {
            nesting,
            min: 0,
            max: 0,
            requires_replace: false,
            computed: false,
            unbuilt: false,
            spec: M::spec(),
        }
    }

    fn schema(&self) -> NestedBlock {
        NestedBlock {
            nesting: self.nesting,
            block: self.spec.schema(),
            min_items: self.min,
            max_items: self.max,
        }
    }

    /// Whether a change of anything in it needs a new object.
    fn has_replaced(&self) -> bool {
        self.requires_replace
            || self.spec.attributes.values().any(|a| a.requires_replace)
            || self.spec.blocks.values().any(Self::has_replaced)
    }

    fn find_replaced(
        &self,
        at: &Path,
        prior: Option<&Value>,
        planned: Option<&Value>,
        paths: &mut Vec<Path>,
    ) {
        let unknown = planned.is_some_and(|v| !v.is_known());
        let elements = |value: Option<&Value>| value.and_then(|v| Some(v.as_slice()?.to_vec()));
        if self.nesting == Nesting::Single {
            let object =
                |value: Option<&Value>| value.filter(|v| !v.is_null() && v.is_known()).cloned();
            self.spec
                .find_replaced(at, object(prior).as_ref(), object(planned).as_ref(), paths);
            return;
        }
        if unknown || self.nesting == Nesting::Set {
            let equal = match (prior, planned) {
                (Some(prior), Some(planned)) => prior.raw_equals(planned),
                (None, None) => true,
                (Some(one), None) | (None, Some(one)) => one.len() == Some(0),
            };
            if !equal && self.has_replaced() {
                paths.push(at.clone());
            }
            return;
        }
        let (was, will) = (
            elements(prior).unwrap_or_default(),
            elements(planned).unwrap_or_default(),
        );
        if self.requires_replace && was.len() != will.len() {
            paths.push(at.clone());
        }
        for index in 0..was.len().max(will.len()) {
            let at = at.clone().index(Value::number(index as u64));
            self.spec
                .find_replaced(&at, was.get(index), will.get(index), paths);
        }
    }
}

/// The zero value of a type: what hashicorp's providers store where nothing is given.
pub(crate) fn zero_value(ty: &Type) -> Value {
    match ty {
        Type::String => Value::string(""),
        Type::Number => Value::number(0_i64),
        Type::Bool => Value::bool(false),
        Type::List(_) => Value::list_of(ty.clone(), Vec::new()),
        Type::Set(_) => Value::set_of(ty.clone(), Vec::new()),
        Type::Map(_) => Value::map_of::<Arc<str>>(ty.clone(), []),
        _ => Value::null(ty.clone()),
    }
}
