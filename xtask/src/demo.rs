//! `cargo xtask demo`: a platform on two clouds, from the build to a repaired drift, without an account.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

mod drift;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crate::rig::{Failure, Folder, Programs, Sandbox};

/// Options of the demonstration.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How long clusters, gateways and operations take in the sandbox
    #[arg(long, default_value = "1s")]
    pending: String,
    /// The configuration
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/two-clouds"))]
    example: PathBuf,
}

/// Shows it, step by step.
pub(crate) fn demo(options: &Options) -> ExitCode {
    match show(options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ndemo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn show(options: &Options) -> Result<(), Failure> {
    step("Build groma and its providers (the first time takes minutes)");
    let programs = Programs::build(&[])?;
    let start = Instant::now();

    let root = programs.scratch("demo")?;
    let objects = root.join("sandbox.json");
    let state = format!("-state={}", objects.display());
    let pending = format!("-pending={}", options.pending);
    let sandbox = Sandbox::start(programs.groma(), &[&pending, &state])?;
    step("Start a sandbox");
    println!(
        "AWS answers at {}, Google Cloud at {}.",
        sandbox.aws(),
        sandbox.google()
    );

    let folder = Folder::new(&programs, &sandbox, &root, "two-clouds")?;
    folder.copy(&options.example)?;
    groma(&folder, &["init"], 0)?;
    groma(&folder, &["plan", "-out=plan"], 0)?;
    groma(&folder, &["apply", "plan"], 0)?;
    groma(&folder, &["output"], 0)?;

    let drifts = drift::cause(&sandbox, &folder)?;
    if !drifts.is_empty() {
        step("Meanwhile, behind groma's back");
        for drift in drifts {
            println!("{drift}");
        }
        groma(&folder, &["plan", "-detailed-exitcode"], 2)?;
        println!("\nExit code 2: there is something to do.");
        groma(&folder, &["apply", "-auto-approve"], 0)?;
    }
    groma(&folder, &["plan", "-detailed-exitcode"], 0)?;

    let resources = folder.resources()?.len();
    sandbox.stop()?;
    step(&format!(
        "{resources} resources on two clouds, in {:.0} s",
        start.elapsed().as_secs_f64()
    ));
    next(programs.groma(), &root, &objects);
    Ok(())
}

/// Runs a command for people to see, and checks its exit code.
fn groma(folder: &Folder, words: &[&str], expected: i32) -> Result<(), Failure> {
    let line = format!("groma {}", words.join(" "));
    step(&line);
    let status = folder.command(words).status()?;
    if status.code() == Some(expected) {
        Ok(())
    } else {
        Err(format!("{line} ended with {status}").into())
    }
}

fn step(title: &str) {
    if std::io::stdout().is_terminal() {
        println!("\n\u{1b}[1;36m▸ {title}\u{1b}[0m\n");
    } else {
        println!("\n▸ {title}\n");
    }
}

/// Says what to try: the objects were kept, so all goes on from here.
fn next(groma: &Path, root: &Path, objects: &Path) {
    let settings = root.join("settings.tfrc");
    println!(
        "What was created lies in {objects}, so all goes on from here. Try:\n\n\
         \x20 cd {folder}\n\
         \x20 export TF_CLI_CONFIG_FILE={settings}\n\
         \x20 alias groma=\"{groma} sandbox run -state={objects} -- {groma}\"\n\n\
         \x20 groma plan -var eks_version=1.34        # an upgrade in place\n\
         \x20 groma apply -var aws_zones=3            # a third zone\n\
         \x20 groma plan -var aws_region=eu-west-1    # what that would replace\n\
         \x20 groma state list\n\
         \x20 groma destroy",
        objects = objects.display(),
        folder = root.join("two-clouds").display(),
        settings = settings.display(),
        groma = groma.display(),
    );
}
