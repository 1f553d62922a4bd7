//! The value of an attribute.

/// The value of an attribute as a resource sees it.
///
/// While planning, an attribute may be unknown; when a change is carried out, what the configuration says is known and what
/// the provider decides is unknown until the resource sets it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Attr<T> {
    /// Not given.
    #[default]
    Null,
    /// Known after apply.
    Unknown,
    /// A value.
    Known(T),
}

impl<T> Attr<T> {
    /// The value, if it is known and not null.
    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value, if it is known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether it is null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is unknown.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// Whether there is a known value.
    pub const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }

    /// Whether it is neither null nor unknown, and the value fulfils the condition.
    pub fn is_known_and(&self, condition: impl FnOnce(&T) -> bool) -> bool {
        self.known().is_some_and(condition)
    }

    /// Another value made from the known one.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Attr<U> {
        match self {
            Self::Null => Attr::Null,
            Self::Unknown => Attr::Unknown,
            Self::Known(value) => Attr::Known(f(value)),
        }
    }

    /// This value, or another one where this is null or unknown.
    pub fn or(self, other: Self) -> Self {
        if self.is_known() { self } else { other }
    }
}

impl<T: Clone> Attr<T> {
    /// A copy of the known value: what a request to a cloud takes.
    pub fn to_option(&self) -> Option<T> {
        self.known().cloned()
    }
}

impl<T: Clone + Default> Attr<T> {
    /// A copy of the known value, else the type's default.
    pub fn or_default(&self) -> T {
        self.to_option().unwrap_or_default()
    }
}

impl Attr<String> {
    /// The text; empty where there is none.
    pub fn as_str(&self) -> &str {
        self.known().map_or("", String::as_str)
    }
}

impl Attr<bool> {
    /// Whether it is known to be true.
    pub const fn is_true(&self) -> bool {
        matches!(self, Self::Known(true))
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl From<&str> for Attr<String> {
    fn from(value: &str) -> Self {
        Self::Known(value.to_owned())
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

/// Nested blocks of one type, in order. A slice, empty where they are not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocks<T> {
    unknown: bool,
    blocks: Vec<T>,
}

impl<T> Blocks<T> {
    /// Whether it is not known which blocks there will be.
    pub const fn is_unknown(&self) -> bool {
        self.unknown
    }

    /// Blocks that are not known yet.
    pub const fn unknown() -> Self {
        Self {
            unknown: true,
            blocks: Vec::new(),
        }
    }

    /// The first block, made if there is none.
    pub fn first_or_insert(&mut self, make: impl FnOnce() -> T) -> &mut T {
        self.unknown = false;
        if self.blocks.is_empty() {
            self.blocks.push(make());
        }
        &mut self.blocks[0]
    }

    /// The blocks.
    pub fn into_vec(self) -> Vec<T> {
        self.blocks
    }
}

impl<T> Default for Blocks<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for Blocks<T> {
    fn from(blocks: Vec<T>) -> Self {
        Self {
            unknown: false,
            blocks,
        }
    }
}

impl<T> From<Option<T>> for Blocks<T> {
    fn from(block: Option<T>) -> Self {
        block.into_iter().collect::<Vec<_>>().into()
    }
}

impl<T> FromIterator<T> for Blocks<T> {
    fn from_iter<I: IntoIterator<Item = T>>(blocks: I) -> Self {
        blocks.into_iter().collect::<Vec<_>>().into()
    }
}

impl<T> std::ops::Deref for Blocks<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.blocks
    }
}

impl<T> std::ops::DerefMut for Blocks<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.blocks
    }
}
