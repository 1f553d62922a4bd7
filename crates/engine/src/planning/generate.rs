//! Blocks, written for imported objects that have none.

use super::planner::{Found, FoundChange, Planner};
use crate::resources::{ObjectCall, ObjectValue, PlanInput, PlannedObject};
use addrs::{AbsResourceInstance, Mode, Module, ProviderConfig};
use configs::IgnoreChanges;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{BlockSchema, BodySchema};
use lang::{InstId, RepetitionData};
use plans::Action;
use std::rc::Rc;
use std::sync::Arc;

impl Planner<'_> {
    /// Imports what has no block, and writes one for it.
    pub(crate) async fn import_without_blocks(&self) {
        let options = &self.round.options;
        if !options.generate_config || options.mode != plans::Mode::Normal {
            return;
        }
        let program = self.round.program;
        for import in &program.config.module.imports {
            if program.find_resource(&import.resource).is_some() || self.is_stopping() {
                continue;
            }
            let local = import.provider_config();
            let provider = program.config.provider_config_for(&Module::root(), &local);
            let written = import.provider.as_ref().map(|_| &local);
            match self.targets_of(import, None) {
                Ok(targets) => {
                    for (addr, id) in targets {
                        if let Err(problems) = self.generate(&addr, &id, &provider, written).await {
                            self.report(problems);
                        }
                    }
                }
                Err(problems) => self.report(problems),
            }
        }
    }

    async fn generate(
        &self,
        addr: &AbsResourceInstance,
        id: &Arc<str>,
        provider: &ProviderConfig,
        written: Option<&addrs::LocalProviderConfig>,
    ) -> Result<(), Diagnostics> {
        let exists = self.moved.state.instance(addr);
        if exists.is_some_and(|i| i.current.is_some()) {
            return Ok(());
        }
        let Some(call) = self.calls(addr, provider).await else {
            return Ok(());
        };
        let _permit = self.permits.of(&call).acquire().await;
        let object = self.import(&call, addr, id).await?;
        let text =
            plans::generated_block(&addr.resource, written, &call.schema.block, &object.value);
        let (change, problems) = match self.plan_generated(&call, &text, &object).await {
            Ok(planned) => (planned, Diagnostics::new()),
            // What was written can be put right by hand.
            Err(problems) => (as_it_is(&object), problems),
        };
        self.add(
            Found {
                addr: addr.clone(),
                deposed: None,
                provider: provider.clone(),
                stored: None,
                upgraded: None,
                now: Some(object),
                change: Some(change),
                dependencies: [].into(),
                create_before_destroy: false,
                schema_version: call.schema.version,
                ty: call.ty(),
                deps: Rc::new([]),
                importing: Some(id.clone()),
                generated_config: Some(text.into()),
            },
            None,
        );
        self.claimed.borrow_mut().insert(addr.clone());
        let warning = Diagnostic::warning(
            "Config generation is experimental",
            "Generating configuration during import is currently experimental, and the generated configuration format may change in \
             future versions.",
        );
        let said = self.diags.borrow().iter().any(|d| *d == warning);
        self.report((!said).then_some(warning));
        self.report(problems);
        Ok(())
    }

    /// Plans an object with the block that was written for it.
    async fn plan_generated(
        &self,
        call: &ObjectCall,
        text: &str,
        object: &ObjectValue,
    ) -> Result<FoundChange, Diagnostics> {
        let (body, problems) = hcl::parse("<generated configuration>", text);
        if problems.has_errors() {
            return Err(problems);
        }
        let schema = BodySchema {
            attributes: Vec::new(),
            blocks: vec![BlockSchema {
                kind: "resource".into(),
                labels: vec!["type".into(), "name".into()],
            }],
        };
        let (content, _, problems) = body.partial_content(&schema);
        let Some(block) = content.blocks.first() else {
            return Err(problems);
        };
        let without_provider = BodySchema {
            attributes: vec![hcl::AttributeSchema {
                name: "provider".into(),
                required: false,
            }],
            blocks: Vec::new(),
        };
        let (_, arguments, _) = block.body.partial_content(&without_provider);
        let root = self.evaluator.inst(InstId(0));
        let (result, _) = self
            .evaluator
            .evaluate(&root, &RepetitionData::None, None, |env| {
                Ok(schema::decode(&arguments, &call.schema.block, env))
            });
        let (config, problems) = result?;
        if problems.has_errors() {
            return Err(problems);
        }
        let problems = call.validate(Mode::Managed, &config).await;
        if problems.has_errors() {
            return Err(problems);
        }
        let PlannedObject {
            action,
            reason,
            before,
            after,
            requires_replace,
            private,
            ..
        } = call
            .plan(PlanInput {
                prior: Some(object),
                resumed: None,
                tainted: false,
                config: &config,
                ignore: &IgnoreChanges::None,
                force_replace: None,
                create_before_destroy: false,
            })
            .await?;
        Ok(FoundChange {
            action,
            reason,
            before,
            after,
            required_replace: requires_replace,
            private,
        })
    }
}

/// Nothing is done to an object.
fn as_it_is(object: &ObjectValue) -> FoundChange {
    let value: &Value = &object.value;
    FoundChange {
        action: Action::NoOp,
        reason: None,
        before: value.clone(),
        after: value.clone(),
        required_replace: Vec::new(),
        private: object.private.clone(),
    }
}
