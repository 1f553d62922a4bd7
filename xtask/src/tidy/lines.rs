//! Sizes and manners of single files.

use std::sync::LazyLock;

use regex::Regex;

/// Lines of code from which a file must say why it is long.
const LONG: usize = 500;

/// Lines of code that no file may exceed.
const TOO_LONG: usize = 1_000;

/// Lines that no function may exceed.
const LONG_FUNCTION: usize = 100;

/// How a file says why it is long.
const REASON: &str = "// tidy: long file: ";

static FUNCTION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"^( *)(?:pub(?:\([a-z ]+\))? )?(?:(?:const|async|unsafe|extern "C") )*fn (\w+)"#)
        .expect("a pattern")
});

/// Returns what is wrong with one file; its path decides which rules hold.
pub(super) fn problems(path: &str, text: &str) -> Vec<String> {
    let is_rust = path.ends_with(".rs");
    let is_tests = path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests");
    let code = match (is_rust, is_tests) {
        // What a test expects, spaces and all, is not ours to trim.
        (true, true) => return Vec::new(),
        (true, false) => without_tests(text),
        (false, _) => (1..).zip(text.lines()).collect(),
    };
    let mut problems = Vec::new();
    for (number, line) in &code {
        if line.ends_with([' ', '\t']) {
            problems.push(format!("{path}:{number}: space at the end of the line"));
        }
    }
    if !is_rust {
        return problems;
    }
    let first = text
        .lines()
        .find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
    if !first.is_some_and(|line| line.starts_with("//!")) {
        problems.push(format!(
            "{path}:1: a module starts with //! and says what it is for"
        ));
    }
    let size = code.iter().filter(|(_, line)| is_code(line)).count();
    if size > TOO_LONG {
        problems.push(format!(
            "{path}:1: {size} lines of code; no file has more than {TOO_LONG}"
        ));
    } else if size > LONG && !text.contains(REASON) {
        problems.push(format!(
            "{path}:1: {size} lines of code; above {LONG}, split it or say why: `{REASON}…`"
        ));
    }
    for (number, name, length) in functions(&code) {
        if length > LONG_FUNCTION {
            problems.push(format!(
                "{path}:{number}: {name} has {length} lines; no function has more than {LONG_FUNCTION}"
            ));
        }
    }
    problems
}

fn is_code(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with("//")
}

/// Returns the numbered lines outside inline test modules.
fn without_tests(text: &str) -> Vec<(usize, &str)> {
    let mut kept = Vec::new();
    let mut lines = (1..).zip(text.lines()).peekable();
    while let Some((number, line)) = lines.next() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let opens = |line: &str| {
            let line = line.trim_start_matches("pub(crate) ").trim_start();
            line.starts_with("mod ") && line.ends_with('{')
        };
        if line.trim() == "#[cfg(test)]" && lines.peek().is_some_and(|(_, next)| opens(next)) {
            let end = format!("{indent}}}");
            while lines.next().is_some_and(|(_, line)| line != end) {}
        } else {
            kept.push((number, line));
        }
    }
    kept
}

/// Finds functions with their first line's number, name and length.
///
/// Leans on rustfmt: a function ends at the first closing brace in the column where it began.
fn functions(code: &[(usize, &str)]) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    for (at, (number, line)) in code.iter().enumerate() {
        let Some(head) = FUNCTION.captures(line) else {
            continue;
        };
        if line.ends_with(';') || line.ends_with('}') {
            continue;
        }
        let (end, no_body) = (format!("{}}}", &head[1]), format!("{})", &head[1]));
        for (last, line) in &code[at + 1..] {
            if line.starts_with(&no_body) && line.ends_with(';') {
                break;
            }
            if *line == end {
                found.push((*number, head[2].to_owned(), last - number + 1));
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manners() {
        let text = "use x;\nfn a() {} \n";
        assert_eq!(
            problems("crates/x/src/a.rs", text),
            [
                "crates/x/src/a.rs:2: space at the end of the line",
                "crates/x/src/a.rs:1: a module starts with //! and says what it is for",
            ]
        );
        assert_eq!(
            problems("README.md", "a\t\n"),
            ["README.md:1: space at the end of the line"]
        );
        assert_eq!(problems("crates/x/tests/it/a.rs", "fn a() {}\n").len(), 0);
    }

    #[test]
    fn long_files_need_a_reason_and_longer_ones_cannot_have_one() {
        let file = |lines: usize, reason: &str| {
            format!(
                "//! A.\n{reason}\n{}#[cfg(test)]\nmod tests {{\n{}}}\n",
                "x();\n".repeat(lines),
                "y();\n".repeat(900)
            )
        };
        let reason = format!("{REASON}a table");
        let count = |text: String| problems("a.rs", &text).len();
        assert_eq!(count(file(500, "")), 0);
        assert_eq!(count(file(501, "")), 1);
        assert_eq!(count(file(501, &reason)), 0);
        assert_eq!(count(file(1001, &reason)), 1);
    }

    #[test]
    fn long_functions() {
        let text = format!(
            "//! A.\nimpl A {{\n    pub(crate) async fn long(\n        &self,\n    ) {{\n{}    }}\n\n    fn none(\n    );\n}}\n",
            "        x();\n".repeat(96)
        );
        assert_eq!(problems("a.rs", &text), [] as [&str; 0]);
        let text = text.replacen("x();", "x();\n        y();", 1);
        assert_eq!(
            problems("a.rs", &text),
            ["a.rs:3: long has 101 lines; no function has more than 100"]
        );
    }
}
