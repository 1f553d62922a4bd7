//! The CLI configuration: the file that `TF_CLI_CONFIG_FILE` names, or `~/.terraformrc`, and the
//! variables that say the same.

use crate::workdir::Workdir;
use diags::{Diagnostic, Diagnostics};
use init::{CliConfig, Credentials, Helper, Network, NetworkOptions, Token};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Reads the CLI configuration. What is odd but does no harm is told on standard error.
pub(crate) fn load(workdir: &Workdir) -> Result<CliConfig, Diagnostics> {
    let env = &workdir.env;
    let mut diags = Diagnostics::new();
    let mut config = CliConfig::default();
    if let Some(path) = env.cli_config_file() {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let name = path.display().to_string();
                let (read, problems) = CliConfig::parse(&name, &text, &|name| env.lookup(name));
                diags.append(problems);
                config = read;
                let mut sources = workdir.ui.sources.borrow_mut();
                sources.insert(name.into(), text.into());
            }
            Err(e) if e.kind() == ErrorKind::NotFound && !env.names_cli_config_file() => {}
            Err(e) => {
                let why = if e.kind() == ErrorKind::NotFound {
                    "does not exist".to_owned()
                } else {
                    format!("cannot be read: {e}")
                };
                diags.push(Diagnostic::warning(
                    "Unable to open CLI configuration file",
                    format!(
                        "The CLI configuration file at {:?} {why}.",
                        path.display().to_string()
                    ),
                ));
            }
        }
    }
    if !env.names_cli_config_file()
        && let Some(dir) = env.config_dir()
    {
        for path in more_files(&dir) {
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let name = path.display().to_string();
            let (read, problems) = CliConfig::parse(&name, &text, &|name| env.lookup(name));
            diags.append(problems);
            config.merge(read);
            let mut sources = workdir.ui.sources.borrow_mut();
            sources.insert(name.into(), text.into());
        }
    }
    if let Some(dir) = env.plugin_cache_dir() {
        config.plugin_cache_dir = Some(dir);
    }
    config.plugin_cache_may_break_dependency_lock_file |= env.plugin_cache_may_break_lock();
    if diags.has_errors() {
        return Err(diags);
    }
    if !diags.is_empty() {
        workdir
            .ui
            .err("There are some problems with the CLI configuration:\n");
        workdir.ui.problems(&diags);
    }
    Ok(config)
}

/// The files in `~/.terraform.d` that are read besides: `login` keeps tokens in one.
fn more_files(dir: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).into_iter().flatten();
    let known = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".tfrc") || name.ends_with(".tfrc.json")
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut files: Vec<PathBuf> = paths.filter(known).collect();
    files.sort();
    files
}

/// The program that keeps tokens, if the CLI configuration names one. It is looked for where plugins are.
pub(crate) fn helper(workdir: &Workdir, config: &CliConfig) -> Option<Helper> {
    let (name, args) = config.credentials_helper.as_ref()?;
    let program = format!("terraform-credentials-{name}");
    let plugins = workdir.env.config_dir().map(|dir| dir.join("plugins"));
    let found = plugins.and_then(|plugins| {
        let dirs = [plugins.clone(), plugins.join(init::platform())];
        let mut programs = dirs.iter().map(|dir| dir.join(&program));
        programs.find(|path| path.is_file())
    });
    Some(Helper {
        program: found.unwrap_or_else(|| program.into()),
        args: args.clone(),
    })
}

/// The network as the CLI configuration and the environment have it.
pub(crate) fn network(workdir: &Workdir, config: &CliConfig) -> Network {
    let env = &workdir.env;
    let mut options = NetworkOptions {
        services: config.services.clone(),
        credentials: Credentials {
            environment: env
                .tokens()
                .map(|(host, token)| (host, Token(token.to_owned())))
                .collect(),
            configured: config.credentials.clone(),
            helper: helper(workdir, config),
        },
        default_registry: env
            .default_registry()
            .map(str::to_lowercase)
            .or_else(|| config.default_registry.clone()),
        ..NetworkOptions::default()
    };
    if let Some(retries) = env.registry_retries() {
        options.retries = retries;
    }
    if let Some(seconds) = env.registry_timeout() {
        options.timeout = Duration::from_secs(seconds);
    }
    Network::new(options)
}

/// Says which providers come from `dev_overrides`, if any do.
pub(crate) fn overrides_warning(config: &CliConfig) -> Option<Diagnostic> {
    if config.dev_overrides.is_empty() {
        return None;
    }
    let list: String = config
        .dev_overrides
        .iter()
        .map(|(provider, dir)| format!("\n - {} in {}", provider.for_display(), dir.display()))
        .collect();
    Some(Diagnostic::warning(
        "Provider development overrides are in effect",
        format!(
            "The following provider development overrides are set in the CLI configuration:{list}\n\nThe behavior may therefore not match any released version of the provider and applying changes may cause the state to become incompatible with published releases."
        ),
    ))
}
