//! Cases and stages on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Is one case: a name and its stages in order.
#[derive(Debug, Clone)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub dir: PathBuf,
    /// `stage1`, `stage2`, … in order.
    pub stages: Vec<Stage>,
}

/// Is one step of a case: files to lay down, commands, and how to plan.
#[derive(Debug, Clone, Default)]
pub struct Stage {
    /// The folder's name, which is the prefix of the recorded files.
    pub name: String,
    /// Files of the configuration: path inside the stage, and content.
    pub files: Vec<(PathBuf, Vec<u8>)>,
    /// Further flags of `plan`.
    pub args: Vec<String>,
    /// Environment of every command of this stage.
    pub env: Vec<(String, String)>,
    /// Commands that run before the plan, as words.
    pub commands: Vec<Vec<String>>,
}

impl Stage {
    /// Tells whether the stage brings a configuration of its own, which then replaces the last one.
    #[must_use]
    pub fn has_configuration(&self) -> bool {
        self.files.iter().any(|(path, _)| {
            let name = path.to_string_lossy();
            name.ends_with(".tf") || name.ends_with(".tf.json")
        })
    }
}

/// Returns the folder that holds the cases of this repository.
#[must_use]
pub fn cases_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/conformance/cases")
        .components()
        .collect()
}

/// Reads all cases under `dir`, sorted by name.
///
/// # Errors
/// Fails when a folder or file cannot be read, or when a case has no `stage1`.
pub fn find_cases(dir: &Path) -> io::Result<Vec<Case>> {
    let mut cases = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            cases.push(read_case(&entry.path())?);
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

fn read_case(dir: &Path) -> io::Result<Case> {
    let name = dir
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let mut stages = Vec::new();
    loop {
        let stage = format!("stage{}", stages.len() + 1);
        let path = dir.join(&stage);
        if !path.is_dir() {
            break;
        }
        stages.push(read_stage(stage, &path)?);
    }
    if stages.is_empty() {
        return Err(io::Error::other(format!("{} has no stage1", dir.display())));
    }
    Ok(Case {
        name,
        dir: dir.to_owned(),
        stages,
    })
}

fn read_stage(name: String, dir: &Path) -> io::Result<Stage> {
    let mut stage = Stage {
        name,
        ..Stage::default()
    };
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let inside = entry.path().strip_prefix(dir).map_err(io::Error::other)?;
        match inside.to_str() {
            Some("args") => stage.args = read_lines(entry.path())?,
            Some("env") => {
                for line in read_lines(entry.path())? {
                    let (key, value) = line.split_once('=').ok_or_else(|| {
                        io::Error::other(format!("{}: not NAME=VALUE", entry.path().display()))
                    })?;
                    stage.env.push((key.to_owned(), value.to_owned()));
                }
            }
            Some("commands") => {
                stage.commands = read_lines(entry.path())?
                    .iter()
                    .map(|line| line.split_whitespace().map(str::to_owned).collect())
                    .collect();
            }
            _ => stage
                .files
                .push((inside.to_owned(), fs::read(entry.path())?)),
        }
    }
    Ok(stage)
}

/// Returns the lines that are neither blank nor comments.
fn read_lines(path: &Path) -> io::Result<Vec<String>> {
    Ok(fs::read_to_string(path)?
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect())
}
