//! The decimal form of a number: the shortest that reads back as the same number at its precision.

use super::{Big, FULL, Number, Repr};
use num_bigint::BigUint;
use num_traits::{One, Signed};
use std::fmt;

/// `0.d₁d₂d₃… * 10^point`, without trailing zeros.
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Exactly `mantissa * 2^exponent`.
    fn exact(mantissa: &BigUint, exponent: i64) -> Self {
        let (integer, scale) = if exponent >= 0 {
            (mantissa << exponent, 0)
        } else {
            (
                mantissa * num_traits::pow(BigUint::from(5u8), exponent.unsigned_abs() as usize),
                exponent,
            )
        };
        let mut digits = integer.to_str_radix(10).into_bytes();
        let point = digits.len() as i64 + scale;
        digits.truncate(digits.iter().rposition(|d| *d != b'0').map_or(0, |i| i + 1));
        Self { digits, point }
    }

    fn at(&self, i: usize) -> u8 {
        self.digits.get(i).copied().unwrap_or(b'0')
    }

    fn round_down(&mut self, len: usize) {
        self.digits.truncate(len);
        while self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }

    fn round_up(&mut self, len: usize) {
        self.digits.truncate(len);
        while self.digits.last() == Some(&b'9') {
            self.digits.pop();
        }
        match self.digits.last_mut() {
            Some(last) => *last += 1,
            None => {
                self.digits.push(b'1');
                self.point += 1;
            }
        }
    }

    fn round(&mut self, len: usize) {
        let up = match self.at(len) {
            b'5' if len + 1 == self.digits.len() => {
                len > 0 && (self.digits[len - 1] - b'0') % 2 == 1
            }
            next => next >= b'5',
        };
        if up {
            self.round_up(len);
        } else {
            self.round_down(len);
        }
    }

    /// Cuts to the shortest digits that lie nearer to this number than to its neighbours.
    fn shorten(&mut self, big: &Big) {
        // Every decimal of so few digits is the nearest one to some number: no shorter one can be.
        if (self.digits.len() as u64) < u64::from(big.precision) * 3 / 10 {
            return;
        }
        // The mantissa with one bit more than the precision: plus and minus one is half a step.
        let magnitude = big.mantissa.magnitude();
        let shift = u64::from(big.precision) + 1 - magnitude.bits();
        let middle = magnitude << shift;
        let exponent = big.exponent - shift as i64;
        let lower = Self::exact(&(&middle - BigUint::one()), exponent);
        let upper = Self::exact(&(&middle + BigUint::one()), exponent);
        let inclusive = !middle.bit(1);
        for i in 0..self.digits.len() {
            let (digit, low, high) = (self.digits[i], lower.at(i), upper.at(i));
            let down = low != digit || (inclusive && i + 1 == lower.digits.len());
            let up = digit != high && (inclusive || digit + 1 < high || i + 1 < upper.digits.len());
            match (down, up) {
                (true, true) => return self.round(i + 1),
                (true, false) => return self.round_down(i + 1),
                (false, true) => return self.round_up(i + 1),
                (false, false) => {}
            }
        }
    }

    /// Digits with a point and no exponent.
    fn plain(&self, negative: bool) -> String {
        let count = self.digits.len() as i64;
        let whole = self.point.max(1);
        let mut text = String::with_capacity((whole + (count - self.point).max(0) + 2) as usize);
        if negative {
            text.push('-');
        }
        let first = self.point.min(0);
        for i in first..count.max(self.point) {
            if i == self.point {
                text.push_str(if i == first { "0." } else { "." });
            }
            text.push(if i < 0 {
                '0'
            } else {
                self.at(i as usize) as char
            });
        }
        text
    }
}

impl Number {
    /// The first ten significant digits in the shorter of plain and exponent form: only for ordering
    /// set elements as Go does.
    pub(crate) fn ten_digits(&self) -> String {
        let (magnitude, negative, exponent) = match &self.0 {
            Repr::Infinity { negative } => {
                return if *negative { "-Inf" } else { "+Inf" }.to_owned();
            }
            Repr::Int(0, _) => return "0".to_owned(),
            Repr::Int(i, _) => (BigUint::from(i.unsigned_abs()), *i < 0, 0),
            Repr::Big(big) => (
                big.mantissa.magnitude().clone(),
                big.mantissa.is_negative(),
                big.exponent,
            ),
        };
        let mut decimal = Decimal::exact(&magnitude, exponent);
        if decimal.digits.len() > 10 {
            decimal.round(10);
        }
        let power = decimal.point - 1;
        if (-4..10).contains(&power) {
            return decimal.plain(negative);
        }
        let digits = String::from_utf8_lossy(&decimal.digits).into_owned();
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let (minus, sign) = (
            if negative { "-" } else { "" },
            if power < 0 { '-' } else { '+' },
        );
        format!(
            "{minus}{first}{point}{rest}e{sign}{:02}",
            power.unsigned_abs()
        )
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Int(i, _) => fmt::Display::fmt(i, f),
            Repr::Infinity { negative } => f.write_str(if *negative { "-Inf" } else { "+Inf" }),
            Repr::Big(big) => {
                // Most have few digits, as many as a float finds. So few cannot be others' too.
                if big.precision == FULL && big.magnitude().abs() < 1000 {
                    let short = self.to_f64().to_string();
                    if Self::parse(&short).as_ref() == Some(self) {
                        return f.write_str(&short);
                    }
                }
                let mut decimal = Decimal::exact(big.mantissa.magnitude(), big.exponent);
                decimal.shorten(big);
                f.write_str(&decimal.plain(big.mantissa.is_negative()))
            }
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
