//! Names of providers and of their configurations.

use super::statics;
use addrs::LocalProviderConfig;
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Expr, TraversalStep};

/// Whether a module can call a provider so: letters in lower case, digits and dashes.
pub(super) fn check(name: &str, range: &SourceRange, diags: &mut Diagnostics) -> bool {
    let allowed = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || c == '-')
        && !name.starts_with('-')
        && !name.ends_with('-');
    let lower = name.to_lowercase();
    let detail = if !allowed {
        format!(
            "{name:?} cannot be the local name of a provider: only letters, digits and dashes can, with no dash at either end."
        )
    } else if lower != name {
        format!(
            "Names of providers are written in lower case: write {lower:?} instead of {name:?}."
        )
    } else {
        return true;
    };
    diags.push(Diagnostic::error("Invalid provider local name", detail).at(range.clone()));
    false
}

fn invalid(detail: &str, range: &SourceRange) -> Diagnostic {
    Diagnostic::error("Invalid provider configuration reference", detail).at(range.clone())
}

/// `aws` or `aws.west`, also in quotes as the language once had it.
pub(super) fn reference(expr: &Expr, diags: &mut Diagnostics) -> Option<LocalProviderConfig> {
    const EXPECTED: &str = "The local name of a provider is required here, and behind a dot the alias of a configuration if \
                            another than the default one is meant: aws or aws.west.";
    let config = if let Some(text) = statics::literal_string(expr) {
        statics::warn_quoted(expr, diags);
        let mut parts = text.split('.');
        match (parts.next(), parts.next(), parts.next()) {
            (Some(name), alias, None) => LocalProviderConfig {
                name: name.into(),
                alias: alias.map(Into::into),
            },
            _ => {
                diags.push(invalid(EXPECTED, &expr.range));
                return None;
            }
        }
    } else {
        let traversal = expr.as_traversal();
        match traversal.map(|t| (&t.root, t.steps.as_slice())) {
            Some((name, [])) => LocalProviderConfig {
                name: name.clone(),
                alias: None,
            },
            Some((name, [TraversalStep::Attr { name: alias, .. }])) => LocalProviderConfig {
                name: name.clone(),
                alias: Some(alias.clone()),
            },
            Some((_, [TraversalStep::Index { range, .. }])) => {
                diags.push(invalid(
                    "An alias stands behind a dot, aws.west: configurations of providers have no keys.",
                    range,
                ));
                return None;
            }
            _ => {
                diags.push(invalid(EXPECTED, &expr.range));
                return None;
            }
        }
    };
    check(&config.name, &expr.range, diags).then_some(config)
}
