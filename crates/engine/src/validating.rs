//! Whether a configuration makes sense before anything is known of what exists.

use crate::Round;
use crate::ephemeral;
use crate::planning::{about, at, settings};
use addrs::Mode;
use diags::{Diagnostic, Diagnostics};
use lang::{Evaluator, ModuleId, Node, RepetitionData};

/// Validates a configuration: every expression, every block against its schema, and every block by its
/// provider. Providers are not configured.
pub async fn validate(round: &Round<'_>) -> Diagnostics {
    check(round, true).await
}

/// Validates a configuration without asking providers: a plan asks them anyway.
pub(crate) async fn validate_language(round: &Round<'_>) -> Diagnostics {
    check(round, false).await
}

async fn check(round: &Round<'_>, ask_providers: bool) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let evaluator = Evaluator::new(
        round.program,
        round.schemas,
        settings(round, lang::Mode::Validate),
    );
    let order = match round.program.graph.topological_order() {
        Ok(order) => order,
        Err(_) => return diags,
    };
    for node in order
        .into_iter()
        .filter_map(|id| round.program.graph.get(id).copied())
    {
        match node {
            Node::Variable(m, i) => evaluator
                .insts_of(m)
                .iter()
                .for_each(|inst| drop(evaluator.variable(inst, i))),
            Node::Local(m, i) => evaluator
                .insts_of(m)
                .iter()
                .for_each(|inst| drop(evaluator.local(inst, i))),
            Node::Output(m, i) => evaluator
                .insts_of(m)
                .iter()
                .for_each(|inst| drop(evaluator.output(inst, i))),
            Node::Call(m, i) => evaluator
                .insts_of(m)
                .iter()
                .for_each(|inst| drop(evaluator.expand_call(inst, i))),
            Node::CallDone(..) => {}
            Node::Provider(m, i) => {
                diags.append(provider_block(round, &evaluator, m, i, ask_providers).await);
            }
            Node::Resource(m, i) => {
                diags.append(resource_block(round, &evaluator, m, i, ask_providers).await);
            }
        }
        diags.append(evaluator.take_diagnostics());
    }
    diags
}

async fn provider_block(
    round: &Round<'_>,
    evaluator: &Evaluator<'_>,
    module: ModuleId,
    index: u32,
    ask_providers: bool,
) -> Diagnostics {
    let def = round.program.module(module);
    let Some((local, block)) = def.module.providers.get_index(index as usize) else {
        return Diagnostics::new();
    };
    let source = def.module.required_providers.get(&local.name).map_or_else(
        || addrs::Provider::implied(local.name.clone()),
        |r| r.provider.clone(),
    );
    let Some(schema) = round.schemas.provider(&source) else {
        return Diagnostics::new();
    };
    let Some(inst) = evaluator.insts_of(module).first().cloned() else {
        return Diagnostics::new();
    };
    let (result, _) = evaluator.evaluate(&inst, &RepetitionData::None, None, |env| {
        Ok(schema::decode(&block.body, &schema.provider.block, env))
    });
    match result {
        Ok((value, diags)) if !diags.has_errors() => {
            let mut diags = diags;
            if block.body.is_empty() || !ask_providers {
                return diags;
            }
            match round.providers.unconfigured(&source).await {
                Ok(provider) => diags.append(schema::locate(
                    provider.validate_provider(&value.unmark_all()).await,
                    &block.body,
                    &block.range,
                )),
                Err(problems) => diags.append(problems),
            }
            diags
        }
        Ok((_, diags)) | Err(diags) => diags,
    }
}

async fn resource_block(
    round: &Round<'_>,
    evaluator: &Evaluator<'_>,
    module: ModuleId,
    index: u32,
    ask_providers: bool,
) -> Diagnostics {
    let resource = round.program.resource(module, index);
    let mut diags = Diagnostics::new();
    let Some(schema) = round
        .schemas
        .resource(&resource.provider_source, &resource.addr)
    else {
        if round.schemas.provider(&resource.provider_source).is_some() {
            diags.append(crate::planning::unsupported_type(resource));
        }
        return diags;
    };
    diags.append(ignored(resource, &schema.block));
    // The built-in provider is always at hand.
    let ask_providers = ask_providers || resource.provider_source.is_builtin();
    for inst in evaluator.insts_of(module) {
        let Some(expansion) = evaluator.expand_resource(&inst, index) else {
            continue;
        };
        for slot in &expansion.slots {
            let (result, _) = evaluator.evaluate(&inst, &slot.data, None, |env| {
                Ok(schema::decode(&resource.body, &schema.block, env))
            });
            let (value, problems) = match result {
                Ok(done) => done,
                Err(problems) => {
                    diags.append(problems);
                    continue;
                }
            };
            let invalid = problems.has_errors();
            diags.append(provisioners(
                evaluator,
                &inst,
                slot,
                resource,
                &schema.block,
            ));
            diags.append(problems);
            diags.append(conditions(evaluator, &inst, slot, resource, &schema.block));
            if invalid {
                continue;
            }
            if resource.addr.mode != Mode::Ephemeral {
                let forbidden = ephemeral::forbidden(&value, &schema.block, &resource.body);
                if forbidden.has_errors() {
                    diags.append(about(forbidden, slot));
                    continue;
                }
            }
            if !ask_providers {
                continue;
            }
            match round
                .providers
                .unconfigured(&resource.provider_source)
                .await
            {
                Ok(provider) => {
                    let request = providers::ValidateRequest {
                        kind: resource.addr.kind.clone(),
                        config: value.unmark_all(),
                    };
                    diags.append(at(
                        provider.validate(resource.addr.mode, request).await,
                        resource,
                    ));
                }
                Err(problems) => diags.append(problems),
            }
        }
    }
    diags
}

/// Mistakes in `ignore_changes`.
fn ignored(resource: &configs::Resource, block: &schema::Block) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let configs::IgnoreChanges::Paths(paths) = &resource.lifecycle.ignore_changes else {
        return diags;
    };
    for (path, range) in paths {
        if let Err(problem) = block.check_path(path) {
            diags.push(problem.at(range.clone()));
            continue;
        }
        let [cty::Step::Attr(name)] = path.steps() else {
            continue;
        };
        let attribute = block.attributes.get(name);
        if !diags.has_errors() && attribute.is_some_and(|a| a.computed && !a.optional) {
            diags.push(
                Diagnostic::warning(
                    "Redundant ignore_changes element",
                    format!(
                        "Ignoring changes keeps what the configuration said when the object was created, but {name} is set by the \
                         provider alone, so there is nothing to ignore. Remove it from ignore_changes."
                    ),
                )
                .at(resource.kind_range.clone()),
            );
        }
    }
    diags
}

/// Mistakes in provisioners and connections.
fn provisioners(
    evaluator: &Evaluator<'_>,
    inst: &lang::ModuleInst,
    slot: &lang::Slot,
    resource: &configs::Resource,
    block: &schema::Block,
) -> Diagnostics {
    let object = cty::Value::unknown(block.implied_type());
    let mut diags = Diagnostics::new();
    let mut check = |body: &hcl::Body, block: &schema::Block| {
        let (result, _) = evaluator.evaluate(inst, &slot.data, Some(&object), |env| {
            Ok(schema::decode(body, block, env))
        });
        match result {
            Ok((_, problems)) | Err(problems) => diags.append(problems),
        }
    };
    let of_resource = resource.connection.iter();
    let own = resource.provisioners.iter().flat_map(|p| &p.connection);
    for body in of_resource.chain(own) {
        check(body, crate::provisioners::connection());
    }
    let mut unknown = Diagnostics::new();
    for provisioner in &resource.provisioners {
        unknown.append(crate::provisioners::without_host(resource, provisioner));
    }
    for provisioner in &resource.provisioners {
        match crate::provisioners::check_kind(provisioner) {
            Ok(block) => check(&provisioner.body, block),
            Err(problems) => unknown.append(problems),
        }
    }
    diags.append(unknown);
    diags
}

/// Mistakes in conditions; whether they hold is not known yet.
fn conditions(
    evaluator: &Evaluator<'_>,
    inst: &lang::ModuleInst,
    slot: &lang::Slot,
    resource: &configs::Resource,
    block: &schema::Block,
) -> Diagnostics {
    let object = cty::Value::unknown(block.implied_type());
    let mut diags = Diagnostics::new();
    let lifecycle = &resource.lifecycle;
    for (rules, object) in [
        (&lifecycle.preconditions, None),
        (&lifecycle.postconditions, Some(&object)),
    ] {
        for rule in rules {
            for expr in [&rule.condition, &rule.error_message] {
                let (result, _) =
                    evaluator.evaluate(inst, &slot.data, object, |env| expr.evaluate(env));
                if let Err(problems) = result {
                    diags.append(problems);
                }
            }
        }
    }
    diags
}
