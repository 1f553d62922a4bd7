//! `cargo xtask crowd`: many applies at once change the members of one project's policy, and none is lost.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::collections::BTreeSet;
use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use crate::rig::{Failure, Folder, Group, Programs, Sandbox};

/// The words of a command, for the n-th folder.
type Words<'a> = &'a dyn Fn(usize) -> Vec<String>;

/// Options of the trial.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many applies at once
    #[arg(long, default_value_t = 50)]
    applies: usize,
}

/// Runs the trial; the code says whether all was well.
pub(crate) fn crowd(options: &Options) -> ExitCode {
    match trial(options.applies) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("crowd: {error}");
            ExitCode::FAILURE
        }
    }
}

const CONFIGURATION: &str = r#"
terraform {
  required_providers {
    google = {
      source = "hashicorp/google"
    }
  }
}

variable "members" {
  type = set(string)
}

data "google_project" "this" {}

resource "google_project_iam_member" "this" {
  for_each = var.members

  project = data.google_project.this.project_id
  role    = "roles/viewer"
  member  = "user:${each.key}@example.com"
}
"#;

/// A member that is none of anybody's business here.
const OUTSIDER: &str = "user:outsider@example.com";

fn trial(applies: usize) -> Result<bool, Failure> {
    let programs = Programs::build(&[])?;
    let root = programs.scratch("crowd")?;
    let sandbox = Sandbox::start(programs.groma(), &[])?;
    let mut folders = Vec::new();
    for number in 0..applies {
        let folder = Folder::new(&programs, &sandbox, &root, &format!("folder{number}"))?;
        fs::write(folder.dir().join("main.tf"), CONFIGURATION)?;
        folder.run(&["init", "-input=false", "-no-color"])?;
        folders.push(folder);
    }
    add_outsider(&sandbox)?;
    // First each adds one; then every other one changes its own while the rest take theirs away, and
    // the other way round; at last all are taken away.
    let own = |number: usize| vec![format!("member{number}")];
    let other = |number: usize| vec![format!("member{number}"), format!("other{number}")];
    let steps: [(&str, Words<'_>); 4] = [
        ("all add one", &own),
        ("half add another, half remove theirs", &|number| {
            if number % 2 == 0 {
                other(number)
            } else {
                Vec::new()
            }
        }),
        ("half remove both, half add two", &|number| {
            if number % 2 == 0 {
                Vec::new()
            } else {
                other(number)
            }
        }),
        ("all remove theirs", &|_| Vec::new()),
    ];
    let mut well = true;
    for (title, members) in steps {
        let start = Instant::now();
        let mut problems = apply(&folders, members)?;
        let time = start.elapsed().as_secs_f64();
        let mut expected: BTreeSet<String> = (0..applies)
            .flat_map(members)
            .map(|name| format!("user:{name}@example.com"))
            .collect();
        expected.insert(OUTSIDER.to_owned());
        let got = viewers(&sandbox)?;
        problems.extend(
            expected
                .difference(&got)
                .map(|lost| format!("  lost: {lost}")),
        );
        problems.extend(
            got.difference(&expected)
                .map(|left| format!("  left over: {left}")),
        );
        let verdict = if problems.is_empty() { "ok" } else { "FAILED" };
        println!("{title}: {} members, {time:.1} s: {verdict}", got.len());
        for problem in &problems {
            println!("{problem}");
        }
        well &= problems.is_empty();
    }
    let counts = sandbox.admin("GET counts")?;
    let count = |method: &str| &counts[format!("cloudresourcemanager.projects.{method}")];
    println!(
        "{} reads and {} writes of the policy",
        count("getIamPolicy"),
        count("setIamPolicy")
    );
    Ok(well)
}

/// Applies in all folders at once and returns what went wrong.
fn apply(
    folders: &[Folder],
    members: &dyn Fn(usize) -> Vec<String>,
) -> Result<Vec<String>, Failure> {
    let mut groups = Vec::new();
    for (number, folder) in folders.iter().enumerate() {
        let variable = format!("members={}", json!(members(number)));
        let words = [
            "apply",
            "-auto-approve",
            "-input=false",
            "-no-color",
            "-var",
            &variable,
        ];
        let log = folder.dir().join("apply.log");
        groups.push((Group::start(folder.command(&words), &log)?, log));
    }
    let mut problems = Vec::new();
    for (group, log) in &mut groups {
        let status = group.wait()?;
        if !status.success() {
            problems.push(format!(
                "  an apply ended with {status}: see {}",
                log.display()
            ));
        }
    }
    Ok(problems)
}

fn policy(sandbox: &Sandbox) -> Result<Value, Failure> {
    let line = format!("POST /v1/projects/{}:getIamPolicy", sandbox.project());
    sandbox.rest(&line, &json!({}))
}

fn viewers(sandbox: &Sandbox) -> Result<BTreeSet<String>, Failure> {
    let policy = policy(sandbox)?;
    let bindings = policy["bindings"].as_array().into_iter().flatten();
    let viewers = bindings.filter(|binding| binding["role"] == "roles/viewer");
    let members = viewers.flat_map(|binding| binding["members"].as_array().into_iter().flatten());
    Ok(members
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

fn add_outsider(sandbox: &Sandbox) -> Result<(), Failure> {
    let mut policy = policy(sandbox)?;
    let binding = json!({"role": "roles/viewer", "members": [OUTSIDER]});
    match policy["bindings"].as_array_mut() {
        Some(bindings) => bindings.push(binding),
        None => policy["bindings"] = json!([binding]),
    }
    let line = format!("POST /v1/projects/{}:setIamPolicy", sandbox.project());
    sandbox.rest(&line, &json!({ "policy": policy }))?;
    Ok(())
}
