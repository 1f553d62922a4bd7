//! `groma state mv`

use super::{ChangeArgs, Outcome, empty, no_state, target, with_dated_backup};
use crate::workdir::{StateArgs, Workdir};
use addrs::{
    AbsResource, AbsResourceInstance, InstanceKey, Mode, ModuleInstance, Resource, Target,
};
use diags::{Diagnostic, Diagnostics};
use states::{ResourceState, State};
use std::path::PathBuf;

/// Move an item in the state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What is moved
    source: String,
    /// Where to
    destination: String,
    #[command(flatten)]
    change: ChangeArgs,
    /// Keep the former state of -state-out in this file
    #[arg(long, value_name = "PATH")]
    backup_out: Option<PathBuf>,
}

/// What an address stands for in a state.
#[derive(Clone, Debug)]
enum Item {
    Module(ModuleInstance),
    Resource(AbsResource),
    Instance(AbsResourceInstance),
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.change.no_color {
        workdir.ui.color.set(false);
    }
    let (config, _) = workdir.load_config();
    let out = args.change.state.state_out.clone();
    let state_args = StateArgs {
        state_out: None,
        ..args.change.state.clone()
    };
    let state_args = with_dated_backup(workdir, &config, &state_args);
    let operation = (!args.change.dry_run).then_some("state-mv");
    let mut from = workdir.open_state(Some(&config), &state_args, operation)?;
    if !from.existed() {
        return no_state(workdir);
    }
    let mut to = match &out {
        Some(path) => {
            let out_args = StateArgs {
                state: Some(path.clone()),
                backup: args.backup_out.clone(),
                ..state_args.clone()
            };
            Some(workdir.open_state(Some(&config), &out_args, operation)?)
        }
        None => None,
    };
    let mut source = from.file().state.clone();
    let source_item = item(&source, target(&args.source)?);
    let destination_item = item(&source, target(&args.destination)?);
    if source.resources.is_empty() {
        return Err(empty().into());
    }
    let taken = take(&mut source, &source_item);
    if taken.is_empty() {
        return Err(Diagnostic::error(
            "Invalid source address",
            format!(
                "Cannot move {}: does not match anything in the current state.",
                args.source
            ),
        )
        .into());
    }
    let mut destination = match &to {
        Some(session) => session.file().state.clone(),
        None => std::mem::take(&mut source),
    };
    let verb = if args.change.dry_run {
        "Would move"
    } else {
        "Move"
    };
    check(&source_item, &destination_item)?;
    // In another state the same address may be taken by what is moved.
    let gone = if to.is_some() { &[][..] } else { &taken };
    check_free(&destination, &source_item, &destination_item, gone)?;
    workdir.ui.line(&format!(
        "{verb} {:?} to {:?}",
        args.source, args.destination
    ));
    if args.change.dry_run {
        return Ok(0);
    }
    put(&mut destination, &source_item, &destination_item, taken);
    match &mut to {
        // The new place is written first: a crash in between leaves the object in both.
        Some(session) => {
            session.save(destination)?;
            from.save(source)?;
        }
        None => {
            from.save(destination)?;
        }
    }
    if let Some(session) = to {
        session.finish()?;
    }
    from.finish()?;
    workdir.ui.line("Successfully moved 1 object(s).");
    Ok(0)
}

/// A resource's address without key means its only instance if that has no key, and else the whole.
fn item(state: &State, target: Target) -> Item {
    let (module, resource, key) = match target {
        Target::Module(module) => return Item::Module(module),
        Target::Resource {
            module,
            resource,
            key,
        } => (module, resource, key),
    };
    let whole = AbsResource { module, resource };
    if !key.is_none() {
        return Item::Instance(whole.instance(key));
    }
    let single = state
        .resources
        .get(&whole)
        .is_some_and(|r| r.instances.keys().all(InstanceKey::is_none));
    if single {
        Item::Instance(whole.instance(key))
    } else {
        Item::Resource(whole)
    }
}

/// Takes what is moved out of the state.
fn take(state: &mut State, item: &Item) -> Vec<(AbsResource, ResourceState)> {
    match item {
        Item::Module(module) => {
            let keys: Vec<AbsResource> = state
                .resources
                .keys()
                .filter(|r| r.module.is_within(module))
                .cloned()
                .collect();
            keys.into_iter()
                .filter_map(|key| state.resources.remove_entry(&key))
                .collect()
        }
        Item::Resource(addr) => state.resources.remove_entry(addr).into_iter().collect(),
        Item::Instance(addr) => {
            let whole = addr.abs_resource();
            let Some(resource) = state.resources.get_mut(&whole) else {
                return Vec::new();
            };
            let Some(instance) = resource.instances.remove(&addr.key) else {
                return Vec::new();
            };
            let taken = ResourceState {
                provider: resource.provider.clone(),
                instances: [(addr.key.clone(), instance)].into(),
            };
            if resource.instances.is_empty() {
                state.resources.remove(&whole);
            }
            vec![(whole, taken)]
        }
    }
}

/// Whether one kind of thing can become the other.
fn check(from: &Item, to: &Item) -> Result<(), Diagnostics> {
    let target = |why: &str| {
        Err(Diagnostic::error(
            "Invalid target address",
            format!("Cannot move {from} to {to}: {why}"),
        )
        .into())
    };
    match (from, to) {
        (Item::Module(_), Item::Module(_)) => Ok(()),
        (Item::Module(_), _) => target("the target must also be a module."),
        (Item::Resource(a), Item::Resource(b)) => check_types(from, to, &a.resource, &b.resource),
        (Item::Resource(_), _) => target(
            "the source is a whole resource (not a resource instance) so the target must also be a whole resource.",
        ),
        (Item::Instance(a), Item::Instance(b)) => check_types(from, to, &a.resource, &b.resource),
        (Item::Instance(a), Item::Resource(b)) => check_types(from, to, &a.resource, &b.resource),
        (Item::Instance(_), Item::Module(_)) => {
            target("the target must also be a resource instance.")
        }
    }
}

fn check_types(from: &Item, to: &Item, a: &Resource, b: &Resource) -> Result<(), Diagnostics> {
    let why = if a.mode != b.mode {
        match a.mode {
            Mode::Managed => {
                "a managed resource can be moved only to another managed resource address."
            }
            _ => "a data resource can be moved only to another data resource address.",
        }
    } else if a.kind != b.kind {
        "resource types don't match."
    } else {
        return Ok(());
    };
    Err(Diagnostic::error(
        "Invalid state move request",
        format!("Cannot move {from} to {to}: {why}"),
    )
    .into())
}

/// Whether nothing is at the new place.
fn check_free(
    state: &State,
    from: &Item,
    to: &Item,
    taken: &[(AbsResource, ResourceState)],
) -> Result<(), Diagnostics> {
    match to {
        Item::Module(module) => {
            let there = state.resources.keys().any(|r| r.module.is_within(module));
            let onto_itself = taken.iter().any(|(r, _)| r.module.is_within(module));
            if there || onto_itself {
                return Err(Diagnostic::error(
                    "Error moving state: destination module already exists",
                    "Please ensure your addresses and state paths are valid. No state was persisted. Your existing states are untouched.",
                )
                .into());
            }
        }
        Item::Resource(addr) if matches!(from, Item::Resource(_)) => {
            let onto_itself = taken.iter().any(|(r, _)| r == addr);
            if onto_itself || state.resources.contains_key(addr) {
                return Err(Diagnostic::error(
                    "Invalid target address",
                    format!("Cannot move to {addr}: there is already a resource at that address in the current state."),
                )
                .into());
            }
        }
        Item::Resource(_) | Item::Instance(_) => {
            let addr = instance_of(to);
            let onto_itself = taken
                .iter()
                .any(|(r, s)| *r == addr.abs_resource() && s.instances.contains_key(&addr.key));
            if onto_itself || state.instance(&addr).is_some() {
                return Err(Diagnostic::error(
                    "Invalid target address",
                    format!("Cannot move to {addr}: there is already a resource instance at that address in the current state."),
                )
                .into());
            }
        }
    }
    Ok(())
}

/// The instance that an address means as the goal of an instance.
fn instance_of(item: &Item) -> AbsResourceInstance {
    match item {
        Item::Instance(addr) => addr.clone(),
        Item::Resource(addr) => addr.instance(InstanceKey::None),
        Item::Module(module) => Resource::managed("", "")
            .absolute(module.clone())
            .instance(InstanceKey::None),
    }
}

/// Puts what was taken at its new place.
fn put(state: &mut State, from: &Item, to: &Item, taken: Vec<(AbsResource, ResourceState)>) {
    for (addr, resource) in taken {
        match (from, to) {
            (Item::Module(old), Item::Module(new)) => {
                let rest = addr.module.0.iter().skip(old.0.len());
                let module = ModuleInstance(new.0.iter().chain(rest).cloned().collect());
                let moved = addr.resource.absolute(module);
                state.resources.insert(moved, resource);
            }
            (Item::Resource(_), Item::Resource(new)) => {
                state.resources.insert(new.clone(), resource);
            }
            _ => {
                let goal = instance_of(to);
                let place = state
                    .resources
                    .entry(goal.abs_resource())
                    .or_insert_with(|| ResourceState {
                        provider: resource.provider.clone(),
                        instances: Default::default(),
                    });
                for (_, instance) in resource.instances {
                    place.instances.insert(goal.key.clone(), instance);
                }
            }
        }
    }
}

impl std::fmt::Display for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Module(addr) => addr.fmt(f),
            Self::Resource(addr) => addr.fmt(f),
            Self::Instance(addr) => addr.fmt(f),
        }
    }
}
