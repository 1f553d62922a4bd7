//! `groma providers lock`

use super::Outcome;
use crate::cli_config;
use crate::factory::lock_file;
use crate::workdir::Workdir;
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use init::{
    LOCK_FILE, Method, MethodKind, News, PlatformEvent, PlatformOptions, lock_platforms,
    save_lock_file,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Lock the hashes of packages for several platforms.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Take packages from this directory in place of registries
    #[arg(long, value_name = "DIR", conflicts_with = "net_mirror")]
    fs_mirror: Option<PathBuf>,
    /// Take packages from this network mirror in place of registries
    #[arg(long, value_name = "URL")]
    net_mirror: Option<String>,
    /// Lock the packages for this platform, such as linux_amd64 (can be repeated)
    #[arg(long, value_name = "OS_ARCH")]
    platform: Vec<String>,
    /// Accepted: packages in the cache are not used for locking
    #[arg(long)]
    enable_plugin_cache: bool,
    /// Only these providers
    #[arg(value_name = "PROVIDER")]
    providers: Vec<String>,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let required = required(workdir, &args.providers)?;
    let kind = match (&args.fs_mirror, &args.net_mirror) {
        (Some(dir), _) => MethodKind::FilesystemMirror(dir.clone()),
        (None, Some(url)) => MethodKind::NetworkMirror(url.clone()),
        (None, None) => MethodKind::Direct,
    };
    let cli = cli_config::load(workdir)?;
    let options = PlatformOptions {
        methods: vec![Method::new(kind)],
        network: cli_config::network(workdir, &cli),
        platforms: platforms(&args.platform)?,
    };
    let ui = &workdir.ui;
    let old = lock_file(workdir)?;
    let (new, diags) = lock_platforms(&required, &old, &options, &mut |event| match event {
        PlatformEvent::Fetching(p, v, platform) => {
            ui.line(&format!(
                "- Fetching {} {v} for {platform}...",
                p.for_display()
            ));
        }
        PlatformEvent::Fetched(p, v, platform, trust) => ui.line(&format!(
            "- Retrieved {} {v} for {platform} ({trust})",
            p.for_display()
        )),
        PlatformEvent::Locked(p, platform, news) => {
            let news = match news {
                News::NewProvider => {
                    "This was a new provider and the checksums for this platform are now tracked in the lock file"
                }
                News::More => {
                    "Additional checksums for this platform are now tracked in the lock file"
                }
                News::Nothing => {
                    "All checksums for this platform were already tracked in the lock file"
                }
            };
            ui.line(&format!(
                "- Obtained {} checksums for {platform}; {news}",
                p.for_display()
            ));
        }
        PlatformEvent::Selected(..) => {}
    });
    if diags.has_errors() {
        return Err(diags);
    }
    ui.diagnostics(&diags);
    let text = if save_lock_file(Path::new(LOCK_FILE), &old, &new, false)? {
        "\nSuccess! groma has updated the lock file.\n\nReview the changes in .terraform.lock.hcl and then commit to your\nversion control system to retain the new checksums.\n"
    } else {
        "\nSuccess! groma has validated the lock file and found no need for changes.\n"
    };
    ui.line(text);
    Ok(0)
}

/// The providers that the configuration needs, or those of them that are named.
pub(super) fn required(
    workdir: &Workdir,
    names: &[String],
) -> Result<BTreeMap<Provider, Vec<Arc<str>>>, Diagnostics> {
    let (config, diags) = workdir.load_config();
    if diags.has_errors() {
        return Err(diags);
    }
    let mut required = config.required_providers();
    let mut named = Vec::new();
    for name in names {
        let provider = Provider::parse(name)
            .map_err(|why| Diagnostic::error("Invalid provider argument", why))?;
        if !required.contains_key(&provider) {
            return Err(Diagnostic::error(
                "Invalid provider argument",
                format!("The provider {provider} is not required by the current configuration."),
            )
            .into());
        }
        named.push(provider);
    }
    required.retain(|provider, _| named.is_empty() || named.contains(provider));
    Ok(required)
}

/// The platforms that are named, or this one.
pub(super) fn platforms(names: &[String]) -> Result<Vec<String>, Diagnostics> {
    if names.is_empty() {
        return Ok(vec![init::platform()]);
    }
    for name in names {
        let good = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric());
        if !name
            .split_once('_')
            .is_some_and(|(os, arch)| good(os) && good(arch))
        {
            return Err(Diagnostic::error(
                "Invalid target platform",
                format!("The target platform {name:?} is not an operating system and a processor, as in \"linux_amd64\"."),
            )
            .into());
        }
    }
    Ok(names.to_vec())
}
