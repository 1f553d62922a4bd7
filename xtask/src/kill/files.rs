//! `cargo xtask kill --files`: the same over a provider whose objects are files and that cannot find what
//! its earlier creates have made. An object that is in no state and was not named is lost.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Options;
use crate::rig::{APPLY, Failure, Folder, Group, Programs, Random};

/// How many objects are applied.
const OBJECTS: usize = 300;

/// How long a call of the provider takes, in milliseconds.
const DELAY: &str = "40";

/// Is a program, and the folder that it works in.
struct Trial {
    name: &'static str,
    folder: Folder,
    /// Where the objects are.
    made: PathBuf,
    root: PathBuf,
    time: Duration,
}

/// Is what became of the objects after one kill and the apply that followed.
#[derive(Default)]
struct Outcome {
    /// Whether something still ran when it was killed.
    interrupted: bool,
    /// Objects that no state has, by the instance they were made for.
    orphans: Vec<String>,
    /// Those of them that the apply did not name.
    silent: Vec<String>,
    /// Whatever else is not as it should be.
    problems: Vec<String>,
}

/// Kills groma, and Terraform if it is asked for, and tells what became of the objects; how many rounds failed.
pub(super) fn trial(options: &Options) -> Result<usize, Failure> {
    let programs = Programs::only(&["groma-cli"])?;
    let plugin = keeper(&programs)?;
    let root = programs.scratch("kill-files")?;
    // A copy: whoever builds meanwhile does no harm.
    let groma = root.join("program");
    fs::copy(programs.groma(), &groma)?;
    let mut all = vec![Trial::prepare("groma", &groma, &plugin, &root)?];
    if options.terraform {
        let terraform = PathBuf::from("terraform");
        all.push(Trial::prepare("terraform", &terraform, &plugin, &root)?);
    }
    let mut table = String::from(
        "| killed | rounds | interrupted | orphans | named | silent | per kill | other problems |\n|---|---|---|---|---|---|---|---|\n",
    );
    let mut failures = 0;
    for trial in &all {
        for with_plugin in [false, true] {
            let (row, failed) = trial.rounds(options, with_plugin)?;
            table.push_str(&row);
            failures += if trial.name == "groma" { failed } else { 0 };
        }
    }
    println!("\n{OBJECTS} objects, seed {}\n\n{table}", options.seed);
    Ok(failures)
}

/// Builds the provider.
fn keeper(programs: &Programs) -> Result<PathBuf, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([
            "build",
            "--quiet",
            "--package",
            "groma-plugin",
            "--example",
            "keeper",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !status.success() {
        return Err("the provider's build failed".into());
    }
    Ok(programs.groma().with_file_name("examples").join("keeper"))
}

impl Trial {
    /// Initializes a folder, and sees how long it takes when nothing is killed.
    fn prepare(
        name: &'static str,
        program: &Path,
        plugin: &Path,
        root: &Path,
    ) -> Result<Self, Failure> {
        let root = root.join(name);
        let mirror = root.join("mirror");
        let package = mirror
            .join("example.com/test/keeper/1.0.0")
            .join(platform());
        let made = root.join("made");
        fs::create_dir_all(&package)?;
        fs::create_dir_all(&made)?;
        fs::copy(plugin, package.join("terraform-provider-keeper_v1.0.0"))?;
        let settings = format!(
            "provider_installation {{\n  filesystem_mirror {{\n    path = {mirror:?}\n  }}\n}}\n"
        );
        let variables = [
            ("KEEPER_DIR", made.display().to_string()),
            ("KEEPER_DELAY", DELAY.to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let folder = Folder::of(program, &settings, &variables, &root, "work")?;
        fs::write(folder.dir().join("main.tf"), configuration())?;
        folder.run(&["init", "-input=false", "-no-color"])?;
        let mut trial = Self {
            name,
            folder,
            made,
            root,
            time: Duration::ZERO,
        };
        for _ in 0..2 {
            trial.forget()?;
            let start = Instant::now();
            trial.folder.run(&APPLY)?;
            trial.time = start.elapsed();
        }
        let outcome = trial.look("")?;
        if outcome.orphans.is_empty() && outcome.problems.is_empty() {
            return Ok(trial);
        }
        Err(format!("though nothing was killed: {:?}", outcome.problems).into())
    }

    fn forget(&self) -> Result<(), Failure> {
        self.folder.forget()?;
        fs::remove_dir_all(&self.made)?;
        Ok(fs::create_dir_all(&self.made)?)
    }

    /// Kills as often as is asked for; a row of the table, and how many rounds failed.
    fn rounds(&self, options: &Options, with_plugin: bool) -> Result<(String, usize), Failure> {
        let mut random = Random::new(options.seed);
        let what = if with_plugin { " and the plugin" } else { "" };
        let (mut interrupted, mut orphans, mut silent, mut other, mut failed) = (0, 0, 0, 0, 0);
        for round in 1..=options.times {
            let outcome = self.round(random.share(), with_plugin)?;
            interrupted += usize::from(outcome.interrupted);
            orphans += outcome.orphans.len();
            silent += outcome.silent.len();
            other += outcome.problems.len();
            let bad = !outcome.silent.is_empty() || !outcome.problems.is_empty();
            failed += usize::from(bad);
            if bad && self.name == "groma" {
                let (lost, problems) = (outcome.silent.join(", "), outcome.problems.join("; "));
                println!(
                    "{}{what}, round {round}: lost {lost}; {problems}",
                    self.name
                );
            }
            if round % 20 == 0 {
                println!(
                    "{}{what}, {round}: {orphans} orphans, {silent} silent",
                    self.name
                );
            }
        }
        let row = format!(
            "| {}{what} | {} | {interrupted} | {orphans} | {} | {silent} | {:.2} | {other} |\n",
            self.name,
            options.times,
            orphans - silent,
            silent as f64 / interrupted.max(1) as f64
        );
        Ok((row, failed))
    }

    /// Starts from nothing, kills at this share of the time, applies again, and looks.
    fn round(&self, instant: f64, with_plugin: bool) -> Result<Outcome, Failure> {
        self.forget()?;
        let mut group = Group::start(self.folder.command(&APPLY), &self.root.join("killed.log"))?;
        std::thread::sleep(self.time.mul_f64(instant));
        let interrupted = !group.has_ended()?;
        if with_plugin {
            group.kill()?;
            self.recover(interrupted)
        } else {
            group.kill_first()?;
            let outcome = self.recover(interrupted);
            group.kill()?;
            outcome
        }
    }

    fn recover(&self, interrupted: bool) -> Result<Outcome, Failure> {
        let log = self.root.join("recovery.log");
        let mut command = self.folder.command(&APPLY);
        command.arg("-json");
        let status = Group::start(command, &log)?.wait()?;
        let mut outcome = self.look(&fs::read_to_string(&log)?)?;
        outcome.interrupted = interrupted;
        if !status.success() {
            let problem = format!("the apply after it ended with {status}");
            outcome.problems.push(problem);
        }
        Ok(outcome)
    }

    /// Compares the files with the state and with what the apply said.
    fn look(&self, said: &str) -> Result<Outcome, Failure> {
        let named = named(said);
        let mut outcome = Outcome::default();
        let mut known = BTreeSet::new();
        // One that was cut short knows nothing any more.
        let objects = self.state().unwrap_or_else(|error| {
            let problem = format!("the state cannot be read: {error}");
            outcome.problems.push(problem);
            Vec::new()
        });
        for resource in objects {
            let id = resource["attributes"]["id"].as_str().unwrap_or_default();
            if !self.made.join(id).is_file() {
                outcome.problems.push(format!("{id} is in the state only"));
            }
            known.insert(id.to_owned());
        }
        if known.len() != OBJECTS {
            let problem = format!("the state has {} objects", known.len());
            outcome.problems.push(problem);
        }
        for entry in fs::read_dir(&self.made)? {
            let entry = entry?;
            let id = entry.file_name().to_string_lossy().into_owned();
            if id.starts_with('.') || known.contains(&id) {
                continue;
            }
            let address = fs::read_to_string(entry.path())?;
            if !named.contains(&address) {
                outcome.silent.push(address.clone());
            }
            outcome.orphans.push(address);
        }
        Ok(outcome)
    }

    /// Returns all objects in the state file.
    fn state(&self) -> Result<Vec<Value>, Failure> {
        let text = fs::read_to_string(self.folder.dir().join("terraform.tfstate"))?;
        let state: Value = serde_json::from_str(&text)?;
        let resources = state["resources"].as_array().into_iter().flatten();
        let objects = resources.flat_map(|it| it["instances"].as_array().into_iter().flatten());
        Ok(objects.cloned().collect())
    }
}

/// The addresses in the reports of interrupted operations among the events of an apply.
fn named(said: &str) -> BTreeSet<String> {
    let events = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let reports = events.filter(|it| it["diagnostic"]["summary"] == "Interrupted operation");
    let address = |it: Value| Some(it["diagnostic"]["address"].as_str()?.to_owned());
    reports.filter_map(address).collect()
}

fn configuration() -> String {
    format!(
        r#"terraform {{
  required_providers {{
    keeper = {{
      source = "example.com/test/keeper"
    }}
  }}
}}

resource "keeper_object" "this" {{
  count = {OBJECTS}
  name  = "keeper_object.this[${{count.index}}]"
}}
"#
    )
}

/// The name of the platform, as providers are filed under it.
fn platform() -> String {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{os}_{arch}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_reports_of_interruptions_name_objects() {
        let event = |summary: &str, address: &str| {
            format!(
                r#"{{"type":"diagnostic","diagnostic":{{"summary":"{summary}","address":"{address}"}}}}"#
            )
        };
        let said = [
            "no event".to_owned(),
            event("Interrupted operation", "a.b[1]"),
            event("Something else", "a.b[2]"),
        ];
        assert_eq!(
            named(&said.join("\n")),
            BTreeSet::from(["a.b[1]".to_owned()])
        );
    }
}
