//! Decimal digits, rounded and laid out.

/// How to lay out a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `1.5e+00`
    Exponent,
    /// `1.5`
    Fixed,
    /// Whichever is shorter.
    General,
}

/// `0.d1d2d3… * 10^point`, without leading or trailing zeros; no digits is zero.
pub(super) struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Reads plain decimal text, with or without a point and an exponent.
    pub(super) fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits: Vec<u8> = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|b| b.wrapping_sub(b'0'))
            .collect();
        let mut point = whole.len() as i64 + exponent.parse::<i64>().unwrap_or(0);
        let leading = digits.iter().take_while(|d| **d == 0).count();
        digits.drain(..leading);
        point -= leading as i64;
        let mut decimal = Self { digits, point };
        decimal.trim();
        decimal
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    /// Keeps so many digits; ties go to even.
    fn round(&mut self, keep: i64) {
        let Ok(keep) = usize::try_from(keep) else {
            self.digits.clear();
            self.trim();
            return;
        };
        if keep >= self.digits.len() {
            return;
        }
        let (next, exact) = (self.digits[keep], keep + 1 == self.digits.len());
        let odd = keep > 0 && self.digits[keep - 1] % 2 == 1;
        let up = next > 5 || (next == 5 && (!exact || odd));
        self.digits.truncate(keep);
        if up {
            match self.digits.iter().rposition(|d| *d < 9) {
                Some(at) => {
                    self.digits[at] += 1;
                    self.digits.truncate(at + 1);
                }
                None => {
                    self.digits = vec![1];
                    self.point += 1;
                }
            }
        }
        self.trim();
    }

    /// The text; no precision means six digits after the point, or for `General` all digits.
    pub(super) fn render(mut self, style: Style, precision: Option<usize>) -> String {
        match style {
            Style::Exponent => {
                let after = precision.unwrap_or(6);
                self.round(after as i64 + 1);
                self.exponent(after)
            }
            Style::Fixed => {
                let after = precision.unwrap_or(6);
                self.round(self.point.saturating_add(after as i64));
                self.fixed(after)
            }
            Style::General => {
                let significant = precision.map(|p| p.max(1));
                if let Some(significant) = significant {
                    self.round(significant as i64);
                }
                // Where the exponent form begins.
                let mut limit = significant.unwrap_or(6) as i64;
                if limit > self.digits.len() as i64 && self.digits.len() as i64 >= self.point {
                    limit = self.digits.len() as i64;
                }
                if significant.is_none() {
                    limit = 6;
                }
                let exponent = self.point - 1;
                if exponent < -4 || exponent >= limit {
                    let after = self.digits.len().saturating_sub(1);
                    self.exponent(after)
                } else {
                    let after = (self.digits.len() as i64 - self.point).max(0) as usize;
                    self.fixed(after)
                }
            }
        }
    }

    fn digit(&self, at: i64) -> char {
        let digit = usize::try_from(at).ok().and_then(|i| self.digits.get(i));
        char::from(b'0' + digit.copied().unwrap_or(0))
    }

    fn exponent(&self, after: usize) -> String {
        let mut out = String::from(self.digit(0));
        if after > 0 {
            out.push('.');
            out.extend((1..=after as i64).map(|i| self.digit(i)));
        }
        let exponent = if self.digits.is_empty() {
            0
        } else {
            self.point - 1
        };
        let sign = if exponent < 0 { '-' } else { '+' };
        out.push_str(&format!("e{sign}{:02}", exponent.abs()));
        out
    }

    fn fixed(&self, after: usize) -> String {
        let mut out = String::new();
        if self.point > 0 {
            out.extend((0..self.point).map(|i| self.digit(i)));
        } else {
            out.push('0');
        }
        if after > 0 {
            out.push('.');
            out.extend((0..after as i64).map(|i| self.digit(self.point + i)));
        }
        out
    }
}
