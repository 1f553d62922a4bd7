//! Numbers as the language has them: binary floating point with a 512 bit mantissa.
//!
//! Nearly all numbers are small integers and stay inline. All others are `mantissa * 2^exponent` with
//! an odd mantissa. Each number also has a precision: 512 bits if it was written in decimal, 64 if it
//! was an integer of the program's (a length, an index, an integer from a provider), 53 if it was a
//! float. A result is rounded to the larger precision of its operands, so `length(a) / length(b)` has
//! fewer digits than `1 / 3`. Precision decides how many digits are shown, never whether two numbers
//! are equal.

mod arithmetic;
mod display;
mod parse;
#[cfg(test)]
mod tests;

use num_bigint::{BigInt, BigUint, Sign};
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Bits in the mantissa of a number that was written in decimal.
const FULL: u16 = 512;
/// Bits in the mantissa of a number that was a machine integer.
const LONG: u16 = 64;
/// Bits in the mantissa of a number that was a 64 bit float.
const DOUBLE: u16 = 53;
/// Magnitudes from `2^LIMIT` on are infinite, those below `2^-LIMIT` zero: the bound on the work that
/// a short text like `1e999999999` can ask for.
const LIMIT: i64 = 1 << 18;
/// Bits a quotient is computed to beyond its precision, before it is rounded.
const GUARD_BITS: i64 = 8;

/// A number: an integer, a fraction or an infinity. Equal numbers compare and hash as equal however
/// they were made. Zero has no sign.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    /// With its precision, which has room for all its bits.
    Int(i64, u16),
    Big(Arc<Big>),
    Infinity {
        negative: bool,
    },
}

/// `mantissa * 2^exponent`; the mantissa is odd and has at most `precision` bits.
struct Big {
    mantissa: BigInt,
    exponent: i64,
    precision: u16,
}

impl Big {
    /// The integer it is, if it is one.
    fn to_integer(&self) -> Option<BigInt> {
        (self.exponent >= 0).then(|| &self.mantissa << self.exponent)
    }

    fn to_i64(&self) -> Option<i64> {
        if (0..64).contains(&self.exponent) {
            self.to_integer()?.to_i64()
        } else {
            None
        }
    }

    /// One more than the position of the highest bit, counted from the binary point.
    fn magnitude(&self) -> i64 {
        self.mantissa.bits() as i64 + self.exponent
    }
}

impl Number {
    /// Zero.
    pub const ZERO: Self = Self(Repr::Int(0, LONG));
    /// One.
    pub const ONE: Self = Self(Repr::Int(1, LONG));
    /// Larger than every other number.
    pub const INFINITY: Self = Self(Repr::Infinity { negative: false });
    /// Smaller than every other number.
    pub const NEG_INFINITY: Self = Self(Repr::Infinity { negative: true });

    /// Reads decimal text: digits with an optional sign, point and exponent (`e` decimal, `p` binary),
    /// or `inf`. Rounds to the nearest number. `None` for anything else and for magnitudes beyond
    /// what fits.
    pub fn parse(text: &str) -> Option<Self> {
        match text.parse() {
            Ok(i) => Some(Self(Repr::Int(i, FULL))),
            Err(_) => parse::decimal(text),
        }
    }

    /// A 64 bit float exactly; `None` for NaN.
    pub fn from_f64(f: f64) -> Option<Self> {
        if f.is_nan() {
            return None;
        }
        if f.is_infinite() {
            return Some(Self(Repr::Infinity { negative: f < 0.0 }));
        }
        let bits = f.to_bits();
        let biased = (bits >> 52 & 0x7ff) as i64;
        let fraction = (bits & ((1 << 52) - 1)) as i64;
        let (mantissa, exponent) = if biased == 0 {
            (fraction, -1074)
        } else {
            (fraction | 1 << 52, biased - 1075)
        };
        let mantissa = if f < 0.0 { -mantissa } else { mantissa };
        Some(Self::rounded(mantissa.into(), exponent, DOUBLE))
    }

    /// An integer of any size, rounded to 512 bits.
    pub fn from_bigint(i: BigInt) -> Self {
        Self::rounded(i, 0, FULL)
    }

    /// The nearest number of that precision to `mantissa * 2^exponent`; ties go to even.
    fn rounded(mantissa: BigInt, exponent: i64, precision: u16) -> Self {
        let (sign, mut magnitude) = mantissa.into_parts();
        let mut exponent = exponent;
        let excess = magnitude.bits().saturating_sub(u64::from(precision));
        if excess > 0 {
            let half = magnitude.bit(excess - 1);
            let tie = half && magnitude.trailing_zeros() == Some(excess - 1);
            magnitude >>= excess;
            exponent += excess as i64;
            if half && (!tie || magnitude.bit(0)) {
                magnitude += BigUint::one();
            }
        }
        let Some(zeros) = magnitude.trailing_zeros() else {
            return Self(Repr::Int(0, precision));
        };
        magnitude >>= zeros;
        exponent += zeros as i64;
        let negative = sign == Sign::Minus;
        let top = magnitude.bits() as i64 + exponent;
        if top > LIMIT {
            return Self(Repr::Infinity { negative });
        }
        if top < -LIMIT {
            return Self(Repr::Int(0, precision));
        }
        let big = Big {
            mantissa: BigInt::from_biguint(sign, magnitude),
            exponent,
            precision,
        };
        // A large integer of low precision has fewer digits to show than its inline form would.
        match big.to_i64() {
            Some(i) if precision >= LONG || i.unsigned_abs() <= 1 << precision => {
                Self(Repr::Int(i, precision))
            }
            _ => Self(Repr::Big(Arc::new(big))),
        }
    }

    /// The number as an exact 64 bit integer.
    pub fn to_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Int(i, _) => Some(*i),
            Repr::Big(big) => big.to_i64(),
            Repr::Infinity { .. } => None,
        }
    }

    /// The number as an exact unsigned 64 bit integer.
    pub fn to_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Int(i, _) => u64::try_from(*i).ok(),
            Repr::Big(big) if (0..64).contains(&big.exponent) => big.to_integer()?.to_u64(),
            _ => None,
        }
    }

    /// The number as an exact index or length.
    pub fn to_usize(&self) -> Option<usize> {
        self.to_u64().and_then(|u| usize::try_from(u).ok())
    }

    /// The number as an exact integer of any size; `None` for fractions and infinities.
    pub fn to_bigint(&self) -> Option<BigInt> {
        match &self.0 {
            Repr::Int(i, _) => Some((*i).into()),
            Repr::Big(big) => big.to_integer(),
            Repr::Infinity { .. } => None,
        }
    }

    /// The nearest 64 bit float; ties go to even, and what is too large becomes infinite.
    pub fn to_f64(&self) -> f64 {
        let big = match &self.0 {
            Repr::Int(i, _) => return *i as f64,
            Repr::Infinity { negative } => {
                return if *negative {
                    f64::NEG_INFINITY
                } else {
                    f64::INFINITY
                };
            }
            Repr::Big(big) => big,
        };
        let sign = if big.mantissa.is_negative() {
            -1.0
        } else {
            1.0
        };
        let top = big.magnitude();
        if top > 1024 {
            return sign * f64::INFINITY;
        }
        if top < -1074 {
            return sign * 0.0;
        }
        // The weight of the last bit a float of this size has: below 2^-1022 they are subnormal.
        let last = (top - 53).max(-1074);
        let mut magnitude = big.mantissa.magnitude().clone();
        let excess = last - big.exponent;
        if excess > 0 {
            let excess = excess as u64;
            let half = magnitude.bit(excess - 1);
            let tie = half && magnitude.trailing_zeros() == Some(excess - 1);
            magnitude >>= excess;
            if half && (!tie || magnitude.bit(0)) {
                magnitude += BigUint::one();
            }
        } else {
            magnitude <<= -excess;
        }
        // At most 53 bits: exact, and scaling in two steps avoids both overflow and double rounding.
        let mantissa = magnitude.to_u64().unwrap_or(0) as f64;
        let half = last / 2;
        sign * mantissa * 2f64.powi(half as i32) * 2f64.powi((last - half) as i32)
    }

    /// The 64 bit float that is exactly this number, if there is one.
    pub fn to_f64_exact(&self) -> Option<f64> {
        let f = self.to_f64();
        (Self::from_f64(f).as_ref() == Some(self)).then_some(f)
    }

    /// Whether it has no fraction. Infinities have none but are no integers.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Int(..) => true,
            Repr::Big(big) => big.exponent >= 0,
            Repr::Infinity { .. } => false,
        }
    }

    /// Whether it is one of the two infinities.
    pub const fn is_infinite(&self) -> bool {
        matches!(self.0, Repr::Infinity { .. })
    }

    /// Whether it is zero.
    pub const fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Int(0, _))
    }

    /// Whether it is less than zero.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Int(i, _) => *i < 0,
            Repr::Big(big) => big.mantissa.is_negative(),
            Repr::Infinity { negative } => *negative,
        }
    }
}

macro_rules! from_integer {
    ($($ty:ty),*) => {$(
        impl From<$ty> for Number {
            fn from(i: $ty) -> Self {
                match i64::try_from(i) {
                    Ok(i) => Self(Repr::Int(i, LONG)),
                    Err(_) => Self::rounded(i.into(), 0, LONG),
                }
            }
        }
    )*};
}
from_integer!(i32, u32, u64, usize);

impl From<i64> for Number {
    fn from(i: i64) -> Self {
        Self(Repr::Int(i, LONG))
    }
}

impl From<f64> for Number {
    /// Takes NaN, which no number of the language is, for zero; see [`Number::from_f64`].
    fn from(f: f64) -> Self {
        Self::from_f64(f).unwrap_or(Self::ZERO)
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Int(a, _), Repr::Int(b, _)) => a == b,
            (Repr::Big(a), Repr::Big(b)) => a.exponent == b.exponent && a.mantissa == b.mantissa,
            (Repr::Infinity { negative: a }, Repr::Infinity { negative: b }) => a == b,
            (Repr::Int(i, _), Repr::Big(big)) | (Repr::Big(big), Repr::Int(i, _)) => {
                big.to_i64() == Some(*i)
            }
            _ => false,
        }
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let direction = |n: &Self| {
            if n.is_negative() {
                -1
            } else {
                i32::from(!n.is_zero())
            }
        };
        match (&self.0, &other.0) {
            (Repr::Int(a, _), Repr::Int(b, _)) => return a.cmp(b),
            (Repr::Infinity { negative: a }, Repr::Infinity { negative: b }) => return b.cmp(a),
            (Repr::Infinity { negative }, _) => {
                return if *negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                };
            }
            (_, Repr::Infinity { negative }) => {
                return if *negative {
                    Ordering::Greater
                } else {
                    Ordering::Less
                };
            }
            _ => {}
        }
        let by_sign = direction(self).cmp(&direction(other));
        if by_sign != Ordering::Equal {
            return by_sign;
        }
        let ((a, a_exp), (b, b_exp)) = (self.parts(), other.parts());
        let by_size = (a.bits() as i64 + a_exp).cmp(&(b.bits() as i64 + b_exp));
        if by_size != Ordering::Equal {
            return if self.is_negative() {
                by_size.reverse()
            } else {
                by_size
            };
        }
        // Same size: the exponents are at most a mantissa apart.
        let low = a_exp.min(b_exp);
        (a << (a_exp - low)).cmp(&(b << (b_exp - low)))
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match (&self.0, self.to_i64()) {
            (_, Some(i)) => i.hash(state),
            (Repr::Big(big), _) => (&big.mantissa, big.exponent).hash(state),
            (other, _) => matches!(other, Repr::Infinity { negative: true }).hash(state),
        }
    }
}

impl Number {
    /// The finite number as a mantissa and a power of two; zero for infinities.
    fn parts(&self) -> (BigInt, i64) {
        match &self.0 {
            Repr::Int(i, _) => ((*i).into(), 0),
            Repr::Big(big) => (big.mantissa.clone(), big.exponent),
            Repr::Infinity { .. } => (BigInt::zero(), 0),
        }
    }

    /// Infinities have none of their own.
    fn precision(&self) -> u16 {
        match &self.0 {
            Repr::Int(_, precision) => *precision,
            Repr::Big(big) => big.precision,
            Repr::Infinity { .. } => 0,
        }
    }
}
