//! Calls that are refused for good.

use crate::compare;
use crate::trial::{Trial, run};
use crate::{Case, Failure, World};
use sandbox::{Cloud, Fail, Faults, Rule};

/// Refuses each call of create, update and delete in turn.
pub fn refused(world: &World, case: &Case) {
    run(async {
        let mut trial = Trial::start(world, case, true).await;
        warm(&mut trial).await;
        let mut from = None;
        for to in std::iter::once(&case.create).chain(case.update) {
            each_call(&mut trial, world.cloud, from, Some(to)).await;
            from = Some(*to);
        }
        each_call(&mut trial, world.cloud, Some(case.create), None).await;
    });
}

/// Brings what the resource needs, and what comes to be with the first resource and stays.
pub(crate) async fn warm(trial: &mut Trial<'_>) {
    trial.retell("create and delete");
    trial.must(Some(trial.case.create), Faults::default()).await;
    trial.must(None, Faults::default()).await;
}

/// The faults in which one call fails.
pub(crate) fn nth(n: usize, with: Failure) -> Faults {
    let fail = Fail {
        nth: n as u64,
        times: 1,
        with,
    };
    Faults {
        seed: 0,
        rules: vec![Rule {
            fail: Some(fail),
            ..Rule::default()
        }],
    }
}

fn refusal(cloud: Cloud) -> Failure {
    Failure::Answer {
        code: match cloud {
            Cloud::Aws => "AccessDenied".to_owned(),
            Cloud::Google => "PERMISSION_DENIED".to_owned(),
        },
        status: 403,
        message: "You may not.".to_owned(),
    }
}

async fn each_call(trial: &mut Trial<'_>, cloud: Cloud, from: Option<&str>, to: Option<&str>) {
    let what = match (from, to) {
        (None, _) => "create",
        (_, Some(_)) => "update",
        (_, None) => "delete",
    };
    let empty = trial.sandbox.inventory();
    trial.retell(format!("{what} without faults"));
    arrange(trial, from).await;
    let calls = trial.must(to, Faults::default()).await.calls;
    trial.must(None, Faults::default()).await;
    for (n, call) in (1..).zip(&calls) {
        // The next apply repairs it, or a destroy removes it.
        for repair in [true, false] {
            trial.retell(format!("{what}, call {n} ({call}) is refused"));
            arrange(trial, from).await;
            let outcome = trial.apply(to, nth(n, refusal(cloud))).await;
            if outcome.diags.has_errors() {
                trial.tell(crate::trial::problems(&outcome.diags));
            }
            if let Some(to) = to {
                saved(trial, from, to).await;
            }
            if repair {
                trial.tell("apply again");
                trial.must(to, Faults::default()).await;
                trial.settled(to).await;
            }
            trial.tell("delete");
            trial.must(None, Faults::default()).await;
            trial.same_inventory(&empty);
        }
    }
}

/// Brings the resource to where the phase begins.
async fn arrange(trial: &mut Trial<'_>, from: Option<&str>) {
    if let Some(from) = from {
        trial.must(Some(from), Faults::default()).await;
    }
}

/// Promises that what is saved is what exists.
async fn saved(trial: &Trial<'_>, from: Option<&str>, to: &str) {
    let Some(object) = trial.find(&trial.state) else {
        if from.is_some() {
            trial.broken("an update that fails loses the object");
        }
        return;
    };
    let step = trial.plan(Some(to)).await;
    trial.no_errors(&step.diags);
    let Some(read) = trial.find(&step.plan.prior_state) else {
        trial.broken("the state holds it, but it does not exist");
    };
    let differences = compare::attributes(&object.attributes, &read.attributes, &[]);
    if !differences.is_empty() {
        let lines = differences.join("\n");
        trial.broken(format!("what is saved is not what exists:\n{lines}"));
    }
}
