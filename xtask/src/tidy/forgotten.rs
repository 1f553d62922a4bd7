//! Source files that no module declares: never compiled, so tests in them never run.

use std::collections::BTreeMap;

/// Returns every Rust file that its parent module does not declare.
pub(super) fn problems(sources: &[(String, String)]) -> Vec<String> {
    let texts: BTreeMap<&str, &str> = sources
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let rust = sources
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.ends_with(".rs"));
    rust.filter(|path| !is_root(path) && !is_declared(path, &texts))
        .map(|path| format!("{path}:1: no module declares this file, so nothing in it is compiled"))
        .collect()
}

/// Tells whether cargo itself finds the file.
fn is_root(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(
        parts.as_slice(),
        [.., "build.rs"]
            | [.., "src", "lib.rs" | "main.rs"]
            | [.., "tests" | "examples" | "benches" | "bin", _]
            | [.., "tests" | "examples" | "benches" | "bin", _, "main.rs"]
    )
}

fn is_declared(path: &str, texts: &BTreeMap<&str, &str>) -> bool {
    let Some((dir, file)) = path.rsplit_once('/') else {
        return true;
    };
    let name = file.trim_end_matches(".rs");
    let parents = [
        format!("{dir}.rs"),
        format!("{dir}/lib.rs"),
        format!("{dir}/main.rs"),
    ];
    parents
        .iter()
        .filter_map(|parent| texts.get(parent.as_str()))
        .any(|text| {
            text.lines().any(|line| {
                let line = line.trim().trim_end_matches(';');
                line.strip_suffix(name).is_some_and(|start| {
                    start == "mod " || (start.starts_with("pub") && start.ends_with(" mod "))
                }) || line.starts_with("#[path") && line.contains(file)
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_declared_or_a_root() {
        let files = [
            ("crates/a/src/lib.rs", "pub mod b;\nmod c;\n"),
            ("crates/a/src/b.rs", "#[cfg(test)]\nmod tests;\n"),
            ("crates/a/src/b/tests.rs", ""),
            ("crates/a/src/c.rs", "pub(crate) mod d;"),
            ("crates/a/src/c/d.rs", ""),
            ("crates/a/src/c/lost.rs", ""),
            ("crates/a/tests/it/main.rs", "mod here;"),
            ("crates/a/tests/it/here.rs", ""),
            ("crates/a/tests/it/there.rs", "// where"),
            ("crates/a/tests/other.rs", ""),
        ];
        let sources: Vec<_> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
            .collect();
        assert_eq!(
            problems(&sources),
            ["crates/a/src/c/lost.rs", "crates/a/tests/it/there.rs"].map(|path| format!(
                "{path}:1: no module declares this file, so nothing in it is compiled"
            ))
        );
    }
}
