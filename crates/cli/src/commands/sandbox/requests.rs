//! `groma sandbox requests`

use super::Outcome;
use super::client::At;
use crate::workdir::Workdir;
use serde_json::Value;

/// Show what a running sandbox was asked.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    at: At,
    /// How often each operation was asked for
    #[arg(long, conflicts_with = "clear")]
    counts: bool,
    /// Forget the requests so far
    #[arg(long)]
    clear: bool,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.clear {
        args.at.send(workdir, "POST", "requests/clear")?;
        return Ok(0);
    }
    let what = if args.counts { "counts" } else { "requests" };
    let answer = args.at.send(workdir, "GET", what)?;
    if args.json {
        workdir.ui.line(&answer.to_string());
        return Ok(0);
    }
    let mut text = String::new();
    for (operation, count) in answer.as_object().into_iter().flatten() {
        text.push_str(&format!("{count:>6}  {operation}\n"));
    }
    for request in answer.as_array().into_iter().flatten() {
        text.push_str(&line(request));
    }
    workdir.ui.out(&text);
    Ok(0)
}

fn line(request: &Value) -> String {
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let status = request["status"].as_u64().unwrap_or_default();
    let status = if status == 0 {
        "---".to_owned()
    } else {
        status.to_string()
    };
    let fault = match text("fault") {
        "" => String::new(),
        fault => format!("  ({fault})"),
    };
    format!(
        "{:<6}  {status}  {}{fault}\n",
        text("cloud"),
        text("operation")
    )
}
