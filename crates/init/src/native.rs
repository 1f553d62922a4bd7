//! Providers that come with the program: `groma-provider-TYPE` in one directory, as a rule the one that
//! the program itself is in. Each says of itself which provider it is, in which version.

use addrs::Provider;
use semver::Version;
use serde::Deserialize;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the names of the programs start with.
const PREFIX: &str = "groma-provider-";
/// How long a program may take to say what it is.
const LIMIT: Duration = Duration::from_secs(10);

/// A provider that comes with the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NativeProvider {
    /// The provider that it is.
    pub provider: Provider,
    /// The version of the provider whose schema it has.
    pub version: Version,
    /// Its own version.
    pub program_version: String,
    /// The program.
    pub program: PathBuf,
}

/// What a program says of itself.
#[derive(Deserialize)]
struct About {
    address: String,
    version: String,
    #[serde(default)]
    program_version: String,
}

impl NativeProvider {
    /// Asks a program which provider it is. The error is the end of a sentence.
    fn ask(program: &Path) -> Result<Self, String> {
        let fail = |why: String| format!("{} does not say what it is: {why}", program.display());
        let text = output(program).map_err(fail)?;
        let about: About = serde_json::from_str(&text).map_err(|e| fail(e.to_string()))?;
        Ok(Self {
            provider: Provider::parse(&about.address).map_err(fail)?,
            version: Version::parse(&about.version).map_err(|e| fail(e.to_string()))?,
            program_version: about.program_version,
            program: program.to_owned(),
        })
    }

    /// The name of the program in a package.
    pub fn name_in_package(&self) -> String {
        format!(
            "terraform-provider-{}_v{}",
            self.provider.kind, self.version
        )
    }
}

/// The native provider for an address, if a directory has one.
pub(crate) fn native_provider(
    dir: &Path,
    provider: &Provider,
) -> Result<Option<NativeProvider>, String> {
    let program = dir.join(format!("{PREFIX}{}", provider.kind));
    if !program.is_file() {
        return Ok(None);
    }
    let found = NativeProvider::ask(&std::path::absolute(&program).unwrap_or(program))?;
    Ok(Some(found).filter(|found| found.provider == *provider))
}

/// All native providers in a directory, by name, and what is wrong with those that are none.
pub fn native_providers(dir: &Path) -> (Vec<NativeProvider>, Vec<String>) {
    let mut programs: Vec<PathBuf> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = entry.file_name().into_string().ok()?;
            // Other files of a build stand beside the programs.
            let fits = name.starts_with(PREFIX) && !name.contains('.');
            (fits && entry.path().is_file()).then(|| entry.path())
        })
        .collect();
    programs.sort_unstable();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for program in programs {
        match NativeProvider::ask(&program) {
            Ok(native) => found.push(native),
            Err(problem) => problems.push(problem),
        }
    }
    (found, problems)
}

/// The native program that an installed package is, if it is one.
pub(crate) fn linked_program(package: &Path) -> Option<PathBuf> {
    fs::read_dir(package)
        .ok()?
        .filter_map(|entry| fs::read_link(entry.ok()?.path()).ok())
        .find(|target| {
            let name = target.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.starts_with(PREFIX))
        })
}

/// What a program prints when it is asked what it is.
fn output(program: &Path) -> Result<String, String> {
    let mut child = Command::new(program)
        .arg("--about")
        .env_remove("TF_PLUGIN_MAGIC_COOKIE")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| e.to_string())?;
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if start.elapsed() < LIMIT => std::thread::sleep(pause),
            Ok(None) => {
                // It may have ended by now, which is as good.
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it does not answer within {} s", LIMIT.as_secs()));
            }
            Err(e) => return Err(e.to_string()),
        }
        pause = (pause * 2).min(Duration::from_millis(20));
    };
    if !status.success() {
        return Err(format!("it ended with {status}"));
    }
    let mut text = String::new();
    let stdout = child.stdout.take().into_iter();
    for mut stdout in stdout {
        stdout
            .read_to_string(&mut text)
            .map_err(|e| e.to_string())?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
