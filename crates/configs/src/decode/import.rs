//! `import` blocks.

use super::blocks::schema;
use super::provider_name;
use crate::{Import, Module};
use addrs::{InstanceKey, Mode, MoveEndpoint};
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BodySchema, Expr, ExprKind, Traversal, TraversalStep};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> =
    LazyLock::new(|| schema(&["to!", "id!", "for_each", "provider"], &[]));

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let provider = content.attribute("provider").and_then(|a| {
        let config = provider_name::reference(&a.expr, diags)?;
        Some((config, a.range.clone()))
    });
    let Some(to) = content.attribute("to") else {
        return;
    };
    let for_each = content.attribute("for_each").map(|a| a.expr.clone());
    if let Some(problem) = unknown_key(&to.expr, for_each.is_some()) {
        return diags.push(problem);
    }
    let block_of = match target(&to.expr) {
        Ok(block_of) => block_of,
        Err(problem) => return diags.push(*problem),
    };
    let MoveEndpoint::Resource {
        module: path,
        resource,
        ..
    } = block_of
    else {
        return diags.push(
            Diagnostic::error(
                "Invalid address",
                "Only an instance of a resource can be imported, not a module.",
            )
            .at(to.expr.range.clone()),
        );
    };
    if resource.mode != Mode::Managed {
        return diags.push(
            Diagnostic::error(
                "Invalid import address",
                "Only what a resource block manages can be imported, not what a data or ephemeral block reads.",
            )
            .at(to.range.clone()),
        );
    }
    let Some(id) = content.attribute("id") else {
        return;
    };
    let same = |import: &&Import| {
        let written = |expr: &Expr| expr.as_traversal().map(ToString::to_string);
        written(&import.to).is_some_and(|address| written(&to.expr) == Some(address))
    };
    if let Some(earlier) = module.imports.iter().find(same) {
        let address = to
            .expr
            .as_traversal()
            .map_or_else(String::new, ToString::to_string);
        return diags.push(
            Diagnostic::error(
                format!("Duplicate import configuration for {address:?}"),
                format!("An object is imported there already, at {}.", earlier.range),
            )
            .at(to.expr.range.clone()),
        );
    }
    module.imports.push(Import {
        to: to.expr.code().clone(),
        resource: addrs::ConfigResource {
            module: path.module(),
            resource,
        },
        id: id.expr.clone(),
        for_each,
        provider,
        range: block.def_range.clone(),
    });
}

/// A key in the address that cannot be told: without `for_each` keys are literals, with it they may be made
/// from what it gives.
fn unknown_key(to: &Expr, repeated: bool) -> Option<Diagnostic> {
    let ExprKind::Traversal(traversal) = &*to.code().kind else {
        return None;
    };
    for step in &traversal.steps {
        let TraversalStep::Index { key, .. } = step else {
            continue;
        };
        if key.as_literal().is_some() {
            continue;
        }
        if !repeated {
            let detail = "Without for_each the keys in the address of the imported instance must be literal strings or numbers.";
            return Some(Diagnostic::error("Invalid expression", detail).at(to.range.clone()));
        }
        if let Some(other) = key.traversals().into_iter().find(|t| &*t.root != "each") {
            let detail = format!(
                "There is no variable {:?} here: keys in the address of the imported instance can be made only from each.key and \
                 each.value.",
                &*other.root
            );
            return Some(Diagnostic::error("Unknown variable", detail).at(to.range.clone()));
        }
    }
    None
}

/// Those that are for objects of the module that have no block (yet).
pub(super) fn without_block(module: &Module) -> impl Iterator<Item = &Import> {
    module.imports.iter().filter(|i| {
        i.resource.module.is_root() && !module.resources.contains_key(&i.resource.resource)
    })
}

/// A resource that is declared says itself which provider it has.
pub(super) fn check_providers(module: &Module, diags: &mut Diagnostics) {
    for import in &module.imports {
        let declared = import.resource.module.is_root()
            && module.resources.contains_key(&import.resource.resource);
        if let (true, Some((_, range))) = (declared, &import.provider) {
            diags.push(
                Diagnostic::error(
                    "Invalid import provider argument",
                    "The resource is declared and says itself which provider configuration it has: leave the argument out here.",
                )
                .at(range.clone()),
            );
        }
    }
}

/// The address with all keys that are yet to be evaluated left out.
fn target(expr: &Expr) -> Result<MoveEndpoint, Box<Diagnostic>> {
    let ExprKind::Traversal(traversal) = &*expr.code().kind else {
        return Err(Box::new(
            Diagnostic::error(
                "Invalid expression",
                "The address of an instance of a resource is required here.",
            )
            .at(expr.range.clone()),
        ));
    };
    let steps = traversal.steps.iter().filter(|step| match step {
        TraversalStep::Attr { .. } => true,
        TraversalStep::Index { key, .. } => key
            .as_literal()
            .is_some_and(|key| InstanceKey::from_value(key).is_none()),
    });
    MoveEndpoint::from_traversal(&Traversal {
        root: traversal.root.clone(),
        root_range: traversal.root_range.clone(),
        steps: steps.cloned().collect(),
        resolved: Default::default(),
    })
}
