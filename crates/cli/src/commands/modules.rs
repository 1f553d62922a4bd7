//! `groma modules`

use super::Outcome;
use crate::workdir::Workdir;
use serde_json::json;

/// Show the modules that are called, and their versions.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let config = workdir.needed_config()?;
    let manifest = std::fs::read(workdir.data_dir().join("modules/modules.json"))
        .ok()
        .and_then(|bytes| serde_json::from_slice::<init::Manifest>(&bytes).ok())
        .unwrap_or_default();
    // What is installed but called no more is not shown.
    let called: Vec<String> = config.walk().map(|c| c.path.0.join(".")).collect();
    let mut entries = manifest.modules;
    entries.retain(|entry| !entry.key.is_empty() && called.contains(&entry.key));
    if args.json {
        let modules: Vec<_> = entries
            .iter()
            .map(|entry| {
                let version = entry.version.as_deref().unwrap_or_default();
                json!({"key": entry.key, "source": entry.source, "version": version})
            })
            .collect();
        let text = json!({"format_version": "1.0", "modules": modules}).to_string();
        workdir.ui.line(&text.replace('&', "\\u0026"));
        return Ok(0);
    }
    if entries.is_empty() {
        workdir.ui.line("No modules found in configuration.");
        return Ok(0);
    }
    let mut text = String::from("\nModules declared by configuration:\n.\n");
    tree("", &entries, "", &mut text);
    workdir.ui.line(&text);
    Ok(0)
}

/// The modules that the one with a key calls, and what those call.
fn tree(key: &str, entries: &[init::ManifestEntry], indent: &str, out: &mut String) {
    let name = |entry: &init::ManifestEntry| {
        let rest = if key.is_empty() {
            Some(entry.key.as_str())
        } else {
            entry.key.strip_prefix(&format!("{key}."))
        };
        rest.filter(|rest| !rest.contains('.')).map(str::to_owned)
    };
    let children: Vec<_> = entries.iter().filter_map(|e| Some((name(e)?, e))).collect();
    for (i, (name, entry)) in children.iter().enumerate() {
        let (branch, deeper) = if i + 1 == children.len() {
            ("└── ", "    ")
        } else {
            ("├── ", "│\u{a0}\u{a0} ")
        };
        let version = entry
            .version
            .as_ref()
            .map(|v| format!(" {v}"))
            .unwrap_or_default();
        out.push_str(&format!(
            "{indent}{branch}\"{name}\"[{}]{version}\n",
            entry.source
        ));
        tree(&entry.key, entries, &format!("{indent}{deeper}"), out);
    }
}
