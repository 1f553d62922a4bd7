//! Operations, run in order and side by side.

use super::applier::Applier;
use crate::execgraph::{ExecGraph, Op};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use futures::stream::{FuturesUnordered, StreamExt};
use std::collections::VecDeque;

/// How an operation ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Well,
    /// It failed, or something before it did: whatever waits for it is left out.
    Badly,
}

impl Applier<'_> {
    pub(crate) async fn execute(&self, graph: &ExecGraph) {
        self.count_ephemeral_users(&graph.ops);
        let mut waiting: Vec<usize> = graph.waits.iter().map(Vec::len).collect();
        let mut after: Vec<Vec<u32>> = vec![Vec::new(); graph.ops.len()];
        for (op, waits) in (0u32..).zip(&graph.waits) {
            for before in waits {
                after[*before as usize].push(op);
            }
        }
        let mut spoiled = vec![false; graph.ops.len()];
        let mut ready: VecDeque<u32> = (0u32..)
            .zip(&waiting)
            .filter(|(_, left)| **left == 0)
            .map(|(op, _)| op)
            .collect();
        let mut running = FuturesUnordered::new();
        loop {
            while let Some(op) = ready.pop_front() {
                let kind = &graph.ops[op as usize];
                if spoiled[op as usize] || (self.round.stopping.get() && *kind != Op::Gate) {
                    let end = if *kind == Op::Gate && !spoiled[op as usize] {
                        End::Well
                    } else {
                        End::Badly
                    };
                    settle(op, end, &after, &mut waiting, &mut spoiled, &mut ready);
                } else if *kind == Op::Gate {
                    settle(
                        op,
                        End::Well,
                        &after,
                        &mut waiting,
                        &mut spoiled,
                        &mut ready,
                    );
                } else {
                    running.push(self.run(op, kind));
                }
            }
            let Some((op, end)) = running.next().await else {
                break;
            };
            settle(op, end, &after, &mut waiting, &mut spoiled, &mut ready);
        }
    }

    fn run<'a>(&'a self, number: u32, op: &'a Op) -> LocalBoxFuture<'a, (u32, End)> {
        async move {
            let Ok(_permit) = self.permits.acquire().await else {
                return (number, End::Badly);
            };
            if self.round.stopping.get() {
                return (number, End::Badly);
            }
            let ephemerals = self.ephemerals_of(op);
            for block in ephemerals.iter() {
                self.open_block(*block).await;
            }
            let result = match op {
                Op::Apply(i) => self.create_or_update(*i).await,
                Op::Destroy(i) => self.destroy(*i).await,
                Op::DestroyReplaced(i) => self.destroy_replaced(*i).await,
                // Last of all, when what is checked is there.
                Op::Read(i) if self.check_of(*i).is_some() => Ok(()),
                Op::Read(i) => self.read(*i).await,
                Op::Forget(i) => {
                    self.forget(*i).await;
                    Ok(())
                }
                Op::Check(i) => self.check_unchanged(*i),
                Op::Gate => Ok(()),
            };
            self.drop_ephemerals(&ephemerals).await;
            match result {
                Ok(()) => (number, End::Well),
                Err(diags) => {
                    self.report(diags);
                    (number, End::Badly)
                }
            }
        }
        .boxed_local()
    }
}

fn settle(
    op: u32,
    end: End,
    after: &[Vec<u32>],
    waiting: &mut [usize],
    spoiled: &mut [bool],
    ready: &mut VecDeque<u32>,
) {
    for next in &after[op as usize] {
        let at = *next as usize;
        spoiled[at] |= end == End::Badly;
        waiting[at] -= 1;
        if waiting[at] == 0 {
            ready.push_back(*next);
        }
    }
}
