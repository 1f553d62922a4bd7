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
use crate::rig::Sandbox;

/// An example of a module at a version whose constraints hashicorp/aws 5.100 or hashicorp/google 7.45 satisfies.
struct Case {
    repository: &'static str,
    tag: &'static str,
    example: &'static str,
    /// A file of the example that is left out.
    without: &'static str,
    /// Root variables that have no default.
    variables: &'static [(&'static str, &'static str)],
}

const fn case(repository: &'static str, tag: &'static str, example: &'static str) -> Case {
    Case {
        repository,
        tag,
        example,
        without: "",
        variables: &[],
    }
}

const PROJECT: (&str, &str) = ("project_id", "demo-project");

const CASES: &[Case] = &[
    case(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "simple",
    ),
    case(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "complete",
    ),
    case(
        "terraform-aws-modules+terraform-aws-vpc",
        "v5.21.0",
        "network-acls",
    ),
    case(
        "terraform-aws-modules+terraform-aws-transit-gateway",
        "v2.13.1",
        "complete",
    ),
    case(
        "terraform-aws-modules+terraform-aws-security-group",
        "v5.3.1",
        "complete",
    ),
    case(
        "terraform-aws-modules+terraform-aws-security-group",
        "v5.3.1",
        "http",
    ),
    // Its outputs show what is sensitive, which neither program allows.
    Case {
        without: "outputs.tf",
        ..case(
            "terraform-aws-modules+terraform-aws-kms",
            "v3.1.1",
            "complete",
        )
    },
    case(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-policy",
    ),
    case(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-assumable-role",
    ),
    case(
        "terraform-aws-modules+terraform-aws-iam",
        "v5.60.0",
        "iam-group-with-policies",
    ),
    case(
        "terraform-aws-modules+terraform-aws-rds",
        "v6.13.1",
        "groups",
    ),
    case(
        "terraform-aws-modules+terraform-aws-s3-bucket",
        "v4.11.0",
        "complete",
    ),
    case(
        "terraform-aws-modules+terraform-aws-alb",
        "v9.17.0",
        "complete-nlb",
    ),
    case(
        "terraform-aws-modules+terraform-aws-lambda",
        "v7.21.1",
        "simple",
    ),
    case(
        "terraform-aws-modules+terraform-aws-eks",
        "v20.37.2",
        "eks-managed-node-group",
    ),
    Case {
        variables: &[PROJECT],
        ..case(
            "terraform-google-modules+terraform-google-network",
            "v18.1.0",
            "simple_project",
        )
    },
    Case {
        variables: &[PROJECT],
        ..case(
            "terraform-google-modules+terraform-google-network",
            "v18.1.0",
            "secondary_ranges",
        )
    },
    Case {
        variables: &[
            PROJECT,
            ("region", "europe-west1"),
            ("network", "atlas"),
            ("subnetwork", "atlas-nodes"),
            ("ip_range_pods", "pods"),
            ("ip_range_services", "services"),
            ("compute_engine_service_account", "create"),
        ],
        ..case(
            "terraform-google-modules+terraform-google-kubernetes-engine",
            "v44.2.0",
            "simple_regional",
        )
    },
    Case {
        variables: &[
            PROJECT,
            ("region", "europe-west1"),
            ("router_name", "atlas"),
        ],
        ..case(
            "terraform-google-modules+terraform-google-cloud-nat",
            "v7.0.0",
            "basic",
        )
    },
    Case {
        variables: &[PROJECT, ("region", "europe-west1")],
        ..case(
            "terraform-google-modules+terraform-google-cloud-nat",
            "v7.0.0",
            "advanced",
        )
    },
    Case {
        variables: &[
            ("organization_id", "1234567890"),
            ("billing_account", "000000-111111-222222"),
        ],
        ..case(
            "terraform-google-modules+terraform-google-project-factory",
            "v18.2.0",
            "simple_project",
        )
    },
];

/// Takes the modules in a folder of repositories through both programs, and returns whether they agree.
pub(super) fn compare(repositories: &Path, names: &[String]) -> Result<bool, Stop> {
    let terraform = Program::find("terraform".as_ref())
        .ok_or_else(|| Stop::Skip("terraform is not on PATH".into()))?;
    let groma = Program::groma().map_err(Stop::Fail)?;
    let registry = Registry::start(repositories)?;
    let cloud = Cloud::start()?;
    let google = Sandbox::start(groma.path(), &[])?;
    // Google Cloud is the sandbox; AWS, of which the modules ask more than the sandbox has, is moto.
    let mut clouds = google.variables().to_vec();
    clouds.push(("AWS_ENDPOINT_URL".into(), cloud.endpoint()));
    clouds.push(("AWS_REGION".into(), "eu-west-1".into()));
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
            let site = Site::new(program, root.path(), who, &rc, &clouds, case, &repository)?;
            match site.look() {
                Ok(one) => seen.push(one),
                Err(Stop::Fail(text)) => report += &format!("{label}: {text}\n"),
                Err(skip) => return Err(skip),
            }
        }
        let [theirs, ours] = &seen[..] else {
            equal = false;
            table.row(&[name, case.example, "FAILED"]);
            continue;
        };
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
        verdict("providers", Some(lines(&theirs.lacks, &ours.lacks)));
        let validate = verdict(
            "validate",
            theirs
                .validate
                .as_ref()
                .zip(ours.validate.as_ref())
                .map(|(a, b)| render_differences("validate", &diff(a, b), 6)),
        );
        let plans = theirs.plan.as_ref().zip(ours.plan.as_ref());
        let plan = verdict("plan", plans.map(|(a, b)| between_plans(a, b)));
        table.row(&[
            &format!("{name} {}", case.tag),
            case.example,
            modules,
            &seconds(theirs.load),
            &seconds(ours.load),
            validate,
            if theirs.lacks.is_empty() {
                plan
            } else {
                &theirs.lacks
            },
        ]);
    }
    print!("{}{report}", table.render());
    Ok(equal)
}

/// How the plans of both differ, or why only one has one.
fn between_plans(theirs: &Result<Value, String>, ours: &Result<Value, String>) -> String {
    match (theirs, ours) {
        (Ok(a), Ok(b)) => differences("plan", a, b),
        (Err(a), Err(b)) => lines(a, b),
        (Ok(_), Err(b)) => format!("only groma fails: {b}\n"),
        (Err(a), Ok(_)) => format!("only terraform fails: {a}\n"),
    }
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
    /// Providers that the mirror does not have: then loading is all.
    lacks: String,
    validate: Option<Value>,
    plan: Option<Result<Value, String>>,
}

/// Is one program in its own copy of a repository.
struct Site<'a> {
    program: &'a Program,
    dir: PathBuf,
    scratch: PathBuf,
    /// What leads the providers to the clouds.
    variables: Vec<(String, String)>,
}

impl<'a> Site<'a> {
    fn new(
        program: &'a Program,
        root: &Path,
        name: &str,
        rc: &str,
        clouds: &[(String, String)],
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
        let variables = case.variables.iter();
        let variables =
            variables.map(|(name, value)| (format!("TF_VAR_{name}"), (*value).to_owned()));
        Ok(Self {
            program,
            dir,
            scratch,
            variables: variables.chain(clouds.iter().cloned()).collect(),
        })
    }

    fn look(&self) -> Result<Seen, Stop> {
        self.must(&["get", "-no-color"])?;
        // All is there now: this is what loading takes.
        let start = Instant::now();
        self.must(&["get", "-no-color"])?;
        let load = start.elapsed();
        let modules = fs::read_to_string(self.dir.join(".terraform/modules/modules.json"))?;
        let mut seen = Seen {
            modules,
            load,
            lacks: String::new(),
            validate: None,
            plan: None,
        };
        let (ready, text, problems) = self.run(&["init", "-no-color", "-input=false"])?;
        if !ready {
            seen.lacks = lacking(&problems);
            if seen.lacks.is_empty() {
                return Err(Stop::Fail(format!("init: {text}{problems}")));
            }
            return Ok(seen);
        }
        let (_, text, _) = self.run(&["validate", "-json"])?;
        seen.validate = Some(parse(&text)?);
        let (good, _, problems) = self.run(&["plan", "-no-color", "-input=false", "-out=plan"])?;
        seen.plan = Some(if good {
            let text = self.must(&["show", "-json", "plan"])?;
            // Each program is in a folder of its own, which some plans mention.
            Ok(parse(&text.replace(&*self.dir.to_string_lossy(), "HERE"))?)
        } else {
            Err(summaries(&problems))
        });
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
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
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

/// The providers that a failed init did not find, in any order that programs name them.
fn lacking(problems: &str) -> String {
    let text = problems.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut found: Vec<&str> = text
        .split("for provider ")
        .skip(1)
        .filter_map(|rest| rest.split([':', ' ', ',']).next())
        .collect();
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return String::new();
    }
    format!("lacks {}", found.join(", "))
}
