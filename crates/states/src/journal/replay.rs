//! Bringing a state to where a run was when it was cut short.

use super::{Action, Intent, Record, Start};
use crate::{DeposedKey, StateFile};
use addrs::AbsResourceInstance;
use diags::{Diagnostic, Diagnostics};
use std::collections::BTreeMap;

/// A state after a journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The state. Its serial is still the one of the file.
    pub file: StateFile,
    /// Whether the journal changed anything.
    pub changed: bool,
    /// Calls of which nobody knows how they ended, in the order they were begun.
    pub interrupted: Vec<Interrupted>,
}

/// A provider call that was begun and of which nobody knows how it ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Interrupted {
    /// What was begun.
    pub intent: Intent,
}

impl Interrupted {
    /// What a person should know about it. `None` for a create: that is remembered ([`super::Unresolved`]),
    /// and who plans knows what becomes of it.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        let Intent {
            address,
            deposed,
            action,
            time,
            ..
        } = &self.intent;
        let former = deposed
            .as_ref()
            .map_or_else(String::new, |key| format!(" (deposed object {key})"));
        let advice = match action {
            Action::Create => return None,
            Action::Update => {
                "The state holds the object as it was before. The next plan reads the real object and shows what is still to be changed."
            }
            Action::Delete => {
                "The state still holds the object. The next plan reads the real object and drops it from the state if it is gone."
            }
        };
        let warning = Diagnostic::warning(
            "Interrupted operation",
            format!(
                "An earlier run was cut short while it was about to {action} {address}{former} (begun {time}). {advice}"
            ),
        );
        Some(warning.about(address))
    }
}

/// Applies a journal to the state it was begun on.
///
/// `file` is `None` when there is no state yet. A journal that belongs to another state, or to an
/// earlier version of it that others have changed since, is an error: nothing of it is applied.
pub fn replay(file: Option<StateFile>, records: &[Record]) -> Result<Replay, Diagnostics> {
    let Some(Record::Start(start)) = records.first() else {
        return if records.is_empty() {
            let file = file.unwrap_or_else(StateFile::create);
            Ok(Replay {
                file,
                changed: false,
                interrupted: Vec::new(),
            })
        } else {
            Err(foreign("it does not say which state it was begun on"))
        };
    };
    check(file.as_ref(), start, records)?;
    let before = file.unwrap_or_else(|| StateFile {
        lineage: start.lineage.to_string(),
        ..StateFile::create()
    });
    let mut after = before.clone();
    let mut open: BTreeMap<(&AbsResourceInstance, Option<&DeposedKey>), (usize, &Intent)> =
        BTreeMap::new();
    for (i, record) in records.iter().enumerate() {
        match record {
            Record::Start(_) | Record::Checkpoint(_) => {}
            Record::Outputs(outputs) => after.state.outputs.clone_from(outputs),
            Record::Intent(intent) => {
                open.insert((&intent.address, intent.deposed.as_ref()), (i, intent));
            }
            Record::Outcome(outcome) => {
                open.remove(&(&outcome.address, outcome.deposed.as_ref()));
                for (deposed, object) in &outcome.objects {
                    let (addr, provider) = (&outcome.address, &outcome.provider);
                    match deposed {
                        None => after.state.set_current(addr, provider, object.clone()),
                        Some(key) => after.state.set_deposed(addr, provider, key, object.clone()),
                    }
                }
            }
        }
    }
    let mut open: Vec<_> = open.into_values().collect();
    open.sort_by_key(|(i, _)| *i);
    Ok(Replay {
        changed: after != before,
        file: after,
        interrupted: open
            .into_iter()
            .map(|(_, intent)| Interrupted {
                intent: intent.clone(),
            })
            .collect(),
    })
}

fn check(file: Option<&StateFile>, start: &Start, records: &[Record]) -> Result<(), Diagnostics> {
    let (lineage, serial) = file.map_or((&*start.lineage, 0), |f| (&*f.lineage, f.serial));
    if *lineage != *start.lineage {
        return Err(foreign(&format!(
            "it was begun on a state of lineage {:?}, and this one has {lineage:?}",
            start.lineage
        )));
    }
    let known = |record: &Record| matches!(record, Record::Checkpoint(s) if *s == serial);
    if serial != start.serial && !records.iter().any(known) {
        return Err(foreign(&format!(
            "it was begun on serial {}, and the state has serial {serial} now",
            start.serial
        )));
    }
    Ok(())
}

fn foreign(why: &str) -> Diagnostics {
    Diagnostic::error(
        "Journal does not fit the state",
        format!(
            "An earlier run was cut short and left a journal, but {why}. Someone has changed the state in the meantime. See in the journal (one line of JSON per record) which objects the run created, bring those that the state lacks in with \"import\", then delete the journal file."
        ),
    )
    .into()
}
