//! `cargo xtask interop`: Terraform and groma, each with hashicorp/aws and with ours, over one cloud.
//!
//! Each of the four pairs creates the same platform. Every pair must then find nothing to do over every other one's state, and with
//! the same program both providers must plan the same: for create, update, replace and destroy.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use conformance::Program;
use serde_json::Value;

use crate::peers::Stop;
use crate::peers::example::{differences, summary};
use crate::peers::native::{REQUIRED, half};
use crate::peers::site::{Cloud, mirror};
use crate::peers::tables::Table;
use crate::rig::{Folder, Programs, Sandbox};

#[derive(Args)]
pub(crate) struct Options {
    /// Use moto as the cloud, without EKS.
    #[arg(long)]
    moto: bool,
    /// How much of the platform.
    #[arg(long, value_enum, default_value = "all")]
    part: Part,
    /// Only the pairs whose names contain this: `groma`, `native` …
    #[arg(long, default_value = "")]
    only: String,
}

/// How much of the platform is made.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
enum Part {
    /// The network.
    Network,
    /// The network, roles and policies.
    Iam,
    /// All.
    All,
}

/// The changes that are planned beside the creation: a name, flags, and whether the change is carried out.
const STEPS: [(&str, &[&str]); 3] = [
    ("update", &[r#"-var=labels={"team"="red"}"#]),
    (
        "replace",
        &[r#"-var=labels={"team"="red"}"#, "-var=hub_cidr=10.0.0.0/9"],
    ),
    ("destroy", &["-destroy"]),
];

/// Runs the task; a missing peer is a SKIP line, a difference is a failure.
pub(crate) fn interop(options: &Options) -> ExitCode {
    match run(options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(Stop::Skip(reason)) => {
            println!("SKIP {reason}");
            ExitCode::SUCCESS
        }
        Err(Stop::Fail(reason)) => {
            eprintln!("interop: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// The plans of one life, by step.
type Plans = Vec<(&'static str, Value)>;

/// A program with a provider.
struct Pair {
    name: String,
    program: PathBuf,
    settings: String,
    native: bool,
}

/// The cloud of all.
enum Server {
    Sandbox(Sandbox),
    Moto(Cloud),
}

impl Server {
    fn reset(&self) -> Result<(), Stop> {
        match self {
            Self::Sandbox(sandbox) => sandbox.admin("POST reset").map(drop).map_err(Stop::from),
            Self::Moto(cloud) => cloud.reset(),
        }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        match self {
            Self::Sandbox(sandbox) => sandbox.variables().to_vec(),
            Self::Moto(cloud) => vec![
                pair("AWS_ENDPOINT_URL", &cloud.endpoint()),
                pair("AWS_ACCESS_KEY_ID", "testing"),
                pair("AWS_SECRET_ACCESS_KEY", "testing"),
                pair("AWS_EC2_METADATA_DISABLED", "true"),
            ],
        }
    }
}

fn run(options: &Options) -> Result<bool, Stop> {
    let terraform = Program::find("terraform".as_ref())
        .ok_or_else(|| Stop::Skip("terraform is not on PATH".into()))?;
    let hashicorp = mirror()?;
    let programs = Programs::build(&[])?;
    let root = tempfile::tempdir()?;
    let server = match options.moto {
        true => Server::Moto(Cloud::start()?),
        false => Server::Sandbox(Sandbox::start(programs.groma(), &[])?),
    };
    let part = if options.moto {
        options.part.min(Part::Iam)
    } else {
        options.part
    };
    let mut pairs = pairs(terraform.path(), &programs, &hashicorp, root.path())?;
    pairs.retain(|pair| pair.name.contains(&options.only));

    let mut table = Table::new(
        &[
            &["state written by"],
            &pairs
                .iter()
                .map(|pair| pair.name.as_str())
                .collect::<Vec<_>>()[..],
        ]
        .concat(),
    );
    let mut equal = true;
    let mut report = String::new();
    let mut plans: Vec<Plans> = Vec::new();
    for writer in &pairs {
        server.reset()?;
        eprintln!("{}: create", writer.name);
        let home = writer.folder(&server, root.path(), "home", part)?;
        let mut seen = vec![("create", plan(&home, &[])?)];
        home.run(&["apply", "-input=false", "-no-color", "plan"])?;
        let mut row = vec![writer.name.clone()];
        for reader in &pairs {
            eprintln!("{}: read by {}", writer.name, reader.name);
            let guest = reader.folder(&server, root.path(), "guest", part)?;
            let state = "terraform.tfstate";
            fs::copy(home.dir().join(state), guest.dir().join(state))?;
            let found = plan(&guest, &[])?;
            let todo = summary(&found);
            let clean = todo == "+0 ~0 -0";
            equal &= clean;
            if !clean {
                report += &changes(
                    &format!("{} over {}'s state", reader.name, writer.name),
                    &found,
                );
            }
            row.push(if clean { "No changes".to_owned() } else { todo });
        }
        table.row(&row.iter().map(String::as_str).collect::<Vec<_>>());
        for (name, flags) in STEPS {
            eprintln!("{}: {name}", writer.name);
            seen.push((name, plan(&home, flags)?));
            // moto forgets a deleted attachment at once, and a provider waits to see it deleted.
            if name != "destroy" || !options.moto {
                home.run(&["apply", "-input=false", "-no-color", "plan"])?;
            }
        }
        plans.push(seen);
    }
    println!("{}", table.render());
    let mut table = Table::new(&["program", "step", "hashicorp", "native", "plans"]);
    for program in ["terraform", "groma"] {
        let of = |native: bool| {
            let at = pairs
                .iter()
                .position(|pair| pair.native == native && pair.name.starts_with(program));
            at.and_then(|at| plans.get(at))
        };
        let (Some(theirs), Some(ours)) = (of(false), of(true)) else {
            continue;
        };
        for ((step, theirs), (_, ours)) in theirs.iter().zip(ours) {
            let text = differences(&format!("{program} {step}"), theirs, ours);
            let verdict = if text.is_empty() { "equal" } else { "DIFFER" };
            equal &= text.is_empty();
            report += &text;
            table.row(&[program, step, &summary(theirs), &summary(ours), verdict]);
        }
    }
    println!("{}{report}", table.render());
    Ok(equal)
}

/// Terraform and groma, each with both providers.
fn pairs(
    terraform: &Path,
    programs: &Programs,
    hashicorp: &Path,
    root: &Path,
) -> Result<Vec<Pair>, Stop> {
    let ours = root.join("native");
    let made = std::process::Command::new(programs.groma())
        .args(["providers", "native"])
        .arg(&ours)
        .output()?;
    if !made.status.success() {
        return Err(Stop::Fail(
            String::from_utf8_lossy(&made.stderr).into_owned(),
        ));
    }
    let from = |dir: &Path| {
        format!("provider_installation {{\n  filesystem_mirror {{\n    path = {dir:?}\n  }}\n}}\n")
    };
    let pair = |name: &str, program: &Path, dir: &Path, native| Pair {
        name: name.to_owned(),
        program: program.to_owned(),
        settings: from(dir),
        native,
    };
    Ok(vec![
        pair("terraform, hashicorp", terraform, hashicorp, false),
        pair("terraform, native", terraform, &ours, true),
        pair("groma, hashicorp", programs.groma(), hashicorp, false),
        pair("groma, native", programs.groma(), &ours, true),
    ])
}

impl Pair {
    /// A folder with the platform in it, made once.
    fn folder(&self, server: &Server, root: &Path, name: &str, part: Part) -> Result<Folder, Stop> {
        let root = root.join(self.name.replace([',', ' '], "-"));
        let folder = Folder::of(
            &self.program,
            &self.settings,
            &server.variables(),
            &root,
            name,
        )?;
        if !folder.dir().join("main.tf").exists() {
            half(folder.dir())?;
            if part < Part::All {
                leave(folder.dir(), part)?;
            }
            if matches!(server, Server::Moto(_)) {
                fs::write(folder.dir().join("moto_override.tf"), FORGOTTEN)?;
            }
            folder.run(&["init", "-input=false", "-no-color"])?;
        }
        Ok(folder)
    }
}

/// What moto forgets: the tags of attachments, whoever gives them.
const FORGOTTEN: &str = r#"resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  lifecycle {
    ignore_changes = [tags, tags_all]
  }
}
"#;

/// Leaves a part of the platform.
fn leave(dir: &Path, part: Part) -> Result<(), Stop> {
    let eks = dir.join("aws-eks.tf");
    let text = fs::read_to_string(&eks)?;
    let end = if part == Part::Iam {
        "resource \"aws_eks_cluster\""
    } else {
        "data \"aws_caller_identity\""
    };
    let (kept, _) = text.split_once(end).unwrap_or((&text, ""));
    fs::write(eks, kept)?;
    fs::remove_file(dir.join("aws-outputs.tf"))?;
    fs::write(dir.join("main.tf"), REQUIRED)?;
    Ok(())
}

/// Plans into a file and returns the plan as JSON.
fn plan(folder: &Folder, flags: &[&str]) -> Result<Value, Stop> {
    folder.run(&[&["plan", "-input=false", "-no-color", "-out=plan"], flags].concat())?;
    let text = folder.run(&["show", "-json", "plan"])?;
    conformance::parse_exact(&text).map_err(|error| Stop::Fail(error.to_string()))
}

/// What a plan that should have been empty would change.
fn changes(label: &str, plan: &Value) -> String {
    let mut text = String::new();
    for resource in plan["resource_changes"].as_array().into_iter().flatten() {
        let change = &resource["change"];
        if change["actions"][0] != "no-op" && change["actions"][0] != "read" {
            let (before, after) = (&change["before"], &change["after"]);
            let differences = conformance::diff(before, after);
            let name = resource["address"].as_str().unwrap_or_default();
            text += &format!("{label}: {name} {}\n", change["actions"]);
            text += &conformance::render_differences("  ", &differences, 6);
        }
    }
    text
}
