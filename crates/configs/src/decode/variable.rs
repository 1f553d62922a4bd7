//! `variable` blocks.

use super::blocks::{duplicate, name, schema};
use super::lifecycle::check_rules;
use super::statics;
use crate::{Module, TypeConstraint, Variable, types};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Block, BodySchema};
use std::sync::LazyLock;

static SCHEMA: LazyLock<BodySchema> = LazyLock::new(|| {
    schema(
        &[
            "description",
            "default",
            "type",
            "sensitive",
            "ephemeral",
            "nullable",
        ],
        &["validation"],
    )
});

const RESERVED: [&str; 8] = [
    "source",
    "version",
    "providers",
    "count",
    "for_each",
    "lifecycle",
    "depends_on",
    "locals",
];

pub(super) fn decode(module: &mut Module, block: &Block, diags: &mut Diagnostics) {
    let (content, problems) = block.body.content(&SCHEMA);
    diags.append(problems);
    let Some(name) = name("variable", block, diags) else {
        return;
    };
    if RESERVED.contains(&&*name) {
        diags.push(
            Diagnostic::error(
                "Invalid variable name",
                format!("{:?} cannot be the name of a variable: it has a meaning of its own in module blocks.", &*name),
            )
            .at(block.labels[0].range.clone()),
        );
        return;
    }
    if let Some(earlier) = module.variables.get(&name) {
        return duplicate(
            "variable declaration",
            &format!("A variable named {:?}", &*name),
            &earlier.range,
            block,
            diags,
        );
    }
    let constraint = match content.attribute("type") {
        Some(attribute) => types::constraint(&attribute.expr, diags),
        None => TypeConstraint::any(),
    };
    let mut bool = |argument: &str| {
        content
            .attribute(argument)
            .and_then(|a| statics::bool(a, diags))
    };
    let sensitive = bool("sensitive").unwrap_or(false);
    let ephemeral = bool("ephemeral").unwrap_or(false);
    let nullable = bool("nullable").unwrap_or(true);
    let description = content
        .attribute("description")
        .and_then(|a| statics::string(a, diags));
    let default = content.attribute("default").and_then(|a| {
        let value = statics::value(&a.expr, diags)?;
        default_value(&constraint, value, nullable, a, diags)
    });
    let validations = check_rules("validation", &content, None, diags);
    for rule in &validations {
        let own = |t: &&hcl::Traversal| {
            &*t.root == "var"
                && matches!(t.steps.first(), Some(hcl::TraversalStep::Attr { name: n, .. }) if *n == name)
        };
        if !rule.condition.traversals().iter().any(own) {
            diags.push(
                Diagnostic::error(
                    "Invalid variable validation condition",
                    format!("The condition of a rule of variable {:?} must refer to var.{}, the value that it checks.", &*name, name),
                )
                .at(rule.condition.range.clone()),
            );
        }
    }
    let range = block.def_range.clone();
    let variable = Variable {
        name: name.clone(),
        description,
        constraint,
        has_type: content.attribute("type").is_some(),
        default,
        sensitive,
        ephemeral,
        nullable,
        validations,
        range,
    };
    module.variables.insert(name, variable);
}

fn default_value(
    constraint: &TypeConstraint,
    value: Value,
    nullable: bool,
    attribute: &hcl::Attribute,
    diags: &mut Diagnostics,
) -> Option<Value> {
    let invalid = |detail: String| {
        Diagnostic::error("Invalid default value for variable", detail)
            .at(attribute.expr.range.clone())
    };
    if value.is_null() && !nullable {
        diags.push(invalid(
            "The default cannot be null, because nullable is false.".into(),
        ));
        return None;
    }
    match constraint.apply(&value) {
        Ok(value) => Some(value),
        Err(e) => {
            let detail = format!(
                "The default does not fit the variable's type: {}.",
                crate::types::convert_error(&e)
            );
            diags.push(invalid(detail));
            None
        }
    }
}
