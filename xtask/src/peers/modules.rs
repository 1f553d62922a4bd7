//! Published modules with both programs: loaded, validated and planned.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conformance::{Program, diff, render_differences};
use serde_json::Value;

use super::Stop;
use super::example::differences;
use super::module_registry::Registry;
use super::site::{Cloud, mirror};
use super::tables::Table;

/// An example of a module at a version whose constraints hashicorp/aws 5.100 satisfies.
struct Case {
    repository: &'static str,
    tag: &'static str,
    example: &'static str,
    /// A file of the example that is left out.
    without: &'static str,
    /// How far it goes with the providers that the mirror has.
    reach: Reach,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    Loads,
    Plans,
}

const fn aws(repository: &'static str, tag: &'static str, example: &'static str) -> Case {
    Case {
        repository,
        tag,
        example,
        without: "",
        reach: Reach::Plans,
    }
}

/// One that needs providers which the mirror lacks.
const fn other(repository: &'static str, tag: &'static str, example: &'static str) -> Case {
    Case {
        reach: Reach::Loads,
        ..aws(repository, tag, example)
    }
}

const CASES: &[Case] = &[
    aws(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "simple",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "complete",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "network-acls",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-transit-gateway",
        "v2.13.1",
        "complete",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-security-group",
        "v5.3.1",
        "complete",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-security-group",
        "v5.3.1",
        "http",
    ),
    // Its outputs show what is sensitive, which neither program allows.
    Case {
        without: "outputs.tf",
        ..aws(
            "terraform-aws-modules+terraform-aws-kms",
            "v3.1.1",
            "complete",
        )
    },
    aws(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-policy",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-assumable-role",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-group-with-policies",
    ),
    aws(
        "terraform-aws-modules+terraform-aws-rds",
        "v6.13.1",
        "groups",
    ),
    other(
        "terraform-aws-modules+terraform-aws-s3-bucket",
        "v4.11.0",
        "complete",
    ),
    other(
        "terraform-aws-modules+terraform-aws-alb",
        "v9.17.0",
        "complete-nlb",
    ),
    other(
        "terraform-aws-modules+terraform-aws-lambda",
        "v7.21.1",
        "simple",
    ),
    other(
        "terraform-aws-modules+terraform-aws-eks",
        "v20.37.2",
        "eks-managed-node-group",
    ),
    other(
        "terraform-google-modules+terraform-google-network",
        "v9.3.0",
        "basic_custom_mode",
    ),
    other(
        "terraform-google-modules+terraform-google-kubernetes-engine",
        "v33.1.0",
        "simple_regional",
    ),
    other(
        "terraform-google-modules+terraform-google-cloud-nat",
        "v5.3.0",
        "basic",
    ),
    other(
        "terraform-google-modules+terraform-google-project-factory",
        "v17.0.0",
        "simple_project",
    ),
];

/// Takes the modules in a folder of repositories through both programs, and returns whether they agree.
pub(super) fn compare(repositories: &Path, names: &[String]) -> Result<bool, Stop> {
    let terraform = Program::find("terraform".as_ref())
        .ok_or_else(|| Stop::Skip("terraform is not on PATH".into()))?;
    let groma = Program::groma().map_err(Stop::Fail)?;
    let registry = Registry::start(repositories)?;
    let cloud = Cloud::start()?;
    let rc = format!(
        "provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n{}",
        mirror()?.display(),
        registry.host_block("registry.terraform.io")
    );
    let head = [
        "module",
        "example",
        "modules",
        "load terraform",
        "load groma",
        "validate",
        "plan",
    ];
    let mut table = Table::new(&head);
    let (mut equal, mut report) = (true, String::new());
    let asked =
        |case: &&Case| names.is_empty() || names.iter().any(|n| case.repository.contains(n));
    for case in CASES.iter().filter(asked) {
        let repository = repositories.join(case.repository).join("repo");
        let name = case.repository.split('+').next_back().unwrap_or_default();
        if !repository.is_dir() {
            table.row(&[name, case.example, "not there"]);
            continue;
        }
        let label = format!("{name} {}", case.example);
        eprintln!("{label}");
        let root = tempfile::tempdir()?;
        let mut seen = Vec::new();
        for (who, program) in [("terraform", &terraform), ("groma", &groma)] {
            let site = Site::new(program, root.path(), who, &rc, &cloud, case, &repository)?;
            seen.push(site.look(case)?);
        }
        let (theirs, ours) = (&seen[0], &seen[1]);
        let mut verdict = |what: &str, text: Option<String>| match text {
            None => "-",
            Some(text) if text.is_empty() => "equal",
            Some(text) => {
                equal = false;
                report += &format!("{label}: {what}\n{text}");
                "DIFFER"
            }
        };
        let modules = verdict("modules", Some(lines(&theirs.modules, &ours.modules)));
        let validate = verdict(
            "validate",
            theirs
                .validate
                .as_ref()
                .zip(ours.validate.as_ref())
                .map(|(a, b)| render_differences("validate", &diff(a, b), 6)),
        );
        let plan = verdict(
            "plan",
            theirs
                .plan
                .as_ref()
                .zip(ours.plan.as_ref())
                .map(|(a, b)| match (a, b) {
                    (Ok(a), Ok(b)) => differences("plan", a, b),
                    (Err(a), Err(b)) => lines(a, b),
                    (Ok(_), Err(b)) => format!("only groma fails: {b}\n"),
                    (Err(a), Ok(_)) => format!("only terraform fails: {a}\n"),
                }),
        );
        table.row(&[
            &format!("{name} {}", case.tag),
            case.example,
            modules,
            &seconds(theirs.load),
            &seconds(ours.load),
            validate,
            plan,
        ]);
    }
    print!("{}{report}", table.render());
    Ok(equal)
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn lines(expected: &str, got: &str) -> String {
    if expected == got {
        return String::new();
    }
    format!("  terraform: {expected}\n  groma: {got}\n")
}

/// Is what one program made of a module.
struct Seen {
    modules: String,
    load: Duration,
    validate: Option<Value>,
    plan: Option<Result<Value, String>>,
}

/// Is one program in its own copy of a repository.
struct Site<'a> {
    program: &'a Program,
    dir: PathBuf,
    scratch: PathBuf,
    endpoint: String,
}

impl<'a> Site<'a> {
    fn new(
        program: &'a Program,
        root: &Path,
        name: &str,
        rc: &str,
        cloud: &Cloud,
        case: &Case,
        repository: &Path,
    ) -> Result<Self, Stop> {
        let (work_tree, scratch) = (root.join(name), root.join(format!("{name}.scratch")));
        fs::create_dir_all(&scratch)?;
        fs::write(scratch.join("rc"), rc)?;
        let cloned = Command::new("git")
            .args(["clone", "--quiet", "--no-checkout", "--shared"])
            .arg(repository)
            .arg(&work_tree)
            .status()?;
        // What a snapshot lacks is of no use here: pictures and archives.
        let checked_out = Command::new("git")
            .arg("-C")
            .arg(&work_tree)
            .args(["checkout", "--quiet", case.tag, "--", "."])
            .args([":!*.zip", ":!*.png", ":!*.svg", ":!*.gif"])
            .stderr(Stdio::null())
            .status()?;
        if !cloned.success() || !checked_out.success() {
            return Err(Stop::Fail(format!(
                "git cannot check out {}",
                case.repository
            )));
        }
        let dir = work_tree.join("examples").join(case.example);
        if !case.without.is_empty() {
            fs::remove_file(dir.join(case.without))?;
        }
        Ok(Self {
            program,
            dir,
            scratch,
            endpoint: cloud.endpoint(),
        })
    }

    fn look(&self, case: &Case) -> Result<Seen, Stop> {
        self.must(&["get", "-no-color"])?;
        // All is there now: this is what loading takes.
        let start = Instant::now();
        self.must(&["get", "-no-color"])?;
        let load = start.elapsed();
        let mut seen = Seen {
            modules: fs::read_to_string(self.dir.join(".terraform/modules/modules.json"))
                .unwrap_or_default(),
            load,
            validate: None,
            plan: None,
        };
        if case.reach == Reach::Plans {
            self.must(&["init", "-no-color", "-input=false"])?;
            let (_, text, _) = self.run(&["validate", "-json"])?;
            seen.validate = Some(parse(&text)?);
            let (good, _, problems) =
                self.run(&["plan", "-no-color", "-input=false", "-out=plan"])?;
            seen.plan = Some(if good {
                Ok(parse(&self.must(&["show", "-json", "plan"])?)?)
            } else {
                Err(summaries(&problems))
            });
        }
        Ok(seen)
    }

    fn must(&self, words: &[&str]) -> Result<String, Stop> {
        match self.run(words)? {
            (true, text, _) => Ok(text),
            (false, text, problems) => Err(Stop::Fail(format!(
                "{} {}: {text}{problems}",
                self.program.path().display(),
                words.join(" ")
            ))),
        }
    }

    fn run(&self, words: &[&str]) -> Result<(bool, String, String), Stop> {
        let output = self
            .program
            .command(&self.dir, &self.scratch)
            .args(words)
            .env("TF_CLI_CONFIG_FILE", self.scratch.join("rc"))
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_ACCESS_KEY_ID", "testing")
            .env("AWS_SECRET_ACCESS_KEY", "testing")
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()?;
        Ok((
            output.status.success(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }
}

fn parse(text: &str) -> Result<Value, Stop> {
    conformance::parse_exact(text).map_err(|error| Stop::Fail(error.to_string()))
}

/// The summaries of problems: details are in each program's own words.
fn summaries(text: &str) -> String {
    let mut found: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("Error: "))
        .collect();
    found.sort_unstable();
    found.join("; ")
}
