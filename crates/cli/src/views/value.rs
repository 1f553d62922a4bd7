//! Values as the language writes them.

use cty::{Type, Value};

/// A value over several lines, as `output` and `console` show it.
pub(crate) fn render(value: &Value) -> String {
    at(value, 0)
}

fn at(value: &Value, depth: usize) -> String {
    if value.marks().is_sensitive() {
        return "(sensitive value)".to_owned();
    }
    if value.marks().is_ephemeral() {
        return "(ephemeral value)".to_owned();
    }
    if !value.is_known() {
        return "(known after apply)".to_owned();
    }
    if value.is_null() {
        return null(value.ty());
    }
    if let Some(b) = value.as_bool() {
        return b.to_string();
    }
    if let Some(n) = value.as_number() {
        return n.to_string();
    }
    if let Some(text) = value.as_str() {
        return string(text, depth);
    }
    let (open, close) = match value.ty() {
        Type::List(_) => ("tolist([", "])"),
        Type::Set(_) => ("toset([", "])"),
        Type::Map(_) => ("tomap({", "})"),
        Type::Object(_) => ("{", "}"),
        _ => ("[", "]"),
    };
    if value.is_empty() {
        return format!("{open}{close}");
    }
    let keyed = matches!(value.ty(), Type::Map(_) | Type::Object(_));
    let indent = "  ".repeat(depth + 1);
    let mut out = format!("{open}\n");
    for (key, part) in value.elements() {
        let text = at(part, depth + 1);
        match key.as_str().filter(|_| keyed) {
            Some(key) => out.push_str(&format!("{indent}{} = {text}\n", cty::quoted(key))),
            None => out.push_str(&format!("{indent}{text},\n")),
        }
    }
    format!("{out}{}{close}", "  ".repeat(depth))
}

fn null(ty: &Type) -> String {
    match ty {
        Type::Bool => "tobool(null)".to_owned(),
        Type::Number => "tonumber(null)".to_owned(),
        Type::String => "tostring(null)".to_owned(),
        Type::List(element) => format!("tolist(null) /* of {} */", element.friendly_name()),
        Type::Set(element) => format!("toset(null) /* of {} */", element.friendly_name()),
        Type::Map(element) => format!("tomap(null) /* of {} */", element.friendly_name()),
        Type::Object(_) => "null /* object */".to_owned(),
        Type::Tuple(_) => "null /* tuple */".to_owned(),
        Type::Dynamic => "null".to_owned(),
    }
}

/// A quoted literal, or a heredoc if there are several lines.
fn string(text: &str, depth: usize) -> String {
    let printable = !text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'));
    if !text.contains('\n') || !printable {
        return cty::quoted(text);
    }
    // A mark that is in none of the lines.
    let mut mark = "EOT".to_owned();
    while text.lines().any(|line| line.trim() == mark) {
        mark.push('_');
    }
    let indent = "  ".repeat(depth);
    let open = if depth == 0 { "<<" } else { "<<-" };
    let lines = text.split('\n');
    let lines: String = lines.map(|line| format!("{indent}{line}\n")).collect();
    format!("{open}{mark}\n{lines}{indent}{mark}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn values_are_written_as_the_language_does() {
        let value = Value::object([
            (
                "list",
                Value::list(Type::String, vec![Value::string("a\"${x}")]),
            ),
            ("map", Value::map(Type::Number, [("k", Value::number(1))])),
            ("null", Value::null(Type::String)),
            (
                "secret",
                Value::string("s").with_marks(cty::Marks::SENSITIVE),
            ),
            ("set", Value::set(Type::Bool, vec![Value::bool(true)])),
            ("text", Value::string("one\ntwo\nthree\n")),
            ("tuple", Value::tuple(vec![])),
        ]);
        expect![[r#"
            {
              "list" = tolist([
                "a\"${x}",
              ])
              "map" = tomap({
                "k" = 1
              })
              "null" = tostring(null)
              "secret" = (sensitive value)
              "set" = toset([
                true,
              ])
              "text" = <<-EOT
              one
              two
              three
              
              EOT
              "tuple" = []
            }"#]]
        .assert_eq(&render(&value));
    }
}
