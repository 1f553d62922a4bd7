//! Recorded answers on disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;

use serde_json::Value;

use crate::case::Case;
use crate::normalise::parse_exact;
use crate::run::Answers;

/// Reads what was recorded for a case.
///
/// # Errors
/// Fails when nothing was recorded or a file does not hold JSON.
pub fn read_expected(case: &Case) -> io::Result<Answers> {
    let mut answers = BTreeMap::new();
    for entry in fs::read_dir(case.dir.join("expected"))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        answers.insert(name, parse_exact(&fs::read_to_string(path)?)?);
    }
    Ok(answers)
}

/// Writes the answers as the ones to expect, and removes those that are no longer given.
///
/// # Errors
/// Fails when the folder cannot be written.
pub fn write_expected(case: &Case, answers: &Answers) -> io::Result<()> {
    let dir = case.dir.join("expected");
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    for (name, value) in answers {
        fs::write(dir.join(name), to_text(value)?)?;
    }
    Ok(())
}

fn to_text(value: &Value) -> io::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}
