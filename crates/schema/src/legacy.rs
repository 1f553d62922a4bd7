//! Attributes that may be written as blocks.
//!
//! Old providers declare some lists and sets of objects as attributes, and their users write them as
//! blocks. That is allowed where the whole schema looks like the work of such a provider.

use crate::{AttributeType, Block};
use cty::Type;
use hcl::{BlockSchema, Body, BodySchema};
use std::sync::Arc;

impl Block {
    /// The names of attributes that a body writes as blocks, if the schema allows it.
    pub fn attributes_written_as_blocks(&self, body: &Body) -> Vec<Arc<str>> {
        let Body::Native(body) = body;
        if body.blocks.is_empty() {
            return Vec::new();
        }
        let mut names = Vec::new();
        for block in &body.blocks {
            let name = match (&*block.kind, block.labels.first()) {
                ("dynamic", Some(label)) => &label.value,
                _ => &block.kind,
            };
            if let Some(attribute) = self.attributes.get(name)
                && is_objects(&attribute.ty)
                && !names.contains(name)
                && self.looks_legacy()
            {
                names.push(name.clone());
            }
        }
        names
    }

    pub(crate) fn body_schema_with_blocks(&self, names: &[Arc<str>]) -> BodySchema {
        let mut schema = self.body_schema().clone();
        schema.attributes.retain(|a| !names.contains(&a.name));
        schema.blocks.extend(names.iter().map(|n| BlockSchema {
            kind: n.clone(),
            labels: Vec::new(),
        }));
        schema
    }

    /// Whether nothing in the schema is beyond old providers.
    fn looks_legacy(&self) -> bool {
        self.attributes.values().all(|a| match &a.ty {
            AttributeType::Nested(_) => false,
            AttributeType::Plain(ty) => is_legacy_type(ty),
        }) && self.block_types.values().all(|b| b.block.looks_legacy())
    }
}

fn is_objects(ty: &AttributeType) -> bool {
    matches!(ty, AttributeType::Plain(Type::List(element) | Type::Set(element)) if element.as_object().is_some())
}

/// Primitives, and collections of them; lists and sets of objects of such.
fn is_legacy_type(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Number | Type::String | Type::Dynamic => true,
        Type::List(element) | Type::Set(element) => match &**element {
            Type::Object(object) => object.iter().all(|(_, t)| is_legacy_type(t)),
            element => is_legacy_type(element),
        },
        Type::Map(element) => {
            element.is_primitive() || is_legacy_type(element) && element.as_object().is_none()
        }
        Type::Tuple(_) | Type::Object(_) => false,
    }
}
