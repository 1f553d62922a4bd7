//! A provider, a sandbox and a state, and what is done with them.

use crate::compare;
use crate::{Case, World};
use cty::{Type, Value};
use diags::Diagnostics;
use engine::{Interrupted, Journal, NoJournal, PlanOptions, ProviderFactory};
use futures::FutureExt;
use plans::Action;
use providers::{ApplyRequest, BoxFuture, ImportRequest, Provider, ReadRequest};
use sandbox::{Faults, Options, Sandbox};
use states::journal::Unresolved;
use states::{Object, State};
use std::collections::BTreeSet;
use std::sync::Arc;
use test_support::Step;

/// One run through a contract.
pub(crate) struct Trial<'a> {
    world: &'a World,
    pub(crate) case: &'a Case,
    pub(crate) sandbox: Sandbox,
    provider: Shared,
    pub(crate) state: State,
    /// Creates of which nobody knows how they ended.
    pub(crate) unresolved: Unresolved,
    journals: bool,
    story: Vec<String>,
}

/// What came of an apply.
pub(crate) struct Outcome {
    /// What was planned for the resource under test; `NoOp` if nothing.
    pub(crate) action: Action,
    /// The problems.
    pub(crate) diags: Diagnostics,
    /// The operations that were called while applying, in order.
    pub(crate) calls: Vec<String>,
}

/// Hands out the same provider again and again.
struct Shared(Arc<dyn Provider>);

impl ProviderFactory for Shared {
    fn provider(
        &self,
        _: &addrs::Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn Provider>, Diagnostics>> {
        std::future::ready(Ok(self.0.clone())).boxed()
    }
}

/// Runs a test on a runtime of its own.
pub(crate) fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(test);
}

impl<'a> Trial<'a> {
    /// Starts with nothing; `journals`: as under groma.
    pub(crate) async fn start(world: &'a World, case: &'a Case, journals: bool) -> Self {
        let sandbox = Sandbox::start(Options::default()).await;
        Self {
            world,
            case,
            sandbox: sandbox.expect("a sandbox"),
            provider: Shared((world.provider)(journals)),
            state: State::default(),
            unresolved: Unresolved::default(),
            journals,
            story: Vec::new(),
        }
    }

    /// Notes what happens next, for whoever has to find out why it went wrong.
    pub(crate) fn tell(&mut self, what: impl Into<String>) {
        self.story.push(what.into());
    }

    /// Begins a new story.
    pub(crate) fn retell(&mut self, what: impl Into<String>) {
        self.story = vec![what.into()];
    }

    /// A promise is broken.
    pub(crate) fn broken(&self, how: impl std::fmt::Display) -> ! {
        let (kind, story) = (self.case.kind, self.story.join("\n  "));
        panic!("{kind}\n  {story}\n{how}");
    }

    /// Another process of the provider takes over.
    pub(crate) fn restart_provider(&mut self) {
        self.provider = Shared((self.world.provider)(self.journals));
    }

    /// The whole configuration; `None`: only what the resource needs.
    fn config(&self, body: Option<&str>) -> String {
        let source = self.world.source;
        let name = source.rsplit('/').next().unwrap_or(source);
        let block = (self.world.block)(&self.sandbox);
        let Case { kind, needs, .. } = self.case;
        let it = body.map_or(String::new(), |body| {
            format!("resource \"{kind}\" \"it\" {{\n{body}\n}}\n")
        });
        format!(
            "terraform {{\n  required_providers {{\n    {name} = {{\n      source = \"{source}\"\n    }}\n  }}\n}}\n\
             provider \"{name}\" {{\n{block}\n}}\n{needs}\n{it}"
        )
    }

    fn options(&self, mode: plans::Mode) -> PlanOptions {
        PlanOptions {
            mode,
            interrupted: Interrupted {
                creates: self.unresolved.clone(),
                kept_in: "the state".into(),
            },
            ..PlanOptions::default()
        }
    }

    /// Plans.
    pub(crate) async fn plan(&self, body: Option<&str>) -> Step {
        let options = self.options(plans::Mode::Normal);
        let config = self.config(body);
        let state = self.state.clone();
        test_support::step(&self.provider, &config, state, options, None, &|_| ()).await
    }

    /// Plans and applies, with these faults while applying. The state is what is saved.
    pub(crate) async fn apply(&mut self, body: Option<&str>, faults: Faults) -> Outcome {
        let options = self.options(plans::Mode::Normal);
        self.carry_out(body, options, faults, &NoJournal).await
    }

    /// Destroys everything, also what the resource needs.
    pub(crate) async fn destroy(&mut self) -> Outcome {
        let (options, faults) = (self.options(plans::Mode::Destroy), Faults::default());
        self.carry_out(Some(self.case.create), options, faults, &NoJournal)
            .await
    }

    async fn carry_out(
        &mut self,
        body: Option<&str>,
        options: PlanOptions,
        faults: Faults,
        journal: &dyn Journal,
    ) -> Outcome {
        let step = self.recorded(body, options, faults, journal).await;
        self.sandbox.set_faults(Faults::default());
        let it = self.address();
        let mut changes = step.plan.changes.iter();
        let change = changes.find(|c| c.addr.to_string() == it && c.deposed.is_none());
        self.state = step.state;
        self.unresolved.settle(&self.state);
        Outcome {
            action: change.map_or(Action::NoOp, |c| c.change.action),
            diags: step.diags,
            calls: self.calls(),
        }
    }

    /// Plans and applies with a journal; what comes of it is not kept here.
    pub(crate) async fn recorded(
        &self,
        body: Option<&str>,
        options: PlanOptions,
        faults: Faults,
        journal: &dyn Journal,
    ) -> Step {
        let applying = |_: &plans::Plan| {
            self.sandbox.requests().clear();
            self.sandbox.set_faults(faults.clone());
        };
        test_support::step(
            &self.provider,
            &self.config(body),
            self.state.clone(),
            options,
            Some(journal),
            &applying,
        )
        .await
    }

    /// The operations that were called since the last apply began.
    pub(crate) fn calls(&self) -> Vec<String> {
        let entries = self.sandbox.requests().entries().into_iter();
        entries.map(|e| e.operation).collect()
    }

    /// Plans and applies, with a journal, as [`Trial::apply`] does.
    pub(crate) fn normal(&self) -> PlanOptions {
        self.options(plans::Mode::Normal)
    }

    /// Applies and promises that nothing goes wrong.
    pub(crate) async fn must(&mut self, body: Option<&str>, faults: Faults) -> Outcome {
        let outcome = self.apply(body, faults).await;
        self.no_errors(&outcome.diags);
        outcome
    }

    /// Promises that nothing went wrong.
    pub(crate) fn no_errors(&self, diags: &Diagnostics) {
        if diags.has_errors() {
            let calls = self.calls().join(" ");
            self.broken(format!("{}calls: {calls}", problems(diags)));
        }
    }

    /// Promises that the state is what a read says, and that there is nothing to do.
    pub(crate) async fn settled(&self, body: Option<&str>) {
        let step = self.plan(body).await;
        self.no_errors(&step.diags);
        // What is needed may show that it is used now.
        let own = format!("{}.it", self.case.kind);
        let mut drift = compare::states(&self.state, &step.plan.prior_state);
        drift.retain(|line| line.starts_with(&own));
        if !drift.is_empty() {
            self.broken(format!(
                "what is read is not what is saved:\n{}",
                drift.join("\n")
            ));
        }
        let planned = test_support::text(&step);
        if !planned.is_empty() {
            let mut lines = vec![planned];
            for change in &step.plan.changes {
                let (before, after) = (&change.change.before, &change.change.after);
                if change.change.action != Action::NoOp {
                    lines.push(format!("before {before:?}\nafter {after:?}"));
                }
            }
            self.broken(format!("there is still to be done:\n{}", lines.join("\n")));
        }
    }

    /// Promises that there is what there was.
    pub(crate) fn same_inventory(&self, before: &BTreeSet<String>) {
        let differences = compare::inventories(before, &self.sandbox.inventory());
        if !differences.is_empty() {
            self.broken(format!(
                "the cloud is not as it was:\n{}",
                differences.join("\n")
            ));
        }
    }

    fn address(&self) -> String {
        format!("{}.it", self.case.kind)
    }

    /// The resource under test in a state.
    pub(crate) fn find(&self, state: &State) -> Option<Arc<Object>> {
        let it = self.address();
        let mut instances = state.instances();
        instances.find_map(|(addr, _, instance)| {
            (addr.to_string() == it)
                .then(|| instance.current.clone())
                .flatten()
        })
    }

    /// The resource under test in the state.
    pub(crate) fn it(&self) -> Arc<Object> {
        self.find(&self.state)
            .unwrap_or_else(|| self.broken("the state does not hold it"))
    }

    async fn ty(&self) -> Type {
        let schema = self.provider.0.schema().await.expect("a schema");
        let resource = schema.resources.get(self.case.kind);
        resource.expect("the type").block.implied_type()
    }

    /// Removes an object behind groma's back. Problems are returned.
    pub(crate) async fn remove(&self, object: &Object) -> Diagnostics {
        let ty = self.ty().await;
        let prior = object.decode(&ty).expect("a stored object");
        let request = ApplyRequest {
            kind: self.case.kind.into(),
            prior: prior.unmark_deep_with_paths().0,
            planned: Value::null(ty.clone()),
            config: Value::null(ty),
            planned_private: object.private.clone(),
            provider_meta: Value::null(Type::Dynamic),
        };
        let response = self.provider.0.apply(request).await;
        if !response.diagnostics.has_errors() && !response.state.is_null() {
            self.broken("a delete without errors leaves an object");
        }
        response.diagnostics
    }

    /// Imports an object by its id and reads it.
    pub(crate) async fn import(&self, id: &str) -> Object {
        let request = ImportRequest {
            kind: self.case.kind.into(),
            id: id.to_owned(),
        };
        let mut response = self.provider.0.import(request).await;
        self.no_errors(&response.diagnostics);
        let Some(imported) = response.objects.pop() else {
            self.broken(format!("there is no {id} to import"));
        };
        let request = ReadRequest {
            kind: imported.kind,
            state: imported.state,
            private: imported.private,
            provider_meta: Value::null(Type::Dynamic),
        };
        let read = self.provider.0.read(request).await;
        self.no_errors(&read.diagnostics);
        if read.state.is_null() {
            self.broken(format!("{id} is imported, but a read does not find it"));
        }
        match Object::encode(&read.state, &self.ty().await) {
            Ok(object) => object,
            Err(error) => self.broken(format!("what is imported is no object: {error}")),
        }
    }
}

/// Problems as text.
pub(crate) fn problems(diags: &Diagnostics) -> String {
    diags
        .iter()
        .map(|d| format!("{:?}: {}: {}\n", d.severity, d.summary, d.detail))
        .collect()
}
