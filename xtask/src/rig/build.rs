//! groma and the providers that come with it, as cargo builds them.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use super::Failure;

/// Is a build of groma and its providers, side by side in one directory.
pub(crate) struct Programs {
    groma: PathBuf,
}

impl Programs {
    /// Builds them; cargo shows its progress.
    pub(crate) fn build(flags: &[&str]) -> Result<Self, Failure> {
        let packages = ["groma-cli", "groma-provider-aws", "groma-provider-google"];
        Self::of(&packages, flags)
    }

    /// Builds only these packages, groma's among them.
    pub(crate) fn only(packages: &[&str]) -> Result<Self, Failure> {
        Self::of(packages, &[])
    }

    fn of(packages: &[&str], flags: &[&str]) -> Result<Self, Failure> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.arg("build");
        for package in packages {
            command.args(["--package", package]);
        }
        let output = command
            .args(["--message-format", "json-render-diagnostics"])
            .args(flags)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err("the build failed".into());
        }
        let groma = String::from_utf8_lossy(&output.stdout)
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter(|message| message["target"]["name"] == "groma")
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .ok_or("cargo built groma and did not say where")?;
        Ok(Self { groma })
    }

    /// Returns the program `groma`.
    pub(crate) fn groma(&self) -> &Path {
        &self.groma
    }

    /// Returns the program of a provider type.
    pub(crate) fn provider(&self, kind: &str) -> PathBuf {
        self.groma.with_file_name(format!("groma-provider-{kind}"))
    }

    /// Returns a folder of that name beside the builds, empty.
    pub(crate) fn scratch(&self, name: &str) -> Result<PathBuf, Failure> {
        let target = self.groma.ancestors().nth(2);
        let dir = target
            .ok_or("groma lies in no target directory")?
            .join(name);
        if dir.exists() {
            std::fs::remove_dir_all(&dir)?;
        }
        std::fs::create_dir_all(&dir)?;
        Ok(dir)
    }
}
