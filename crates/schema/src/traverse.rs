//! Whether a path leads somewhere in a block, whatever its values are.

use crate::{Block, NestedBlock, Nesting};
use cty::{Path, Step, Type, Value};
use diags::Diagnostic;

impl Block {
    /// Follows a path from the block as far as its schema knows.
    ///
    /// # Errors
    /// Says what is wrong with the first step that leads nowhere; the range is for the caller to add.
    pub fn check_path(&self, path: &Path) -> Result<(), Box<Diagnostic>> {
        let mut block = self;
        let mut steps = path.steps().iter();
        while let Some(step) = steps.next() {
            let Some(name) = name_of(step) else {
                return Err(no_attribute(
                    "Only attributes and nested blocks can be selected here.",
                ));
            };
            if let Some(attribute) = block.attributes.get(name) {
                return check_value(attribute.implied_type(), steps.as_slice());
            }
            let Some(nested) = block.block_types.get(name) else {
                return Err(unknown_name(block, name));
            };
            if !matches!(nested.nesting, Nesting::Single | Nesting::Group)
                && let Some(key) = steps.next()
            {
                check_key(nested, name, key)?;
            }
            block = &nested.block;
        }
        Ok(())
    }
}

/// The name that a step selects in a block.
fn name_of(step: &Step) -> Option<&str> {
    match step {
        Step::Attr(name) => Some(name),
        Step::Index(key) => key.as_str().map(|s| &**s),
    }
}

fn no_attribute(detail: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Unsupported attribute", detail))
}

fn no_index(detail: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("Invalid index", detail))
}

fn unknown_name(block: &Block, name: &str) -> Box<Diagnostic> {
    let names = block.attributes.keys().chain(block.block_types.keys());
    let hint = hcl::suggestion(name, names.map(|n| &**n))
        .map(|near| format!(" Did you mean {near:?}?"))
        .unwrap_or_default();
    no_attribute(format!(
        "This object has no argument, nested block, or exported attribute named {name:?}.{hint}"
    ))
}

fn check_key(nested: &NestedBlock, name: &str, key: &Step) -> Result<(), Box<Diagnostic>> {
    match (nested.nesting, key) {
        (Nesting::Set, _) => Err(no_index(format!(
            "Blocks of type {name:?} have no order and no keys, so one of them cannot be selected."
        ))),
        (Nesting::List, Step::Index(key)) if cty::convert(key, &Type::Number).is_err() => Err(
            no_index(format!("Blocks of type {name:?} are selected by a number.")),
        ),
        (Nesting::List, Step::Attr(_)) => Err(no_attribute(format!(
            "There may be several blocks of type {name:?}: one must be selected first, as in {name}[0]."
        ))),
        _ => Ok(()),
    }
}

/// Follows steps into a value of a type.
fn check_value(mut ty: Type, steps: &[Step]) -> Result<(), Box<Diagnostic>> {
    for step in steps {
        ty = match (&ty, step) {
            (Type::Dynamic, _) => return Ok(()),
            (Type::Object(object), _) => {
                let name = name_of(step).unwrap_or_default();
                let found = object.iter().find(|(n, _)| &***n == name);
                match found {
                    Some((_, ty)) => ty.clone(),
                    None => {
                        return Err(no_attribute(format!(
                            "This object does not have an attribute named {name:?}."
                        )));
                    }
                }
            }
            (Type::Map(element), _) => (**element).clone(),
            (Type::List(element), Step::Index(key)) if is_number(key) => (**element).clone(),
            (Type::Tuple(elements), Step::Index(key)) => {
                let index = key.as_number().and_then(|n| n.to_i64());
                let element = index.and_then(|i| elements.get(usize::try_from(i).ok()?));
                match element {
                    Some(ty) => ty.clone(),
                    None => return Err(no_index("The tuple has no such element.")),
                }
            }
            (_, Step::Index(_)) => return Err(no_index("This value does not have any indices.")),
            (Type::List(_) | Type::Set(_) | Type::Tuple(_), Step::Attr(_)) => {
                return Err(no_attribute(
                    "This value has elements, not attributes: select an element first.",
                ));
            }
            (_, Step::Attr(_)) => {
                return Err(no_attribute(
                    "Can't access attributes on a primitive-typed value.",
                ));
            }
        };
    }
    Ok(())
}

fn is_number(key: &Value) -> bool {
    cty::convert(key, &Type::Number).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attribute, AttributeType};

    fn attribute(ty: Type) -> Attribute {
        Attribute {
            ty: AttributeType::Plain(ty),
            ..Attribute::default()
        }
    }

    #[test]
    fn paths_end_where_the_schema_does() {
        let nested = |nesting| NestedBlock {
            nesting,
            block: Block::new([("x".into(), attribute(Type::String))], []),
            min_items: 0,
            max_items: 0,
        };
        let block = Block::new(
            [
                ("s".into(), attribute(Type::String)),
                ("m".into(), attribute(Type::map(Type::String))),
                ("any".into(), attribute(Type::Dynamic)),
            ],
            [
                ("one".into(), nested(Nesting::Single)),
                ("list".into(), nested(Nesting::List)),
                ("set".into(), nested(Nesting::Set)),
            ],
        );
        let check = |path: Path| match block.check_path(&path) {
            Ok(()) => "ok".to_owned(),
            Err(d) => d.summary.clone(),
        };
        let root = Path::root;
        let zero = || Value::number(0i64);
        for (path, expected) in [
            (root().attr("s"), "ok"),
            (root().attr("t"), "Unsupported attribute"),
            (root().attr("s").attr("x"), "Unsupported attribute"),
            (root().attr("s").index(zero()), "Invalid index"),
            (root().attr("m").attr("k"), "ok"),
            (
                root().attr("m").attr("k").attr("l"),
                "Unsupported attribute",
            ),
            (root().attr("any").attr("k").index(zero()), "ok"),
            (root().attr("one").attr("x"), "ok"),
            (root().attr("one").attr("y"), "Unsupported attribute"),
            (root().attr("list"), "ok"),
            (root().attr("list").index(zero()).attr("x"), "ok"),
            (root().attr("list").attr("x"), "Unsupported attribute"),
            (root().attr("set").index(zero()), "Invalid index"),
        ] {
            assert_eq!(check(path.clone()), expected, "{path}");
        }
    }
}
