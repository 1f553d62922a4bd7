//! The table of all functions.

use crate::{
    attempt, collection, conversion, crypto, csv, datetime, encoding, filesystem, format, json,
    marking, network, numeric, regular, string, template, type_name, yaml,
};
use hcl::{Function, Functions};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What the functions may know of the world around them.
#[derive(Clone)]
pub struct Options {
    /// What the file functions take relative paths to start from.
    pub base_dir: PathBuf,
    /// What `abspath` takes relative paths to start from: an absolute path.
    pub cwd: PathBuf,
    /// What `~` stands for in paths, if there is such a directory.
    pub home: Option<PathBuf>,
    /// What `plantimestamp` answers, in seconds since 1970; unknown while there is no plan.
    pub plan_time: Option<i64>,
    /// Where `timestamp`, `uuid` and `bcrypt` get their answers from. They are unknown without, as
    /// they must be while planning.
    pub impure: Option<Impure>,
    /// Whether `type` is there, which only the console has. Its answer is a string.
    pub console: bool,
}

/// Sources of answers that differ each time.
#[derive(Clone)]
pub struct Impure {
    /// The time in seconds since 1970.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Fills the bytes with random ones.
    pub random: FillRandom,
}

/// Fills bytes with random ones.
pub type FillRandom = Arc<dyn Fn(&mut [u8]) + Send + Sync>;

impl Options {
    /// Options for planning below a directory: nothing is known of time and chance.
    pub fn pure(base_dir: impl Into<PathBuf>) -> Self {
        let base_dir = base_dir.into();
        Self {
            cwd: base_dir.clone(),
            base_dir,
            home: None,
            plan_time: None,
            impure: None,
            console: false,
        }
    }
}

/// The built-in functions, each by its plain name and by `core::` and its name.
pub struct Table {
    /// By plain name.
    functions: BTreeMap<&'static str, Function>,
}

impl Table {
    /// All functions.
    pub fn new(options: Options) -> Self {
        let mut table = Self::without_templates(&options);
        table
            .functions
            .extend(template::functions(Arc::new(options)));
        table
    }

    /// The functions that a template of a template function may call.
    pub(crate) fn without_templates(options: &Options) -> Self {
        let mut functions = BTreeMap::new();
        functions.extend(attempt::functions());
        functions.extend(collection::functions());
        functions.extend(conversion::functions());
        functions.extend(crypto::functions(options));
        functions.extend(csv::functions());
        functions.extend(datetime::functions(options));
        functions.extend(encoding::functions());
        functions.extend(filesystem::functions(options));
        functions.extend(format::functions());
        functions.extend(json::functions());
        functions.extend(marking::functions());
        functions.extend(network::functions());
        functions.extend(numeric::functions());
        functions.extend(regular::functions());
        functions.extend(string::functions());
        functions.extend(template::stubs());
        functions.extend(yaml::functions());
        if options.console {
            functions.extend(type_name::functions());
        }
        Self { functions }
    }

    /// The functions by plain name, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Function)> {
        self.functions
            .iter()
            .map(|(name, function)| (*name, function))
    }
}

impl Functions for Table {
    fn get(&self, name: &str) -> Option<&Function> {
        self.functions
            .get(name.strip_prefix("core::").unwrap_or(name))
    }

    fn names(&self) -> Vec<Arc<str>> {
        let plain = self.functions.keys().map(|n| Arc::from(*n));
        plain
            .chain(self.functions.keys().map(|n| format!("core::{n}").into()))
            .collect()
    }
}
