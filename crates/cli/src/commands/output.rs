//! `groma output`

use super::Outcome;
use crate::workdir::{StateArgs, Workdir};
use diags::Diagnostic;
use states::OutputValue;

/// Show output values from your root module.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only this output
    name: Option<String>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// A string, number or bool without quotes
    #[arg(long)]
    raw: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let (config, _) = workdir.load_config();
    let session = workdir.open_state(Some(&config), &args.state, None)?;
    let outputs = &session.file().state.outputs;
    let Some(name) = &args.name else {
        if args.json {
            let all: Vec<String> = outputs
                .iter()
                .map(|(name, o)| format!("{}: {}", quoted(name), document(o)))
                .collect();
            workdir.ui.line(&pretty(&format!("{{{}}}", all.join(","))));
            return Ok(0);
        }
        if outputs.is_empty() {
            workdir.ui.diagnostics(
                &Diagnostic::warning(
                    "No outputs found",
                    "The state file either has no outputs defined, or all the defined outputs are empty. Please define an output in \
                     your configuration with the \"output\" keyword and run \"groma refresh\" for it to become available.",
                )
                .into(),
            );
        }
        for (name, output) in outputs {
            let value = if output.sensitive {
                "<sensitive>".to_owned()
            } else {
                crate::views::value::render(&output.value)
            };
            workdir.ui.line(&format!("{name} = {value}"));
        }
        return Ok(0);
    };
    let Some(output) = outputs.get(name.as_str()) else {
        return Err(Diagnostic::error(
            format!("Output {name:?} not found"),
            "The output variable requested could not be found in the state file. If you recently added this to your configuration, be \
             sure to run \"groma apply\", since the state won't be updated with new output variables until that command is run.",
        )
        .into());
    };
    if args.json {
        workdir.ui.line(&pretty(
            &cty::json::encode_simple(&output.value).unwrap_or_else(|_| "null".into()),
        ));
    } else if args.raw {
        let text = cty::convert(&output.value, &cty::Type::String)
            .ok()
            .and_then(|v| v.as_str().cloned());
        match text {
            Some(text) => workdir.ui.out(&text),
            None => {
                return Err(Diagnostic::error(
                    "Unsupported value for raw output",
                    format!("The -raw option only supports strings, numbers, and boolean values, but output value {name:?} is {}.", output.value.ty().friendly_name()),
                )
                .into());
            }
        }
    } else {
        workdir.ui.line(&crate::views::value::render(&output.value));
    }
    Ok(0)
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    cty::json::write_string(text, &mut out);
    out
}

fn document(output: &OutputValue) -> String {
    let value = cty::json::encode_simple(&output.value).unwrap_or_else(|_| "null".into());
    format!(
        "{{\"sensitive\":{},\"type\":{},\"value\":{value}}}",
        output.sensitive,
        output.value.ty().to_json()
    )
}

/// JSON text, indented. Numbers stay as they are written.
fn pretty(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0;
    let mut in_string = false;
    let mut chars = json.chars().peekable();
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(c) = chars.next() {
        match c {
            _ if in_string => {
                out.push(c);
                match c {
                    '\\' => out.extend(chars.next()),
                    '"' => in_string = false,
                    _ => {}
                }
            }
            '"' => {
                in_string = true;
                out.push(c);
            }
            '{' | '[' => {
                out.push(c);
                if let Some(close @ ('}' | ']')) = chars.peek().copied() {
                    chars.next();
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indenting_keeps_every_digit() {
        let text = r#"{"a":[1e400,{"b":"x, \\\" {"}],"c":{},"d":[]}"#;
        expect_test::expect![[r#"
            {
              "a": [
                1e400,
                {
                  "b": "x, \\\" {"
                }
              ],
              "c": {},
              "d": []
            }"#]]
        .assert_eq(&pretty(text));
    }
}
