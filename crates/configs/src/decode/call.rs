//! `module` blocks.

use super::blocks::{duplicate, name, reserved, schema};
use super::lifecycle::depends_on;
use super::resource::repetition;
use super::{provider_name, statics};
use crate::early::{EarlySource, is_early};
use crate::{Module, ModuleCall, PassedProvider};
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Block, BodySchema, Content};
use std::sync::{Arc, LazyLock};

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "source!",
            "version",
            "count",
            "for_each",
            "depends_on",
            "providers",
        ],
        &["_", "lifecycle", "locals", "provider"],
    )
});

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let Some(name) = name("module instance", block, diags) else {
        return;
    };
    if let Some(earlier) = module.calls.get(&name) {
        return duplicate(
            "module call",
            &format!("A module call named {:?}", &*name),
            &earlier.range,
            block,
            diags,
        );
    }
    let (content, rest, problems) = block.body.partial_content(&SCHEMA);
    diags.append(problems);
    reserved(
        &content,
        &["lifecycle", "locals", "provider"],
        "module",
        diags,
    );
    let repetition = repetition(&content, diags);
    let depends_on = content
        .attribute("depends_on")
        .map(|a| depends_on(a, diags))
        .unwrap_or_default();
    let providers = content
        .attribute("providers")
        .map(|a| passed(a, diags))
        .unwrap_or_default();
    let (source, early) = match early_source(&content) {
        Some(early) => {
            let range = early.source.expr.range.clone();
            (Some(("".into(), range, None)), Some(early))
        }
        None => (source(&content, diags), None),
    };
    let Some((text, source_range, version)) = source else {
        return;
    };
    let body = match content.blocks_of("_").next() {
        Some(escaped) => super::merge::joined(&rest, &escaped.body),
        None => rest,
    };
    let (arguments, problems) = body.just_attributes();
    diags.append(problems);
    let call = ModuleCall {
        name: name.clone(),
        source: text,
        source_range,
        version,
        early,
        repetition,
        depends_on,
        providers,
        arguments: arguments.into_iter().map(|a| (a.name.clone(), a)).collect(),
        body,
        range: block.def_range.clone(),
        missing_range: content.missing_range,
    };
    module.calls.insert(name, call);
}

/// A source or a version that is written as an expression.
fn early_source(content: &Content) -> Option<EarlySource> {
    let source = content.attribute("source")?;
    let version = content.attribute("version");
    let expressions = [Some(source), version];
    let any = expressions.iter().flatten().any(|a| is_early(&a.expr));
    any.then(|| EarlySource {
        source: source.clone(),
        version: version.cloned(),
    })
}

pub(super) type Source = (Arc<str>, SourceRange, Option<(Arc<str>, SourceRange)>);

/// Where a module comes from, and which versions of it will do.
pub(super) fn source(content: &Content, diags: &mut Diagnostics) -> Option<Source> {
    let attribute = content.attribute("source")?;
    let text = statics::string(attribute, diags)?;
    let range = attribute.expr.range.clone();
    let version = match content.attribute("version") {
        Some(a) => Some((statics::version_constraint(a, diags)?, a.expr.range.clone())),
        None => None,
    };
    checked_source(text, range, version, diags)
}

/// Whether a source looks like one, and may have the version that it has.
pub(crate) fn checked_source(
    text: Arc<str>,
    range: SourceRange,
    version: Option<(Arc<str>, SourceRange)>,
    diags: &mut Diagnostics,
) -> Option<Source> {
    let kind = source_kind(&text);
    let problem = match (kind, &version) {
        (SourceKind::Registry, _) | (SourceKind::Local | SourceKind::Remote, None) => None,
        (_, Some(_)) => Some((
            "Invalid registry module source address",
            "Only modules from a registry have versions, and this is not the address of one, NAMESPACE/NAME/PROVIDER. \
             Correct the source or remove \"version\".",
        )),
        (SourceKind::Unknown, None) => Some((
            "Invalid module source address",
            "A module's source is a path that begins with \"./\" or \"../\", the address of a module in a registry, \
             NAMESPACE/NAME/PROVIDER, or the address of a repository or archive.",
        )),
    };
    if let Some((summary, detail)) = problem {
        diags.push(Diagnostic::error(summary, detail).at(range));
        return None;
    }
    Some((text, range, version))
}

/// What a source looks like.
#[derive(Clone, Copy)]
enum SourceKind {
    Local,
    Registry,
    Remote,
    Unknown,
}

fn source_kind(source: &str) -> SourceKind {
    let source = source.trim();
    let package = source.split("//").next().unwrap_or_default();
    let is_path = |prefix: &str| source.starts_with(prefix);
    if [".", ".."].contains(&source) || ["./", "../", ".\\", "..\\"].into_iter().any(is_path) {
        SourceKind::Local
    } else if ["://", "::", "@"]
        .into_iter()
        .any(|sign| source.contains(sign))
        || ["/", "github.com/", "bitbucket.org/"]
            .into_iter()
            .any(is_path)
    {
        SourceKind::Remote
    } else if is_registry(package) {
        SourceKind::Registry
    } else if source.contains(".amazonaws.com/") || source.contains("googleapis.com/") {
        SourceKind::Remote
    } else {
        SourceKind::Unknown
    }
}

/// `[HOST/]NAMESPACE/NAME/PROVIDER`
fn is_registry(package: &str) -> bool {
    let named = |part: &&str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
    };
    let parts: Vec<&str> = package.split('/').collect();
    match parts.as_slice() {
        [host, rest @ ..] if rest.len() == 3 => {
            (host.contains('.') || host.contains(':')) && rest.iter().all(named)
        }
        parts => parts.len() == 3 && parts.iter().all(named),
    }
}

/// Decodes `providers`.
pub(super) fn passed(attribute: &Attribute, diags: &mut Diagnostics) -> Vec<PassedProvider> {
    let Some(items) = attribute.expr.as_static_map() else {
        diags.push(
            Diagnostic::error(
                "Invalid expression",
                "A map of provider configurations that is written out is required here, such as { aws = aws.west }.",
            )
            .at(statics::start_range(&attribute.expr)),
        );
        return Vec::new();
    };
    let mut passed: Vec<PassedProvider> = Vec::with_capacity(items.len());
    for item in items {
        let child = key(&item.key, diags);
        let (Some(child), Some(parent)) = (child, provider_name::reference(&item.value, diags))
        else {
            continue;
        };
        let range = item.key.range.to(&item.value.range);
        if let Some(earlier) = passed.iter().find(|p| p.child == child) {
            diags.push(
                Diagnostic::error(
                    "Duplicate provider address",
                    format!(
                        "{child} gets a configuration at {} already, and can have only one.",
                        earlier.range
                    ),
                )
                .at(item.value.range.clone()),
            );
            continue;
        }
        passed.push(PassedProvider {
            child,
            parent,
            range,
            child_range: item.key.range.clone(),
            parent_range: item.value.range.clone(),
        });
    }
    passed
}

/// The name in the called module. A bare name is no reference in quotes, though it is a literal.
fn key(expr: &hcl::Expr, diags: &mut Diagnostics) -> Option<addrs::LocalProviderConfig> {
    let bare =
        |text: &Arc<str>| (expr.range.end.byte - expr.range.start.byte) as usize == text.len();
    match statics::literal_string(expr).filter(|text| bare(text)) {
        Some(name) => {
            provider_name::check(name, &expr.range, diags).then(|| addrs::LocalProviderConfig {
                name: name.clone(),
                alias: None,
            })
        }
        None => provider_name::reference(expr, diags),
    }
}
