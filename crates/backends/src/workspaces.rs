//! Workspaces of a local state: several states of one configuration.

use crate::LocalOptions;
use crate::paths::workspace_dir;
use diags::{Diagnostic, Diagnostics};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The workspaces of a configuration whose state is local.
#[derive(Clone, Debug)]
pub struct Workspaces {
    data_dir: PathBuf,
    states_dir: PathBuf,
}

impl Workspaces {
    /// The name of the workspace that is always there.
    pub const DEFAULT: &'static str = "default";

    /// The workspaces of the configuration whose data directory (`.terraform`, `TF_DATA_DIR`) is
    /// given.
    pub fn new(data_dir: impl Into<PathBuf>, options: &LocalOptions) -> Self {
        Self {
            data_dir: data_dir.into(),
            states_dir: workspace_dir(options),
        }
    }

    /// The workspace that was selected last.
    pub fn current(&self) -> String {
        let text = fs::read_to_string(self.environment()).unwrap_or_default();
        match text.trim() {
            "" => Self::DEFAULT.into(),
            name => name.into(),
        }
    }

    /// All workspaces, the default one first, the others by name.
    pub fn list(&self) -> Result<Vec<String>, Diagnostics> {
        let mut names = match fs::read_dir(&self.states_dir) {
            Ok(entries) => entries
                .filter_map(|entry| {
                    let entry = entry.ok()?;
                    let dir = entry.path().is_dir();
                    dir.then(|| entry.file_name().to_string_lossy().into_owned())
                })
                .collect(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(problem("read", &self.states_dir, &e)),
        };
        names.sort_unstable();
        names.insert(0, Self::DEFAULT.into());
        Ok(names)
    }

    /// Makes a workspace. It is not selected by that.
    pub fn create(&self, name: &str) -> Result<(), Diagnostics> {
        check_name(name)?;
        if self.list()?.iter().any(|n| n == name) {
            return Err(Diagnostic::error(
                "Workspace exists",
                format!(
                    "Workspace {name:?} already exists. Choose another name, or select this one."
                ),
            )
            .into());
        }
        let dir = self.states_dir.join(name);
        fs::create_dir_all(&dir).map_err(|e| problem("make", &dir, &e))
    }

    /// Selects a workspace for the runs to come.
    pub fn select(&self, name: &str) -> Result<(), Diagnostics> {
        check_name(name)?;
        if !self.list()?.iter().any(|n| n == name) {
            return Err(missing(name));
        }
        fs::create_dir_all(&self.data_dir).map_err(|e| problem("make", &self.data_dir, &e))?;
        let path = self.environment();
        fs::write(&path, name).map_err(|e| problem("write", &path, &e))
    }

    /// Removes a workspace with its state.
    pub fn delete(&self, name: &str) -> Result<(), Diagnostics> {
        check_name(name)?;
        if name == Self::DEFAULT || name == self.current() {
            return Err(Diagnostic::error(
                "Workspace is in use",
                format!("Workspace {name:?} cannot be deleted: it is the default or the selected one. Select another workspace first."),
            )
            .into());
        }
        let dir = self.states_dir.join(name);
        if !dir.is_dir() {
            return Err(missing(name));
        }
        fs::remove_dir_all(&dir).map_err(|e| problem("remove", &dir, &e))
    }

    fn environment(&self) -> PathBuf {
        self.data_dir.join("environment")
    }
}

/// Names end up in paths and URLs: what would have to be escaped there is refused.
fn check_name(name: &str) -> Result<(), Diagnostics> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:@".contains(c);
    if !name.is_empty() && name != "." && name != ".." && name.chars().all(plain) {
        return Ok(());
    }
    Err(Diagnostic::error(
        "Invalid workspace name",
        format!("The workspace name {name:?} is not allowed. The name must contain only URL safe characters, and no path separators."),
    )
    .into())
}

fn missing(name: &str) -> Diagnostics {
    Diagnostic::error(
        "Workspace does not exist",
        format!("Workspace {name:?} doesn't exist. Create it with \"workspace new {name}\"."),
    )
    .into()
}

fn problem(what: &str, path: &Path, error: &io::Error) -> Diagnostics {
    Diagnostic::error(
        "Failed to handle workspaces",
        format!("Cannot {what} {}: {error}.", path.display()),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_come_and_go() {
        let dir = tempfile::tempdir().unwrap();
        let options = LocalOptions {
            workspace_dir: Some(dir.path().join("states")),
            ..LocalOptions::default()
        };
        let workspaces = Workspaces::new(dir.path().join(".terraform"), &options);
        assert_eq!(workspaces.current(), "default");
        assert_eq!(workspaces.list().unwrap(), ["default"]);
        workspaces.create("b").unwrap();
        workspaces.create("a").unwrap();
        assert!(workspaces.create("a").is_err());
        assert_eq!(workspaces.list().unwrap(), ["default", "a", "b"]);
        workspaces.select("a").unwrap();
        assert_eq!(workspaces.current(), "a");
        assert!(workspaces.select("c").is_err());
        assert!(workspaces.delete("a").is_err());
        assert!(workspaces.delete("default").is_err());
        workspaces.delete("b").unwrap();
        for bad in ["", ".", "..", "a/b", "a b", "ü", "a\\b"] {
            assert!(workspaces.create(bad).is_err(), "{bad}");
        }
    }
}
