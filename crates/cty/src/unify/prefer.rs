//! Which of several types to prefer as the common one.

use crate::Type;
use std::cmp::Ordering;
use std::collections::VecDeque;

/// The places of the types, more general ones first. Types that say nothing about each other keep
/// their order.
pub(super) fn order(types: &[&Type]) -> Vec<usize> {
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); types.len()];
    let mut above = vec![0usize; types.len()];
    for i in 0..types.len() {
        for j in i + 1..types.len() {
            let (general, special) = match compare(types[i], types[j]) {
                Ordering::Less => (i, j),
                Ordering::Greater => (j, i),
                Ordering::Equal => continue,
            };
            below[general].push(special);
            above[special] += 1;
        }
    }
    let mut ready: VecDeque<usize> = (0..types.len()).filter(|i| above[*i] == 0).collect();
    let mut result = Vec::with_capacity(types.len());
    while let Some(i) = ready.pop_front() {
        result.push(i);
        for &j in &below[i] {
            above[j] -= 1;
            if above[j] == 0 {
                ready.push_back(j);
            }
        }
    }
    result
}

/// Less: `a` is the more general one, as far as that can be said without looking closer.
fn compare(a: &Type, b: &Type) -> Ordering {
    match (a, b) {
        (Type::Dynamic, Type::Dynamic) => Ordering::Equal,
        (Type::Dynamic, _) => Ordering::Greater,
        (_, Type::Dynamic) => Ordering::Less,
        (Type::String, Type::Bool | Type::Number) => Ordering::Less,
        (Type::Bool | Type::Number, Type::String) => Ordering::Greater,
        (Type::List(a), Type::List(b))
        | (Type::Set(a), Type::Set(b))
        | (Type::Map(a), Type::Map(b)) => compare(a, b),
        (Type::List(_) | Type::Tuple(_), Type::Set(_))
        | (Type::List(_), Type::Tuple(_))
        | (Type::Map(_), Type::Object(_)) => Ordering::Less,
        (Type::Set(_), Type::List(_) | Type::Tuple(_))
        | (Type::Tuple(_), Type::List(_))
        | (Type::Object(_), Type::Map(_)) => Ordering::Greater,
        (Type::Object(a), Type::Object(b)) => {
            if a.len() != b.len() || a.iter().zip(b.iter()).any(|(a, b)| a.0 != b.0) {
                return Ordering::Equal;
            }
            all(a.iter().zip(b.iter()).map(|(a, b)| compare(a.1, b.1)))
        }
        (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
            all(a.iter().zip(b.iter()).map(|(a, b)| compare(a, b)))
        }
        _ => Ordering::Equal,
    }
}

/// More general in some part and less in none.
fn all(parts: impl Iterator<Item = Ordering>) -> Ordering {
    let (mut less, mut greater) = (false, false);
    for part in parts {
        less |= part == Ordering::Less;
        greater |= part == Ordering::Greater;
    }
    greater.cmp(&less)
}
