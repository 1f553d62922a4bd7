//! Decimal text to a number.

use super::{FULL, GUARD_BITS, LIMIT, Number, Repr};
use num_bigint::{BigInt, BigUint};
use num_traits::{One, Zero};

/// Digits that are looked at exactly; of those that follow only whether they are all zero matters.
const MAX_DIGITS: usize = 1_200;

/// Reads `[sign] (inf | Inf | digits [. digits] | . digits) [(e|E|p|P) [sign] digits]`.
pub(super) fn decimal(text: &str) -> Option<Number> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if matches!(rest, "inf" | "Inf") {
        return Some(Number(Repr::Infinity { negative }));
    }
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    let (digits, exponent) = rest.split_at(end);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    let (binary, exponent) = match exponent.as_bytes().first() {
        None => (false, 0),
        Some(b'e' | b'E') => (false, signed(&exponent[1..])?),
        Some(b'p' | b'P') => (true, signed(&exponent[1..])?),
        Some(_) => return None,
    };
    let (significand, scale) = significand(whole, fraction);
    if significand.is_zero() {
        return Some(Number::ZERO);
    }
    let (twos, tens) = if binary {
        (exponent, scale)
    } else {
        (0, exponent.saturating_add(scale))
    };
    scaled(significand, twos, tens).map(|n| if negative { n.neg() } else { n })
}

/// An exponent; one with more digits than could matter saturates.
fn signed(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits
        .trim_start_matches('0')
        .parse()
        .unwrap_or(if digits.contains(|c| c != '0') {
            i64::MAX
        } else {
            0
        });
    Some(if text.starts_with('-') { -size } else { size })
}

/// The digits as an integer, and the power of ten to multiply it by.
fn significand(whole: &str, fraction: &str) -> (BigUint, i64) {
    let mut digits: Vec<u8> = whole
        .bytes()
        .chain(fraction.bytes())
        .skip_while(|b| *b == b'0')
        .collect();
    let mut scale = -(fraction.len() as i64);
    if digits.len() > MAX_DIGITS {
        let rest = digits.split_off(MAX_DIGITS);
        scale += rest.len() as i64;
        if rest.iter().any(|b| *b != b'0') {
            // One more digit keeps the number strictly between the two it lies between.
            digits.push(b'1');
            scale -= 1;
        }
    }
    (BigUint::parse_bytes(&digits, 10).unwrap_or_default(), scale)
}

/// `significand * 2^twos * 10^tens`; `None` if that is beyond the largest number.
fn scaled(significand: BigUint, twos: i64, tens: i64) -> Option<Number> {
    // A bound in thousandths of a bit, before any power is computed.
    let size = (significand.bits() as i64)
        .saturating_add(twos)
        .saturating_mul(1000)
        .saturating_add(tens.saturating_mul(3322));
    if size > (LIMIT + 64) * 1000 {
        return None;
    }
    if size < -(LIMIT + 64) * 1000 {
        return Some(Number::ZERO);
    }
    // 10^tens = 5^tens * 2^tens.
    let power = num_traits::pow(
        BigUint::from(5u8),
        usize::try_from(tens.unsigned_abs()).ok()?,
    );
    let number = if tens >= 0 {
        Number::rounded(BigInt::from(significand * power), twos + tens, FULL)
    } else {
        let shift =
            (power.bits() as i64 - significand.bits() as i64 + i64::from(FULL) + GUARD_BITS).max(0);
        let (quotient, rest) = num_integer::Integer::div_rem(&(significand << shift), &power);
        let sticky = if rest.is_zero() {
            BigUint::zero()
        } else {
            BigUint::one()
        };
        Number::rounded(
            BigInt::from((quotient << 1u8) | sticky),
            twos + tens - shift - 1,
            FULL,
        )
    };
    (!number.is_infinite()).then_some(number)
}
