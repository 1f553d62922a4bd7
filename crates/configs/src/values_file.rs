//! Values given to variables: files and single arguments.

use crate::Variable;
use cty::Value;
use diags::{Diagnostics, Pos, SourceRange};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Values by name, with where each was written.
pub type Values = BTreeMap<Arc<str>, (Value, Option<SourceRange>)>;

/// Reads the values of a `.tfvars` file, or of a `.tfvars.json` file.
pub fn parse_values(file_name: &str, text: &str) -> (Values, Diagnostics) {
    let (body, mut diags) = if file_name.ends_with(".json") {
        hcl::parse_json_values(file_name, text)
    } else {
        hcl::parse(file_name, text)
    };
    if diags.has_errors() {
        return (Values::new(), diags);
    }
    let (attributes, problems) = body.just_attributes();
    diags.append(problems);
    let mut values = Values::new();
    for attribute in attributes {
        if let Some(value) = crate::decode_static(&attribute.expr, &mut diags) {
            values.insert(attribute.name, (value, Some(attribute.range)));
        }
    }
    (values, diags)
}

/// Reads the text of `-var name=text` or `TF_VAR_name`: for a variable of a primitive type, or for
/// which none is written, the text itself; for others an expression.
pub fn parse_variable(
    variable: Option<&Variable>,
    origin: &str,
    text: &str,
) -> (Option<Value>, Diagnostics) {
    if variable.is_none_or(|v| !v.has_type || v.constraint.ty.is_primitive()) {
        return (Some(Value::string(text)), Diagnostics::new());
    }
    let (expr, mut diags) = hcl::parse_expression(
        origin,
        text,
        Pos {
            line: 1,
            column: 1,
            byte: 0,
        },
    );
    let value = expr.and_then(|expr| crate::decode_static(&expr, &mut diags));
    if diags.has_errors() {
        return (None, diags);
    }
    (value, diags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Loader, MemoryFiles};
    use expect_test::expect;
    use std::path::{Path, PathBuf};

    #[test]
    fn values_of_files() {
        let (native, diags) = parse_values("x.tfvars", "a = [1, \"b\"]\nc = { d = null }\n");
        assert!(diags.is_empty(), "{diags:?}");
        let (json, diags) = parse_values("x.tfvars.json", r#"{"a": [1, "b"], "c": {"d": null}}"#);
        assert!(diags.is_empty(), "{diags:?}");
        let values = |values: Values| {
            values
                .into_iter()
                .map(|(k, (v, _))| (k, v))
                .collect::<Vec<_>>()
        };
        assert_eq!(values(native), values(json));
        let (_, diags) = parse_values("x.tfvars", "a = var.b\nb {}\nc = max(1)\n");
        let all: String = diags
            .iter()
            .map(|d| format!("{:?} {}\n", d.subject, d.summary))
            .collect();
        expect![[r#"
            Some(x.tfvars:2,1-2) Unexpected "b" block
            Some(x.tfvars:1,5-8) Variables not allowed
            Some(x.tfvars:3,5-11) Function calls not allowed
        "#]]
        .assert_eq(&all);
    }

    #[test]
    fn values_of_arguments() {
        let text = "variable \"none\" {}\nvariable \"any\" { type = any }\nvariable \"n\" { type = number }\nvariable \"l\" { type = list(string) }\n";
        let files = MemoryFiles([(PathBuf::from("main.tf"), text.into())].into());
        let (config, _) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
        let mut all = String::new();
        for name in ["none", "any", "n", "l", "undeclared"] {
            let variable = config.module.variables.get(name);
            for text in ["[1]", "x"] {
                let (value, diags) = parse_variable(variable, "<value for var>", text);
                let summaries: Vec<&str> = diags.iter().map(|d| &*d.summary).collect();
                all.push_str(&format!("{name} {text}: {value:?} {summaries:?}\n"));
            }
        }
        expect![[r#"
            none [1]: Some("[1]") []
            none x: Some("x") []
            any [1]: Some([1]) []
            any x: None ["Variables not allowed"]
            n [1]: Some("[1]") []
            n x: Some("x") []
            l [1]: Some([1]) []
            l x: None ["Variables not allowed"]
            undeclared [1]: Some("[1]") []
            undeclared x: Some("x") []
        "#]]
        .assert_eq(&all);
    }
}
