//! Which program answers for which provider, and why that one.

use crate::cli_config;
use crate::factory::{lock_file, reattached};
use crate::workdir::Workdir;
use addrs::Provider;
use diags::Diagnostics;
use init::{CliConfig, InstalledProvider, LockFile, Source, find_providers};
use plugin::{Address, Reattach};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A section of text about these providers.
pub(super) fn describe(
    workdir: &Workdir,
    required: &BTreeMap<Provider, Vec<Arc<str>>>,
) -> Result<String, Diagnostics> {
    if required.is_empty() {
        return Ok(String::new());
    }
    let cli = cli_config::load(workdir)?;
    let lock = lock_file(workdir)?;
    let running = reattached(workdir)?;
    let mut text = String::from("Programs that answer for them:\n\n");
    for (provider, constraints) in required {
        let (version, why) = if provider.is_builtin() {
            (String::new(), "built in: part of groma".to_owned())
        } else if let Some(process) = running.get(provider) {
            (String::new(), attached(process))
        } else {
            let alone = BTreeMap::from([(provider.clone(), constraints.clone())]);
            installed(workdir, &cli, &lock, &alone)
        };
        text.push_str(&format!(
            "    provider[{provider}]{version}\n        {why}\n\n"
        ));
    }
    Ok(text)
}

fn attached(process: &Reattach) -> String {
    let at = match &process.address {
        Address::Unix(path) => path.display().to_string(),
        Address::Tcp(address) => address.to_string(),
    };
    format!(
        "TF_REATTACH_PROVIDERS: process {} at {at}, protocol {}",
        process.pid, process.protocol
    )
}

/// The version with a space before it, and the reason.
fn installed(
    workdir: &Workdir,
    cli: &CliConfig,
    lock: &LockFile,
    alone: &BTreeMap<Provider, Vec<Arc<str>>>,
) -> (String, String) {
    let (found, _) = find_providers(alone, lock, &workdir.data_dir(), &cli.dev_overrides);
    let Some((_, installed)) = found.into_iter().next() else {
        let none = "none: it is not installed, or not the one that is locked. Run \"groma init\"";
        return (String::new(), none.to_owned());
    };
    let InstalledProvider {
        version,
        executable,
        source,
        ..
    } = installed;
    let version = version.map_or_else(String::new, |v| format!(" {v}"));
    let at = |dir: &Path| {
        let program = executable.file_name().unwrap_or_default();
        dir.join(program).display().to_string()
    };
    let why = match source {
        Source::DevOverride => format!("dev_overrides: {}", executable.display()),
        Source::Native(program) => format!("native: {}, protocol 6", program.display()),
        Source::Linked(package) => {
            let cached = cli.plugin_cache_dir.as_deref().is_some_and(|cache| {
                std::path::absolute(cache).is_ok_and(|cache| package.starts_with(cache))
            });
            let place = if cached {
                "plugin cache"
            } else {
                "filesystem mirror"
            };
            format!("{place}: {}", at(&package))
        }
        Source::Unpacked => format!("installed package: {}", executable.display()),
    };
    (version, why)
}
