//! Whole configurations, run stage by stage, and what came out of them.
//!
//! A *case* is a folder of stages; each stage is a configuration (or only flags) applied over the
//! state that the stage before left. [`run`] takes a case through a program that has Terraform's
//! command line and returns every answer in a normal form; [`expected`] keeps the recorded answers
//! beside the case; [`diff`] says where two answers part. The recorder (`cargo xtask record`) and
//! the test share all of it, so both programs are read through the same glasses.
//!
//! Layout of a case, `tests/conformance/cases/NAME/`:
//!
//! ```text
//! stage1/*.tf, *.tfvars, modules/…   the configuration; replaces the one of the stage before
//! stage2/args                        no .tf file: the configuration stays; one plan flag a line
//! stage2/env                         NAME=VALUE lines, for this stage only
//! stage2/commands                    commands that run before the plan (`taint terraform_data.a`)
//! expected/stage1.plan.json …        the recorded answers
//! ```

mod case;
mod console;
mod diff;
mod expected;
mod normalise;
mod program;
mod run;
mod suite;

pub use case::{Case, Stage, cases_dir, find_cases};
pub use console::{Console, Table, find_tables, write_table};
pub use diff::{Difference, diff, render_differences};
pub use expected::{read_expected, write_expected};
pub use normalise::{Normaliser, parse_exact};
pub use program::{Output, Program};
pub use run::{Answers, run};
pub use suite::{Suite, find_suites, run_suite};
