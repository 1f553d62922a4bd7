//! The rules as they are written.

use serde::{Deserialize, Serialize};

/// What shall go wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Faults {
    /// What the draws derive from.
    #[serde(default)]
    pub seed: u64,
    /// Every rule whose operations fit a call has a say: latencies add up, and one failure counts, that of a certain
    /// call before one by rate, that of an earlier rule before that of a later one.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// One rule. Rates are shares of the calls, 0 to 1; together at most 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// The operations: `*` stands for any text, `?` for one character (`ec2:Create*`, `compute.*`).
    pub operations: String,
    /// How long the answer takes longer, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<Latency>,
    /// The share that is refused because there were too many.
    #[serde(skip_serializing_if = "is_zero")]
    pub throttle: f64,
    /// The share that ends with an error of the server, without effect.
    #[serde(skip_serializing_if = "is_zero")]
    pub errors: f64,
    /// The share whose connection breaks before anything happened.
    #[serde(skip_serializing_if = "is_zero")]
    pub drop_before: f64,
    /// The share that has its effect, and whose connection breaks before the answer.
    #[serde(skip_serializing_if = "is_zero")]
    pub drop_after: f64,
    /// Certain calls that fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail: Option<Fail>,
}

/// A time in milliseconds, or the least and the most of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Latency {
    /// Always the same.
    Fixed(u64),
    /// Somewhere between.
    Between(u64, u64),
}

/// Certain calls that fail, counted over all that fit the rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fail {
    /// The first that fails; 1 is the first of all.
    pub nth: u64,
    /// How many fail.
    #[serde(default = "once")]
    pub times: u64,
    /// How.
    #[serde(default = "error")]
    pub with: Failure,
}

/// How a call fails.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Too many calls.
    Throttle,
    /// An error of the server.
    Error,
    /// The connection breaks before the effect.
    DropBefore,
    /// The connection breaks after the effect.
    DropAfter,
    /// An error of the operation, in the form of its service.
    Answer {
        /// `DependencyViolation`, `ResourceInUseException`, `NOT_FOUND` …
        code: String,
        /// The HTTP status.
        #[serde(default = "bad_request")]
        status: u16,
        /// What it says.
        #[serde(default)]
        message: String,
    },
}

/// What is wrong with rules.
#[derive(Debug, thiserror::Error)]
pub enum FaultsError {
    /// No JSON, or not of this form.
    #[error("the faults are not understood: {0}")]
    Form(#[from] serde_json::Error),
    /// Rates that are none.
    #[error(
        "the rates of the rule for {operations:?} must be 0 to 1, and together not more than 1"
    )]
    Rates {
        /// Which rule.
        operations: String,
    },
    /// A call before the first, or no status of an error.
    #[error(
        "the rule for {operations:?} must fail call 1 or a later one, with a status of 400 to 599"
    )]
    Fail {
        /// Which rule.
        operations: String,
    },
}

impl Default for Rule {
    fn default() -> Self {
        Self {
            operations: "*".to_owned(),
            latency_ms: None,
            throttle: 0.0,
            errors: 0.0,
            drop_before: 0.0,
            drop_after: 0.0,
            fail: None,
        }
    }
}

impl Faults {
    /// Reads rules from JSON and checks them.
    pub fn parse(json: &[u8]) -> Result<Self, FaultsError> {
        let faults: Self = serde_json::from_slice(json)?;
        for rule in &faults.rules {
            rule.check()?;
        }
        Ok(faults)
    }
}

impl Rule {
    fn check(&self) -> Result<(), FaultsError> {
        let rates = [
            self.throttle,
            self.errors,
            self.drop_before,
            self.drop_after,
        ];
        let operations = self.operations.clone();
        // Sums of decimal fractions may end a hair above 1.
        if rates.iter().any(|rate| !(0.0..=1.0).contains(rate))
            || rates.iter().sum::<f64>() > 1.0 + 1e-9
        {
            return Err(FaultsError::Rates { operations });
        }
        let Some(fail) = &self.fail else {
            return Ok(());
        };
        let status = match &fail.with {
            Failure::Answer { status, .. } => *status,
            _ => 500,
        };
        if fail.nth == 0 || !(400..600).contains(&status) {
            return Err(FaultsError::Fail { operations });
        }
        Ok(())
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(rate: &f64) -> bool {
    *rate == 0.0
}

const fn once() -> u64 {
    1
}

const fn error() -> Failure {
    Failure::Error
}

const fn bad_request() -> u16 {
    400
}
