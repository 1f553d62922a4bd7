//! What a provider's schema must be like to make sense.

use crate::{Attribute, AttributeType, Block, NestedBlock, Nesting};
use cty::Type;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Block {
    /// What is wrong with the schema, a sentence each, beginning with the place. Empty for a good one.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        in_block(self, "", false, &mut problems);
        problems
    }
}

fn in_block(block: &Block, at: &str, in_set: bool, problems: &mut Vec<String>) {
    in_attributes(&block.attributes, at, in_set, problems);
    for (name, nested) in &block.block_types {
        let place = format!("{at}{name}");
        if block.attributes.contains_key(name) {
            problems.push(format!("{place}: is both an attribute and a block type"));
        }
        check_name(name, &place, problems);
        check_limits(nested, &place, problems);
        let in_set = in_set || nested.nesting == Nesting::Set;
        if nested.nesting == Nesting::Set && nested.block.implied_type().has_dynamic() {
            problems.push(format!(
                "{place}: a set of blocks cannot have attributes of any type"
            ));
        }
        in_block(&nested.block, &format!("{place}."), in_set, problems);
    }
}

fn in_attributes(
    attributes: &BTreeMap<Arc<str>, Attribute>,
    at: &str,
    in_set: bool,
    problems: &mut Vec<String>,
) {
    for (name, attribute) in attributes {
        let place = format!("{at}{name}");
        check_name(name, &place, problems);
        if !(attribute.required || attribute.optional || attribute.computed) {
            problems.push(format!(
                "{place}: is neither required, optional nor computed"
            ));
        }
        if attribute.required && (attribute.optional || attribute.computed) {
            problems.push(format!(
                "{place}: is required, so it cannot be optional or computed"
            ));
        }
        if attribute.write_only && attribute.computed {
            problems.push(format!("{place}: is write-only, so it cannot be computed"));
        }
        if attribute.write_only && in_set {
            problems.push(format!("{place}: cannot be write-only inside of a set"));
        }
        match &attribute.ty {
            AttributeType::Plain(Type::Set(element)) if element.has_dynamic() => {
                problems.push(format!("{place}: a set cannot have elements of any type"));
            }
            AttributeType::Plain(_) => {}
            AttributeType::Nested(nested) => {
                let is_set = nested.nesting == Nesting::Set;
                if nested.nesting == Nesting::Group {
                    problems.push(format!("{place}: only blocks can be a group"));
                }
                if is_set && nested.element_type().has_dynamic() {
                    problems.push(format!("{place}: a set cannot have elements of any type"));
                }
                in_attributes(
                    &nested.attributes,
                    &format!("{place}."),
                    in_set || is_set,
                    problems,
                );
            }
        }
    }
}

fn check_name(name: &str, place: &str, problems: &mut Vec<String>) {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.is_empty() || !name.chars().all(allowed) {
        problems.push(format!(
            "{place}: names have only lower case letters, digits and underscores"
        ));
    }
}

fn check_limits(nested: &NestedBlock, place: &str, problems: &mut Vec<String>) {
    let limits = (nested.min_items, nested.max_items);
    let fits = match nested.nesting {
        Nesting::Single => matches!(limits, (0, 0) | (0, 1) | (1, 1)),
        Nesting::Group | Nesting::Map => limits == (0, 0),
        Nesting::List | Nesting::Set => limits.1 == 0 || limits.0 <= limits.1,
    };
    if !fits {
        problems.push(format!(
            "{place}: blocks that nest so cannot be limited to {} to {}",
            limits.0, limits.1
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn attribute(ty: Type) -> Attribute {
        Attribute {
            ty: AttributeType::Plain(ty),
            optional: true,
            ..Attribute::default()
        }
    }

    #[test]
    fn bad_schemas() {
        let any = Block::new([("x".into(), attribute(Type::Dynamic))], []);
        let secret = Attribute {
            write_only: true,
            ..attribute(Type::String)
        };
        let secrets = Block::new([("s".into(), secret)], []);
        let nested = |nesting, block, min_items, max_items| NestedBlock {
            nesting,
            block,
            min_items,
            max_items,
        };
        let block = Block::new(
            [
                ("both".into(), attribute(Type::String)),
                (
                    "none".into(),
                    Attribute {
                        optional: false,
                        ..attribute(Type::String)
                    },
                ),
                (
                    "too_much".into(),
                    Attribute {
                        required: true,
                        ..attribute(Type::String)
                    },
                ),
                ("anys".into(), attribute(Type::set(Type::Dynamic))),
            ],
            [
                ("both".into(), nested(Nesting::List, Block::default(), 0, 0)),
                (
                    "Upper".into(),
                    nested(Nesting::List, Block::default(), 3, 2),
                ),
                ("set".into(), nested(Nesting::Set, any, 0, 0)),
                ("secrets".into(), nested(Nesting::Set, secrets, 0, 0)),
                ("map".into(), nested(Nesting::Map, Block::default(), 1, 0)),
            ],
        );
        expect![[r#"
            anys: a set cannot have elements of any type
            none: is neither required, optional nor computed
            too_much: is required, so it cannot be optional or computed
            Upper: names have only lower case letters, digits and underscores
            Upper: blocks that nest so cannot be limited to 3 to 2
            both: is both an attribute and a block type
            map: blocks that nest so cannot be limited to 1 to 0
            secrets.s: cannot be write-only inside of a set
            set: a set of blocks cannot have attributes of any type
        "#]]
        .assert_eq(&(block.problems().join("\n") + "\n"));
        assert!(Block::default().problems().is_empty());
    }
}
