//! `groma login` and `groma logout`

use super::Outcome;
use crate::workdir::Workdir;
use crate::{cli_config, prompt};
use diags::{Diagnostic, Diagnostics};
use init::Token;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The file in `~/.terraform.d` that tokens are kept in.
const FILE: &str = "credentials.tfrc.json";

/// The host to log in to or out of.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The host
    hostname: Option<String>,
}

/// Asks for a token and keeps it.
pub(crate) fn login(workdir: &Workdir, args: &Args) -> Outcome {
    let host = host(args)?;
    let cli = cli_config::load(workdir)?;
    let helper = cli_config::helper(workdir, &cli);
    let file = file(workdir)?;
    let place = match &helper {
        Some(helper) => format!("the credentials helper {}", helper.program.display()),
        None => file.display().to_string(),
    };
    let ui = &workdir.ui;
    ui.out(&format!(
        "groma will keep an API token for {host} in plain text in {place}.\n\nCreate a token with the host's web interface, then paste it here.\n\n"
    ));
    let token = prompt::ask(ui, &format!("Token for {host}: "));
    let token = token.filter(|token| !token.is_empty()).ok_or_else(|| {
        Diagnostic::error(
            "Login cancelled",
            "No token was entered, so nothing was kept.",
        )
    })?;
    let kept = match &helper {
        Some(helper) => helper.store(&host, &Token(token)),
        None => change(&file, |all| {
            all.insert(host.clone(), json!({"token": token}));
        })
        .map_err(|e| e.to_string()),
    };
    kept.map_err(|why| problem("Failed to save API token", &file, &why))?;
    ui.out(&format!(
        "\nRetrieved token for {host}: it is used from now on.\n"
    ));
    Ok(0)
}

/// Forgets a token.
pub(crate) fn logout(workdir: &Workdir, args: &Args) -> Outcome {
    let host = host(args)?;
    let cli = cli_config::load(workdir)?;
    let file = file(workdir)?;
    let ui = &workdir.ui;
    if let Some(helper) = cli_config::helper(workdir, &cli) {
        helper
            .forget(&host)
            .map_err(|why| problem("Failed to remove API token", &file, &why))?;
    } else {
        let mut known = false;
        change(&file, |all| known = all.remove(&host).is_some())
            .map_err(|e| problem("Failed to remove API token", &file, &e.to_string()))?;
        if !known {
            ui.line(&format!("No credentials for {host} are stored.\n"));
            return Ok(0);
        }
    }
    ui.line(&format!(
        "Success! groma has removed the stored API token for {host}.\n"
    ));
    Ok(0)
}

fn host(args: &Args) -> Result<String, Diagnostics> {
    let host = args
        .hostname
        .as_deref()
        .unwrap_or("app.terraform.io")
        .to_lowercase();
    let known = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
    if host.is_empty() || !host.chars().all(known) {
        return Err(Diagnostic::error(
            "Invalid hostname",
            format!("The given hostname {host:?} is not valid: it is a name such as app.terraform.io, with a port behind it if need be."),
        )
        .into());
    }
    Ok(host)
}

fn file(workdir: &Workdir) -> Result<PathBuf, Diagnostics> {
    let dir = workdir.env.config_dir();
    let missing = || {
        Diagnostic::error(
            "No home directory",
            "Tokens are kept below the home directory, and HOME is not set.",
        )
    };
    Ok(dir.ok_or_else(missing)?.join(FILE))
}

fn problem(summary: &str, file: &Path, why: &str) -> Diagnostics {
    Diagnostic::error(summary, format!("{}: {why}.", file.display())).into()
}

/// Changes the file of tokens, which only its owner may read.
fn change(file: &Path, edit: impl FnOnce(&mut Map<String, Value>)) -> io::Result<()> {
    let mut all: Map<String, Value> = match std::fs::read(file) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Map::new(),
        Err(e) => return Err(e),
    };
    let tokens = all.entry("credentials").or_insert_with(|| json!({}));
    let tokens = tokens
        .as_object_mut()
        .ok_or_else(|| io::Error::other("\"credentials\" is not an object"))?;
    let before = tokens.clone();
    edit(tokens);
    if *tokens == before {
        return Ok(());
    }
    // An empty object would not be a block of any host.
    if tokens.is_empty() {
        all.shift_remove("credentials");
    }
    let text = serde_json::to_string_pretty(&all)?;
    if let Some(dir) = file.parent() {
        std::fs::create_dir_all(dir)?;
    }
    let new = file.with_extension("json.new");
    let mut options = std::fs::OpenOptions::new();
    let mut to = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&new)?;
    to.write_all(text.as_bytes())?;
    to.sync_all()?;
    std::fs::rename(new, file)
}
