//! `mock_provider` and `override_*` blocks of test files.

use super::blocks::schema;
use super::lifecycle;
use super::statics;
use crate::{MockProvider, Override, StandIn};
use addrs::{LocalProviderConfig, Mode, Target};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, Block, BlockSchema, Body, BodySchema, Content};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The blocks that stand in for something.
pub(super) const OVERRIDES: [&str; 3] = ["override_resource", "override_data", "override_module"];

const MOCKS: [&str; 2] = ["mock_resource", "mock_data"];

static PROVIDER: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(&["alias", "source", "override_during"], &OVERRIDES);
    schema.blocks.extend(mocks());
    schema
});

static FILE: LazyLock<BodySchema> = LazyLock::new(|| {
    let mut schema = schema(&[], &OVERRIDES);
    schema.blocks.extend(mocks());
    schema
});

static MOCK: LazyLock<BodySchema> = LazyLock::new(|| schema(&["defaults", "override_during"], &[]));

static OVERRIDE: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["target", "values", "override_during"], &[]));

static MODULE: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["target", "outputs", "override_during"], &[]));

fn mocks() -> impl Iterator<Item = BlockSchema> {
    MOCKS.into_iter().map(|kind| BlockSchema {
        kind: kind.into(),
        labels: vec!["type".into()],
    })
}

/// A `mock_provider` block before the files that it names are read.
pub(crate) struct MockBlock {
    pub(crate) local: LocalProviderConfig,
    pub(crate) provider: MockProvider,
    /// `source`: a directory with further mocks.
    pub(crate) source: Option<Arc<str>>,
    while_planning: bool,
}

/// Decodes a `mock_provider` block.
pub(super) fn provider(block: &Block, diags: &mut Diagnostics) -> Option<MockBlock> {
    let label = block.labels.first()?;
    let (content, problems) = block.body.content(&PROVIDER);
    diags.append(problems);
    let alias = content
        .attribute("alias")
        .and_then(|a| statics::string(a, diags));
    let source = content
        .attribute("source")
        .and_then(|a| statics::string(a, diags));
    let while_planning = during(&content, false, diags);
    let mut mock = MockBlock {
        local: LocalProviderConfig {
            name: label.value.clone(),
            alias,
        },
        provider: MockProvider {
            mocks: BTreeMap::new(),
            overrides: Vec::new(),
            range: block.def_range.clone(),
        },
        source,
        while_planning,
    };
    mock.add(&content, diags);
    Some(mock)
}

impl MockBlock {
    /// Adds what files of the directory say, where the block itself says nothing else.
    pub(crate) fn add_files(&mut self, bodies: &[Body], diags: &mut Diagnostics) {
        let mut more = Self {
            local: self.local.clone(),
            provider: MockProvider {
                mocks: BTreeMap::new(),
                overrides: Vec::new(),
                range: self.provider.range.clone(),
            },
            source: None,
            while_planning: self.while_planning,
        };
        for body in bodies {
            let (content, problems) = body.content(&FILE);
            diags.append(problems);
            more.add(&content, diags);
        }
        for (key, mock) in more.provider.mocks {
            self.provider.mocks.entry(key).or_insert(mock);
        }
        self.provider.overrides.extend(more.provider.overrides);
    }

    fn add(&mut self, content: &Content, diags: &mut Diagnostics) {
        for block in &content.blocks {
            match &*block.kind {
                "mock_resource" => self.mock(Mode::Managed, block, diags),
                "mock_data" => self.mock(Mode::Data, block, diags),
                _ => over(
                    &mut self.provider.overrides,
                    block,
                    self.while_planning,
                    diags,
                ),
            }
        }
    }

    fn mock(&mut self, mode: Mode, block: &Block, diags: &mut Diagnostics) {
        let Some(label) = block.labels.first() else {
            return;
        };
        let (content, problems) = block.body.content(&MOCK);
        diags.append(problems);
        let key = (mode, label.value.clone());
        if let Some(earlier) = self.provider.mocks.get(&key) {
            let detail = format!(
                "There is a {} block for {} at {} already.",
                block.kind, label.value, earlier.range
            );
            let summary = format!("Duplicate {} block", block.kind);
            diags.push(Diagnostic::error(summary, detail).at(block.def_range.clone()));
            return;
        }
        let defaults = content.attribute("defaults");
        let mock = StandIn {
            values: defaults.and_then(|a| object(a, block, diags)),
            while_planning: during(&content, self.while_planning, diags),
            range: block.def_range.clone(),
        };
        self.provider.mocks.insert(key, mock);
    }
}

/// Decodes an `override_*` block; `while_planning` is what counts if it says nothing else.
pub(super) fn over(
    all: &mut Vec<Override>,
    block: &Block,
    while_planning: bool,
    diags: &mut Diagnostics,
) {
    let is_module = &*block.kind == "override_module";
    let (schema, argument) = match is_module {
        true => (&MODULE, "outputs"),
        false => (&OVERRIDE, "values"),
    };
    let (content, problems) = block.body.content(schema);
    diags.append(problems);
    let values = content.attribute(argument);
    let given = StandIn {
        values: values.and_then(|a| object(a, block, diags)),
        while_planning: during(&content, while_planning, diags),
        range: block.def_range.clone(),
    };
    let Some(attribute) = content.attribute("target") else {
        diags.push(
            Diagnostic::error(
                "Missing target attribute",
                format!(
                    "The {} block says nothing of what it overrides: add target.",
                    block.kind
                ),
            )
            .at(block.def_range.clone()),
        );
        return;
    };
    let Some(target) = target(attribute, &block.kind, diags) else {
        return;
    };
    let key = |t: &Target| (matches!(t, Target::Module(_)), t.to_string());
    if let Some(earlier) = all.iter().find(|o| key(&o.target) == key(&target)) {
        diags.push(
            Diagnostic::error(
                format!("Duplicate {} block", block.kind),
                format!("{target} is overridden at {} already.", earlier.given.range),
            )
            .at(block.def_range.clone()),
        );
        return;
    }
    all.push(Override {
        target,
        given,
        target_range: attribute.expr.range.clone(),
    });
}

fn target(attribute: &Attribute, kind: &str, diags: &mut Diagnostics) -> Option<Target> {
    let expr = &attribute.expr;
    let Some(traversal) = expr.as_traversal() else {
        diags.push(lifecycle::not_static(expr));
        return None;
    };
    let target = match Target::parse(&traversal.to_string()) {
        Ok(target) => target,
        Err(problem) => {
            diags.push(
                Diagnostic::error("Invalid address", format!("This is no address: {problem}."))
                    .at(expr.range.clone()),
            );
            return None;
        }
    };
    let (fits, what) = match (&target, kind) {
        (Target::Module(_), "override_module") => (true, "modules"),
        (Target::Resource { resource, .. }, "override_resource") => {
            (resource.mode == Mode::Managed, "resources")
        }
        (Target::Resource { resource, .. }, "override_data") => {
            (resource.mode == Mode::Data, "data sources")
        }
        (_, "override_module") => (false, "modules"),
        (_, "override_data") => (false, "data sources"),
        _ => (false, "resources"),
    };
    if fits {
        return Some(target);
    }
    diags.push(
        Diagnostic::error(
            "Invalid override target",
            format!("Blocks of type {kind} are about {what}, which {target} is not."),
        )
        .at(expr.range.clone()),
    );
    None
}

/// `override_during`
fn during(content: &Content, otherwise: bool, diags: &mut Diagnostics) -> bool {
    let Some(attribute) = content.attribute("override_during") else {
        return otherwise;
    };
    match attribute.expr.as_keyword() {
        Some("plan") => true,
        Some("apply") => false,
        _ => {
            diags.push(
                Diagnostic::error(
                    "Invalid override_during value",
                    "The argument override_during takes one of these words, without quotes: plan or apply.",
                )
                .at(attribute.expr.range.clone()),
            );
            otherwise
        }
    }
}

/// A literal object.
fn object(attribute: &Attribute, block: &Block, diags: &mut Diagnostics) -> Option<Value> {
    let value = statics::value(&attribute.expr, diags)?;
    let is_object = value.ty().as_object().is_some() && !value.is_null();
    if !is_object && &*attribute.name != "defaults" {
        diags.push(
            Diagnostic::error(
                format!("Invalid {} attribute", attribute.name),
                format!(
                    "The argument {} of {} blocks is an object.",
                    attribute.name, block.kind
                ),
            )
            .at(attribute.range.clone()),
        );
    }
    is_object.then_some(value)
}
