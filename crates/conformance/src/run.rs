//! One case through one program.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde_json::{Value, json};

use crate::case::{Case, Stage};
use crate::normalise::{Normaliser, parse_exact};
use crate::program::{Output, Program, run_command};

/// Maps the name of a document (`stage1.plan.json`) to its normal form.
pub type Answers = BTreeMap<String, Value>;

/// What the programs themselves keep in the working directory from stage to stage.
const KEPT: [&str; 6] = [
    ".terraform",
    ".terraform.lock.hcl",
    "terraform.tfstate",
    "terraform.tfstate.backup",
    "terraform.tfstate.d",
    "store",
];

/// Takes a case through all its stages in a fresh folder and returns every answer.
///
/// Each stage: lay down the configuration, `init`, the stage's commands, `plan -json -out`, and
/// when that succeeds `show -json` of the plan, `apply` of the plan, and the state in its three
/// forms. An answer that is not JSON is kept as text, so that it shows up as a difference.
///
/// # Errors
/// Fails only for reasons outside the program under test: no temporary folder, no such program,
/// or a command that does not end.
pub fn run(case: &Case, program: &Program) -> io::Result<Answers> {
    let root = tempfile::tempdir()?;
    let root = root.path().canonicalize()?;
    let (dir, scratch) = (root.join("work"), root.join("scratch"));
    fs::create_dir_all(&dir)?;
    fs::create_dir_all(&scratch)?;
    let mut run = Run {
        program,
        dir: &dir,
        scratch: &scratch,
        normaliser: Normaliser::new(&dir.to_string_lossy()),
        answers: Answers::new(),
    };
    for stage in &case.stages {
        run.stage(stage)?;
    }
    Ok(run.answers)
}

struct Run<'a> {
    program: &'a Program,
    dir: &'a Path,
    scratch: &'a Path,
    normaliser: Normaliser,
    answers: Answers,
}

impl Run<'_> {
    fn stage(&mut self, stage: &Stage) -> io::Result<()> {
        lay_down(stage, self.dir)?;
        let mut diags = serde_json::Map::new();
        let init = self.command(stage, &["init", "-input=false", "-no-color"])?;
        diags.insert("init".to_owned(), init.exit.into());
        let mut commands = Vec::new();
        for words in &stage.commands {
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            let output = self.command(stage, &words)?;
            commands.push(json!({ "run": words.join(" "), "exit": output.exit }));
        }
        if !commands.is_empty() {
            diags.insert("commands".to_owned(), commands.into());
        }

        let plan_file = self.scratch.join("plan").to_string_lossy().into_owned();
        let out = format!("-out={plan_file}");
        let mut words = vec!["plan", "-json", "-input=false", "-detailed-exitcode", &out];
        words.extend(stage.args.iter().map(String::as_str));
        let plan = self.command(stage, &words)?;
        diags.insert("plan".to_owned(), outcome(&plan));
        if plan.exit == 0 || plan.exit == 2 {
            self.ask(stage, "plan.json", &["show", "-json", &plan_file])?;
            let apply = self.command(stage, &["apply", "-json", "-input=false", &plan_file])?;
            diags.insert("apply".to_owned(), outcome(&apply));
            self.ask(stage, "state.json", &["show", "-json"])?;
            self.ask(stage, "outputs.json", &["output", "-json"])?;
            self.ask(stage, "tfstate", &["state", "pull"])?;
        }
        self.answer(stage, "diags.json", Value::Object(diags));
        Ok(())
    }

    fn command(&self, stage: &Stage, words: &[&str]) -> io::Result<Output> {
        let mut command = self.program.command(self.dir, self.scratch);
        command
            .args(words)
            .envs(stage.env.iter().map(|(key, value)| (key, value)));
        run_command(command, self.scratch)
    }

    fn ask(&mut self, stage: &Stage, kind: &str, words: &[&str]) -> io::Result<()> {
        let output = self.command(stage, words)?;
        let value = match parse_exact(&output.stdout) {
            Ok(value) if output.exit == 0 => value,
            _ => json!({ "exit": output.exit, "stdout": output.stdout, "stderr": output.stderr }),
        };
        self.answer(stage, kind, value);
        Ok(())
    }

    fn answer(&mut self, stage: &Stage, kind: &str, value: Value) {
        let value = self.normaliser.document(value);
        self.answers.insert(format!("{}.{kind}", stage.name), value);
    }
}

/// Replaces the configuration when the stage has one, else only adds the stage's files.
fn lay_down(stage: &Stage, dir: &Path) -> io::Result<()> {
    if stage.has_configuration() {
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if KEPT.contains(&&*name) {
                continue;
            }
            if path.is_dir() {
                fs::remove_dir_all(&path)?;
            } else {
                fs::remove_file(&path)?;
            }
        }
    }
    for (path, content) in &stage.files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(path, content)?;
    }
    Ok(())
}

/// Returns the exit status and what was diagnosed: how bad, what, and where; not the wording of
/// the details, which is each program's own.
fn outcome(output: &Output) -> Value {
    let mut diagnostics: Vec<Value> = output
        .stdout
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["type"] == "diagnostic")
        .map(|message| {
            let diagnostic = &message["diagnostic"];
            let range = &diagnostic["range"];
            json!({
                "severity": diagnostic["severity"],
                "summary": summary(diagnostic["summary"].as_str().unwrap_or_default()),
                "file": range["filename"],
                "line": range["start"]["line"],
            })
        })
        .collect();
    // Objects are worked on at the same time, so the order in which they fail is no one's promise.
    diagnostics.sort_by_cached_key(ToString::to_string);
    diagnostics.dedup();
    json!({ "exit": output.exit, "diagnostics": diagnostics })
}

/// Leaves out the members of a cycle, which are named as one program's graph has them, and the
/// program's own name.
fn summary(text: &str) -> String {
    if text.starts_with("Cycle: ") {
        return "Cycle".to_owned();
    }
    text.replace("groma", "Terraform")
}
