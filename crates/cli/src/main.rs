//! The binary `groma`: reads the command line and the environment, runs one command, prints, exits.
//!
//! Everything that is not about people at a terminal lives in the crates below. One command is one file
//! in `commands/`; what commands have in common is the [`workdir`].

mod arguments;
mod backend_record;
mod cli_config;
mod commands;
mod early;
mod environment;
mod factory;
mod generated;
mod journal;
mod listener;
mod logging;
mod objects;
mod operation;
mod planfile;
mod prompt;
mod testing;
mod ui;
mod variables;
mod views;
#[cfg(test)]
mod width;
mod workdir;

use std::process::ExitCode;

fn main() -> ExitCode {
    // Deep configurations are walked by recursion in places; a large stack costs nothing until used.
    let run = || commands::main(std::env::args_os().skip(1).collect());
    let worker = std::thread::Builder::new()
        .name("main".into())
        .stack_size(256 << 20)
        .spawn(run);
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        _ => ExitCode::from(1),
    }
}
