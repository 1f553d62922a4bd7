//! Where a local state and the files around it are.

use std::path::{Path, PathBuf};

/// What the command line and the `backend "local"` block say about places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalOptions {
    /// `-state`: where the state is read, and written if `state_out` says nothing else.
    pub state: Option<PathBuf>,
    /// `-state-out`.
    pub state_out: Option<PathBuf>,
    /// `-backup`; `-` turns it off.
    pub backup: Option<PathBuf>,
    /// `path` of the backend block: only for the default workspace.
    pub path: Option<PathBuf>,
    /// `workspace_dir` of the backend block.
    pub workspace_dir: Option<PathBuf>,
}

/// Where a local state and the files around it are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatePaths {
    /// Where the state is read.
    pub read: PathBuf,
    /// Where it is written.
    pub write: PathBuf,
    /// Where the former state is kept; `None` = nowhere.
    pub backup: Option<PathBuf>,
}

impl StatePaths {
    /// The places for a workspace.
    pub fn new(options: &LocalOptions, workspace: &str) -> Self {
        let default = match workspace {
            "default" | "" => options
                .path
                .clone()
                .unwrap_or_else(|| "terraform.tfstate".into()),
            name => workspace_dir(options).join(name).join("terraform.tfstate"),
        };
        let read = options.state.clone().unwrap_or(default);
        let write = options.state_out.clone().unwrap_or_else(|| read.clone());
        let backup = match &options.backup {
            Some(path) if path.as_os_str() == "-" => None,
            Some(path) if !path.as_os_str().is_empty() => Some(path.clone()),
            _ => Some(with_suffix(&write, ".backup")),
        };
        Self {
            read,
            write,
            backup,
        }
    }

    /// Where the holder of the lock says who it is.
    pub fn lock_info(&self) -> PathBuf {
        beside(&self.write, ".lock.info")
    }

    /// Where a run keeps its journal.
    pub fn journal(&self) -> PathBuf {
        beside(&self.write, ".journal")
    }

    /// Where a new state is until it has taken the place of the old one.
    pub fn incoming(&self) -> PathBuf {
        beside(&self.write, ".new")
    }
}

/// The directory of the states of workspaces that are not the default one.
pub(crate) fn workspace_dir(options: &LocalOptions) -> PathBuf {
    let dir = options.workspace_dir.clone();
    dir.unwrap_or_else(|| "terraform.tfstate.d".into())
}

/// `a/b` and `.backup` become `a/b.backup`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut text = path.as_os_str().to_owned();
    text.push(suffix);
    text.into()
}

/// `a/b` and `.journal` become `a/.b.journal`; a dot that is there is not doubled.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = format!(".{}{suffix}", name.strip_prefix('.').unwrap_or(&name));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(options: &LocalOptions, workspace: &str, expected: Expect) {
        let paths = StatePaths::new(options, workspace);
        let backup = paths
            .backup
            .as_ref()
            .map_or("none".into(), |p| p.display().to_string());
        expected.assert_eq(&format!(
            "{} -> {} (backup {backup}, lock {}, journal {})",
            paths.read.display(),
            paths.write.display(),
            paths.lock_info().display(),
            paths.journal().display()
        ));
    }

    #[test]
    fn places_follow_options_and_workspace() {
        let mut options = LocalOptions::default();
        check(
            &options,
            "default",
            expect![
                "terraform.tfstate -> terraform.tfstate (backup terraform.tfstate.backup, lock .terraform.tfstate.lock.info, journal .terraform.tfstate.journal)"
            ],
        );
        check(
            &options,
            "dev",
            expect![
                "terraform.tfstate.d/dev/terraform.tfstate -> terraform.tfstate.d/dev/terraform.tfstate (backup terraform.tfstate.d/dev/terraform.tfstate.backup, lock terraform.tfstate.d/dev/.terraform.tfstate.lock.info, journal terraform.tfstate.d/dev/.terraform.tfstate.journal)"
            ],
        );
        options.path = Some("x/.s".into());
        options.workspace_dir = Some("w".into());
        check(
            &options,
            "",
            expect!["x/.s -> x/.s (backup x/.s.backup, lock x/.s.lock.info, journal x/.s.journal)"],
        );
        check(
            &options,
            "dev",
            expect![
                "w/dev/terraform.tfstate -> w/dev/terraform.tfstate (backup w/dev/terraform.tfstate.backup, lock w/dev/.terraform.tfstate.lock.info, journal w/dev/.terraform.tfstate.journal)"
            ],
        );
        options.state_out = Some("out".into());
        options.backup = Some("-".into());
        check(
            &options,
            "default",
            expect!["x/.s -> out (backup none, lock .out.lock.info, journal .out.journal)"],
        );
        options.state = Some("in".into());
        options.backup = Some("b".into());
        check(
            &options,
            "dev",
            expect!["in -> out (backup b, lock .out.lock.info, journal .out.journal)"],
        );
    }
}
