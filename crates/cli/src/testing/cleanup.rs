//! Destroys what the runs of a file have made.

use super::Suite;
use super::execute::prior;
use super::runner::States;
use super::stand_ins::StandIns;
use super::watch::RunWatch;
use crate::operation::{Prepared, in_round_with};
use crate::views::tests::Stage;
use configs::TestFile;
use diags::{Diagnostic, Diagnostics};
use engine::{NoJournal, PlanOptions};
use states::State;

/// Destroys what is in the states, that of the latest run first; whether anything went wrong.
pub(super) fn destroy(suite: &Suite<'_>, file: &TestFile, states: States) -> bool {
    let mut failed = false;
    for kept in states.into_values().rev() {
        let Some(last) = kept.last else {
            continue;
        };
        if kept.state.resources.is_empty() {
            continue;
        }
        let prepared = Prepared {
            config: last.config,
            inputs: last.inputs,
        };
        let run = &last.run;
        let (state, diags) = one(
            suite,
            (&file.name, run),
            &prepared,
            &last.stand_ins,
            kept.state,
        );
        let left = !state.resources.is_empty();
        failed |= diags.has_errors() || left;
        suite.reporter.cleaned_up(&file.name, run, &state, &diags);
    }
    failed
}

fn one(
    suite: &Suite<'_>,
    (file, run): (&str, &str),
    prepared: &Prepared,
    stand_ins: &StandIns,
    state: State,
) -> (State, Diagnostics) {
    let watch = RunWatch::new(&suite.reporter, file, run);
    watch.stage.set(Stage::TearingDown);
    suite
        .reporter
        .run_goes_on(file, run, Stage::TearingDown, std::time::Duration::ZERO);
    let options = PlanOptions {
        mode: plans::Mode::Destroy,
        refresh: true,
        parallelism: suite.options.parallelism,
        ..PlanOptions::default()
    };
    let before = state.clone();
    let result = in_round_with(
        suite.workdir,
        prepared,
        Some(&before),
        options,
        (&watch, Some(stand_ins)),
        async |round| {
            let (plan, mut diags) = engine::plan(round, prior(state.clone())).await;
            if diags.has_errors() {
                return Ok((state, diags));
            }
            let (state, problems) = engine::apply(round, &plan, &NoJournal).await;
            diags.append(problems);
            Ok((state, diags))
        },
    );
    let (state, diags) = result.unwrap_or_else(|problems| (before, problems));
    // What conditions and targets have to say was said before.
    let diags: Diagnostics = diags.into_iter().filter(Diagnostic::is_error).collect();
    (state, diags)
}
