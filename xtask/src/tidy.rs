//! `cargo xtask tidy`: the house rules of ARCHITECTURE.md that a compiler does not check.
//!
//! Arrows between the crates only go down; files, functions and modules stay readable; no test is
//! written and then never run.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

mod arrows;
mod forgotten;
mod lines;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Checks the whole workspace and prints each broken rule with its place.
pub(crate) fn tidy() -> ExitCode {
    match problems() {
        Ok(problems) if problems.is_empty() => {
            println!("tidy: ok");
            ExitCode::SUCCESS
        }
        Ok(problems) => {
            for problem in &problems {
                println!("{problem}");
            }
            eprintln!("tidy: {} problems", problems.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("tidy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn problems() -> io::Result<Vec<String>> {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .components()
        .collect();
    let root = root.canonicalize()?;
    let mut problems = arrows::problems(&arrows::metadata(&root)?);
    let mut sources = Vec::new();
    for folder in ["crates", "xtask", "tests", "examples", "docs", "modules"] {
        collect(&root, &root.join(folder), &mut sources)?;
    }
    for (path, text) in &sources {
        problems.extend(lines::problems(path, text));
    }
    problems.extend(forgotten::problems(&sources));
    problems.sort();
    Ok(problems)
}

/// Reads all texts that a person writes, as path from the root and content.
fn collect(root: &Path, dir: &Path, sources: &mut Vec<(String, String)>) -> io::Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    let own = |entry: &walkdir::DirEntry| {
        let name = entry.file_name().to_string_lossy();
        // What programs produced, and what tests read as it is, is nobody's prose.
        !matches!(&*name, "target" | "test_data" | ".terraform" | "expected")
    };
    for entry in walkdir::WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(own)
    {
        let entry = entry?;
        let wanted = ["rs", "toml", "md"];
        let extension = entry.path().extension().unwrap_or_default();
        if entry.file_type().is_file() && wanted.iter().any(|wanted| extension == *wanted) {
            let path = entry.path().strip_prefix(root).map_err(io::Error::other)?;
            sources.push((
                path.to_string_lossy().into_owned(),
                fs::read_to_string(entry.path())?,
            ));
        }
    }
    Ok(())
}
