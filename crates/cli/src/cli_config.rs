//! The CLI configuration: the file that `TF_CLI_CONFIG_FILE` names, or `~/.terraformrc`, and the
//! variables that say the same.

use crate::workdir::Workdir;
use diags::{Diagnostic, Diagnostics};
use init::CliConfig;
use std::io::ErrorKind;

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
