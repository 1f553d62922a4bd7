//! Repository tasks: `cargo xtask <task>`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod record;

/// Repository tasks.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Record what Terraform answers to the conformance cases.
    Record(record::Record),
}

fn main() -> ExitCode {
    match Arguments::parse().task {
        Task::Record(task) => record::record(&task),
    }
}
