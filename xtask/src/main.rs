//! Repository tasks: `cargo xtask <task>`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod crowd;
mod demo;
mod fuzz;
mod interop;
mod kill;
mod peers;
mod record;
mod rig;
mod storm;
mod tidy;

/// Repository tasks.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Show what groma does: a platform on two clouds, against a sandbox.
    Demo(demo::Options),
    /// Kill groma and its providers at random instants of an apply, and see that the next one makes all good.
    Kill(kill::Options),
    /// Apply and destroy where calls are throttled, fail and break, and see that nothing exists twice or stays.
    Storm(storm::Options),
    /// Apply in many folders at once what one policy holds, and see that nothing is lost.
    Crowd(crowd::Options),
    /// Look for bytes that what reads them does not bear.
    Fuzz(fuzz::Options),
    /// Let Terraform and groma, with hashicorp's provider and ours, plan over each other's state.
    Interop(interop::Options),
    /// Record what Terraform answers to the conformance cases.
    Record(record::Record),
    /// Check the house rules.
    Tidy,
    /// Compare groma with Terraform over a real provider.
    #[command(subcommand)]
    Peers(peers::Peers),
    /// Measure.
    #[command(subcommand)]
    Bench(peers::bench::Bench),
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Demo(task) => demo::demo(&task),
        Task::Kill(task) => kill::kill(&task),
        Task::Storm(task) => storm::storm(&task),
        Task::Crowd(task) => crowd::crowd(&task),
        Task::Fuzz(task) => fuzz::fuzz(&task),
        Task::Interop(task) => interop::interop(&task),
        Task::Record(task) => record::record(&task),
        Task::Tidy => tidy::tidy(),
        Task::Peers(task) => peers::peers(&task),
        Task::Bench(task) => peers::bench::bench(&task),
    }
}
