//! What is known about an unknown value.

mod prefix;
#[cfg(test)]
mod tests;

pub use prefix::safe_prefix;

use crate::{Number, Type, Value};
use std::fmt;
use std::sync::Arc;

/// Longest list that becomes a known list of unknown elements because its length is known.
const MAX_KNOWN_LIST: u64 = 10_000;

/// Limits on what an unknown value can turn out to be.
#[derive(Clone, Default, PartialEq)]
pub struct Refinement {
    /// Certainly not null.
    pub not_null: bool,
    /// A string starts with this; empty = nothing known.
    pub prefix: Arc<str>,
    /// A number is at least (`true`: inclusive) this.
    pub lower: Option<(Number, bool)>,
    /// A number is at most (`true`: inclusive) this.
    pub upper: Option<(Number, bool)>,
    /// A collection has at least so many elements.
    pub min_len: u64,
    /// A collection has at most so many elements.
    pub max_len: Option<u64>,
}

impl Refinement {
    /// Certainly not null, and nothing else.
    pub fn not_null() -> Self {
        Self {
            not_null: true,
            ..Self::default()
        }
    }

    /// Certainly a string that starts so. Of the text only as much is kept as cannot change into
    /// other characters when more text follows.
    pub fn starts_with(text: &str) -> Self {
        Self {
            not_null: true,
            prefix: safe_prefix(text).into(),
            ..Self::default()
        }
    }

    /// Certainly a collection with as many elements as these bounds say, both inclusive.
    pub fn length(min: u64, max: Option<u64>) -> Self {
        Self {
            not_null: true,
            min_len: min,
            max_len: max,
            ..Self::default()
        }
    }

    /// Certainly a number between these bounds, both inclusive.
    pub fn range(lower: impl Into<Number>, upper: impl Into<Number>) -> Self {
        Self {
            not_null: true,
            lower: Some((lower.into(), true)),
            upper: Some((upper.into(), true)),
            ..Self::default()
        }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a number lies within the bounds.
    pub fn includes_number(&self, n: &Number) -> bool {
        let above = self
            .lower
            .as_ref()
            .is_none_or(|(l, inclusive)| n > l || (*inclusive && n == l));
        let below = self
            .upper
            .as_ref()
            .is_none_or(|(u, inclusive)| n < u || (*inclusive && n == u));
        above && below
    }

    /// What both say together: the tighter of each limit. Of prefixes that contradict each other the
    /// one of `self` stays.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let lower = |a: &(Number, bool), b: &(Number, bool)| a.0 > b.0 || (a.0 == b.0 && !a.1);
        let upper = |a: &(Number, bool), b: &(Number, bool)| a.0 < b.0 || (a.0 == b.0 && !a.1);
        Self {
            not_null: self.not_null || other.not_null,
            prefix: if other.prefix.starts_with(&*self.prefix) {
                &other.prefix
            } else {
                &self.prefix
            }
            .clone(),
            lower: tighter(self.lower.as_ref(), other.lower.as_ref(), lower),
            upper: tighter(self.upper.as_ref(), other.upper.as_ref(), upper),
            min_len: self.min_len.max(other.min_len),
            max_len: self.max_len.into_iter().chain(other.max_len).min(),
        }
    }

    /// Without what says nothing about a value of the type.
    fn fitted(mut self, ty: &Type) -> Self {
        if *ty != Type::String {
            self.prefix = Arc::default();
        }
        if *ty != Type::Number {
            self.lower = None;
            self.upper = None;
        }
        self.lower = self.lower.filter(|(n, _)| *n != Number::NEG_INFINITY);
        self.upper = self.upper.filter(|(n, _)| *n != Number::INFINITY);
        if !ty.is_collection() {
            self.min_len = 0;
            self.max_len = None;
        }
        self
    }

    /// The value, if only one value is left, or the known shape of it.
    fn collapsed(&self, ty: &Type) -> Option<Value> {
        if !self.not_null {
            return None;
        }
        if let (Some((lower, true)), Some((upper, true))) = (&self.lower, &self.upper)
            && lower == upper
        {
            return Some(Value::number(lower.clone()));
        }
        if self.max_len != Some(self.min_len) {
            return None;
        }
        match (ty, self.min_len) {
            (Type::List(element), len @ 0..=MAX_KNOWN_LIST) => {
                let element = Value::unknown((**element).clone());
                Some(Value::list_of(
                    ty.clone(),
                    vec![element; usize::try_from(len).ok()?],
                ))
            }
            (Type::Set(_), 0) => Some(Value::set_of(ty.clone(), Vec::new())),
            (Type::Set(element), 1) => Some(Value::set_of(
                ty.clone(),
                vec![Value::unknown((**element).clone())],
            )),
            (Type::Map(_), 0) => Some(Value::map_of(ty.clone(), [] as [(Arc<str>, Value); 0])),
            _ => None,
        }
    }
}

impl fmt::Debug for Refinement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut known: Vec<String> = Vec::new();
        if self.not_null {
            known.push("not null".to_owned());
        }
        if !self.prefix.is_empty() {
            known.push(format!("starts with {:?}", self.prefix));
        }
        if let Some((n, inclusive)) = &self.lower {
            known.push(format!(">{} {n}", if *inclusive { "=" } else { "" }));
        }
        if let Some((n, inclusive)) = &self.upper {
            known.push(format!("<{} {n}", if *inclusive { "=" } else { "" }));
        }
        if self.min_len > 0 {
            known.push(format!("length >= {}", self.min_len));
        }
        if let Some(max) = self.max_len {
            known.push(format!("length <= {max}"));
        }
        f.write_str(&known.join(", "))
    }
}

type Bound = (Number, bool);

fn tighter(
    a: Option<&Bound>,
    b: Option<&Bound>,
    a_is: impl Fn(&Bound, &Bound) -> bool,
) -> Option<Bound> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a_is(a, b) { a } else { b }.clone()),
        (a, b) => a.or(b).cloned(),
    }
}

impl Value {
    /// A value that is not known yet, but about which something is known. What says nothing about
    /// the type is dropped, for `dynamic` everything. If only one value is left, that is the result; a
    /// list of known length becomes a known list of unknown elements.
    pub fn unknown_refined(ty: Type, refinement: Refinement) -> Self {
        if ty == Type::Dynamic {
            return Self::dynamic();
        }
        let refinement = refinement.fitted(&ty);
        refinement
            .collapsed(&ty)
            .unwrap_or_else(|| Self::unknown_as_is(ty, refinement))
    }

    /// The value with more known about it. Known values come back as they are.
    #[must_use]
    pub fn refine(&self, refinement: &Refinement) -> Self {
        if self.is_known() || *self.ty() == Type::Dynamic {
            return self.clone();
        }
        let all = self
            .refinement()
            .map_or_else(|| refinement.clone(), |r| r.and(refinement));
        Self::unknown_refined(self.ty().clone(), all).with_marks(self.marks())
    }

    /// The value, which is known not to be null.
    #[must_use]
    pub fn refine_not_null(&self) -> Self {
        self.refine(&Refinement::not_null())
    }
}
