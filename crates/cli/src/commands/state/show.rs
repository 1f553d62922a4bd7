//! `groma state show`

use super::Outcome;
use crate::operation::{Prepared, in_round};
use crate::variables::Inputs;
use crate::views;
use crate::workdir::{StateArgs, Workdir};
use std::path::PathBuf;

/// Show a resource in the state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The address of a resource instance
    address: String,
    /// Read this state file
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

const NOT_FOUND: &str = "No instance found for the given address!

This command requires that the address references one specific instance.
To view the available instances, use \"groma state list\". Please modify
the address to reference a specific instance.
";

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let Ok(addr) = addrs::parse_resource_instance(&args.address) else {
        workdir.ui.err(&format!(
            "Error parsing instance address: {}\n\nThis command requires that the address references one specific instance.\nTo view the available instances, use \"groma state list\". Please modify \nthe address to reference a specific instance.\n",
            args.address
        ));
        return Ok(1);
    };
    let (config, _) = workdir.load_config();
    let state_args = StateArgs {
        state: args.state.clone(),
        ..StateArgs::default()
    };
    let session = workdir.open_state(Some(&config), &state_args, None)?;
    if !session.existed() {
        return super::no_state(workdir);
    }
    let state = session.file().state.clone();
    let there = state.instance(&addr).is_some_and(|i| i.current.is_some());
    if !there {
        workdir.ui.err(NOT_FOUND);
        return Ok(1);
    }
    let prepared = Prepared {
        config,
        inputs: Inputs::default(),
    };
    let color = workdir.ui.color.get();
    let text = in_round(
        workdir,
        &prepared,
        Some(&state),
        engine::PlanOptions::default(),
        &engine::Silent,
        async |round| {
            let schemas = views::schemas::of(round.schemas);
            views::state::object(&state, &addr, &schemas, color)
        },
    )?;
    workdir.ui.out(&text.unwrap_or_default());
    Ok(0)
}
