//! Providers, configured as the configuration says.

use super::planner::Planner;
use crate::resources::ObjectCall;
use addrs::{AbsResourceInstance, InstanceKey, ModuleInstance, ProviderConfig};
use cty::Value;
use diags::Diagnostics;
use hcl::Body;
use lang::{Dep, Evaluator, ModuleId, RepetitionData};
use std::rc::Rc;
use std::sync::Arc;

impl Planner<'_> {
    /// The calls about an object; `None`: the provider cannot be used, which was reported.
    pub(crate) async fn calls(
        &self,
        addr: &AbsResourceInstance,
        config: &ProviderConfig,
    ) -> Option<ObjectCall> {
        let known = self.provider_configs.borrow().get(config).cloned();
        let value = match known {
            Some(value) => value?,
            None => {
                let value = self.provider_value(config);
                self.provider_configs
                    .borrow_mut()
                    .insert(config.clone(), value.clone());
                let value = value?;
                self.check_aside(config, &value).await;
                value
            }
        };
        let call = make_call(self.round, &self.evaluator, addr, config, &value).await;
        match call {
            Ok(call) => Some(call),
            Err(diags) => {
                // Said once, not once for every object.
                let said = self
                    .provider_configs
                    .borrow_mut()
                    .insert(config.clone(), None);
                if said.flatten().is_some() {
                    self.report(diags);
                }
                None
            }
        }
    }

    /// What an object needs besides what its block reads: what the configuration of its provider reads.
    pub(crate) fn with_provider_deps(&self, config: &ProviderConfig, deps: Rc<[Dep]>) -> Rc<[Dep]> {
        match self.provider_deps.borrow().get(config) {
            Some(Some(of_provider)) => deps.iter().chain([of_provider]).copied().collect(),
            _ => deps,
        }
    }

    fn provider_value(&self, config: &ProviderConfig) -> Option<Value> {
        match provider_value(self.round, &self.evaluator, config) {
            Ok(configured) => {
                self.report(configured.warnings);
                let deps = self.evaluator.add_group(configured.deps);
                self.provider_deps.borrow_mut().insert(config.clone(), deps);
                Some(configured.value)
            }
            Err(diags) => {
                self.report(diags);
                None
            }
        }
    }
}

/// The arguments of a provider configuration.
pub(crate) struct Configured {
    /// The value, without marks.
    pub(crate) value: Value,
    pub(crate) warnings: Diagnostics,
    /// What the arguments were computed from.
    pub(crate) deps: Rc<[Dep]>,
}

/// The arguments of a provider configuration.
pub(crate) fn provider_value(
    round: &crate::Round<'_>,
    evaluator: &Evaluator<'_>,
    config: &ProviderConfig,
) -> Result<Configured, Diagnostics> {
    let Some(schema) = round.schemas.provider(&config.provider) else {
        return Err(Diagnostics::new());
    };
    let block = &schema.provider.block;
    if round.stand_ins.is_some_and(|s| s.replaces(config)) {
        return Ok(Configured {
            value: Value::null(block.implied_type()),
            warnings: Diagnostics::new(),
            deps: Rc::new([]),
        });
    }
    let Some((module, written)) = provider_block(round.program, config) else {
        if !config.module.is_root() {
            return Err(not_present(config).into());
        }
        let nowhere = diags::SourceRange::start_of("<no provider block>");
        return evaluate_block(evaluator, ModuleId(0), &Body::empty(nowhere), block);
    };
    evaluate_block(evaluator, module, &written.body, block)
}

fn not_present(config: &ProviderConfig) -> diags::Diagnostic {
    diags::Diagnostic::error(
        "Provider configuration not present",
        format!(
            "An object in the state needs the provider configuration {config} to be managed, but it has been removed from the \
             configuration. Put the provider configuration back, destroy the object, and then remove the configuration again."
        ),
    )
}

fn evaluate_block(
    evaluator: &Evaluator<'_>,
    module: ModuleId,
    body: &Body,
    block: &schema::Block,
) -> Result<Configured, Diagnostics> {
    // A module with a provider block of its own has one instance, and so have its callers.
    let path = &evaluator.program.module(module).path;
    let addr = path.0.iter().fold(ModuleInstance::root(), |addr, name| {
        addr.child(name.clone(), InstanceKey::None)
    });
    let Some(inst) = evaluator.find_inst(&addr) else {
        return Err(Diagnostics::new());
    };
    let (result, deps) = evaluator.evaluate(&inst, &RepetitionData::None, None, |env| {
        Ok(schema::decode(body, block, env))
    });
    match result {
        Ok((value, warnings)) if !warnings.has_errors() => Ok(Configured {
            value: value.unmark_all(),
            warnings,
            deps,
        }),
        Ok((_, diags)) | Err(diags) => Err(diags),
    }
}

/// The block that configures a provider, and its module.
pub(crate) fn provider_block<'c>(
    program: &lang::Program<'c>,
    config: &ProviderConfig,
) -> Option<(ModuleId, &'c configs::ProviderBlock)> {
    let id = program.module_at(&config.module)?;
    let module = program.module(id).module;
    let (_, block) = module.providers.iter().find(|(local, _)| {
        local.alias == config.alias
            && module.required_providers.get(&local.name).map_or_else(
                || addrs::Provider::implied(local.name.clone()) == config.provider,
                |r| r.provider == config.provider,
            )
    })?;
    Some((id, block))
}

/// The calls about an object of a provider with that configuration.
pub(crate) async fn make_call(
    round: &crate::Round<'_>,
    evaluator: &Evaluator<'_>,
    addr: &AbsResourceInstance,
    config: &ProviderConfig,
    value: &Value,
) -> Result<ObjectCall, Diagnostics> {
    let Some(provider_schema) = round.schemas.provider(&config.provider) else {
        return Err(Diagnostics::new());
    };
    let Some(schema) = provider_schema.get(addr.resource.mode, &addr.resource.kind) else {
        let what = match addr.resource.mode {
            addrs::Mode::Data => "data source",
            addrs::Mode::Managed => "resource",
            addrs::Mode::Ephemeral => "ephemeral resource",
        };
        return Err(
            ObjectCall::unsupported(&config.provider, what, &addr.resource.kind, None)
                .about(addr)
                .into(),
        );
    };
    let stand_in = round
        .stand_ins
        .and_then(|s| s.provider(addr, config, provider_schema));
    let provider = match stand_in {
        Some(stand_in) => stand_in,
        None => round.providers.configured(config, value).await?,
    };
    let provider_meta = provider_schema.provider_meta.as_ref().map_or_else(
        || Value::null(cty::Type::Dynamic),
        |meta| provider_meta(evaluator, round.program, addr, config, &meta.block),
    );
    Ok(ObjectCall {
        provider,
        source: config.provider.clone(),
        kind: addr.resource.kind.clone(),
        schema: schema.clone(),
        address: Arc::from(addr.to_string()),
        provider_meta,
        plan_destroy: provider_schema.plan_destroy,
        move_state: provider_schema.move_state,
        joins_reads: provider_schema.joins_reads,
    })
}

fn provider_meta(
    evaluator: &Evaluator<'_>,
    program: &lang::Program<'_>,
    addr: &AbsResourceInstance,
    config: &ProviderConfig,
    block: &schema::Block,
) -> Value {
    let null = Value::null(block.implied_type());
    let Some(id) = program.module_at(&addr.module.module()) else {
        return null;
    };
    let module = program.module(id).module;
    let body = module.provider_metas.iter().find(|(local, _)| {
        module
            .required_providers
            .get(*local)
            .is_some_and(|r| r.provider == config.provider)
    });
    let Some((_, body)) = body else { return null };
    let Some(inst) = evaluator.find_inst(&addr.module) else {
        return null;
    };
    let (result, _) = evaluator.evaluate(&inst, &RepetitionData::None, None, |env| {
        Ok(schema::decode(body, block, env))
    });
    result.map_or(null, |(value, _)| value.unmark_all())
}
