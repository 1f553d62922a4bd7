//! Types.

mod names;

use std::fmt;
use std::sync::{Arc, LazyLock};

/// The type of a value, or a constraint on it when it has [`Type::Dynamic`] inside.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// Any type: a constraint, or the type of a value whose type is not known yet.
    Dynamic,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// Unicode text in normal form C.
    String,
    /// A sequence of values of one type.
    List(Arc<Self>),
    /// Distinct values of one type, without an order that means anything.
    Set(Arc<Self>),
    /// Values of one type by string keys.
    Map(Arc<Self>),
    /// A sequence in which each place has its own type.
    Tuple(Arc<[Self]>),
    /// Named values, each of its own type.
    Object(Arc<ObjectType>),
}

/// The names and types of an object's attributes, sorted by name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectType {
    attrs: Box<[(Arc<str>, Type)]>,
    /// Indices into `attrs` of attributes that may be left out: only in type constraints.
    optional: Box<[u32]>,
}

impl ObjectType {
    /// An object type; later attributes of a repeated name replace earlier ones.
    pub fn new(attrs: impl IntoIterator<Item = (Arc<str>, Type)>) -> Self {
        Self::with_optional(attrs.into_iter().map(|(name, ty)| (name, ty, false)))
    }

    /// An object type constraint in which some attributes (`true`) may be left out.
    pub fn with_optional(attrs: impl IntoIterator<Item = (Arc<str>, Type, bool)>) -> Self {
        let mut attrs: Vec<_> = attrs.into_iter().collect();
        attrs.sort_by(|a, b| a.0.cmp(&b.0));
        attrs.reverse();
        attrs.dedup_by(|a, b| a.0 == b.0);
        attrs.reverse();
        let optional = (0u32..)
            .zip(&attrs)
            .filter(|(_, a)| a.2)
            .map(|(i, _)| i)
            .collect();
        Self {
            attrs: attrs.into_iter().map(|(name, ty, _)| (name, ty)).collect(),
            optional,
        }
    }

    /// How many attributes there are.
    pub fn len(&self) -> usize {
        self.attrs.len()
    }

    /// Whether there is no attribute.
    pub fn is_empty(&self) -> bool {
        self.attrs.is_empty()
    }

    /// Where the attribute stands in the sorted order.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.attrs.binary_search_by(|(n, _)| (**n).cmp(name)).ok()
    }

    /// The type of an attribute.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.position(name).map(|i| &self.attrs[i].1)
    }

    /// Names and types in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Type)> + DoubleEndedIterator {
        self.attrs.iter().map(|(name, ty)| (name, ty))
    }

    /// The name and type at a position.
    pub fn at(&self, position: usize) -> Option<(&Arc<str>, &Type)> {
        self.attrs.get(position).map(|(name, ty)| (name, ty))
    }

    /// Whether the attribute may be left out (type constraints only).
    pub fn is_optional(&self, name: &str) -> bool {
        self.position(name)
            .is_some_and(|i| self.optional.contains(&(i as u32)))
    }

    /// Whether any attribute may be left out.
    pub fn has_optional(&self) -> bool {
        !self.optional.is_empty()
    }
}

impl Type {
    /// `list(element)`.
    pub fn list(element: Self) -> Self {
        Self::List(Arc::new(element))
    }

    /// `set(element)`.
    pub fn set(element: Self) -> Self {
        Self::Set(Arc::new(element))
    }

    /// `map(element)`.
    pub fn map(element: Self) -> Self {
        Self::Map(Arc::new(element))
    }

    /// `tuple([…])`.
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(elements.into_iter().collect())
    }

    /// `object({…})`.
    pub fn object<N: Into<Arc<str>>>(attrs: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(Arc::new(ObjectType::new(
            attrs.into_iter().map(|(n, t)| (n.into(), t)),
        )))
    }

    /// `object({})`.
    pub fn empty_object() -> Self {
        static EMPTY: LazyLock<Arc<ObjectType>> = LazyLock::new(|| Arc::new(ObjectType::new([])));
        Self::Object(EMPTY.clone())
    }

    /// Whether this is a bool, a number or a string.
    pub const fn is_primitive(&self) -> bool {
        matches!(self, Self::Bool | Self::Number | Self::String)
    }

    /// Whether this is a list, set or map.
    pub const fn is_collection(&self) -> bool {
        matches!(self, Self::List(_) | Self::Set(_) | Self::Map(_))
    }

    /// The element type of a list, set or map.
    pub fn element_type(&self) -> Option<&Self> {
        match self {
            Self::List(t) | Self::Set(t) | Self::Map(t) => Some(t),
            _ => None,
        }
    }

    /// The attributes of an object type.
    pub fn as_object(&self) -> Option<&Arc<ObjectType>> {
        match self {
            Self::Object(o) => Some(o),
            _ => None,
        }
    }

    /// Whether `dynamic` stands anywhere inside.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(t) | Self::Set(t) | Self::Map(t) => t.has_dynamic(),
            Self::Tuple(ts) => ts.iter().any(Self::has_dynamic),
            Self::Object(o) => o.iter().any(|(_, t)| t.has_dynamic()),
        }
    }

    /// Whether an attribute may be left out anywhere inside.
    pub fn has_optional(&self) -> bool {
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => false,
            Self::List(t) | Self::Set(t) | Self::Map(t) => t.has_optional(),
            Self::Tuple(ts) => ts.iter().any(Self::has_optional),
            Self::Object(o) => o.has_optional() || o.iter().any(|(_, t)| t.has_optional()),
        }
    }

    /// The same type with no attribute optional anywhere.
    #[must_use]
    pub fn without_optional(&self) -> Self {
        if !self.has_optional() {
            return self.clone();
        }
        match self {
            Self::Dynamic | Self::Bool | Self::Number | Self::String => self.clone(),
            Self::List(t) => Self::list(t.without_optional()),
            Self::Set(t) => Self::set(t.without_optional()),
            Self::Map(t) => Self::map(t.without_optional()),
            Self::Tuple(ts) => Self::tuple(ts.iter().map(Self::without_optional)),
            Self::Object(o) => {
                Self::object(o.iter().map(|(n, t)| (n.clone(), t.without_optional())))
            }
        }
    }
}

impl fmt::Display for Type {
    /// As a type constraint is written: `list(object({a = string}))`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dynamic => f.write_str("any"),
            Self::Bool => f.write_str("bool"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::List(t) => write!(f, "list({t})"),
            Self::Set(t) => write!(f, "set({t})"),
            Self::Map(t) => write!(f, "map({t})"),
            Self::Tuple(ts) => {
                f.write_str("tuple([")?;
                for (i, t) in ts.iter().enumerate() {
                    write!(f, "{}{t}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Self::Object(o) => {
                f.write_str("object({")?;
                for (i, (name, t)) in o.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { ", " })?;
                    if o.is_optional(name) {
                        write!(f, "{name} = optional({t})")?;
                    } else {
                        write!(f, "{name} = {t}")?;
                    }
                }
                f.write_str("})")
            }
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
