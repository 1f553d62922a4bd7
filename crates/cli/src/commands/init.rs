//! `groma init`

mod backend;
mod downloads;
mod report;

use super::{Outcome, get};
use crate::cli_config;
use crate::environment::program_dir;
use crate::factory::lock_file;
use crate::ui::Form;
use crate::workdir::{StateArgs, Workdir};
use configs::{Config, DiskFiles, Loader, Module, TestFile};
use diags::{Diagnostic, Diagnostics};
use init::{
    InstallOptions, LOCK_FILE, LockFile, Method, MethodKind, implied_dirs, implied_methods,
    install_providers, save_lock_file,
};
use report::Report;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Prepare the working directory for other commands.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Use the configured backend
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    backend: bool,
    /// More arguments of the backend (can be repeated)
    #[arg(long, value_name = "PATH or NAME=VALUE")]
    backend_config: Vec<String>,
    /// Copy state without asking
    #[arg(long)]
    force_copy: bool,
    /// Copy a module into the working directory first
    #[arg(long, value_name = "SOURCE")]
    from_module: Option<String>,
    /// Find the modules that the configuration calls
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    get: bool,
    /// Ask for what is missing
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    input: bool,
    #[command(flatten)]
    state: StateArgs,
    /// Without colours
    #[arg(long)]
    no_color: bool,
    /// Install providers only from this directory (can be repeated)
    #[arg(long, value_name = "PATH")]
    plugin_dir: Vec<PathBuf>,
    /// Configure the backend anew
    #[arg(long)]
    reconfigure: bool,
    /// Configure the backend anew and bring the state along
    #[arg(long)]
    migrate_state: bool,
    /// Install the newest allowed versions, whatever is locked
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    upgrade: bool,
    /// readonly = the lock file must not change
    #[arg(long, value_name = "MODE")]
    lockfile: Option<String>,
    /// Accepted for remote backends
    #[arg(long)]
    ignore_remote_version: bool,
    /// Where tests are
    #[arg(long, value_name = "PATH", default_value = "tests")]
    test_directory: PathBuf,
    /// Events as JSON, one per line
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    if args.json {
        workdir.ui.form.set(Form::Json);
    }
    let report = Report::new(&workdir.ui);
    check(args)?;
    if let Some(source) = &args.from_module {
        from_module(workdir, source, &report)?;
    }
    if !workdir.has_config() {
        report.empty();
        return Ok(0);
    }
    let (root, has_modules) = early_root(workdir, &args.test_directory)?;
    if args.backend {
        report.stage(
            "initializing_backend_message",
            "Initializing the backend...",
        );
        backend::set_up(workdir, args, root.backend.as_ref(), &report)?;
    }
    if args.get && has_modules {
        if args.upgrade {
            report.stage("upgrading_modules_message", "Upgrading modules...");
        } else {
            report.stage("initializing_modules_message", "Initializing modules...");
        }
        let diags = get::install(workdir, &args.test_directory, args.upgrade, &mut |event| {
            report.module(event);
        })?;
        if diags.has_errors() {
            return Err(diags);
        }
        workdir.ui.diagnostics(&diags);
    }
    let (config, tests, diags) = workdir.load_for_init(&args.test_directory);
    if diags.has_errors() {
        return Err(diags);
    }
    workdir.ui.diagnostics(&diags);
    report.stage(
        "initializing_provider_plugin_message",
        "Initializing provider plugins...",
    );
    providers(workdir, args, &config, &tests, &report)?;
    report.success(workdir.env.in_automation());
    Ok(0)
}

/// What does not go together, or not at all.
fn check(args: &Args) -> Result<(), Diagnostics> {
    if args.migrate_state && args.reconfigure {
        return Err(Diagnostic::error(
            "Invalid init options",
            "The -migrate-state and -reconfigure options are mutually-exclusive.",
        )
        .into());
    }
    match args.lockfile.as_deref() {
        None | Some("" | "readonly") => {}
        Some(other) => {
            return Err(Diagnostic::error(
                "Invalid lockfile mode",
                format!("The lockfile mode {other:?} is not known: the only one is \"readonly\"."),
            )
            .into());
        }
    }
    if args.upgrade && args.lockfile.as_deref() == Some("readonly") {
        return Err(Diagnostic::error(
            "Invalid init options",
            "The -upgrade flag conflicts with -lockfile=readonly.",
        )
        .into());
    }
    Ok(())
}

/// Copies a module into the working directory, which must be empty.
fn from_module(workdir: &Workdir, source: &str, report: &Report<'_>) -> Result<(), Diagnostics> {
    let mut entries = std::fs::read_dir(".").into_iter().flatten();
    if entries.next().is_some() {
        return Err(Diagnostic::error(
            "Can't populate non-empty directory",
            "The working directory already contains files. The -from-module option requires an empty directory into which a copy of the \
             referenced module will be placed.\n\nTo initialize the configuration already in this working directory, omit the -from-module \
             option.",
        )
        .into());
    }
    let cli = cli_config::load(workdir)?;
    let options = init::ModuleOptions {
        network: cli_config::network(workdir, &cli),
        upgrade: false,
    };
    report.stage(
        "copying_configuration_message",
        &format!("Copying configuration from {source:?}..."),
    );
    init::copy_module(source, &workdir.data_dir(), &options, Path::new(".")).map_err(|why| {
        Diagnostic::error(
            "Failed to copy the module",
            format!("The module {source:?} cannot be copied here: {why}."),
        )
        .into()
    })
}

/// The root module alone, and whether it or a test file names modules: both must be valid for modules and
/// providers to be told.
fn early_root(workdir: &Workdir, test_dir: &Path) -> Result<(Module, bool), Diagnostics> {
    let files = DiskFiles {
        base: PathBuf::new(),
    };
    let mut loader = Loader::new(&files, &workdir.data_dir());
    loader.early = workdir.early();
    let (root, mut diags) = loader.load_root(Path::new("."));
    let (tests, problems) = loader.test_files(Path::new("."), test_dir);
    diags.append(problems);
    workdir.ui.sources.borrow_mut().extend(loader.sources);
    if !diags.has_errors() {
        let mut runs = tests.iter().flat_map(|file| &file.runs);
        let has_modules = !root.calls.is_empty() || runs.any(|run| run.module.is_some());
        return Ok((root, has_modules));
    }
    let mut all = Diagnostics::from(Diagnostic::error(
        "groma encountered problems during initialisation, including problems with the configuration, described below.",
        "The configuration must be valid before initialization so that it can be determined which modules and providers need to be \
         installed.",
    ));
    all.append(diags);
    Err(all)
}

fn providers(
    workdir: &Workdir,
    args: &Args,
    config: &Config,
    tests: &[TestFile],
    report: &Report<'_>,
) -> Result<(), Diagnostics> {
    let cli = cli_config::load(workdir)?;
    let mut required = required(config, tests);
    if args.backend {
        let session = workdir.open_state(Some(config), &args.state, None)?;
        for resource in session.file().state.resources.values() {
            required
                .entry(resource.provider.provider.clone())
                .or_default();
        }
    }
    let methods = if args.plugin_dir.is_empty() {
        cli.methods.clone().unwrap_or_else(|| {
            implied_methods(implied_dirs(
                Path::new("."),
                workdir.env.home().as_deref(),
                workdir.env.data_home().as_deref(),
            ))
        })
    } else {
        let mirror = |dir: &PathBuf| Method::new(MethodKind::FilesystemMirror(dir.clone()));
        args.plugin_dir.iter().map(mirror).collect()
    };
    let options = InstallOptions {
        methods,
        native_dir: program_dir(),
        dev_overrides: cli.dev_overrides.clone(),
        cache_dir: cli.plugin_cache_dir.clone(),
        cache_may_break_lock: cli.plugin_cache_may_break_dependency_lock_file,
        network: cli_config::network(workdir, &cli),
        upgrade: args.upgrade,
    };
    let builtin: Vec<addrs::Provider> = required
        .keys()
        .filter(|p| p.is_builtin())
        .cloned()
        .collect();
    for provider in &builtin {
        report.provider(&init::Event::BuiltIn(provider));
        required.remove(provider);
    }
    let old = lock_file(workdir)?;
    let (mut new, mut diags) = install_providers(
        &required,
        &old,
        &workdir.data_dir(),
        &options,
        &mut |event| report.provider(&event),
    );
    for diagnostic in diags.iter_mut() {
        if let Some(provider) = mentioned(&required, diagnostic) {
            diagnostic.detail.push_str(&format!(
                "\n\nTo see which modules are currently depending on {provider} and what versions are specified, run the following command:\n    groma providers"
            ));
        }
    }
    if diags.has_errors() {
        return Err(diags);
    }
    report.signatures();
    workdir.ui.diagnostics(&diags);
    // An overridden provider keeps its lock: the override is not for ever.
    for provider in options.dev_overrides.keys() {
        if let Some(locked) = old.providers.get(provider) {
            new.providers.insert(provider.clone(), locked.clone());
        }
    }
    let readonly = args.lockfile.is_some();
    if save_lock_file(Path::new(LOCK_FILE), &old, &new, readonly)? {
        if old.providers.is_empty() {
            report.lock_file_created();
        } else {
            report.lock_file_changed();
        }
        incomplete(workdir, &old, &new);
    }
    if let Some(warning) = cli_config::overrides_warning(&cli) {
        workdir.ui.diagnostics(&warning.into());
    }
    Ok(())
}

/// The providers of a configuration, of its test files and of the modules that these name.
fn required(config: &Config, tests: &[TestFile]) -> BTreeMap<addrs::Provider, Vec<Arc<str>>> {
    let mut all = config.required_providers();
    for file in tests {
        for local in file.providers.keys().chain(file.mocks.keys()) {
            let provider = config.provider_of(&addrs::Module::root(), &local.name);
            all.entry(provider).or_default();
        }
        let modules = file.runs.iter().filter_map(|run| run.module.as_ref());
        for config in modules.filter_map(|module| module.config.as_ref()) {
            for (provider, constraints) in config.required_providers() {
                let known = all.entry(provider).or_default();
                known.extend(constraints);
            }
        }
    }
    all
}

/// The provider that a query's problem is about.
fn mentioned(
    required: &BTreeMap<addrs::Provider, Vec<Arc<str>>>,
    diagnostic: &Diagnostic,
) -> Option<String> {
    if diagnostic.summary != "Failed to query available provider packages" {
        return None;
    }
    required
        .keys()
        .map(addrs::Provider::for_display)
        .find(|name| diagnostic.detail.contains(&format!("provider {name}:")))
}

/// Warns of providers whose packages for other platforms could not be checked later.
fn incomplete(workdir: &Workdir, old: &LockFile, new: &LockFile) {
    let list: String = new
        .providers
        .iter()
        .filter(|(p, l)| {
            l.hashes.iter().all(|h| h.starts_with("h1:")) && old.providers.get(p) != Some(*l)
        })
        .map(|(p, _)| format!("\n  - {}", p.for_display()))
        .collect();
    if list.is_empty() {
        return;
    }
    let platform = init::platform();
    workdir.ui.diagnostics(
        &Diagnostic::warning(
            "Incomplete lock file information for providers",
            format!(
                "Due to your customized provider installation methods, groma was forced to calculate lock file checksums locally for the \
                 following providers:{list}\n\nThe current {LOCK_FILE} file only includes checksums for {platform}, so runs on another \
                 platform will fail to install these providers."
            ),
        )
        .into(),
    );
}
