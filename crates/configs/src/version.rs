//! Version constraints: `>= 1.2, < 2.0`, `~> 1.4`.

use std::cmp::Ordering;
use std::fmt;

/// The version of Terraform whose language is spoken here.
pub const LANGUAGE_VERSION: Version = Version {
    segments: [1, 11, 4],
    prerelease: String::new(),
};

/// A version: three numbers, and what stands behind `-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major, minor and patch.
    pub segments: [u64; 3],
    /// What stands behind `-`; empty for a release.
    pub prerelease: String,
}

impl Version {
    /// Reads `1.2.3`, `v1.2.3-beta1+build`; missing numbers are 0.
    pub fn parse(text: &str) -> Option<Self> {
        Some(parse(text.strip_prefix('v').unwrap_or(text))?.0)
    }
}

/// A version and how many numbers were written.
fn parse(text: &str) -> Option<(Version, usize)> {
    let text = text.split_once('+').map_or(text, |(text, _)| text);
    let (numbers, prerelease) = text.split_once('-').unwrap_or((text, ""));
    let named = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if (prerelease.is_empty() && text.contains('-')) || !prerelease.chars().all(named) {
        return None;
    }
    let mut segments = [0; 3];
    let mut written = 0;
    for number in numbers.split('.') {
        let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        *segments.get_mut(written)? = number.parse().ok().filter(|_| digits)?;
        written += 1;
    }
    let version = Version {
        segments,
        prerelease: prerelease.into(),
    };
    Some((version, written))
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let releases = || self.prerelease.is_empty().cmp(&other.prerelease.is_empty());
        self.segments
            .cmp(&other.segments)
            .then_with(releases)
            .then_with(|| compare_prereleases(&self.prerelease, &other.prerelease))
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Part by part: numbers by value and before words, a longer one behind its beginning.
fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, _) => Ordering::Less,
            (_, None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                _ => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.segments;
        write!(f, "{major}.{minor}.{patch}")?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        Ok(())
    }
}

/// What a version must satisfy: all of the conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionConstraints(Vec<Condition>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Condition {
    operator: Operator,
    version: Version,
    /// How many numbers of the version were written.
    written: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Pessimistic,
}

const OPERATORS: [(&str, Operator); 7] = [
    ("~>", Operator::Pessimistic),
    ("!=", Operator::NotEqual),
    (">=", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
];

impl VersionConstraints {
    /// Reads conditions between commas; `None` if that is not what the text is.
    pub fn parse(text: &str) -> Option<Self> {
        text.split(',')
            .map(Condition::parse)
            .collect::<Option<_>>()
            .map(Self)
    }

    /// Whether a version satisfies all conditions. A version that is no release satisfies only
    /// conditions about versions like it.
    pub fn allow(&self, version: &Version) -> bool {
        self.0.iter().all(|condition| condition.allows(version))
    }
}

impl fmt::Display for VersionConstraints {
    /// `>= 5.0.0, ~> 5.1, != 5.2.0`: sorted by version, numbers filled up to three, as plans and lock files
    /// have them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted: Vec<&Condition> = self.0.iter().collect();
        sorted.sort_by(|a, b| a.version.cmp(&b.version).then(a.rank().cmp(&b.rank())));
        sorted.dedup();
        for (i, condition) in sorted.into_iter().enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            let version = &condition.version;
            match condition.operator {
                Operator::Equal => write!(f, "{version}")?,
                Operator::Pessimistic if condition.written < 3 => {
                    let [major, minor, _] = version.segments;
                    write!(f, "~> {major}.{minor}")?;
                    if !version.prerelease.is_empty() {
                        write!(f, "-{}", version.prerelease)?;
                    }
                }
                operator => {
                    let sign = OPERATORS.iter().find(|(_, o)| *o == operator);
                    write!(f, "{} {version}", sign.map_or("", |(sign, _)| sign))?;
                }
            }
        }
        Ok(())
    }
}

impl Condition {
    /// Its place among conditions about one version.
    fn rank(&self) -> usize {
        match self.operator {
            Operator::Greater => 0,
            Operator::GreaterEqual => 1,
            Operator::Equal => 2,
            Operator::Pessimistic if self.written > 2 => 3,
            Operator::Pessimistic => 4,
            Operator::LessEqual => 5,
            Operator::Less => 6,
            Operator::NotEqual => 7,
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (operator, rest) = OPERATORS
            .iter()
            .find_map(|(sign, operator)| Some((*operator, text.strip_prefix(sign)?)))
            .unwrap_or((Operator::Equal, text));
        let rest = rest.trim_start();
        let (version, written) = parse(rest.strip_prefix('v').unwrap_or(rest))?;
        Some(Self {
            operator,
            version,
            written,
        })
    }

    fn allows(&self, version: &Version) -> bool {
        let order = version.cmp(&self.version);
        // Prereleases are compared only with prereleases of the same version.
        let comparable = version.prerelease.is_empty()
            || (!self.version.prerelease.is_empty() && version.segments == self.version.segments);
        match self.operator {
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => order.is_ne(),
            Operator::Greater => comparable && order.is_gt(),
            Operator::GreaterEqual => comparable && order.is_ge(),
            Operator::Less => comparable && order.is_lt(),
            Operator::LessEqual => comparable && order.is_le(),
            Operator::Pessimistic => {
                // All numbers but the last one written must be the same.
                let fixed = self.written.saturating_sub(1);
                comparable
                    && order.is_ge()
                    && version.segments[..fixed] == self.version.segments[..fixed]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_print_as_in_plans() {
        for (text, expected) in [
            (">= 3.29", ">= 3.29.0"),
            (
                ">= 5.0, < 6.0.0-beta , ~>5.1,!= 5.2",
                ">= 5.0.0, ~> 5.1, != 5.2.0, < 6.0.0-beta",
            ),
            ("~> 5", "~> 5.0"),
            ("= 5.100", "5.100.0"),
            ("~> 5.1.2-beta2", "~> 5.1.2-beta2"),
        ] {
            let constraints = VersionConstraints::parse(text).expect(text);
            assert_eq!(constraints.to_string(), expected);
        }
    }

    #[test]
    fn constraints() {
        for (constraint, version, allowed) in [
            ("1.2.3", "1.2.3", true),
            ("= 1.2", "1.2.0", true),
            ("!= 1.2", "1.2.0", false),
            (">= 1.2, < 2", "1.9.9", true),
            (">= 1.2, < 2", "2.0.0", false),
            ("~> 1.2", "1.9.0", true),
            ("~> 1.2", "2.0.0", false),
            ("~> 1.2.3", "1.2.9", true),
            ("~> 1.2.3", "1.3.0", false),
            ("~> 1", "7.0.0", true),
            ("~>1.2.3", "1.2.2", false),
            ("> 1.0", "1.1.0-beta1", false),
            ("> 1.1.0-alpha", "1.1.0-beta1", true),
            ("> 1.1.0-beta.9", "1.1.0-beta.10", true),
            ("1.1.0-beta1", "1.1.0-beta1", true),
            ("v1.0", "1.0.0", true),
        ] {
            let constraints = VersionConstraints::parse(constraint).expect(constraint);
            let version = Version::parse(version).expect(version);
            assert_eq!(
                constraints.allow(&version),
                allowed,
                "{version} by {constraint}"
            );
        }
        for text in [
            "",
            "x",
            ">",
            ">= 1.2,",
            "1.x",
            "=> 1",
            "1.2.3.4.5",
            "1.-2",
            "1.0-",
            "~ 1",
        ] {
            assert_eq!(VersionConstraints::parse(text), None, "{text}");
        }
    }
}
