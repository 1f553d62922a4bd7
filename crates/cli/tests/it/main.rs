//! The program as people run it, each test in a directory of its own.

#![expect(clippy::print_stderr, reason = "a test that is skipped says why")]

mod clouds;
mod console;
mod early;
mod fmt;
mod graph;
mod init;
mod mistyped;
mod native;
mod recover;
mod registry;
mod sandbox;
mod state;
mod workspace;
