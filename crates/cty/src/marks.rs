//! Marks: facts that travel with a value through every operation.

mod paths;

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// A set of marks.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(u8);

impl Marks {
    /// No marks.
    pub const NONE: Self = Self(0);
    /// Must never be shown.
    pub const SENSITIVE: Self = Self(1);
    /// Must never be stored.
    pub const EPHEMERAL: Self = Self(2);

    /// Whether there are no marks.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether all marks of `other` are here.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether the value must not be shown.
    pub const fn is_sensitive(self) -> bool {
        self.contains(Self::SENSITIVE)
    }

    /// Whether the value must not be stored.
    pub const fn is_ephemeral(self) -> bool {
        self.contains(Self::EPHEMERAL)
    }

    /// These marks without those of `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl BitOr for Marks {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Marks {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = f.debug_set();
        if self.is_sensitive() {
            names.entry(&"sensitive");
        }
        if self.is_ephemeral() {
            names.entry(&"ephemeral");
        }
        names.finish()
    }
}
