//! Blocks out of JSON properties.

use super::read::properties;
use crate::suggest::did_you_mean;
use crate::{
    Attribute, Block, Body, BodySchema, Content, Expr, ExprKind, Label, NativeBody, Syntax,
};
use cty::Type;
use diags::{Diagnostic, Diagnostics, SourceRange};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a body of properties contains of the schema. Properties that the schema does not name are
/// errors, if `all` are to be read.
pub(crate) fn read_content(
    body: &NativeBody,
    schema: &BodySchema,
    all: bool,
) -> (Content, Diagnostics) {
    let mut work = Work {
        blocks: Vec::new(),
        diags: Diagnostics::new(),
    };
    let mut attributes: Vec<Attribute> = Vec::new();
    for property in &body.attributes {
        let name = &property.name;
        if schema.attribute(name).is_some() {
            match attributes.iter().find(|a| a.name == *name) {
                Some(first) => {
                    let detail = format!(
                        "The argument \"{name}\" was already set at {}.",
                        first.range
                    );
                    work.diags.push(
                        Diagnostic::error("Duplicate argument", detail)
                            .at(property.name_range.clone()),
                    );
                }
                None => attributes.push(property.clone()),
            }
        } else if let Some(block) = schema.block(name) {
            work.unpack(property, &block.labels, Vec::new(), &property.expr);
        } else if all {
            let names = schema
                .attributes
                .iter()
                .map(|a| &*a.name)
                .chain(schema.blocks.iter().map(|b| &*b.kind));
            let hint = did_you_mean(name, names);
            let detail = format!("No argument or block type is named \"{name}\".{hint}");
            work.diags.push(
                Diagnostic::error("Extraneous JSON object property", detail)
                    .at(property.name_range.clone()),
            );
        }
    }
    for attribute in schema.attributes.iter().filter(|a| a.required) {
        if !attributes.iter().any(|a| a.name == attribute.name) {
            let detail = format!(
                "The argument \"{}\" is required, but no definition was found.",
                attribute.name
            );
            work.diags.push(
                Diagnostic::error("Missing required argument", detail)
                    .at(body.missing_range.clone()),
            );
        }
    }
    (
        Content {
            attributes,
            blocks: work.blocks,
            missing_range: body.missing_range.clone(),
        },
        work.diags,
    )
}

/// All properties as arguments, each name once.
pub(crate) fn read_attributes(body: &NativeBody) -> (Vec<Attribute>, Diagnostics) {
    let mut diags = Diagnostics::new();
    let mut first: BTreeMap<&str, &Attribute> = BTreeMap::new();
    for attribute in &body.attributes {
        let earlier = *first.entry(&attribute.name).or_insert(attribute);
        if !std::ptr::eq(earlier, attribute) {
            let detail = format!(
                "The argument \"{}\" was already set at {}.",
                attribute.name, earlier.range
            );
            diags.push(
                Diagnostic::error("Duplicate attribute definition", detail)
                    .at(attribute.name_range.clone()),
            );
        }
    }
    let is_first = |a: &&Attribute| first.get(&*a.name).is_some_and(|f| std::ptr::eq(*f, *a));
    (
        body.attributes.iter().filter(is_first).cloned().collect(),
        diags,
    )
}

struct Work {
    blocks: Vec<Block>,
    diags: Diagnostics,
}

impl Work {
    /// Goes through the levels of labels down to the bodies.
    fn unpack(
        &mut self,
        property: &Attribute,
        names: &[Arc<str>],
        labels: Vec<Label>,
        value: &Expr,
    ) {
        let Some((name, names)) = names.split_first() else {
            return self.unpack_bodies(property, labels, value);
        };
        let objects = match &*value.kind {
            ExprKind::Tuple(values) => &values[..],
            _ => std::slice::from_ref(value),
        };
        for object in objects {
            let Some(items) = object.as_static_map() else {
                let detail = format!(
                    "A JSON object is required here, whose property names represent the {name} of the {} block.",
                    property.name
                );
                self.wrong_type(&object.range, detail);
                continue;
            };
            if items.is_empty() {
                let detail = format!(
                    "At least one object property is required, whose name represents the {} block's {name}.",
                    property.name
                );
                self.diags.push(
                    Diagnostic::error("Missing block label", detail).at(object.range.clone()),
                );
            }
            for item in properties(items) {
                let mut labels = labels.clone();
                labels.push(Label {
                    value: item.name,
                    range: item.name_range,
                });
                self.unpack(property, names, labels, &item.expr);
            }
        }
    }

    fn unpack_bodies(&mut self, property: &Attribute, labels: Vec<Label>, value: &Expr) {
        match &*value.kind {
            ExprKind::Tuple(values) => {
                for value in values {
                    self.unpack_body(property, labels.clone(), value);
                }
            }
            ExprKind::Literal(null) if null.is_null() && *null.ty() == Type::Dynamic => {}
            _ => self.unpack_body(property, labels, value),
        }
    }

    fn unpack_body(&mut self, property: &Attribute, labels: Vec<Label>, value: &Expr) {
        let Some(items) = value.as_static_map() else {
            let detail = format!(
                "Either a JSON object or a JSON array of objects is required here, to define the content of {} blocks.",
                property.name
            );
            return self.wrong_type(&value.range, detail);
        };
        let brace = |start: bool| {
            let mut range = value.range.clone();
            if start {
                range.end = diags::Pos {
                    column: range.start.column + 1,
                    byte: range.start.byte + 1,
                    ..range.start
                };
            } else {
                range.start = diags::Pos {
                    column: range.end.column - 1,
                    byte: range.end.byte - 1,
                    ..range.end
                };
            }
            range
        };
        let body = NativeBody {
            attributes: properties(items),
            blocks: Vec::new(),
            range: value.range.clone(),
            missing_range: brace(true),
            end_range: brace(false),
            taken: Vec::new(),
            syntax: Syntax::Json,
        };
        self.blocks.push(Block {
            kind: property.name.clone(),
            kind_range: property.name_range.clone(),
            def_range: labels
                .last()
                .map_or(&property.name_range, |l| &l.range)
                .clone(),
            labels,
            body: Body::Native(Arc::new(body)),
        });
    }

    fn wrong_type(&mut self, range: &SourceRange, detail: String) {
        self.diags
            .push(Diagnostic::error("Incorrect JSON value type", detail).at(range.clone()));
    }
}
