//! Values.

mod uniform;

pub(crate) use uniform::{collection, map_collection};

use crate::{Marks, Number, ObjectType, Refinement, Type};
use std::fmt;
use std::sync::Arc;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A value: a type, the data, and marks. Immutable; a clone shares the data.
#[derive(Clone)]
pub struct Value {
    ty: Type,
    pub(crate) data: Data,
    marks: Marks,
    deep: Deep,
}

/// The data of a value. The shape always fits the value's type.
#[derive(Clone)]
pub(crate) enum Data {
    Null,
    Unknown(Option<Arc<Refinement>>),
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    /// Elements of a list or tuple in order; of a set in cty's order, without duplicates; attributes
    /// of an object in the order of its type.
    Seq(Arc<[Value]>),
    /// Sorted by key.
    Map(Arc<[(Arc<str>, Value)]>),
}

/// What is true of a value or of anything inside it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Deep {
    unknown: bool,
    marks: Marks,
}

impl Deep {
    fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Self {
        values.into_iter().fold(Self::default(), |d, v| Self {
            unknown: d.unknown || v.deep.unknown,
            marks: d.marks | v.deep.marks,
        })
    }
}

impl Value {
    fn new(ty: Type, data: Data, deep: Deep) -> Self {
        Self {
            ty,
            data,
            marks: Marks::NONE,
            deep,
        }
    }

    // ---- constructors

    /// The null value of a type.
    pub fn null(ty: Type) -> Self {
        Self::new(ty, Data::Null, Deep::default())
    }

    /// A value of a type that is not known yet.
    pub fn unknown(ty: Type) -> Self {
        Self::new(
            ty,
            Data::Unknown(None),
            Deep {
                unknown: true,
                marks: Marks::NONE,
            },
        )
    }

    /// An unknown value with exactly this known about it.
    pub(crate) fn unknown_as_is(ty: Type, refinement: Refinement) -> Self {
        let mut value = Self::unknown(ty);
        if !refinement.is_empty() {
            value.data = Data::Unknown(Some(Arc::new(refinement)));
        }
        value
    }

    /// A value of which not even the type is known.
    pub fn dynamic() -> Self {
        Self::unknown(Type::Dynamic)
    }

    /// A bool.
    pub fn bool(value: bool) -> Self {
        Self::new(Type::Bool, Data::Bool(value), Deep::default())
    }

    /// A number.
    pub fn number(value: impl Into<Number>) -> Self {
        Self::new(Type::Number, Data::Number(value.into()), Deep::default())
    }

    /// A string, brought into normal form C.
    pub fn string(value: impl Into<Arc<str>>) -> Self {
        Self::new(
            Type::String,
            Data::String(normal_form(value.into())),
            Deep::default(),
        )
    }

    /// A list; every element must have the type `element`.
    pub fn list(element: Type, values: Vec<Self>) -> Self {
        Self::list_of(Type::list(element), values)
    }

    /// Like [`Value::list`], for a list type that is shared.
    pub fn list_of(ty: Type, values: Vec<Self>) -> Self {
        debug_assert!(
            matches!(&ty, Type::List(e) if **e == Type::Dynamic || values.iter().all(|v| *v.ty() == **e))
        );
        let deep = Deep::of(&values);
        Self::new(ty, Data::Seq(values.into()), deep)
    }

    /// A map; every value must have the type `element`. Later values of a repeated key replace
    /// earlier ones.
    pub fn map<K: Into<Arc<str>>>(
        element: Type,
        entries: impl IntoIterator<Item = (K, Self)>,
    ) -> Self {
        Self::map_of(Type::map(element), entries)
    }

    /// Like [`Value::map`], for a map type that is shared.
    pub fn map_of<K: Into<Arc<str>>>(
        ty: Type,
        entries: impl IntoIterator<Item = (K, Self)>,
    ) -> Self {
        let mut entries: Vec<(Arc<str>, Self)> = entries
            .into_iter()
            .map(|(k, v)| (normal_form(k.into()), v))
            .collect();
        sort_by_name(&mut entries);
        debug_assert!(
            matches!(&ty, Type::Map(e) if **e == Type::Dynamic || entries.iter().all(|(_, v)| *v.ty() == **e))
        );
        let deep = Deep::of(entries.iter().map(|(_, v)| v));
        Self::new(ty, Data::Map(entries.into()), deep)
    }

    /// A set. Elements that are known to be equal become one; marks of elements become marks of the
    /// set, because the elements decide what the set is.
    pub fn set(element: Type, values: Vec<Self>) -> Self {
        Self::set_of(Type::set(element), values)
    }

    /// Like [`Value::set`], for a set type that is shared.
    pub fn set_of(ty: Type, values: Vec<Self>) -> Self {
        let mut marks = Marks::NONE;
        let values: Vec<Self> = values
            .into_iter()
            .map(|v| {
                marks |= v.deep.marks;
                v.unmark_all()
            })
            .collect();
        let values = crate::set::normalize(values);
        let deep = Deep::of(&values);
        Self::new(ty, Data::Seq(values.into()), deep).with_marks(marks)
    }

    /// A tuple.
    pub fn tuple(values: Vec<Self>) -> Self {
        let ty = Type::tuple(values.iter().map(|v| v.ty.clone()));
        let deep = Deep::of(&values);
        Self::new(ty, Data::Seq(values.into()), deep)
    }

    /// An object whose type is made from the attributes given.
    pub fn object<K: Into<Arc<str>>>(attrs: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut attrs: Vec<(Arc<str>, Self)> = attrs
            .into_iter()
            .map(|(k, v)| (normal_form(k.into()), v))
            .collect();
        sort_by_name(&mut attrs);
        let ty = Type::Object(Arc::new(ObjectType::new(
            attrs.iter().map(|(n, v)| (n.clone(), v.ty.clone())),
        )));
        Self::object_of(ty, attrs.into_iter().map(|(_, v)| v).collect())
    }

    /// An object of a shared object type: one value per attribute, in the order of the type. Where
    /// the type says `dynamic`, the value's own type takes its place.
    pub fn object_of(ty: Type, values: Vec<Self>) -> Self {
        let Type::Object(object) = &ty else {
            unreachable!("object_of needs an object type, not {ty}")
        };
        assert_eq!(
            object.len(),
            values.len(),
            "one value per attribute of {ty}"
        );
        let fits = object.iter().zip(&values).all(|((_, t), v)| *t == v.ty);
        let ty = if fits {
            ty
        } else {
            Type::object(
                object
                    .iter()
                    .zip(&values)
                    .map(|((n, _), v)| (n.clone(), v.ty.clone())),
            )
        };
        let deep = Deep::of(&values);
        Self::new(ty, Data::Seq(values.into()), deep)
    }

    /// The same value, with the equal type of another one.
    pub(crate) fn sharing_type(mut self, ty: &Type) -> Self {
        debug_assert_eq!(self.ty, *ty);
        self.ty = ty.clone();
        self
    }

    /// The same value with other parts of the same types.
    pub(crate) fn with_data(&self, data: Data) -> Self {
        let deep = match &data {
            Data::Seq(values) => Deep::of(values.iter()),
            Data::Map(entries) => Deep::of(entries.iter().map(|(_, v)| v)),
            _ => self.deep,
        };
        Self::new(self.ty.clone(), data, deep).with_marks(self.marks)
    }

    // ---- what it is

    /// The type.
    pub const fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether it is null. An unknown value is not (it may turn out to be).
    pub const fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// Whether it is known itself; parts of it may be unknown.
    pub const fn is_known(&self) -> bool {
        !matches!(self.data, Data::Unknown(_))
    }

    /// Whether it and all its parts are known. Constant time.
    pub const fn is_wholly_known(&self) -> bool {
        !self.deep.unknown
    }

    /// What is known about it though it is unknown.
    pub fn refinement(&self) -> Option<&Refinement> {
        match &self.data {
            Data::Unknown(refinement) => refinement.as_deref(),
            _ => None,
        }
    }

    /// Whether it is certainly not null: known and not null, or refined so.
    pub fn is_definitely_not_null(&self) -> bool {
        match &self.data {
            Data::Null => false,
            Data::Unknown(refinement) => refinement.as_ref().is_some_and(|r| r.not_null),
            _ => true,
        }
    }

    /// The bool, if it is a known one.
    pub const fn as_bool(&self) -> Option<bool> {
        match &self.data {
            Data::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// The number, if it is a known one.
    pub const fn as_number(&self) -> Option<&Number> {
        match &self.data {
            Data::Number(n) => Some(n),
            _ => None,
        }
    }

    /// The text, if it is a known string.
    pub const fn as_str(&self) -> Option<&Arc<str>> {
        match &self.data {
            Data::String(s) => Some(s),
            _ => None,
        }
    }

    /// The elements of a known list, set or tuple, or the attribute values of a known object in the
    /// order of its type.
    pub fn as_slice(&self) -> Option<&[Self]> {
        match &self.data {
            Data::Seq(values) => Some(values),
            _ => None,
        }
    }

    /// The entries of a known map, sorted by key.
    pub fn as_map(&self) -> Option<&[(Arc<str>, Self)]> {
        match &self.data {
            Data::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// How many elements a known collection, tuple or object has.
    pub fn len(&self) -> Option<usize> {
        match &self.data {
            Data::Seq(values) => Some(values.len()),
            Data::Map(entries) => Some(entries.len()),
            _ => None,
        }
    }

    /// Whether it is a known collection, tuple or object without elements.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }

    /// The attribute of a known object, or the value of a known map's key. No marks are added from
    /// the container: see [`Value::get_attr`] in the operations.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match (&self.data, &self.ty) {
            (Data::Seq(values), Type::Object(ty)) => ty.position(name).and_then(|i| values.get(i)),
            (Data::Map(entries), _) => entries
                .binary_search_by(|(k, _)| (**k).cmp(name))
                .ok()
                .map(|i| &entries[i].1),
            _ => None,
        }
    }

    /// Keys and values of a known collection, tuple or object: numbers for sequences, strings for
    /// maps and objects, the element itself for sets. Nothing for null, unknown or primitive.
    pub fn elements(&self) -> ElementIter<'_> {
        ElementIter {
            value: self,
            next: 0,
        }
    }

    // ---- marks

    /// The marks of the value itself, not of its parts.
    pub const fn marks(&self) -> Marks {
        self.marks
    }

    /// The marks of the value and of all its parts together. Constant time.
    pub const fn all_marks(&self) -> Marks {
        self.deep.marks
    }

    /// Adds marks to the value itself.
    #[must_use]
    pub fn with_marks(mut self, marks: Marks) -> Self {
        self.marks |= marks;
        self.deep.marks |= marks;
        self
    }

    /// The value without the marks of its own, and these marks. Parts keep theirs.
    pub fn unmark(mut self) -> (Self, Marks) {
        let marks = self.marks;
        if !marks.is_empty() {
            self.marks = Marks::NONE;
            self.deep.marks = match &self.data {
                Data::Seq(values) => Deep::of(values.iter()).marks,
                Data::Map(entries) => Deep::of(entries.iter().map(|(_, v)| v)).marks,
                _ => Marks::NONE,
            };
        }
        (self, marks)
    }

    /// The value with no marks anywhere.
    #[must_use]
    pub fn unmark_all(mut self) -> Self {
        if !self.deep.marks.is_empty() {
            self.marks = Marks::NONE;
            self.deep.marks = Marks::NONE;
            self.data = match self.data {
                Data::Seq(values) => {
                    Data::Seq(values.iter().map(|v| v.clone().unmark_all()).collect())
                }
                Data::Map(entries) => Data::Map(
                    entries
                        .iter()
                        .map(|(k, v)| (k.clone(), v.clone().unmark_all()))
                        .collect(),
                ),
                data => data,
            };
        }
        self
    }

    /// The same value with its parts replaced by `f` (which keeps their types). Marks of the value
    /// itself stay. Null, unknown and primitive values come back as they are.
    #[must_use]
    pub fn map_parts(&self, mut f: impl FnMut(Self, &Self) -> Self) -> Self {
        let value = match (&self.data, &self.ty) {
            (Data::Seq(values), Type::Set(_)) => Self::set_of(
                self.ty.clone(),
                values.iter().map(|v| f(v.clone(), v)).collect(),
            ),
            (Data::Seq(values), Type::Object(ty)) => Self::object_of(
                self.ty.clone(),
                ty.iter()
                    .zip(values.iter())
                    .map(|((n, _), v)| f(Self::string(n.clone()), v))
                    .collect(),
            ),
            (Data::Seq(values), Type::Tuple(_)) => Self::tuple(
                (0i64..)
                    .zip(values.iter())
                    .map(|(i, v)| f(Self::number(i), v))
                    .collect(),
            ),
            (Data::Seq(values), _) => Self::list_of(
                self.ty.clone(),
                (0i64..)
                    .zip(values.iter())
                    .map(|(i, v)| f(Self::number(i), v))
                    .collect(),
            ),
            (Data::Map(entries), _) => Self::map_of(
                self.ty.clone(),
                entries
                    .iter()
                    .map(|(k, v)| (k.clone(), f(Self::string(k.clone()), v)))
                    .collect::<Vec<_>>(),
            ),
            _ => return self.clone(),
        };
        value.with_marks(self.marks)
    }

    /// Whether two values are the same in every respect: type, data, refinements and marks.
    pub fn raw_equals(&self, other: &Self) -> bool {
        self.ty == other.ty && self.same_data(other)
    }

    /// Like [`Value::raw_equals`], for values of one type.
    fn same_data(&self, other: &Self) -> bool {
        if self.marks != other.marks {
            return false;
        }
        // The types of parts follow from the type, except where it leaves them open.
        let open =
            matches!(&self.ty, Type::List(t) | Type::Set(t) | Type::Map(t) if **t == Type::Dynamic);
        let same = |a: &Self, b: &Self| {
            if open {
                a.raw_equals(b)
            } else {
                a.same_data(b)
            }
        };
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => true,
            (Data::Unknown(a), Data::Unknown(b)) => a == b,
            (Data::Bool(a), Data::Bool(b)) => a == b,
            (Data::Number(a), Data::Number(b)) => a == b,
            (Data::String(a), Data::String(b)) => a == b,
            (Data::Seq(a), Data::Seq(b)) => {
                Arc::ptr_eq(a, b)
                    || (a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b)))
            }
            (Data::Map(a), Data::Map(b)) => {
                Arc::ptr_eq(a, b)
                    || (a.len() == b.len()
                        && a.iter()
                            .zip(b.iter())
                            .all(|((j, a), (k, b))| j == k && same(a, b)))
            }
            _ => false,
        }
    }
}

/// Text in normal form C.
fn normal_form(text: Arc<str>) -> Arc<str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text
    } else {
        text.nfc().collect::<String>().into()
    }
}

/// Sorts by name and keeps the last of each name.
fn sort_by_name(entries: &mut Vec<(Arc<str>, Value)>) {
    if entries.windows(2).all(|w| w[0].0 < w[1].0) {
        return;
    }
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries.reverse();
    entries.dedup_by(|a, b| a.0 == b.0);
    entries.reverse();
}

/// [`Value::raw_equals`]; the language's `==` is an operation that can answer "unknown".
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.raw_equals(other)
    }
}

/// Keys and values of a collection; see [`Value::elements`].
pub struct ElementIter<'a> {
    value: &'a Value,
    next: usize,
}

impl<'a> Iterator for ElementIter<'a> {
    type Item = (Value, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        let i = self.next;
        self.next += 1;
        match (&self.value.data, &self.value.ty) {
            (Data::Map(entries), _) => entries.get(i).map(|(k, v)| {
                (
                    Value::new(Type::String, Data::String(k.clone()), Deep::default()),
                    v,
                )
            }),
            (Data::Seq(values), Type::Object(ty)) => {
                let (name, _) = ty.at(i)?;
                Some((
                    Value::new(Type::String, Data::String(name.clone()), Deep::default()),
                    &values[i],
                ))
            }
            (Data::Seq(values), Type::Set(_)) => values.get(i).map(|v| (v.clone(), v)),
            (Data::Seq(values), _) => values.get(i).map(|v| (Value::number(i as i64), v)),
            _ => None,
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.marks.is_empty() {
            write!(f, "{:?}:", self.marks)?;
        }
        match &self.data {
            Data::Null => write!(f, "null({})", self.ty),
            Data::Unknown(None) => write!(f, "unknown({})", self.ty),
            Data::Unknown(Some(r)) => write!(f, "unknown({}, {r:?})", self.ty),
            Data::Bool(b) => write!(f, "{b}"),
            Data::Number(n) => write!(f, "{n}"),
            Data::String(s) => write!(f, "{s:?}"),
            Data::Seq(values) => match &self.ty {
                Type::Object(ty) => f
                    .debug_map()
                    .entries(ty.iter().map(|(n, _)| n).zip(values.iter()))
                    .finish(),
                Type::Set(_) => f.debug_set().entries(values.iter()).finish(),
                _ => f.debug_list().entries(values.iter()).finish(),
            },
            Data::Map(entries) => f
                .debug_map()
                .entries(entries.iter().map(|(k, v)| (k, v)))
                .finish(),
        }
    }
}
