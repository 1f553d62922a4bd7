//! `groma providers`

mod lock;
mod mirror;
mod native;
mod programs;
pub(crate) mod schema;

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use addrs::Provider;
use clap::Subcommand;
use configs::Config;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Show the providers that the configuration and the state need.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    /// Where tests are
    #[arg(long, value_name = "PATH")]
    test_directory: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show the schemas of all providers in use
    Schema(schema::Args),
    /// Show the providers that come with groma, and make a mirror of them for Terraform
    Native(native::Args),
    /// Lock the hashes of packages for several platforms
    Lock(lock::Args),
    /// Copy packages into a mirror
    Mirror(mirror::Args),
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    match &args.command {
        Some(Command::Schema(args)) => return schema::run(workdir, args),
        Some(Command::Native(args)) => return native::run(workdir, args),
        Some(Command::Lock(args)) => return lock::run(workdir, args),
        Some(Command::Mirror(args)) => return mirror::run(workdir, args),
        None => {}
    }
    let config = workdir.needed_config()?;
    let session = workdir.open_state(Some(&config), &StateArgs::default(), None)?;
    let mut text = String::from("\nProviders required by configuration:\n.\n");
    tree(&config, "", &mut text);
    text.push('\n');
    let stored: BTreeSet<&Provider> = session
        .file()
        .state
        .resources
        .values()
        .map(|r| &r.provider.provider)
        .collect();
    let mut all = config.required_providers();
    if !stored.is_empty() {
        text.push_str("Providers required by state:\n\n");
        for provider in stored {
            text.push_str(&format!("    provider[{provider}]\n\n"));
            all.entry(provider.clone()).or_default();
        }
    }
    text.push_str(&programs::describe(workdir, &all)?);
    workdir.ui.out(&text);
    Ok(0)
}

/// A module's providers, then the modules it calls.
fn tree(config: &Config, indent: &str, out: &mut String) {
    let providers = required(config);
    let count = providers.len() + config.children.len();
    let branch = |i: usize| {
        if i + 1 == count {
            ("└── ", "    ")
        } else {
            ("├── ", "│\u{a0}\u{a0} ")
        }
    };
    for (i, (provider, constraints)) in providers.iter().enumerate() {
        let (start, _) = branch(i);
        let wanted = init::Constraints::parse_all(constraints)
            .map_or_else(|_| String::new(), |c| c.to_string());
        let space = if wanted.is_empty() { "" } else { " " };
        out.push_str(&format!(
            "{indent}{start}provider[{provider}]{space}{wanted}\n"
        ));
    }
    for (i, (name, child)) in config.children.iter().enumerate() {
        let (start, deeper) = branch(providers.len() + i);
        out.push_str(&format!("{indent}{start}module.{name}\n"));
        tree(child, &format!("{indent}{deeper}"), out);
    }
}

/// What one module needs, without those it calls.
fn required(config: &Config) -> BTreeMap<Provider, Vec<Arc<str>>> {
    let alone = Config {
        path: addrs::Module::root(),
        module: config.module.clone(),
        children: BTreeMap::new(),
    };
    alone.required_providers()
}
