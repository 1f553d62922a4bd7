//! `cargo xtask kill`: groma and its providers are killed at random instants, and the next apply makes all good.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

mod files;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::rig::{APPLY, Failure, Folder, Group, Programs, Random, Sandbox, problems};

/// Options of the trial.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How often
    #[arg(long, default_value_t = 200)]
    times: usize,
    /// What the instants derive from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The share of recoveries that are killed as well
    #[arg(long, default_value_t = 0.2)]
    again: f64,
    /// How long clusters, gateways and operations take in the sandbox
    #[arg(long, default_value = "100ms")]
    pending: String,
    /// The configuration
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/two-clouds"))]
    example: PathBuf,
    /// Over a provider that keeps its objects in files and cannot find what its earlier creates have made
    #[arg(long)]
    files: bool,
    /// With --files: kill Terraform too, to compare
    #[arg(long, requires = "files")]
    terraform: bool,
}

/// Runs the trial; the code says whether all was well.
pub(crate) fn kill(options: &Options) -> ExitCode {
    let failures = if options.files {
        files::trial(options)
    } else {
        trial(options)
    };
    match failures {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("kill: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Is where it happens, and how things are when nothing is killed.
struct Trial {
    folder: Folder,
    sandbox: Sandbox,
    root: PathBuf,
    /// How many resource instances the state has after an apply that nobody killed.
    instances: usize,
    /// How long it took.
    time: Duration,
}

fn trial(options: &Options) -> Result<usize, Failure> {
    let mut trial = Trial::prepare(options)?;
    println!(
        "{} instances, {:.1} s; {} times killed on the way there (seed {}).",
        trial.instances,
        trial.time.as_secs_f64(),
        options.times,
        options.seed
    );
    let mut random = Random::new(options.seed);
    let mut failed = Vec::new();
    let mut interrupted = 0;
    for round in 1..=options.times {
        let instants = instants(&mut random, options.again);
        let outcome = trial.round(&instants)?;
        interrupted += usize::from(outcome.interrupted);
        if !outcome.problems.is_empty() {
            let at = instants.iter().map(|share| {
                let time = trial.time.mul_f64(*share);
                format!("{:.3} s", time.as_secs_f64())
            });
            let at = at.collect::<Vec<_>>().join(", then ");
            println!("{round}: killed at {at}:\n{}", outcome.problems.join("\n"));
            trial.keep(round)?;
            failed.push(round);
        } else if round % 10 == 0 {
            println!("{round}: {} failures so far", failed.len());
        }
    }
    println!(
        "{} rounds, {interrupted} of them interrupted, {} failures{}",
        options.times,
        failed.len(),
        if failed.is_empty() {
            String::new()
        } else {
            format!(" (see {}): {failed:?}", trial.root.display())
        }
    );
    Ok(failed.len())
}

/// When to kill, as shares of the time that all takes: once, sometimes the recovery as well.
fn instants(random: &mut Random, again: f64) -> Vec<f64> {
    let mut instants = vec![random.share()];
    let (more, instant) = (random.share(), random.share());
    if more < again {
        instants.push(instant);
    }
    instants
}

/// Is how one round ended.
#[derive(Default)]
struct Outcome {
    /// Whether something still ran when it was killed.
    interrupted: bool,
    problems: Vec<String>,
}

impl Trial {
    /// Builds all and sees how things are when nothing is killed.
    fn prepare(options: &Options) -> Result<Self, Failure> {
        let programs = Programs::build(&[])?;
        let root = programs.scratch("kill")?;
        let sandbox = Sandbox::start(
            programs.groma(),
            &[&format!("-pending={}", options.pending)],
        )?;
        let folder = Folder::new(&programs, &sandbox, &root, "work")?;
        folder.copy(&options.example)?;
        folder.run(&["init", "-input=false", "-no-color"])?;
        // Once before it counts: what is remembered on disk is there then.
        let mut time = Duration::ZERO;
        for _ in 0..2 {
            sandbox.admin("POST reset")?;
            folder.forget()?;
            let start = Instant::now();
            folder.run(&APPLY)?;
            time = start.elapsed();
        }
        let trial = Self {
            instances: folder.resources()?.len(),
            folder,
            sandbox,
            root,
            time,
        };
        let problems = trial.look()?;
        if problems.is_empty() {
            return Ok(trial);
        }
        let problems = problems.join("\n");
        Err(format!("though nothing was killed:\n{problems}").into())
    }

    /// Starts from nothing, kills at these instants, lets the last apply come to its end, and looks.
    fn round(&mut self, instants: &[f64]) -> Result<Outcome, Failure> {
        self.sandbox.admin("POST reset")?;
        self.folder.forget()?;
        let mut outcome = Outcome::default();
        for (number, instant) in instants.iter().enumerate() {
            let log = self.log(&format!("killed{number}.log"));
            let mut group = Group::start(self.folder.command(&APPLY), &log)?;
            std::thread::sleep(self.time.mul_f64(*instant));
            outcome.interrupted |= !group.has_ended()?;
            group.kill()?;
        }
        let mut group = Group::start(self.folder.command(&APPLY), &self.log("recovery.log"))?;
        let status = group.wait()?;
        if !status.success() {
            outcome
                .problems
                .push(format!("  the apply after it ended with {status}"));
        }
        outcome.problems.extend(self.look()?);
        Ok(outcome)
    }

    /// Returns what is not as it should be.
    fn look(&self) -> Result<Vec<String>, Failure> {
        problems(
            &self.folder,
            &self.sandbox,
            self.instances,
            &self.log("plan.log"),
        )
    }

    fn log(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Keeps what one can learn from.
    fn keep(&self, round: usize) -> Result<(), Failure> {
        let dir = self.root.join(format!("failed-{round}"));
        fs::create_dir_all(&dir)?;
        let requests = self.sandbox.admin("GET requests")?;
        fs::write(dir.join("requests.json"), format!("{requests:#}"))?;
        let objects = self.sandbox.admin("GET objects")?;
        fs::write(dir.join("objects.json"), format!("{objects:#}"))?;
        for from in [self.root.as_path(), self.folder.dir()] {
            copy_files(from, &dir)?;
        }
        Ok(())
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_file() && path.extension().is_none_or(|extension| extension != "tf") {
            fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}
