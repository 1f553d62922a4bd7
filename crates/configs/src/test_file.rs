//! Test files: what `groma test` runs.

use crate::{CheckRule, Config, MockProvider, ModuleCall, Override, PassedProvider, ProviderBlock};
use addrs::LocalProviderConfig;
use diags::SourceRange;
use hcl::{Attribute, Expr};
use indexmap::IndexMap;
use std::sync::Arc;

/// A `.tftest.hcl` or `.tftest.json` file.
#[derive(Clone, Debug, Default)]
pub struct TestFile {
    /// The path, as it is shown.
    pub name: Arc<str>,
    /// `variables`: for all runs.
    pub variables: IndexMap<Arc<str>, Attribute>,
    /// `provider` blocks: in the place of those of the module under test.
    pub providers: IndexMap<LocalProviderConfig, ProviderBlock>,
    /// `mock_provider` blocks: providers that do nothing, in the place of those of the module under test.
    pub mocks: IndexMap<LocalProviderConfig, Arc<MockProvider>>,
    /// `override_*` blocks.
    pub overrides: Vec<Override>,
    /// `run` blocks in order.
    pub runs: Vec<TestRun>,
}

/// `run "name" { … }`.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// The name.
    pub name: Arc<str>,
    /// `command`.
    pub command: TestCommand,
    /// `plan_options`.
    pub options: TestOptions,
    /// `variables`.
    pub variables: IndexMap<Arc<str>, Attribute>,
    /// `providers`: the name in the module under test, and the one in the test file.
    pub providers: Vec<PassedProvider>,
    /// `module`: another module under test than the root module.
    pub module: Option<TestModule>,
    /// `override_*` blocks.
    pub overrides: Vec<Override>,
    /// `assert` blocks.
    pub asserts: Vec<CheckRule>,
    /// `expect_failures`: references.
    pub expect_failures: Vec<Expr>,
    /// `state_key`: which state the run works on.
    pub state_key: Option<Arc<str>>,
    /// Where the header stands.
    pub range: SourceRange,
}

/// What a run does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TestCommand {
    /// Objects are made for the time of the test.
    #[default]
    Apply,
    /// It is only found out what would be done.
    Plan,
}

/// `plan_options { … }`.
#[derive(Clone, Debug)]
pub struct TestOptions {
    /// `mode = refresh-only`
    pub refresh_only: bool,
    /// `refresh`
    pub refresh: bool,
    /// `replace`: references.
    pub replace: Vec<Expr>,
    /// `target`: references.
    pub target: Vec<Expr>,
}

impl Default for TestOptions {
    fn default() -> Self {
        Self {
            refresh_only: false,
            refresh: true,
            replace: Vec::new(),
            target: Vec::new(),
        }
    }
}

/// `module { source }`.
#[derive(Clone, Debug)]
pub struct TestModule {
    /// The same as a call without arguments.
    pub call: ModuleCall,
    /// The configuration, once it is loaded.
    pub config: Option<Arc<Config>>,
}

impl TestFile {
    /// The key of a run's module among the installed ones: `test.tests.main.setup`.
    pub fn module_path(&self, run: &str) -> addrs::Module {
        let stem = self.name.trim_end_matches(".json").trim_end_matches(".hcl");
        let stem = stem.trim_end_matches(".tftest");
        let steps = std::iter::once("test")
            .chain(stem.split('/'))
            .chain(std::iter::once(run));
        steps.fold(addrs::Module::root(), |path, step| path.child(step))
    }
}
