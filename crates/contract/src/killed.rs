//! groma dies in the middle.

use crate::refused::{nth, warm};
use crate::trial::{Trial, run};
use crate::{Case, Failure, World};
use sandbox::{Fail, Faults, Rule};
use states::StateFile;
use states::journal::{Record, Start};
use std::time::Duration;
use test_support::Records;

/// Ends everything at each call of a create, an update and a delete in turn, before or after the call has its effect.
pub fn killed(world: &World, case: &Case, last_call: Failure) {
    run(async {
        let mut trial = Trial::start(world, case, true).await;
        warm(&mut trial).await;
        let mut from = None;
        let mut steps: Vec<Option<&str>> = vec![Some(case.create)];
        steps.extend(case.update.iter().copied().map(Some));
        steps.push(None);
        for to in steps {
            each_call(&mut trial, &last_call, from, to).await;
            from = to;
        }
    });
}

async fn each_call(
    trial: &mut Trial<'_>,
    last_call: &Failure,
    from: Option<&str>,
    to: Option<&str>,
) {
    let empty = trial.sandbox.inventory();
    trial.retell("without being killed");
    if from.is_some() {
        trial.must(from, Faults::default()).await;
    }
    let calls = trial.must(to, Faults::default()).await.calls;
    let full = trial.sandbox.inventory();
    trial.must(None, Faults::default()).await;
    for (n, call) in (1..).zip(&calls) {
        trial.retell(format!(
            "from {from:?} to {to:?}, killed at call {n} ({call}), {last_call:?}"
        ));
        if from.is_some() {
            trial.must(from, Faults::default()).await;
        }
        kill(trial, to, n, last_call).await;
        trial.tell("apply again");
        trial.must(to, Faults::default()).await;
        trial.settled(to).await;
        trial.same_inventory(&full);
        trial.tell("delete");
        trial.must(None, Faults::default()).await;
        trial.same_inventory(&empty);
    }
}

/// Applies until a call, then forgets all that is not in the journal.
async fn kill(trial: &mut Trial<'_>, to: Option<&str>, n: usize, last_call: &Failure) {
    // Who is dead calls nobody: all calls after the last one come to nothing.
    let mut faults = nth(n, last_call.clone());
    faults.rules.push(Rule {
        fail: Some(Fail {
            nth: n as u64 + 1,
            times: u64::MAX,
            with: Failure::DropBefore,
        }),
        ..Rule::default()
    });
    let journal = Records::default();
    {
        let run = trial.recorded(to, trial.normal(), faults.clone(), &journal);
        let death = async {
            // The faults are in force once applying begins; the calls are counted from then on.
            while trial.sandbox.faults() != faults || trial.sandbox.requests().len() < n {
                tokio::time::sleep(Duration::from_micros(300)).await;
            }
        };
        tokio::select! {
            _ = run => {}
            () = death => {}
        }
    }
    trial.sandbox.set_faults(Faults::default());
    trial.restart_provider();
    let mut records = vec![Record::Start(Start {
        lineage: "l".into(),
        serial: 1,
        operation: "apply".into(),
        time: "2026-01-01T00:00:00Z".into(),
    })];
    records.extend(journal.all());
    let file = StateFile {
        lineage: "l".to_owned(),
        serial: 1,
        state: std::mem::take(&mut trial.state),
        ..StateFile::create()
    };
    match states::journal::replay(Some(file), &records) {
        Ok(replay) => trial.state = replay.file.state,
        Err(diags) => trial.no_errors(&diags),
    }
    trial.unresolved.follow(&records);
    trial.unresolved.settle(&trial.state);
}
