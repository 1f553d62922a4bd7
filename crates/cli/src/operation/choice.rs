//! What a plan is limited to: `-target`, `-exclude` and their files.

use addrs::Target;
use diags::{Diagnostic, Diagnostics};
use std::path::{Path, PathBuf};

/// The addresses of an option and of the files of its other form.
pub(super) fn addresses(
    option: &str,
    given: &[String],
    files: &[PathBuf],
    diags: &mut Diagnostics,
) -> Vec<Target> {
    let mut out = Vec::new();
    for text in given {
        match Target::parse(text) {
            Ok(target) => out.push(target),
            Err(e) => diags.push(Diagnostic::error(
                format!("Invalid {option} {text:?}"),
                format!("{text:?} is not an address: {e}."),
            )),
        }
    }
    for path in files {
        match std::fs::read_to_string(path) {
            Ok(text) => out.extend(listed(option, path, &text, diags)),
            Err(e) => diags.push(Diagnostic::error(
                format!("Failed to read {option} file"),
                format!(
                    "The file {} of -{option}-file could not be read: {e}.",
                    path.display()
                ),
            )),
        }
    }
    out
}

/// One address per line; empty lines and those that begin with `#` count for nothing.
fn listed(option: &str, path: &Path, text: &str, diags: &mut Diagnostics) -> Vec<Target> {
    let mut out = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match Target::parse(line) {
            Ok(target) => out.push(target),
            Err(e) => diags.push(Diagnostic::error(
                format!("Invalid {option} {line:?}"),
                format!(
                    "Line {number} of {}: {line:?} is not an address: {e}.",
                    path.display()
                ),
            )),
        }
    }
    out
}

/// The two are not for one plan.
pub(super) fn both() -> Diagnostic {
    Diagnostic::error(
        "Invalid combination of arguments",
        "The -target and -exclude options cannot be used together: the one says what is planned, the other what is not. Use only \
         one of them.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_file_has_one_address_per_line() {
        let mut diags = Diagnostics::new();
        let text = "# all of it\nmodule.a\n\n  terraform_data.b[\"k\"]\r\nnothing\n";
        let found = listed("exclude", Path::new("list"), text, &mut diags);
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, ["module.a", "terraform_data.b[\"k\"]"]);
        let said: String = diags
            .iter()
            .map(|d| format!("{}: {}\n", d.summary, d.detail))
            .collect();
        expect![[r#"
            Invalid exclude "nothing": Line 5 of list: "nothing" is not an address: expected `.` and a name after "nothing".
        "#]].assert_eq(&said);
    }
}
