//! Test files: their outermost blocks.

use super::{provider, test_run};
use crate::{Module, TestFile};
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BlockSchema, Body, BodySchema};
use indexmap::IndexMap;
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let block = |kind: &str, labels: &[&str]| BlockSchema {
        kind: kind.into(),
        labels: labels.iter().map(|l| Arc::from(*l)).collect(),
    };
    BodySchema {
        attributes: Vec::new(),
        blocks: vec![
            block("run", &["name"]),
            block("provider", &["name"]),
            block("variables", &[]),
        ],
    }
});

/// Decodes a test file.
pub(crate) fn test_file(name: Arc<str>, body: &Body) -> (TestFile, Diagnostics) {
    let (content, mut diags) = body.content(&SCHEMA);
    let mut file = TestFile {
        name,
        ..TestFile::default()
    };
    let mut variables = None;
    for block in &content.blocks {
        match &*block.kind {
            "run" => run(&mut file, block, &mut diags),
            "provider" => provider_block(&mut file, block, &mut diags),
            "variables" if once("variables", "test file", &mut variables, block, &mut diags) => {
                file.variables = assignments(block, &mut diags);
            }
            _ => {}
        }
    }
    (file, diags)
}

fn run(file: &mut TestFile, block: &Block, diags: &mut Diagnostics) {
    let Some(run) = test_run::decode(block, diags) else {
        return;
    };
    if let Some(earlier) = file.runs.iter().find(|r| r.name == run.name) {
        diags.push(
            Diagnostic::error(
                "Duplicate \"run\" block names",
                format!(
                    "There is a run named {} at {} already. Give one of the two another name.",
                    run.name, earlier.range
                ),
            )
            .at(run.range.clone()),
        );
        return;
    }
    file.runs.push(run);
}

fn provider_block(file: &mut TestFile, block: &Block, diags: &mut Diagnostics) {
    let mut alone = Module::default();
    provider::decode(&mut alone, block, diags);
    let Some((local, provider)) = alone.providers.pop() else {
        return;
    };
    if let Some(earlier) = file.providers.get(&local) {
        diags.push(
            Diagnostic::error(
                "Duplicate provider block",
                format!(
                    "There is a block for {local} at {} already. Give one of the two another alias.",
                    earlier.range
                ),
            )
            .at(block.def_range.clone()),
        );
        return;
    }
    file.providers.insert(local, provider);
}

/// Whether a block is the first of its kind; a further one is reported.
pub(super) fn once(
    kind: &str,
    within: &str,
    first: &mut Option<diags::SourceRange>,
    block: &Block,
    diags: &mut Diagnostics,
) -> bool {
    if let Some(first) = first {
        diags.push(
            Diagnostic::error(
                format!("Multiple {kind:?} blocks"),
                format!("A {within} can have only one {kind} block. There is one at {first}."),
            )
            .at(block.def_range.clone()),
        );
        return false;
    }
    *first = Some(block.def_range.clone());
    true
}

/// The arguments of a `variables` block.
pub(super) fn assignments(block: &Block, diags: &mut Diagnostics) -> IndexMap<Arc<str>, Attribute> {
    let (attributes, problems) = block.body.just_attributes();
    diags.append(problems);
    attributes
        .into_iter()
        .map(|a| (a.name.clone(), a))
        .collect()
}
