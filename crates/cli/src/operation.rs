//! What plan, apply, refresh and validate have in common: everything a round needs, made in one place.

mod choice;

use crate::early::given;
use crate::factory::Factory;
use crate::listener::Watch;
use crate::variables::{Inputs, gather};
use crate::workdir::Workdir;
use addrs::AbsResourceInstance;
use configs::Config;
use diags::{Diagnostic, Diagnostics};
use engine::{Interrupted, PlanOptions, ProviderPool, Round, Schemas, StandIns, Surroundings};
use lang::Program;
use states::State;
use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The arguments of plan, apply and such.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct PlanArgs {
    /// Plan to destroy everything
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    pub(crate) destroy: bool,
    /// Only bring the state up to date
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    pub(crate) refresh_only: bool,
    /// Read every object before planning
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    pub(crate) refresh: bool,
    /// Replace this resource instance (can be repeated)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) replace: Vec<String>,
    /// Plan only this resource or module and what it needs (can be repeated)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) target: Vec<String>,
    /// Plan only what this file names, one address per line (can be repeated)
    #[arg(long, value_name = "PATH")]
    pub(crate) target_file: Vec<PathBuf>,
    /// Plan everything but this resource or module and what needs it (can be repeated)
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) exclude: Vec<String>,
    /// Plan everything but what this file names, one address per line (can be repeated)
    #[arg(long, value_name = "PATH")]
    pub(crate) exclude_file: Vec<PathBuf>,
    /// How many operations may run at once
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) parallelism: usize,
    /// Ask for what is missing
    #[arg(long, num_args = 0..=1, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    pub(crate) input: bool,
}

impl PlanArgs {
    /// What is planned.
    pub(crate) fn options(&self) -> Result<PlanOptions, Diagnostics> {
        let mut diags = Diagnostics::new();
        let targets = choice::addresses("target", &self.target, &self.target_file, &mut diags);
        let excludes = choice::addresses("exclude", &self.exclude, &self.exclude_file, &mut diags);
        if !targets.is_empty() && !excludes.is_empty() {
            diags.push(choice::both());
        }
        let mut force_replace: Vec<AbsResourceInstance> = Vec::new();
        for text in &self.replace {
            match addrs::parse_resource_instance(text) {
                Ok(addr) => force_replace.push(addr),
                Err(e) => diags.push(Diagnostic::error(
                    format!("Invalid force-replace address {text:?}"),
                    format!("{text:?} is not the address of a resource instance: {e}."),
                )),
            }
        }
        let mode = match (self.destroy, self.refresh_only) {
            (true, true) => {
                diags.push(Diagnostic::error(
                    "Incompatible plan mode options",
                    "The -destroy and -refresh-only options are mutually-exclusive.",
                ));
                plans::Mode::Normal
            }
            (true, false) => plans::Mode::Destroy,
            (false, true) => plans::Mode::RefreshOnly,
            (false, false) => plans::Mode::Normal,
        };
        if mode != plans::Mode::Normal && !self.replace.is_empty() {
            diags.push(Diagnostic::error(
                "Unsupported plan mode",
                "Instances can be chosen for replacement with -replace only in a normal plan, not with -destroy or -refresh-only.",
            ));
        }
        if mode == plans::Mode::RefreshOnly && !self.refresh {
            diags.push(Diagnostic::error(
                "Incompatible refresh options",
                "It doesn't make sense to use -refresh-only at the same time as -refresh=false, because there would be nothing to do.",
            ));
        }
        if diags.has_errors() {
            return Err(diags);
        }
        Ok(PlanOptions {
            mode,
            refresh: self.refresh,
            targets,
            excludes,
            force_replace,
            parallelism: self.parallelism,
            interrupted: Interrupted::default(),
            generate_config: false,
        })
    }
}

/// What earlier runs on the state have left open.
pub(crate) fn interrupted(session: &backends::Session) -> Interrupted {
    let (creates, kept_in) = session.interrupted_creates();
    Interrupted {
        creates: creates.clone(),
        kept_in: kept_in.display().to_string().into(),
    }
}

/// A configuration ready to be worked with, and the values of its variables.
pub(crate) struct Prepared {
    pub(crate) config: Config,
    pub(crate) inputs: Inputs,
}

/// Loads the configuration and gathers variables; reports warnings.
pub(crate) fn prepare(workdir: &Workdir) -> Result<Prepared, Diagnostics> {
    if !workdir.has_config() {
        return Err(Diagnostic::error(
            "No configuration files",
            "Plan requires configuration to be present. Planning without a configuration would mark everything for destruction, \
             which is normally not what is desired. If you would like to destroy everything, run plan with the -destroy option. \
             Otherwise, create a configuration file (.tf file) and try again.",
        )
        .into());
    }
    load(workdir, Path::new("."))
}

/// The same for a configuration that must be there, in any directory.
pub(crate) fn prepare_in(workdir: &Workdir, dir: &Path) -> Result<Prepared, Diagnostics> {
    if !workdir.has_config_in(dir) {
        return Err(Diagnostic::error(
            "No Terraform configuration files",
            format!(
                "The directory {} does not contain any Terraform configuration files (.tf or .tf.json). To specify a different \
                 configuration directory, use the -config=\"...\" command line option.",
                dir.display()
            ),
        )
        .into());
    }
    load(workdir, dir)
}

fn load(workdir: &Workdir, dir: &Path) -> Result<Prepared, Diagnostics> {
    let (config, mut diags) = workdir.load_config_of(dir);
    if diags.has_errors() {
        return Err(diags);
    }
    let given = given(&workdir.argv);
    let (inputs, problems) = gather(
        &config.module,
        Path::new("."),
        &workdir.env,
        &given,
        &workdir.ui,
    );
    diags.append(problems);
    for variable in config.module.variables.values() {
        if variable.default.is_none() && !inputs.values.contains_key(&variable.name) {
            diags.push(
                Diagnostic::error(
                    "No value for required variable",
                    format!(
                        "The root module input variable {:?} is not set, and has no default value. Use a -var or -var-file command line \
                         argument to provide a value for this variable.",
                        &*variable.name
                    ),
                )
                .at(variable.range.clone()),
            );
        }
    }
    if diags.has_errors() {
        return Err(diags);
    }
    workdir.ui.diagnostics(&diags);
    Ok(Prepared { config, inputs })
}

/// The time of a run.
pub(crate) fn now() -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now()
}

fn surroundings(workdir: &Workdir) -> Surroundings {
    let cwd = workdir.cwd();
    let time = now();
    Surroundings {
        workspace: workdir.workspace().into(),
        cwd: cwd.to_string_lossy().as_ref().into(),
        root_dir: ".".into(),
        base_dir: cwd,
        home: workdir.env.home(),
        timestamp: time.format("%Y-%m-%dT%H:%M:%SZ").to_string().into(),
        time: time.timestamp(),
        impure: Some(funcs::Impure {
            now: Arc::new(|| now().timestamp()),
            random: Arc::new(|bytes| {
                for chunk in bytes.chunks_mut(16) {
                    chunk.copy_from_slice(&uuid::Uuid::new_v4().as_bytes()[..chunk.len()]);
                }
            }),
        }),
    }
}

/// Makes a round for a configuration and runs `work` in it.
pub(crate) fn in_round<T>(
    workdir: &Workdir,
    prepared: &Prepared,
    state: Option<&State>,
    options: PlanOptions,
    watch: &dyn Watch,
    work: impl AsyncFnOnce(&Round<'_>) -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    in_round_with(workdir, prepared, state, options, (watch, None), work)
}

/// The same with somebody who answers in the place of providers.
pub(crate) fn in_round_with<T>(
    workdir: &Workdir,
    prepared: &Prepared,
    state: Option<&State>,
    options: PlanOptions,
    (watch, stand_ins): (&dyn Watch, Option<&dyn StandIns>),
    work: impl AsyncFnOnce(&Round<'_>) -> Result<T, Diagnostics>,
) -> Result<T, Diagnostics> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| {
            Diagnostics::from(Diagnostic::error(
                "Cannot start",
                format!("No runtime: {e}."),
            ))
        })?;
    let factory = Factory::new(workdir, &prepared.config, state)?;
    let stopping = Cell::new(false);
    runtime.block_on(async {
        let (program, diags) = Program::compile(&prepared.config);
        if diags.has_errors() {
            return Err(diags);
        }
        let pool = ProviderPool::new(&factory, states::TERRAFORM_VERSION);
        let (schemas, diags) = {
            let mut needed = needed(&prepared.config, state);
            // Functions can be called of providers that nothing else needs.
            if calls_provider_functions(workdir) {
                needed.extend(prepared.config.required_providers().into_keys());
            }
            Schemas::load(&pool, needed).await
        };
        if diags.has_errors() {
            pool.close().await;
            return Err(diags);
        }
        let round = Round {
            program: &program,
            schemas: &schemas,
            providers: &pool,
            inputs: prepared.inputs.values.clone(),
            given_at: prepared.inputs.given_at.clone(),
            options,
            surroundings: surroundings(workdir),
            hooks: watch,
            stand_ins,
            stopping: &stopping,
        };
        let result = until_interrupted(workdir, &round, watch, work(&round)).await;
        pool.close().await;
        result
    })
}

/// Runs to the end; the first interrupt asks everything to end soon, the second ends the program.
async fn until_interrupted<T>(
    workdir: &Workdir,
    round: &Round<'_>,
    watch: &dyn Watch,
    work: impl Future<Output = T>,
) -> T {
    let mut work = std::pin::pin!(work);
    let mut seconds = tokio::time::interval(std::time::Duration::from_secs(1));
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = seconds.tick() => watch.tick(),
            signal = tokio::signal::ctrl_c() => {
                if signal.is_err() {
                    return work.await;
                }
                if round.stopping.replace(true) {
                    workdir.ui.err("\nTwo interrupts received. Exiting immediately. What was done is in the journal.\n");
                    round.providers.kill();
                    leave();
                }
                workdir.ui.line("\nInterrupt received.\nPlease wait for groma to exit or data loss may occur.\nGracefully shutting down...\n");
                round.providers.stop().await;
            }
        }
    }
}

/// Whether a provider's function is called anywhere, or it looks so.
fn calls_provider_functions(workdir: &Workdir) -> bool {
    let sources = workdir.ui.sources.borrow();
    sources.values().any(|text| text.contains("provider::"))
}

/// Every provider that a configuration uses or that a state's objects need.
fn needed(config: &Config, state: Option<&State>) -> BTreeSet<addrs::Provider> {
    let mut all = BTreeSet::new();
    for module in config.walk() {
        all.extend(
            module
                .module
                .resources
                .values()
                .map(|r| r.provider_source.clone()),
        );
        all.extend(
            module
                .module
                .providers
                .keys()
                .map(|p| config.provider_of(&module.path, &p.name)),
        );
    }
    for import in &config.module.imports {
        let name = import.provider_config().name;
        if import.resource.module.is_root() {
            all.insert(config.provider_of(&addrs::Module::root(), &name));
        }
    }
    if let Some(state) = state {
        all.extend(
            state
                .resources
                .values()
                .map(|r| r.provider.provider.clone()),
        );
    }
    all
}

/// Ends the program at once: nobody waits for what is under way.
#[expect(clippy::exit, reason = "the second interrupt asks for exactly this")]
fn leave() -> ! {
    std::process::exit(1)
}
