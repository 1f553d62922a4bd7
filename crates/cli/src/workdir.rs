//! The directory a command works in, and what belongs to it: configuration, state, data directory.

use crate::arguments;
use crate::backend_record::BackendRecord;
use crate::environment::Environment;
use crate::ui::Ui;
use backends::{
    LocalOptions, LocalStore, LockInfo, Opened, Session, SessionOptions, StatePaths, Workspaces,
};
use configs::{Config, DiskFiles, Loader, TestFile};
use diags::{Diagnostic, Diagnostics};
use hcl::{AttributeSchema, BodySchema, Env, MapScope};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// What every command gets.
pub(crate) struct Workdir {
    pub(crate) env: Environment,
    pub(crate) ui: Ui,
    /// The arguments in clap's form.
    pub(crate) argv: Vec<String>,
    /// Whether it was told that packages are overridden: that is said once.
    pub(crate) told_of_overrides: std::cell::Cell<bool>,
}

/// `-state`, `-lock` and such.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct StateArgs {
    /// Read the state from this file, and write it there unless -state-out says otherwise
    #[arg(long, value_name = "PATH")]
    pub(crate) state: Option<PathBuf>,
    /// Write the new state to this file
    #[arg(long, value_name = "PATH")]
    pub(crate) state_out: Option<PathBuf>,
    /// Keep the former state in this file; - for nowhere
    #[arg(long, value_name = "PATH")]
    pub(crate) backup: Option<PathBuf>,
    /// Lock the state while working with it
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, default_missing_value = "true", action = clap::ArgAction::Set)]
    pub(crate) lock: bool,
    /// How long to wait for a lock that someone else has, for example 30s
    #[arg(long, value_name = "DURATION", default_value = "0s")]
    pub(crate) lock_timeout: String,
}

impl Default for StateArgs {
    fn default() -> Self {
        Self {
            state: None,
            state_out: None,
            backup: None,
            lock: true,
            lock_timeout: "0s".into(),
        }
    }
}

impl Workdir {
    pub(crate) fn new(args: Vec<std::ffi::OsString>) -> Self {
        let env = Environment::read();
        let argv = arguments::normalize(args, &env);
        let ui = Ui::new(env.no_color());
        Self {
            ui,
            argv: argv
                .iter()
                .map(|a| a.to_string_lossy().into_owned())
                .collect(),
            env,
            told_of_overrides: std::cell::Cell::new(false),
        }
    }

    /// The working directory, absolute.
    pub(crate) fn cwd(&self) -> PathBuf {
        std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."))
    }

    /// `.terraform`, or where `TF_DATA_DIR` says.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.env.data_dir()
    }

    /// Loads the configuration of the working directory.
    pub(crate) fn load_config(&self) -> (Config, Diagnostics) {
        self.load(Path::new("."), true)
    }

    /// Loads the configuration of the working directory, which must be there, for what only looks at it.
    pub(crate) fn needed_config(&self) -> Result<Config, Diagnostics> {
        if !self.has_config() {
            let cwd = self.cwd();
            let detail = format!(
                "The directory {} contains no configuration files.",
                cwd.display()
            );
            return Err(Diagnostic::error("No configuration files", detail).into());
        }
        let (config, diags) = self.load_config();
        match diags.has_errors() {
            true => Err(diags),
            false => Ok(config),
        }
    }

    /// Loads the configuration of another directory.
    pub(crate) fn load_config_of(&self, dir: &Path) -> (Config, Diagnostics) {
        self.load(dir, true)
    }

    /// Loads the configuration of the working directory; the arguments of module calls may be wrong.
    pub(crate) fn load_for_init(&self, test_dir: &Path) -> (Config, Vec<TestFile>, Diagnostics) {
        let (config, mut diags) = self.load(Path::new("."), false);
        let (tests, problems) = self.load_test_files(test_dir);
        // Its warnings were told of when it was looked at for its modules.
        diags.append(problems.into_iter().filter(Diagnostic::is_error));
        (config, tests, diags)
    }

    /// Loads the configuration of the working directory with its test files.
    pub(crate) fn load_tests(&self, test_dir: &Path) -> (Config, Vec<TestFile>, Diagnostics) {
        let (config, mut diags) = self.load_config();
        let (tests, problems) = self.load_test_files(test_dir);
        diags.append(problems);
        (config, tests, diags)
    }

    fn load_test_files(&self, test_dir: &Path) -> (Vec<TestFile>, Diagnostics) {
        let files = DiskFiles {
            base: PathBuf::new(),
        };
        let mut loader = Loader::new(&files, &self.data_dir());
        loader.early = self.early();
        let loaded = loader.load_tests(Path::new("."), test_dir);
        self.ui.sources.borrow_mut().extend(loader.sources);
        loaded
    }

    fn load(&self, dir: &Path, check_arguments: bool) -> (Config, Diagnostics) {
        let files = DiskFiles {
            base: PathBuf::new(),
        };
        let mut loader = Loader::new(&files, &self.data_dir());
        loader.check_arguments = check_arguments;
        loader.early = self.early();
        let (config, mut diags) = loader.load(dir);
        self.ui.sources.borrow_mut().extend(loader.sources);
        if let Some(backend) = &config.module.backend
            && &*backend.kind != "local"
        {
            let (summary, detail) = match &*backend.kind {
                "cloud" => (
                    "Unsupported cloud block",
                    "HCP Terraform, which would plan and apply by itself, is not supported: remove the cloud block, or keep the \
                     state in a file with backend \"local\"."
                        .to_owned(),
                ),
                kind => (
                    "Unsupported backend type",
                    format!("There is no backend of type {kind:?} in this version: the state can be kept in a local file (\"local\")."),
                ),
            };
            diags.push(Diagnostic::error(summary, detail).at(backend.range.clone()));
        }
        (config, diags)
    }

    /// Whether there is any configuration file.
    pub(crate) fn has_config(&self) -> bool {
        self.has_config_in(Path::new("."))
    }

    /// Whether there is any configuration file in a directory.
    pub(crate) fn has_config_in(&self, dir: &Path) -> bool {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries
            .filter_map(|e| e.file_name().into_string().ok())
            .any(|n| n.ends_with(".tf") || n.ends_with(".tf.json"))
    }

    /// The current workspace.
    pub(crate) fn workspace(&self) -> String {
        let workspaces = Workspaces::new(self.data_dir(), &LocalOptions::default());
        self.env
            .workspace()
            .map_or_else(|| workspaces.current(), str::to_owned)
    }

    /// Where the state is.
    pub(crate) fn local_options(&self, config: Option<&Config>, args: &StateArgs) -> LocalOptions {
        let mut options = LocalOptions {
            state: args.state.clone(),
            state_out: args.state_out.clone(),
            backup: args.backup.clone(),
            ..LocalOptions::default()
        };
        if let Some(backend) = config.and_then(|c| c.module.backend.as_ref()) {
            // What `init` was given on the command line is in the record only.
            let written = BackendRecord::of(backend);
            let record = BackendRecord::read(&self.data_dir()).filter(|r| r.hash == written.hash);
            let record = record.unwrap_or(written);
            options.path = record.path.map(PathBuf::from);
            options.workspace_dir = record.workspace_dir.map(PathBuf::from);
        }
        options
    }

    /// The store of the current workspace's state.
    pub(crate) fn store(&self, config: Option<&Config>, args: &StateArgs) -> LocalStore {
        LocalStore::new(StatePaths::new(
            &self.local_options(config, args),
            &self.workspace(),
        ))
    }

    /// A state at another place than the one that the directory was initialized for would look as if
    /// nothing existed.
    fn check_backend(&self, config: Option<&Config>) -> Result<(), Diagnostics> {
        let written = config.and_then(|c| c.module.backend.as_ref());
        if let Some(backend) = written.filter(|b| b.problems.has_errors()) {
            return Err(backend.problems.clone());
        }
        let recorded = BackendRecord::read(&self.data_dir());
        let (Some(written), Some(recorded)) = (written.map(BackendRecord::of), recorded) else {
            return Ok(());
        };
        if written.kind == recorded.kind && written.hash == recorded.hash {
            return Ok(());
        }
        Err(Diagnostic::error(
            "Backend initialization required: please run \"groma init\"",
            "Reason: Backend configuration block has changed\n\nThe backend is where the state is kept. Run \"groma init\" with either the \
             \"-reconfigure\" or \"-migrate-state\" flags to use the current configuration.",
        )
        .into())
    }

    /// Opens the state, and reports what there is to be told of it. `operation` is what the lock says it
    /// is held for; `None` = only to look.
    pub(crate) fn open_state(
        &self,
        config: Option<&Config>,
        args: &StateArgs,
        operation: Option<&str>,
    ) -> Result<Session, Diagnostics> {
        let opened = self.open(config, args, operation)?;
        self.ui.diagnostics(&opened.warnings);
        Ok(opened.session)
    }

    /// The same without a word.
    pub(crate) fn open(
        &self,
        config: Option<&Config>,
        args: &StateArgs,
        operation: Option<&str>,
    ) -> Result<Opened, Diagnostics> {
        self.check_backend(config)?;
        let lock = operation
            .filter(|_| args.lock)
            .map(|o| LockInfo::create(o, &backends::who()));
        let options = SessionOptions {
            lock,
            lock_timeout: duration(&args.lock_timeout)?,
        };
        let mut waiting = || self.ui.line("Waiting for the state lock…");
        Session::open(Box::new(self.store(config, args)), &options, &mut waiting)
    }
}

/// A literal argument of a block.
pub(crate) fn text_argument(body: &hcl::Body, name: &str) -> Option<String> {
    let schema = BodySchema {
        attributes: vec![AttributeSchema {
            name: name.into(),
            required: false,
        }],
        blocks: Vec::new(),
    };
    let (content, ..) = body.partial_content(&schema);
    let scope = MapScope::new(Vec::<(Arc<str>, cty::Value)>::new());
    let value = content
        .attribute(name)?
        .expr
        .evaluate(&Env::new(&scope))
        .ok()?;
    value.as_str().map(ToString::to_string)
}

/// `10s`, `5m`, `1h30m`.
pub(crate) fn duration(text: &str) -> Result<Duration, Diagnostics> {
    let invalid = || {
        Diagnostics::from(Diagnostic::error(
            "Invalid duration",
            format!("{text:?} is not a duration: write a number and a unit, such as 30s or 5m."),
        ))
    };
    let mut total = Duration::ZERO;
    let mut number = String::new();
    for c in text.chars() {
        let unit = match c {
            '0'..='9' | '.' => {
                number.push(c);
                continue;
            }
            's' => 1.0,
            'm' => 60.0,
            'h' => 3600.0,
            _ => return Err(invalid()),
        };
        let n: f64 = number.parse().map_err(|_| invalid())?;
        total += Duration::try_from_secs_f64(n * unit).map_err(|_| invalid())?;
        number.clear();
    }
    if number.is_empty() || number == "0" {
        Ok(total)
    } else {
        Err(invalid())
    }
}
