//! `cargo xtask peers`: groma and Terraform side by side over the same cloud and provider.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

pub(crate) mod bench;
pub(crate) mod example;
mod fmt;
mod measure;
mod module_registry;
mod modules;
mod names;
pub(crate) mod native;
pub(crate) mod site;
pub(crate) mod tables;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum Peers {
    /// Take examples/eks-network through its life with both programs and compare the plans.
    Example,
    /// Load, validate and plan published modules with both programs and compare.
    Modules {
        /// A folder with the modules' git directories, each in OWNER+NAME/repo.
        repositories: PathBuf,
        /// Only those whose names contain one of these.
        names: Vec<String>,
    },
    /// Format every file of these repositories (work trees or git directories) with both programs and compare.
    Fmt {
        /// The repositories.
        #[arg(required = true)]
        repositories: Vec<PathBuf>,
    },
}

/// Runs a comparison; a missing peer is a SKIP line, a difference is a failure.
pub(crate) fn peers(task: &Peers) -> ExitCode {
    let outcome = match task {
        Peers::Example => example::compare(),
        Peers::Modules {
            repositories,
            names,
        } => modules::compare(repositories, names),
        Peers::Fmt { repositories } => fmt::compare(repositories),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Stop::Skip(reason)) => {
            println!("SKIP {reason}");
            ExitCode::SUCCESS
        }
        Err(Stop::Fail(reason)) => {
            eprintln!("peers: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Is why a comparison ends early.
pub(crate) enum Stop {
    /// Something that this machine does not have.
    Skip(String),
    /// Something went wrong.
    Fail(String),
}

impl From<crate::rig::Failure> for Stop {
    fn from(error: crate::rig::Failure) -> Self {
        Self::Fail(error.to_string())
    }
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Fail(error.to_string())
    }
}
