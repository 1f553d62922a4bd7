//! A folder in which groma works against a sandbox.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::{Failure, Programs, Sandbox};

/// Is a folder with a configuration, and the settings with which groma runs in it.
#[derive(Clone)]
pub(crate) struct Folder {
    program: PathBuf,
    dir: PathBuf,
    settings: PathBuf,
    variables: Vec<(String, String)>,
}

/// How the providers that were built answer for hashicorp's.
const SETTINGS: &str = "provider_installation {\n  native {}\n}\n";

/// Starts of the names of variables that would lead elsewhere.
const FOREIGN: [&str; 5] = ["TF_", "AWS_", "GOOGLE_", "CLOUDSDK_", "GROMA_"];

impl Folder {
    /// Makes a folder `name` in `root`, with the settings beside it.
    pub(crate) fn new(
        programs: &Programs,
        sandbox: &Sandbox,
        root: &Path,
        name: &str,
    ) -> Result<Self, Failure> {
        Self::of(programs.groma(), SETTINGS, sandbox.variables(), root, name)
    }

    /// Makes a folder `name` in `root` for any program, with these settings beside it, and with variables that lead to a cloud.
    pub(crate) fn of(
        program: &Path,
        settings: &str,
        variables: &[(String, String)],
        root: &Path,
        name: &str,
    ) -> Result<Self, Failure> {
        let folder = Self {
            program: program.to_owned(),
            dir: root.join(name),
            settings: root.join("settings.tfrc"),
            variables: variables.to_vec(),
        };
        fs::create_dir_all(&folder.dir)?;
        fs::write(&folder.settings, settings)?;
        Ok(folder)
    }

    /// Returns where it is.
    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Copies the configuration of an example into it.
    pub(crate) fn copy(&self, example: &Path) -> Result<(), Failure> {
        let mut open = vec![(example.to_owned(), self.dir.clone())];
        while let Some((from, to)) = open.pop() {
            fs::create_dir_all(&to)?;
            let entries =
                fs::read_dir(&from).map_err(|error| format!("{}: {error}", from.display()))?;
            for entry in entries {
                let path = entry?.path();
                let name = path.file_name().unwrap_or_default().to_owned();
                let hidden = name.to_string_lossy().starts_with('.');
                if path.is_dir() && !hidden {
                    open.push((path, to.join(name)));
                } else if path.extension().is_some_and(|extension| extension == "tf") {
                    fs::copy(&path, to.join(name))?;
                }
            }
        }
        Ok(())
    }

    /// Returns a groma command that works in it.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).current_dir(&self.dir);
        for (name, _) in std::env::vars_os() {
            let foreign = |text: &str| FOREIGN.iter().any(|start| text.starts_with(start));
            if name.to_str().is_some_and(foreign) {
                command.env_remove(name);
            }
        }
        command
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env("TF_CLI_CONFIG_FILE", &self.settings)
            .env("TF_IN_AUTOMATION", "1");
        command
    }

    /// Runs groma and returns what it printed; a failure carries what it said.
    pub(crate) fn run(&self, words: &[&str]) -> Result<String, Failure> {
        let output = self.command(words).output()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        let (program, words) = (self.program.display(), words.join(" "));
        Err(format!("{program} {words}: {}\n{out}{err}", output.status).into())
    }

    /// Takes away all but the configuration and what `init` made.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.dir)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default();
            let stays = name == ".terraform" || name == ".terraform.lock.hcl";
            if stays || path.extension().is_some_and(|extension| extension == "tf") {
                continue;
            }
            if path.is_dir() {
                fs::remove_dir_all(&path)?;
            } else {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    /// Returns all resources in the state, with those of modules.
    pub(crate) fn resources(&self) -> Result<Vec<Value>, Failure> {
        let state: Value = serde_json::from_str(&self.run(&["show", "-json"])?)?;
        let mut found = Vec::new();
        let mut open = vec![&state["values"]["root_module"]];
        while let Some(module) = open.pop() {
            let list = |name: &str| module[name].as_array().into_iter().flatten();
            found.extend(
                list("resources")
                    .filter(|it| it["mode"] == "managed")
                    .cloned(),
            );
            open.extend(list("child_modules"));
        }
        Ok(found)
    }
}
