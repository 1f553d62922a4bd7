//! `cargo xtask fuzz TARGET`: looks for bytes that what reads them does not bear.

#![expect(clippy::print_stderr, reason = "a task's report")]

use std::process::{Command, ExitCode};

/// Options of the search.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// hcl, json, msgpack, state, plan, journal, handshake or tfvars
    target: String,
    /// How long
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// What the inputs derive from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How much memory it may take, in MiB
    #[arg(long, default_value_t = 2048)]
    memory: u64,
}

/// Builds the program and runs it in a limited address space.
pub(crate) fn fuzz(options: &Options) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = ["build", "--quiet", "--package", "groma-fuzz"];
    let built = Command::new(&cargo).args(build).status();
    if !built.is_ok_and(|status| status.success()) {
        eprintln!("fuzz: the build failed");
        return ExitCode::FAILURE;
    }
    let run = format!(
        "ulimit -v {}; exec \"$0\" run --quiet --package groma-fuzz -- \"$@\"",
        options.memory * 1024
    );
    let status = Command::new("sh")
        .args(["-c", &run])
        .arg(&cargo)
        .arg(&options.target)
        .args([options.minutes.to_string(), options.seed.to_string()])
        .status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!(
                "fuzz: {status}; what it read last is in {}.input in the directory for temporary files",
                options.target
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("fuzz: {error}");
            ExitCode::FAILURE
        }
    }
}
