//! A whole life without trouble.

use crate::compare;
use crate::trial::{Trial, run};
use crate::{Case, World};
use plans::Action;
use sandbox::Faults;
use serde_json::Value;

/// Creates, reads, updates, replaces, imports, removes and destroys it, once under a host that keeps a journal and once under
/// one that does not.
pub fn lives(world: &World, case: &Case) {
    for journals in [true, false] {
        run(life(world, case, journals));
    }
}

async fn life(world: &World, case: &Case, journals: bool) {
    let mut trial = Trial::start(world, case, journals).await;
    trial.retell(format!("journals: {journals}"));
    to(&mut trial, "create", case.create, |a| a == Action::Create).await;
    for body in case.update {
        to(&mut trial, "update", body, |a| a == Action::Update).await;
        imported(&mut trial).await;
    }
    imported(&mut trial).await;
    for body in case.replace {
        to(&mut trial, "replace", body, Action::is_replace).await;
    }
    let last = case.replace.last().or(case.update.last());
    if case.vanishes {
        vanish(&mut trial, last.unwrap_or(&case.create)).await;
    }
    destroy(&mut trial).await;
    let empty = trial.sandbox.inventory();
    to(&mut trial, "create again", case.create, |a| {
        a == Action::Create
    })
    .await;
    destroy(&mut trial).await;
    trial.same_inventory(&empty);
}

async fn to(trial: &mut Trial<'_>, what: &str, body: &str, fits: impl Fn(Action) -> bool) {
    trial.tell(what);
    let outcome = trial.must(Some(body), Faults::default()).await;
    if !fits(outcome.action) {
        trial.broken(format!("the plan was {:?}", outcome.action));
    }
    trial.it();
    trial.settled(Some(body)).await;
}

async fn imported(trial: &mut Trial<'_>) {
    if trial.case.import.is_empty() {
        return;
    }
    let object = trial.it();
    let id = id(trial, &object.attributes);
    trial.tell(format!("import {id}"));
    let mut without = trial.case.not_imported.to_vec();
    without.push("timeouts");
    let imported = trial.import(&id).await;
    let differences = compare::attributes(&object.attributes, &imported.attributes, &without);
    if !differences.is_empty() {
        let lines = differences.join("\n");
        trial.broken(format!("what is imported is not what is saved:\n{lines}"));
    }
}

/// The id by which an object is imported.
fn id(trial: &Trial<'_>, attributes: &[u8]) -> String {
    let attributes: Value = serde_json::from_slice(attributes).unwrap_or_default();
    let mut id = String::new();
    for piece in trial.case.import.split('}') {
        let (text, name) = piece.split_once('{').unwrap_or((piece, ""));
        id.push_str(text);
        if !name.is_empty() {
            let Some(value) = attributes.get(name).and_then(Value::as_str) else {
                trial.broken(format!("the id of an import asks for {name}"));
            };
            id.push_str(value);
        }
    }
    id
}

async fn vanish(trial: &mut Trial<'_>, body: &str) {
    let object = trial.it();
    trial.tell("delete behind groma's back");
    trial.no_errors(&trial.remove(&object).await);
    trial.tell("delete again");
    trial.no_errors(&trial.remove(&object).await);
    to(trial, "create what vanished", body, |a| a == Action::Create).await;
}

async fn destroy(trial: &mut Trial<'_>) {
    trial.tell("destroy");
    let outcome = trial.destroy().await;
    trial.no_errors(&outcome.diags);
    if trial.state.instances().next().is_some() {
        trial.broken("something is left in the state");
    }
}
