//! `groma state list`

use super::{Outcome, no_state, target};
use crate::workdir::{StateArgs, Workdir};
use addrs::Target;
use diags::{Diagnostic, Diagnostics};
use states::{Instance, State};
use std::path::PathBuf;

/// List resources in the state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only these resources and modules
    address: Vec<String>,
    /// Read this state file
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    /// Only instances whose attribute id is this
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let (config, _) = workdir.load_config();
    let state_args = StateArgs {
        state: args.state.clone(),
        ..StateArgs::default()
    };
    let session = workdir.open_state(Some(&config), &state_args, None)?;
    if !session.existed() {
        return no_state(workdir);
    }
    let state = &session.file().state;
    let mut targets = Vec::new();
    let mut diags = Diagnostics::new();
    for text in &args.address {
        match target(text) {
            Ok(target) => {
                diags.append(unknown(state, &target));
                targets.push(target);
            }
            Err(problems) => diags.append(problems),
        }
    }
    if diags.has_errors() {
        return Err(diags);
    }
    let mut text = String::new();
    for (addr, _, instance) in state.instances() {
        let meant = targets.is_empty() || targets.iter().any(|t| t.contains(&addr));
        let fits = args.id.as_ref().is_none_or(|id| has_id(instance, id));
        if meant && fits {
            text.push_str(&format!("{addr}\n"));
        }
    }
    workdir.ui.out(&text);
    Ok(0)
}

fn has_id(instance: &Instance, id: &str) -> bool {
    instance.current.as_ref().is_some_and(|object| {
        serde_json::from_slice::<serde_json::Value>(&object.attributes)
            .is_ok_and(|attributes| attributes["id"] == id)
    })
}

/// The problem of a target that the state knows nothing of.
fn unknown(state: &State, target: &Target) -> Option<Diagnostic> {
    let any = state.instances().any(|(addr, ..)| target.contains(&addr));
    if any {
        return None;
    }
    Some(match target {
        Target::Module(module) => Diagnostic::error(
            "Unknown module",
            format!(
                "The current state contains no module at {module}. If you've just added this module to the configuration, you must run \
                 \"groma apply\" first to create the module's entry in the state."
            ),
        ),
        Target::Resource { key, .. } if key.is_none() => Diagnostic::error(
            "Unknown resource",
            format!(
                "The current state contains no resource {target}. If you've just added this resource to the configuration, you must run \
                 \"groma apply\" first to create the resource's entry in the state."
            ),
        ),
        Target::Resource { .. } => Diagnostic::error(
            "Unknown resource instance",
            format!(
                "The current state contains no resource instance {target}. If you've just added its resource to the configuration or have \
                 changed the count or for_each arguments, you must run \"groma apply\" first to update the resource's entry in the state."
            ),
        ),
    })
}
