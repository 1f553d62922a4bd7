//! Decides, call by call.

use super::glob::fits;
use super::{Failure, Faults, Latency, Rule, answer};
use crate::{Cloud, Response};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The rules in force, and how often what was called.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: Faults,
    /// How often each operation was called.
    calls: BTreeMap<String, u64>,
    /// How often each rule fitted.
    fitted: Vec<u64>,
}

/// What happens to one call.
#[derive(Debug)]
pub(crate) struct Verdict {
    /// How long it waits.
    pub(crate) delay: Duration,
    /// What goes wrong, if anything.
    pub(crate) effect: Option<Effect>,
}

/// What goes wrong, and what that is called in the log.
#[derive(Debug)]
pub(crate) enum Effect {
    /// This is the answer, and nothing happens.
    Answer(&'static str, Response),
    /// No answer, and nothing happens.
    DropBefore,
    /// No answer, though it happens.
    DropAfter,
}

impl Layer {
    /// Starts with these rules.
    pub(crate) fn new(faults: Faults) -> Self {
        let layer = Self::default();
        layer.set(faults);
        layer
    }

    /// Puts other rules in force; all calls are counted anew.
    pub(crate) fn set(&self, faults: Faults) {
        *self.lock() = State {
            fitted: vec![0; faults.rules.len()],
            calls: BTreeMap::new(),
            faults,
        };
    }

    /// Counts all calls anew.
    pub(crate) fn restart(&self) {
        let faults = self.get();
        self.set(faults);
    }

    /// The rules in force.
    pub(crate) fn get(&self) -> Faults {
        self.lock().faults.clone()
    }

    /// What happens to the next call of an operation.
    pub(crate) fn next(&self, cloud: Cloud, operation: &str) -> Verdict {
        let mut state = self.lock();
        let State {
            faults,
            calls,
            fitted,
        } = &mut *state;
        let mut verdict = Verdict {
            delay: Duration::ZERO,
            effect: None,
        };
        if faults.rules.is_empty() {
            return verdict;
        }
        let call = match calls.get_mut(operation) {
            Some(call) => call,
            None => calls.entry(operation.to_owned()).or_default(),
        };
        *call += 1;
        // What is certain goes before what is drawn.
        let (mut certain, mut drawn) = (None, None);
        for (at, (rule, fitted)) in faults.rules.iter().zip(fitted).enumerate() {
            if !fits(&rule.operations, operation) {
                continue;
            }
            *fitted += 1;
            let mut draws = Draws::new(faults.seed, at, operation, *call);
            verdict.delay += delay(rule, &mut draws);
            certain = certain.or_else(|| fails(rule, *fitted));
            drawn = drawn.or_else(|| draw(rule, &mut draws));
        }
        let failure = certain.or(drawn);
        verdict.effect = failure.map(|failure| effect(cloud, operation, &failure));
        verdict
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn delay(rule: &Rule, draws: &mut Draws) -> Duration {
    Duration::from_millis(match rule.latency_ms {
        None => 0,
        Some(Latency::Fixed(time)) => time,
        Some(Latency::Between(least, most)) => {
            let span = most.saturating_sub(least) as f64;
            least + (draws.next() * span).round() as u64
        }
    })
}

fn fails(rule: &Rule, fitted: u64) -> Option<Failure> {
    let fail = rule.fail.as_ref()?;
    let due = fitted >= fail.nth && fitted - fail.nth < fail.times;
    due.then(|| fail.with.clone())
}

fn draw(rule: &Rule, draws: &mut Draws) -> Option<Failure> {
    let draw = draws.next();
    let mut end = 0.0;
    for (rate, failure) in [
        (rule.throttle, Failure::Throttle),
        (rule.errors, Failure::Error),
        (rule.drop_before, Failure::DropBefore),
        (rule.drop_after, Failure::DropAfter),
    ] {
        end += rate;
        if draw < end {
            return Some(failure);
        }
    }
    None
}

fn effect(cloud: Cloud, operation: &str, failure: &Failure) -> Effect {
    match failure {
        Failure::Throttle => Effect::Answer("throttled", answer::throttled(cloud, operation)),
        Failure::Error => Effect::Answer("failed", answer::broken(cloud, operation)),
        Failure::Answer {
            code,
            status,
            message,
        } => Effect::Answer(
            "refused",
            answer::refused(cloud, operation, *status, code, message),
        ),
        Failure::DropBefore => Effect::DropBefore,
        Failure::DropAfter => Effect::DropAfter,
    }
}

/// Numbers from 0 to 1 that follow from what is called.
struct Draws(crate::Ids);

impl Draws {
    fn new(seed: u64, rule: usize, operation: &str, call: u64) -> Self {
        // FNV-1a over all that counts.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let numbers = [seed, rule as u64, call];
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        for byte in bytes.chain(operation.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        Self(crate::Ids::new(hash))
    }

    fn next(&mut self) -> f64 {
        (self.0.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests;
