//! Provider blocks of test files, in the place of those of the module under test.

use super::inputs::FileInputs;
use super::scope::Runs;
use super::stand_ins::StandIns;
use addrs::{LocalProviderConfig, ProviderConfig};
use configs::{Config, MockProvider, ProviderBlock, TestFile, TestRun};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, Body, Expr, ExprKind, NativeBody};
use std::sync::Arc;

/// All expressions of a body, those in nested blocks included.
pub(super) fn expressions(body: &Body) -> Vec<Expr> {
    let mut all = Vec::new();
    let mut open = vec![body.clone()];
    while let Some(Body::Native(body)) = open.pop() {
        all.extend(body.attributes.iter().map(|a| a.expr.clone()));
        open.extend(body.blocks.iter().map(|b| b.body.clone()));
    }
    all
}

/// The configuration under test as a run sees it.
pub(super) fn transform(
    config: &Config,
    file: &TestFile,
    run: &TestRun,
    inputs: &FileInputs<'_>,
    runs: &Runs,
) -> (Config, StandIns, Diagnostics) {
    let mut stand_ins = StandIns::new(file, run);
    let mut config = config.clone();
    let mut diags = Diagnostics::new();
    let mut given: Vec<(LocalProviderConfig, &ProviderBlock)> = Vec::new();
    let mut mocks: Vec<(LocalProviderConfig, &Arc<MockProvider>)> = Vec::new();
    if run.providers.is_empty() {
        let required = config.required_providers();
        let root = addrs::Module::root();
        for (local, block) in &file.providers {
            if required.contains_key(&config.provider_of(&root, &local.name)) {
                given.push((local.clone(), block));
            }
        }
        mocks.extend(file.mocks.iter().map(|(local, mock)| (local.clone(), mock)));
    } else {
        config.module.providers.clear();
        for passed in &run.providers {
            match file.providers.get(&passed.parent) {
                Some(block) => given.push((passed.child.clone(), block)),
                None if file.mocks.contains_key(&passed.parent) => {
                    mocks.push((passed.child.clone(), &file.mocks[&passed.parent]));
                }
                None => diags.push(
                    Diagnostic::error(
                        format!("Missing provider definition for {}", passed.parent),
                        "The test file has no provider block for that configuration, which the run refers to.",
                    )
                    .at(passed.parent_range.clone()),
                ),
            }
        }
    }
    for (local, block) in given {
        let mut literal = |expr: &Expr| value(expr, inputs, runs, &mut diags);
        let block = ProviderBlock {
            name: local.name.clone(),
            alias: local.alias.clone(),
            version: None,
            body: literal_body(&block.body, &mut literal),
            range: block.range.clone(),
        };
        config.module.providers.insert(local, block);
    }
    for (local, mock) in mocks {
        config.module.providers.shift_remove(&local);
        let root = addrs::Module::root();
        let stands_for = ProviderConfig {
            provider: config.provider_of(&root, &local.name),
            module: root,
            alias: local.alias,
        };
        stand_ins.mocks.insert(stands_for, mock.clone());
    }
    stand_ins.replace_modules(&mut config);
    diags.append(inputs.take_diagnostics());
    (config, stand_ins, diags)
}

/// The value of an argument, which can refer to variables of the test file and to earlier runs.
fn value(expr: &Expr, inputs: &FileInputs<'_>, runs: &Runs, diags: &mut Diagnostics) -> Expr {
    let allowed = "Provider blocks of test files can refer only to earlier runs, to variables of the test file and to those given \
                   from outside.";
    match inputs.evaluate(expr, runs, allowed) {
        Ok(value) => Expr {
            kind: Arc::new(ExprKind::Literal(value)),
            range: expr.range.clone(),
        },
        Err(problems) => {
            diags.append(problems);
            expr.clone()
        }
    }
}

/// A body with values in the place of expressions. What `dynamic` blocks make refers to more than can be
/// told here, and stays.
fn literal_body(body: &Body, literal: &mut dyn FnMut(&Expr) -> Expr) -> Body {
    let Body::Native(native) = body;
    let attributes = native.attributes.iter().map(|a| Attribute {
        expr: match a.expr.traversals().is_empty() {
            true => a.expr.clone(),
            false => literal(&a.expr),
        },
        ..a.clone()
    });
    let attributes = attributes.collect();
    let blocks = native.blocks.iter().map(|b| Block {
        body: match &*b.kind {
            "dynamic" => b.body.clone(),
            _ => literal_body(&b.body, literal),
        },
        ..b.clone()
    });
    Body::Native(Arc::new(NativeBody {
        attributes,
        blocks: blocks.collect(),
        range: native.range.clone(),
        missing_range: native.missing_range.clone(),
        end_range: native.end_range.clone(),
        taken: native.taken.clone(),
        syntax: native.syntax,
    }))
}
