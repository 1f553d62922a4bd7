//! `groma state recover`: what a run that was cut short has left, without planning anything.

use super::{Outcome, instance_address};
use crate::views;
use crate::workdir::{StateArgs, Workdir};
use diags::{Diagnostic, Diagnostics};
use serde_json::{Value, json};
use states::journal::{Action, Intent};

/// Brings what a run that was cut short had done into the state, and tells of each operation of which
/// nobody knows how it ended.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Forget the interrupted create of this resource instance (can be repeated)
    #[arg(long, value_name = "ADDRESS")]
    discard: Vec<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    state: StateArgs,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let discard = args
        .discard
        .iter()
        .map(|text| instance_address(text))
        .collect::<Result<Vec<_>, _>>()?;
    let (config, _) = workdir.load_config();
    let opened = workdir.open(Some(&config), &args.state, Some("state-recover"))?;
    let mut session = opened.session;
    let mut problems = Diagnostics::new();
    for addr in &discard {
        if !session.forget(addr)? {
            problems.push(Diagnostic::error(
                "No interrupted create",
                format!("No create of {addr} is remembered as one that was cut short."),
            ));
        }
    }
    let (creates, kept_in) = session.interrupted_creates();
    let others = opened.interrupted.iter().map(|it| &it.intent);
    let open: Vec<&Intent> = creates
        .iter()
        .chain(others.filter(|intent| intent.action != Action::Create))
        .collect();
    if args.json {
        let document = json!({
            "format_version": "1.0",
            "serial": session.file().serial,
            "lineage": session.file().lineage,
            "interrupted": open.iter().map(|intent| to_json(intent)).collect::<Vec<_>>(),
            "kept_in": kept_in.display().to_string(),
            "diagnostics": diagnostics(workdir, &opened.warnings, &problems),
        });
        workdir.ui.line(&format!("{document:#}"));
    } else {
        workdir.ui.diagnostics(&opened.warnings);
        workdir.ui.diagnostics(&problems);
        workdir.ui.out(&text(&open));
    }
    let failed = problems.has_errors();
    session.finish()?;
    Ok(u8::from(failed))
}

fn diagnostics(workdir: &Workdir, warnings: &Diagnostics, problems: &Diagnostics) -> Vec<Value> {
    let sources = workdir.ui.sources.borrow();
    let all = warnings.iter().chain(problems.iter());
    all.map(|d| views::diagnostic::to_json(d, &sources))
        .collect()
}

/// What can be done about an operation that was cut short.
fn ways(intent: &Intent) -> (Option<String>, String) {
    let address = &intent.address;
    match intent.action {
        Action::Create => (
            Some(format!("groma import '{address}' ID")),
            format!("groma state recover -discard='{address}'"),
        ),
        Action::Update | Action::Delete => (None, "groma plan".to_owned()),
    }
}

fn to_json(intent: &Intent) -> Value {
    let (adopt, discard) = ways(intent);
    json!({
        "address": intent.address.to_string(),
        "type": &*intent.address.resource.kind,
        "provider": intent.provider.provider.to_string(),
        "action": intent.action.to_string(),
        "deposed": intent.deposed.as_ref().map(ToString::to_string),
        "begun": &*intent.time,
        "adopt": adopt,
        "discard": discard,
    })
}

fn text(open: &[&Intent]) -> String {
    if open.is_empty() {
        return "No operation is open: the state knows how all of them ended.\n".to_owned();
    }
    let mut out = format!(
        "{} operation(s) of which nobody knows how they ended:\n",
        open.len()
    );
    for intent in open {
        let (adopt, discard) = ways(intent);
        let address = &intent.address;
        let provider = intent.provider.provider.for_display();
        out.push_str(&format!(
            "\n  {address}\n    asked     {} a {} of {provider}, begun {}\n",
            intent.action, address.resource.kind, intent.time
        ));
        match adopt {
            Some(adopt) => {
                out.push_str(&format!("    adopt     {adopt}\n    discard   {discard}\n"));
            }
            None => out.push_str(&format!("    look      {discard}\n")),
        }
    }
    out.push_str("\nAn object that was created and is in no state costs money until it is adopted or deleted by hand. \"groma plan\" tells\nwhich arguments it was asked for with.\n");
    out
}
