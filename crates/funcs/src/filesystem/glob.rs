//! Files by pattern.

use super::path::clean;
use globset::{GlobBuilder, GlobMatcher};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The regular files below `dir` whose path from there matches, with slashes between the parts.
pub(super) fn find(dir: &Path, pattern: &str) -> Result<Vec<String>, String> {
    let pattern = clean(pattern);
    let parts: Vec<&str> = pattern.split('/').collect();
    // The parts without special characters need no search.
    let fixed = parts
        .iter()
        .take_while(|p| !p.contains(['*', '?', '[', '{', '\\']))
        .count();
    if fixed == parts.len() {
        return Ok(if dir.join(&pattern).is_file() {
            vec![pattern]
        } else {
            Vec::new()
        });
    }
    let start = parts[..fixed].join("/");
    let search = Search {
        matcher: matcher(&parts[fixed..].join("/"), &pattern)?,
        depth: if pattern.contains("**") {
            usize::MAX
        } else {
            parts.len() - fixed
        },
    };
    let mut found = search.run(&dir.join(&start));
    if !start.is_empty() {
        for path in &mut found {
            *path = format!("{start}/{path}");
        }
    }
    Ok(found)
}

fn matcher(rest: &str, pattern: &str) -> Result<GlobMatcher, String> {
    GlobBuilder::new(&classes(rest))
        .literal_separator(true)
        .backslash_escape(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|e| format!("the pattern {pattern:?} is not valid: {}", e.kind()))
}

/// Only `^` excludes the characters of a class; `!` is a character like others.
fn classes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some(at) = rest.find(['[', '\\']) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        let length = special.chars().take(2).map(char::len_utf8).sum();
        rest = &special[length..];
        match (&special[..length], rest.find(']')) {
            ("[^", _) => out.push_str("[!"),
            ("[!", Some(end)) if end > 0 => {
                out.push_str(&format!("[{}!]", &rest[..end]));
                rest = &rest[end + 1..];
            }
            (other, _) => out.push_str(other),
        }
    }
    out + rest
}

struct Search {
    matcher: GlobMatcher,
    /// How many parts a matching path can have.
    depth: usize,
}

impl Search {
    /// What cannot be read is not there.
    fn run(&self, start: &Path) -> Vec<String> {
        let mut found = Vec::new();
        let mut visited: BTreeSet<PathBuf> = BTreeSet::new();
        let mut open: Vec<(PathBuf, String, usize)> = vec![(start.to_owned(), String::new(), 1)];
        while let Some((dir, prefix, depth)) = open.pop() {
            // A link can lead back up.
            if !dir.canonicalize().is_ok_and(|real| visited.insert(real)) {
                continue;
            }
            let Ok(entries) = std::fs::read_dir(&dir) else {
                continue;
            };
            for entry in entries.flatten() {
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let path = format!("{prefix}{name}");
                let Ok(kind) = std::fs::metadata(entry.path()) else {
                    continue;
                };
                if kind.is_dir() && depth < self.depth {
                    open.push((entry.path(), format!("{path}/"), depth + 1));
                } else if kind.is_file() && self.matcher.is_match(&path) {
                    found.push(path);
                }
            }
        }
        found.sort();
        found
    }
}
