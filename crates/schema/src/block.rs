//! The shape of a block.

use cty::{ObjectType, Type, Value};
use hcl::{AttributeSchema, BlockSchema, BodySchema};
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// What a block may contain.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, Attribute>,
    /// Nested block types by name.
    pub block_types: BTreeMap<Arc<str>, NestedBlock>,
    /// What it is for.
    pub description: Arc<str>,
    /// Whether the description is Markdown.
    pub markdown: bool,
    /// Whether its use is discouraged.
    pub deprecated: bool,
    /// The implied type, made once.
    implied: OnceLock<Type>,
    /// The schema of a body, made once.
    body: OnceLock<BodySchema>,
    /// Whether anything inside is sensitive, found out once.
    pub(crate) sensitive: OnceLock<bool>,
}

/// What an attribute may be.
#[derive(Clone, Debug, Default)]
pub struct Attribute {
    /// Its type.
    pub ty: AttributeType,
    /// What it is for.
    pub description: Arc<str>,
    /// Whether the description is Markdown.
    pub markdown: bool,
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
}

/// The type of an attribute.
#[derive(Clone, Debug)]
pub enum AttributeType {
    /// A type.
    Plain(Type),
    /// Attributes of its own (protocol 6).
    Nested(Arc<NestedAttribute>),
}

impl Default for AttributeType {
    fn default() -> Self {
        Self::Plain(Type::Dynamic)
    }
}

/// The shape of an attribute that has attributes.
#[derive(Clone, Debug)]
pub struct NestedAttribute {
    /// How many there are.
    pub nesting: Nesting,
    /// Attributes by name.
    pub attributes: BTreeMap<Arc<str>, Attribute>,
}

/// A nested block type.
#[derive(Clone, Debug)]
pub struct NestedBlock {
    /// How many there are.
    pub nesting: Nesting,
    /// What each contains.
    pub block: Block,
    /// At least so many (list, set); 1 with `Single` = required.
    pub min_items: u64,
    /// At most so many (list, set); 0 = no limit.
    pub max_items: u64,
}

/// How nested blocks or attributes are repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nesting {
    /// At most one; null when absent.
    Single,
    /// Exactly one, as if written empty when absent (blocks only).
    Group,
    /// Any number in order.
    List,
    /// Any number without order.
    Set,
    /// By a label or key.
    Map,
}

impl Attribute {
    /// The type a value of it has.
    pub fn implied_type(&self) -> Type {
        match &self.ty {
            AttributeType::Plain(ty) => ty.without_optional(),
            AttributeType::Nested(nested) => nested.implied_type(),
        }
    }

    /// What an expression for it is converted to: like the implied type, but attributes of nested
    /// attributes that need not be given may be left out.
    pub fn config_type(&self) -> Type {
        match &self.ty {
            AttributeType::Plain(ty) => ty.clone(),
            AttributeType::Nested(nested) => nested.config_type(),
        }
    }

    /// Whether a configuration can set it.
    pub const fn is_settable(&self) -> bool {
        self.required || self.optional
    }
}

impl NestedAttribute {
    fn config_type(&self) -> Type {
        let attributes = self
            .attributes
            .iter()
            .map(|(name, a)| (name.clone(), a.config_type(), !a.required));
        let element = Type::Object(Arc::new(ObjectType::with_optional(attributes)));
        match self.nesting {
            Nesting::Single | Nesting::Group => element,
            Nesting::List => Type::list(element),
            Nesting::Set => Type::set(element),
            Nesting::Map => Type::map(element),
        }
    }

    /// The type of one element.
    pub fn element_type(&self) -> Type {
        Type::object(
            self.attributes
                .iter()
                .map(|(name, a)| (name.clone(), a.implied_type())),
        )
    }

    /// The type of the whole attribute.
    pub fn implied_type(&self) -> Type {
        let element = self.element_type();
        match self.nesting {
            Nesting::Single | Nesting::Group => element,
            Nesting::List => Type::list(element),
            Nesting::Set => Type::set(element),
            Nesting::Map => Type::map(element),
        }
    }
}

impl NestedBlock {
    /// The type of the whole of these blocks in the block around them.
    pub fn implied_type(&self) -> Type {
        let element = self.block.implied_type();
        match self.nesting {
            Nesting::Single | Nesting::Group => element,
            Nesting::List | Nesting::Map if element.has_dynamic() => Type::Dynamic,
            Nesting::List => Type::list(element),
            Nesting::Map => Type::map(element),
            Nesting::Set => Type::set(element),
        }
    }
}

impl Block {
    /// A block of attributes and nested block types.
    pub fn new(
        attributes: impl IntoIterator<Item = (Arc<str>, Attribute)>,
        block_types: impl IntoIterator<Item = (Arc<str>, NestedBlock)>,
    ) -> Self {
        Self {
            attributes: attributes.into_iter().collect(),
            block_types: block_types.into_iter().collect(),
            ..Self::default()
        }
    }

    /// The object type of a value of this block: one attribute per attribute and nested block type.
    /// Made once, then shared.
    pub fn implied_type(&self) -> Type {
        self.implied
            .get_or_init(|| {
                let attributes = self
                    .attributes
                    .iter()
                    .map(|(name, a)| (name.clone(), a.implied_type()));
                let blocks = self
                    .block_types
                    .iter()
                    .map(|(name, b)| (name.clone(), b.implied_type()));
                Type::Object(Arc::new(ObjectType::new(attributes.chain(blocks))))
            })
            .clone()
    }

    /// What a body of this block may contain, `dynamic` blocks included. Made once, then shared.
    pub fn body_schema(&self) -> &BodySchema {
        self.body.get_or_init(|| {
            // What only the provider sets is let through: the provider says that it cannot be set.
            let attributes = self
                .attributes
                .iter()
                .map(|(name, a)| AttributeSchema {
                    name: name.clone(),
                    required: a.required,
                })
                .collect();
            let mut blocks: Vec<BlockSchema> = self
                .block_types
                .iter()
                .map(|(name, b)| BlockSchema {
                    kind: name.clone(),
                    labels: if b.nesting == Nesting::Map {
                        vec!["key".into()]
                    } else {
                        Vec::new()
                    },
                })
                .collect();
            blocks.push(BlockSchema {
                kind: "dynamic".into(),
                labels: vec!["type".into()],
            });
            BodySchema { attributes, blocks }
        })
    }
}

impl Block {
    /// The value of a body with nothing in it: attributes are null, and there are no nested blocks.
    pub fn empty_value(&self) -> Value {
        let ty = self.implied_type();
        let part = |(name, ty): (&Arc<str>, &Type)| match self.block_types.get(name) {
            Some(nested) => nested.empty_value(),
            None => Value::null(ty.clone()),
        };
        let parts = ty.as_object().map(|o| o.iter().map(part).collect());
        Value::object_of(ty, parts.unwrap_or_default())
    }
}

impl NestedBlock {
    /// The value of no blocks of this type.
    pub fn empty_value(&self) -> Value {
        let ty = self.implied_type();
        match (self.nesting, &ty) {
            (Nesting::Single, _) => Value::null(ty),
            (Nesting::Group, _) => self.block.empty_value(),
            (Nesting::List, Type::Dynamic) => Value::tuple(Vec::new()),
            (Nesting::Map, Type::Dynamic) => Value::object::<Arc<str>>([]),
            (Nesting::List, _) => Value::list_of(ty, Vec::new()),
            (Nesting::Set, _) => Value::set_of(ty, Vec::new()),
            (Nesting::Map, _) => Value::map_of::<Arc<str>>(ty, []),
        }
    }
}
