//! From files to a module.

mod blocks;
mod call;
mod check_block;
mod import;
mod lifecycle;
mod merge;
mod mock;
mod moved;
mod output;
mod provider;
mod provider_name;
mod provisioner;
mod removed;
mod required_providers;
mod resource;
pub(crate) mod statics;
mod terraform;
mod test_file;
mod test_run;
mod variable;

pub(crate) use call::checked_source;

use crate::{Local, Module, ProviderRequirement};
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BlockSchema, Body, BodySchema};
pub(crate) use mock::MockBlock;
use std::sync::{Arc, LazyLock};
pub(crate) use test_file::test_file;

static ROOT: LazyLock<BodySchema> = LazyLock::new(|| {
    let block = |kind: &str, labels: &[&str]| BlockSchema {
        kind: kind.into(),
        labels: labels.iter().map(|l| Arc::from(*l)).collect(),
    };
    BodySchema {
        attributes: Vec::new(),
        blocks: vec![
            block("terraform", &[]),
            block("provider", &["name"]),
            block("variable", &["name"]),
            block("locals", &[]),
            block("output", &["name"]),
            block("module", &["name"]),
            block("resource", &["type", "name"]),
            block("data", &["type", "name"]),
            block("ephemeral", &["type", "name"]),
            block("moved", &[]),
            block("import", &[]),
            block("removed", &[]),
            block("check", &["name"]),
        ],
    }
});

/// Decodes the files of a module; override files change what the others declare.
pub(crate) fn module(primary: &[Body], overriding: &[Body]) -> (Module, Diagnostics) {
    let mut diags = Diagnostics::new();
    let read = |bodies: &[Body], diags: &mut Diagnostics| -> Vec<Block> {
        bodies
            .iter()
            .flat_map(|body| {
                let (content, problems) = body.content(&ROOT);
                diags.append(problems);
                content.blocks
            })
            .collect()
    };
    let mut blocks = read(primary, &mut diags);
    let overrides = read(overriding, &mut diags);
    merge::overrides(&mut blocks, overrides, &mut diags);
    let mut module = Module::default();
    let settings = blocks.iter().filter(|b| &*b.kind == "terraform");
    terraform::decode(&mut module, settings, &mut diags);
    for block in &blocks {
        decode_block(&mut module, block, &mut diags);
    }
    complete_providers(&mut module);
    terraform::check_versions(&module, &mut diags);
    import::check_providers(&module, &mut diags);
    (module, diags)
}

fn decode_block(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    match &*block.kind {
        "provider" => provider::decode(module, block, diags),
        "variable" => variable::decode(module, block, diags),
        "locals" => locals(module, block, diags),
        "output" => output::decode(module, block, diags),
        "module" => call::decode(module, block, diags),
        "resource" => resource::decode(module, block, addrs::Mode::Managed, diags),
        "data" => resource::decode(module, block, addrs::Mode::Data, diags),
        "ephemeral" => resource::decode(module, block, addrs::Mode::Ephemeral, diags),
        "moved" => moved::decode(module, block, diags),
        "import" => import::decode(module, block, diags),
        "removed" => removed::decode(module, block, diags),
        "check" => check_block::decode(module, block, diags),
        // The schema lets no other block through.
        _ => {}
    }
}

fn locals(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (attributes, problems) = block.body.just_attributes();
    diags.append(problems);
    for attribute in attributes {
        blocks::check_name("local value", &attribute.name, &attribute.name_range, diags);
        if let Some(earlier) = module.locals.get(&attribute.name) {
            diags.push(
                Diagnostic::error(
                    "Duplicate local value definition",
                    format!(
                        "A local value named {:?} is defined at {} already. Give one of the two another name.",
                        &*attribute.name, earlier.range
                    ),
                )
                .at(attribute.range.clone()),
            );
            continue;
        }
        let local = Local {
            name: attribute.name.clone(),
            expr: attribute.expr,
            range: attribute.range,
        };
        module.locals.insert(attribute.name, local);
    }
}

/// Providers that only resource types and provider blocks name.
fn complete_providers(module: &mut Module) {
    let named: Vec<Arc<str>> = module
        .resources
        .values()
        .map(|r| r.provider_config().name)
        .chain(module.providers.keys().map(|p| p.name.clone()))
        .chain(import::without_block(module).map(|i| i.provider_config().name))
        .collect();
    for name in named {
        module
            .required_providers
            .entry(name.clone())
            .or_insert_with(|| ProviderRequirement {
                provider: addrs::Provider::implied(name),
                constraint: "".into(),
                aliases: Vec::new(),
                range: None,
            });
    }
    for resource in module.resources.values_mut() {
        let name = resource.provider_config().name;
        if let Some(requirement) = module.required_providers.get(&name) {
            resource.provider_source = requirement.provider.clone();
        }
    }
}
