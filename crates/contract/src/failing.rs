//! Calls that fail in a way that passes.

use crate::refused::{nth, warm};
use crate::trial::{Trial, run};
use crate::{Case, Failure, World};
use sandbox::Faults;

/// Lets each call of a life fail in turn; whoever is patient succeeds, and nothing is made twice.
pub fn failing(world: &World, case: &Case, with: Failure) {
    run(async {
        let mut trial = Trial::start(world, case, true).await;
        warm(&mut trial).await;
        let empty = trial.sandbox.inventory();
        let mut bodies = vec![Some(case.create)];
        bodies.extend(case.update.iter().copied().map(Some));
        bodies.push(None);
        // Without faults, to know how many calls there are and what there is afterwards.
        let (mut most, mut inventories) = (0, Vec::new());
        for body in &bodies {
            most = most.max(trial.must(*body, Faults::default()).await.calls.len());
            inventories.push(trial.sandbox.inventory());
        }
        trial.same_inventory(&empty);
        for n in 1..=most {
            trial.retell(format!("call {n} of each step fails: {with:?}"));
            for (body, inventory) in bodies.iter().zip(&inventories) {
                trial.tell(body.map_or("delete", |_| "create or update"));
                trial.must(*body, nth(n, with.clone())).await;
                trial.settled(*body).await;
                trial.same_inventory(inventory);
            }
        }
    });
}
