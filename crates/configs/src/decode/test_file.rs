//! Test files: their outermost blocks.

use super::mock::MockBlock;
use super::{mock, provider, test_run};
use crate::{Module, TestFile};
use addrs::LocalProviderConfig;
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Block, BlockSchema, Body, BodySchema};
use indexmap::IndexMap;
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    let block = |kind: &str, labels: &[&str]| BlockSchema {
        kind: kind.into(),
        labels: labels.iter().map(|l| Arc::from(*l)).collect(),
    };
    let overrides = mock::OVERRIDES.map(|kind| block(kind, &[]));
    let mut schema = BodySchema {
        attributes: Vec::new(),
        blocks: vec![
            block("run", &["name"]),
            block("provider", &["name"]),
            block("mock_provider", &["name"]),
            block("variables", &[]),
        ],
    };
    schema.blocks.extend(overrides);
    schema
});

/// A test file, and its mocks, which may need further files.
pub(crate) struct Decoded {
    pub(crate) file: TestFile,
    pub(crate) mocks: Vec<MockBlock>,
}

/// Decodes a test file.
pub(crate) fn test_file(name: Arc<str>, body: &Body) -> (Decoded, Diagnostics) {
    let (content, mut diags) = body.content(&SCHEMA);
    let mut file = TestFile {
        name,
        ..TestFile::default()
    };
    let mut mocks: Vec<MockBlock> = Vec::new();
    let mut variables = None;
    for block in &content.blocks {
        match &*block.kind {
            "run" => run(&mut file, block, &mut diags),
            "provider" => provider_block(&mut file, &mocks, block, &mut diags),
            "mock_provider" => mock_block(&file, &mut mocks, block, &mut diags),
            kind if mock::OVERRIDES.contains(&kind) => {
                mock::over(&mut file.overrides, block, false, &mut diags);
            }
            "variables" if once("variables", "test file", &mut variables, block, &mut diags) => {
                file.variables = assignments(block, &mut diags);
            }
            _ => {}
        }
    }
    (Decoded { file, mocks }, diags)
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

fn mock_block(file: &TestFile, mocks: &mut Vec<MockBlock>, block: &Block, diags: &mut Diagnostics) {
    let Some(mock) = mock::provider(block, diags) else {
        return;
    };
    match earlier(file, mocks, &mock.local) {
        Some(earlier) => diags.push(duplicate(&mock.local, earlier, block)),
        None => mocks.push(mock),
    }
}

/// Where there is a block for a provider configuration already.
fn earlier<'a>(
    file: &'a TestFile,
    mocks: &'a [MockBlock],
    local: &LocalProviderConfig,
) -> Option<&'a SourceRange> {
    let mock = mocks.iter().find(|m| m.local == *local);
    let block = file.providers.get(local).map(|b| &b.range);
    block.or_else(|| mock.map(|m| &m.provider.range))
}

fn duplicate(local: &LocalProviderConfig, earlier: &SourceRange, block: &Block) -> Diagnostic {
    let detail = format!(
        "There is a block for {local} at {earlier} already. Give one of the two another alias."
    );
    Diagnostic::error("Duplicate provider block", detail).at(block.def_range.clone())
}

fn provider_block(
    file: &mut TestFile,
    mocks: &[MockBlock],
    block: &Block,
    diags: &mut Diagnostics,
) {
    let mut alone = Module::default();
    provider::decode(&mut alone, block, diags);
    let Some((local, provider)) = alone.providers.pop() else {
        return;
    };
    if let Some(earlier) = earlier(file, mocks, &local) {
        diags.push(duplicate(&local, earlier, block));
        return;
    }
    file.providers.insert(local, provider);
}

/// Whether a block is the first of its kind; a further one is reported.
pub(super) fn once(
    kind: &str,
    within: &str,
    first: &mut Option<SourceRange>,
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
