//! What stands in for providers, objects and modules in a run.

use super::stand_in::MadeUp;
use addrs::{AbsResourceInstance, Mode, ProviderConfig, Target};
use configs::{Config, MockProvider, Module, Output, Override, TestFile, TestRun};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Expr, ExprKind};
use providers::{Provider, ProviderSchema};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The mocks and overrides that count in a run.
#[derive(Clone, Debug, Default)]
pub(super) struct StandIns {
    /// Providers that do nothing, by the configurations that they are in the place of.
    pub(super) mocks: BTreeMap<ProviderConfig, Arc<MockProvider>>,
    /// Overrides, those that count most first.
    overrides: Vec<Override>,
}

impl StandIns {
    /// The overrides of a run, then those of its file.
    pub(super) fn new(file: &TestFile, run: &TestRun) -> Self {
        let overrides = run.overrides.iter().chain(&file.overrides);
        Self {
            mocks: BTreeMap::new(),
            overrides: overrides.cloned().collect(),
        }
    }

    /// Leaves out what is in modules that are overridden: they are only their outputs.
    pub(super) fn replace_modules(&self, config: &mut Config) {
        let mocked = self.mocks.values().flat_map(|mock| &mock.overrides);
        for over in self.overrides.iter().chain(mocked).rev() {
            let Target::Module(module) = &over.target else {
                continue;
            };
            let mut at = Some(&mut *config);
            for step in module.0.iter() {
                at = at.and_then(|config| config.children.get_mut(&step.name));
            }
            if let Some(config) = at {
                config.children.clear();
                config.module = outputs_only(&config.module, over);
            }
        }
    }
}

/// A module with the given values as its outputs, and nothing else in it.
fn outputs_only(module: &Module, over: &Override) -> Module {
    let given = |name: &str| over.given.values.as_ref().and_then(|v| v.get(name));
    let outputs = module.outputs.iter().map(|(name, output)| {
        let value = given(name)
            .cloned()
            .unwrap_or_else(|| Value::null(cty::Type::Dynamic));
        let output = Output {
            expr: Expr {
                kind: Arc::new(ExprKind::Literal(value)),
                range: output.expr.range.clone(),
            },
            depends_on: Vec::new(),
            preconditions: Vec::new(),
            ephemeral: false,
            ..output.clone()
        };
        (name.clone(), output)
    });
    Module {
        source_dir: module.source_dir.clone(),
        required_providers: module.required_providers.clone(),
        variables: module.variables.clone(),
        outputs: outputs.collect(),
        ..Module::default()
    }
}

/// The override of an object: one of the very instance before one of all instances.
fn find<'o>(overrides: &'o [Override], addr: &AbsResourceInstance) -> Option<&'o Override> {
    let is_of = |over: &&Override| match &over.target {
        Target::Resource { .. } => over.target.contains(addr),
        Target::Module(_) => false,
    };
    let exact = |over: &&Override| over.target.to_string() == addr.to_string();
    let mut of = overrides.iter().filter(is_of);
    of.clone().find(exact).or_else(|| of.next())
}

impl engine::StandIns for StandIns {
    fn replaces(&self, config: &ProviderConfig) -> bool {
        self.mocks.contains_key(config)
    }

    fn provider(
        &self,
        addr: &AbsResourceInstance,
        config: &ProviderConfig,
        schema: &Arc<ProviderSchema>,
    ) -> Option<Arc<dyn Provider>> {
        let mock = self.mocks.get(config);
        let own = find(&self.overrides, addr);
        let over = own.or_else(|| mock.and_then(|mock| find(&mock.overrides, addr)));
        let resource = &addr.resource;
        let default = || mock?.mocks.get(&(resource.mode, resource.kind.clone()));
        let given = match over {
            Some(over) => Some(over.given.clone()),
            None => default().cloned(),
        };
        if over.is_none() && mock.is_none() {
            return None;
        }
        Some(Arc::new(MadeUp {
            schema: schema.clone(),
            given,
            imports: over.is_some() && resource.mode == Mode::Managed,
        }))
    }
}

/// Warns of overrides of what there is not.
pub(super) fn check(overrides: &[Override], config: &Config) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for over in overrides {
        let known = match &over.target {
            Target::Module(module) => config.descendant(&module.module()).is_some(),
            Target::Resource {
                module, resource, ..
            } => config
                .descendant(&module.module())
                .is_some_and(|c| c.module.resources.contains_key(resource)),
        };
        if !known {
            let detail = format!(
                "There is no {} in the configuration under test, so nothing is overridden. Is it misspelt?",
                over.target
            );
            diags.push(
                Diagnostic::warning("Invalid override target", detail)
                    .at(over.target_range.clone()),
            );
        }
    }
    diags
}
