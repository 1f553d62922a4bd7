//! Arithmetic on numbers: each result is rounded to the larger precision of the operands.

use super::{Big, FULL, GUARD_BITS, LONG, Number, Repr};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Signed;

impl Number {
    /// The sum; `None` for infinities of opposite sign.
    pub fn add(&self, other: &Self) -> Option<Self> {
        if let Some(sum) = self.inline(other, i64::checked_add) {
            return Some(sum);
        }
        match (&self.0, &other.0) {
            (Repr::Infinity { negative: a }, Repr::Infinity { negative: b }) => {
                return (a == b).then(|| self.clone());
            }
            (Repr::Infinity { .. }, _) => return Some(self.clone()),
            (_, Repr::Infinity { .. }) => return Some(other.clone()),
            _ => {}
        }
        let ((a, a_exp), (b, b_exp)) = (self.parts(), other.parts());
        let low = a_exp.min(b_exp);
        let sum = (a << (a_exp - low)) + (b << (b_exp - low));
        Some(Self::rounded(
            sum,
            low,
            self.precision().max(other.precision()),
        ))
    }

    /// The difference; `None` for infinities of the same sign.
    pub fn sub(&self, other: &Self) -> Option<Self> {
        match self.inline(other, i64::checked_sub) {
            Some(difference) => Some(difference),
            None => self.add(&other.neg()),
        }
    }

    /// The product; `None` for zero times infinity.
    pub fn mul(&self, other: &Self) -> Option<Self> {
        if let Some(product) = self.inline(other, i64::checked_mul) {
            return Some(product);
        }
        match (&self.0, &other.0) {
            (Repr::Infinity { .. }, _) | (_, Repr::Infinity { .. }) => {
                let negative = self.is_negative() != other.is_negative();
                return (!self.is_zero() && !other.is_zero())
                    .then_some(Self(Repr::Infinity { negative }));
            }
            _ => {}
        }
        let ((a, a_exp), (b, b_exp)) = (self.parts(), other.parts());
        let product = a * b;
        // A product never loses bits that 512 can hold, even of two low precisions.
        let zeros = product.trailing_zeros().unwrap_or(0);
        let needed = u16::try_from(product.bits().saturating_sub(zeros))
            .unwrap_or(FULL)
            .min(FULL);
        Some(Self::rounded(
            product,
            a_exp + b_exp,
            self.precision().max(other.precision()).max(needed),
        ))
    }

    /// The quotient; anything else divided by zero is infinite. `None` for zero by zero and infinity
    /// by infinity.
    pub fn div(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Infinity { .. }, Repr::Infinity { .. }) | (Repr::Int(0, _), Repr::Int(0, _)) => {
                return None;
            }
            (_, Repr::Int(0, _)) => {
                return Some(Self(Repr::Infinity {
                    negative: self.is_negative(),
                }));
            }
            (Repr::Infinity { negative }, _) => {
                return Some(Self(Repr::Infinity {
                    negative: *negative != other.is_negative(),
                }));
            }
            (_, Repr::Infinity { .. }) => return Some(Self::ZERO),
            _ => {}
        }
        let whole = |a: i64, b: i64| {
            if a.checked_rem(b)? == 0 {
                a.checked_div(b)
            } else {
                None
            }
        };
        if let Some(quotient) = self.inline(other, whole) {
            return Some(quotient);
        }
        let ((a, a_exp), (b, b_exp)) = (self.parts(), other.parts());
        let precision = self.precision().max(other.precision());
        let shift = (b.bits() as i64 - a.bits() as i64 + i64::from(precision) + GUARD_BITS).max(0);
        let (quotient, rest) = (a << shift).div_rem(&b);
        // One more bit says on which side of the quotient the exact result lies.
        let sticky = if self.is_negative() == other.is_negative() {
            rest.abs()
        } else {
            -rest.abs()
        };
        let quotient = (quotient << 1u8) + sticky.signum();
        Some(Self::rounded(
            quotient,
            a_exp - b_exp - shift - 1,
            precision,
        ))
    }

    /// What is left of a division that is cut off towards zero; a number modulo zero is the number
    /// itself, modulo infinity an infinity. `None` for zero and infinity.
    pub fn rem(&self, other: &Self) -> Option<Self> {
        match (&self.0, &other.0) {
            (Repr::Infinity { .. }, _) | (_, Repr::Infinity { .. }) => return self.mul(other),
            (_, Repr::Int(0, _)) => return Some(self.clone()),
            _ => {}
        }
        match self.inline(other, i64::checked_rem) {
            Some(rest) => Some(rest),
            None => self.sub(&self.div(other)?.trunc().mul(other)?),
        }
    }

    /// The result of an operation on two inline integers, if that is inline too.
    fn inline(&self, other: &Self, compute: impl Fn(i64, i64) -> Option<i64>) -> Option<Self> {
        let (Repr::Int(a, a_precision), Repr::Int(b, b_precision)) = (&self.0, &other.0) else {
            return None;
        };
        let precision = *a_precision.max(b_precision);
        if precision < LONG {
            return None;
        }
        compute(*a, *b).map(|i| Self(Repr::Int(i, precision)))
    }

    /// The number with the opposite sign.
    #[must_use]
    pub fn neg(&self) -> Self {
        match &self.0 {
            Repr::Int(i, precision) => match i.checked_neg() {
                Some(i) => Self(Repr::Int(i, *precision)),
                None => Self::rounded(-BigInt::from(*i), 0, *precision),
            },
            Repr::Infinity { negative } => Self(Repr::Infinity {
                negative: !negative,
            }),
            Repr::Big(big) => Self::rounded(-&big.mantissa, big.exponent, big.precision),
        }
    }

    /// The number without its sign.
    #[must_use]
    pub fn abs(&self) -> Self {
        if self.is_negative() {
            self.neg()
        } else {
            self.clone()
        }
    }

    /// The largest integer that is not larger.
    #[must_use]
    pub fn floor(&self) -> Self {
        self.to_integer_with(|big, scale| big.mantissa.div_floor(scale))
    }

    /// The smallest integer that is not smaller.
    #[must_use]
    pub fn ceil(&self) -> Self {
        self.to_integer_with(|big, scale| big.mantissa.div_ceil(scale))
    }

    /// The integer part.
    #[must_use]
    pub fn trunc(&self) -> Self {
        self.to_integer_with(|big, scale| &big.mantissa / scale)
    }

    fn to_integer_with(&self, divide: impl Fn(&Big, &BigInt) -> BigInt) -> Self {
        match &self.0 {
            Repr::Big(big) if big.exponent < 0 => {
                // Below one the scale need not be larger than the mantissa.
                let shift = big.exponent.unsigned_abs().min(big.mantissa.bits() + 1);
                Self::rounded(divide(big, &(BigInt::from(1) << shift)), 0, big.precision)
            }
            _ => self.clone(),
        }
    }

    /// The power, computed with 64 bit floats; `None` where that is not a number.
    pub fn pow(&self, exponent: &Self) -> Option<Self> {
        Self::from_f64(self.to_f64().powf(exponent.to_f64()))
    }

    /// The logarithm to a base, computed with 64 bit floats; `None` where that is not a number.
    pub fn log(&self, base: &Self) -> Option<Self> {
        Self::from_f64(self.to_f64().ln() / base.to_f64().ln())
    }

    /// The square root, computed with 64 bit floats; `None` for negative numbers.
    pub fn sqrt(&self) -> Option<Self> {
        Self::from_f64(self.to_f64().sqrt())
    }

    /// -1, 0 or 1.
    pub fn signum(&self) -> i64 {
        if self.is_negative() {
            -1
        } else {
            i64::from(!self.is_zero())
        }
    }
}
