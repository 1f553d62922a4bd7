//! Version constraints: `>= 1.2, < 2.0`, `~> 5.1`.

use semver::Version;
use std::cmp::Ordering;
use std::fmt;

/// Constraints that must all be met. Prints in the form that lock files have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Constraints(Vec<Constraint>);

/// One comparison with one version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Constraint {
    operator: Operator,
    version: Version,
}

/// In the order in which comparisons with one version are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Operator {
    Greater,
    GreaterEq,
    Equal,
    /// `~> 1.2.3`: the last part may grow.
    Patch,
    /// `~> 1.2`: the last part may grow.
    Minor,
    LessEq,
    Less,
    NotEqual,
}

const OPERATORS: [(&str, Operator); 8] = [
    (">=", Operator::GreaterEq),
    ("<=", Operator::LessEq),
    ("!=", Operator::NotEqual),
    ("~>", Operator::Patch),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
    ("", Operator::Equal),
];

impl Constraints {
    /// Reads constraints separated by commas. The error says what is wrong, as a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split(',')
            .map(|part| Constraint::parse(part.trim()))
            .collect::<Result<Vec<_>, _>>()
            .map(Self::of)
    }

    /// All that several texts ask for.
    pub fn parse_all<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, String> {
        let mut all = Vec::new();
        for text in texts {
            all.extend(Self::parse(text.as_ref())?.0);
        }
        Ok(Self::of(all))
    }

    fn of(mut constraints: Vec<Constraint>) -> Self {
        constraints.sort_by(|a, b| {
            (a.version.cmp_precedence(&b.version)).then(a.operator.cmp(&b.operator))
        });
        constraints.dedup();
        Self(constraints)
    }

    /// Whether there is no constraint.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a version meets them. A prerelease does so only if one of them names exactly it.
    pub fn allow(&self, version: &Version) -> bool {
        let named = |c: &Constraint| {
            c.operator == Operator::Equal && c.version.cmp_precedence(version) == Ordering::Equal
        };
        (version.pre.is_empty() || self.0.iter().any(named))
            && self.0.iter().all(|c| c.allows(version))
    }

    /// The newest of the versions that meet them.
    pub fn newest<'a>(
        &self,
        versions: impl IntoIterator<Item = &'a Version>,
    ) -> Option<&'a Version> {
        versions
            .into_iter()
            .filter(|v| self.allow(v))
            .max_by(|a, b| a.cmp_precedence(b))
    }
}

impl Constraint {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("The constraint {text:?} is not valid: {why}."));
        let (symbol, operator) = OPERATORS
            .into_iter()
            .find(|(symbol, _)| text.starts_with(symbol))
            .unwrap_or(("", Operator::Equal));
        let rest = text[symbol.len()..].trim_start();
        let (numbers, suffix) = rest.split_at(rest.find(['-', '+']).unwrap_or(rest.len()));
        if numbers.is_empty() {
            return wrong("it needs a version, as in \">= 1.2.0\"");
        }
        let parts: Vec<&str> = numbers.split('.').collect();
        let number = |p: &&str| p.is_empty() || !p.bytes().all(|b| b.is_ascii_digit());
        if parts.len() > 3 {
            return wrong("a version has at most three numbers");
        }
        if parts.iter().any(number) {
            return wrong(
                "a version is numbers with dots between them, after one of =, !=, >, >=, <, <=, ~> or nothing; several constraints are separated by commas",
            );
        }
        let padding = ["", ".0.0", ".0", ""][parts.len()];
        let operator = match operator {
            Operator::Patch if parts.len() < 3 => Operator::Minor,
            other => other,
        };
        match Version::parse(&format!("{}{padding}{suffix}", parts.join("."))) {
            Ok(version) => Ok(Self { operator, version }),
            Err(e) => wrong(&e.to_string()),
        }
    }

    fn allows(&self, version: &Version) -> bool {
        let order = version.cmp_precedence(&self.version);
        let below =
            |major, minor| version.cmp_precedence(&Version::new(major, minor, 0)) == Ordering::Less;
        match self.operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Greater => order == Ordering::Greater,
            Operator::GreaterEq => order != Ordering::Less,
            Operator::Less => order == Ordering::Less,
            Operator::LessEq => order != Ordering::Greater,
            Operator::Patch => {
                order != Ordering::Less
                    && below(self.version.major, self.version.minor.saturating_add(1))
            }
            Operator::Minor => {
                order != Ordering::Less && below(self.version.major.saturating_add(1), 0)
            }
        }
    }
}

impl fmt::Display for Constraints {
    /// `>= 5.0.0, ~> 5.1, != 5.2.0`: sorted by version, numbers filled up to three.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Constraint { operator, version }) in self.0.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            match operator {
                Operator::Equal => {}
                Operator::Minor => {
                    write!(f, "~> {}.{}", version.major, version.minor)?;
                    if !version.pre.is_empty() {
                        write!(f, "-{}", version.pre)?;
                    }
                    continue;
                }
                _ => {
                    let (symbol, _) = OPERATORS
                        .iter()
                        .find(|(_, o)| o == operator)
                        .unwrap_or(&OPERATORS[0]);
                    write!(f, "{symbol} ")?;
                }
            }
            write!(f, "{version}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_print_as_in_lock_files() {
        for (text, expected) in [
            (
                ">= 5.0, < 6.0.0-beta , ~>5.1,!= 5.2",
                ">= 5.0.0, ~> 5.1, != 5.2.0, < 6.0.0-beta",
            ),
            (
                "= 1.0, <= 1.0, != 1.0,>= 1.0, > 1.0, ~> 1.0, ~> 1.0.0, < 1.0, >= 1.0.0",
                "> 1.0.0, >= 1.0.0, 1.0.0, ~> 1.0.0, ~> 1.0, <= 1.0.0, < 1.0.0, != 1.0.0",
            ),
            ("~> 5", "~> 5.0"),
            ("5", "5.0.0"),
            ("= 5.100", "5.100.0"),
            (">= 5.1.0+meta", ">= 5.1.0+meta"),
            ("~> 5.1-beta", "~> 5.1-beta"),
            ("~> 5.1.2-beta2", "~> 5.1.2-beta2"),
        ] {
            assert_eq!(Constraints::parse(text).unwrap().to_string(), expected);
            assert_eq!(Constraints::parse(expected).unwrap().to_string(), expected);
        }
    }

    #[test]
    fn what_is_no_constraint_is_refused() {
        for text in [
            "",
            "5.x",
            "*",
            "=> 5",
            "5.1.1.1",
            "v5.1.0",
            ">=5.0 <6",
            "5.1.0 ,",
            "~>",
            "> -1",
            "5..1",
            "1.0.0-",
            "99999999999999999999",
        ] {
            assert!(Constraints::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn versions_meet_constraints() {
        for (text, allowed, refused) in [
            ("~> 5.1.2", "5.1.2 5.1.99", "5.1.1 5.2.0 5.1.3-beta 6.1.2"),
            ("~> 5.1", "5.1.0 5.99.0", "5.0.9 6.0.0 6.0.0-beta"),
            ("~> 5", "5.0.0 5.9.9", "4.9.9 6.0.0"),
            ("1.2", "1.2.0 1.2.0+x", "1.2.1 1.2.0-rc1"),
            ("1.2.0-rc1", "1.2.0-rc1", "1.2.0 1.2.0-rc2"),
            (">= 1.0, 1.2.0-rc1", "1.2.0-rc1", "1.2.0"),
            ("> 1.2.0-rc1", "1.2.0", "1.2.0-rc2 1.1.0"),
            ("> 1.0, <= 2.0, != 1.5", "1.0.1 2.0.0", "1.0.0 1.5.0 2.0.1"),
        ] {
            let constraints = Constraints::parse(text).unwrap();
            for (versions, expected) in [(allowed, true), (refused, false)] {
                for version in versions.split(' ') {
                    assert_eq!(
                        constraints.allow(&Version::parse(version).unwrap()),
                        expected,
                        "{text}: {version}"
                    );
                }
            }
        }
        let versions =
            ["1.0.0", "1.10.0", "1.9.0", "2.0.0-beta"].map(|v| Version::parse(v).unwrap());
        let none = Constraints::default();
        assert_eq!(none.newest(&versions), Some(&versions[1]));
        assert_eq!(Constraints::parse("< 1.0").unwrap().newest(&versions), None);
    }
}
