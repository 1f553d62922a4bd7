//! The native AWS provider beside hashicorp's: the AWS half of `examples/two-clouds`, many subnets, the
//! start of the provider, and its size.

#![expect(clippy::print_stdout, reason = "a task's report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::Stop;
use super::bench::Run;
use super::measure::{Cost, measure_family, median};
use super::site::mirror;
use super::tables::Table;
use crate::rig::{Folder, Programs, Sandbox};

/// How the native providers answer, and how hashicorp's does.
const NATIVE: &str = "provider_installation {\n  native {}\n}\n";

/// Who works.
struct Peer {
    name: &'static str,
    program: PathBuf,
    settings: String,
}

impl Run {
    /// What the issue promises of the native provider, side by side.
    pub(super) fn native(&mut self) -> Result<(), Stop> {
        let programs = Programs::build(&["--release"])?;
        let scratch = tempfile::tempdir()?;
        let hashicorp = mirror()?;
        let mut peers = vec![Peer {
            name: "groma, native",
            program: programs.groma().to_owned(),
            settings: NATIVE.to_owned(),
        }];
        match &self.terraform {
            Some(terraform) => peers.push(Peer {
                name: "terraform, hashicorp/aws",
                program: terraform.path().to_owned(),
                settings: format!(
                    "provider_installation {{\n  filesystem_mirror {{\n    path = {hashicorp:?}\n  }}\n}}\n"
                ),
            }),
            None => println!("SKIP native, the peer: terraform is not on PATH"),
        }
        let mut costs = Vec::new();
        for peer in &peers {
            let sandbox = Sandbox::start(programs.groma(), &[])?;
            let folder = peer.folder(&sandbox, scratch.path(), "half")?;
            half(folder.dir())?;
            folder.run(&["init", "-input=false", "-no-color"])?;
            folder.run(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
            costs.push(self.no_op("AWS half of two-clouds", peer.name, &folder)?);
        }
        self.ratio(&costs);
        self.subnets(&programs, &peers, scratch.path())?;
        start(&programs, &hashicorp)?;
        sizes(&programs)?;
        Ok(())
    }

    /// A plan of nothing; checked to be one.
    fn no_op(&mut self, work: &str, name: &str, folder: &Folder) -> Result<Cost, Stop> {
        let plan = ["plan", "-input=false", "-no-color", "-detailed-exitcode"];
        folder.run(&plan)?;
        let mut costs = Vec::new();
        for _ in 0..self.runs() {
            costs.push(measure_family(&folder.command(&plan))?);
        }
        let cost = median(&costs);
        self.report(work, "no-op plan", name, cost);
        println!(
            "  peak of all its processes that is theirs alone: {:.0} MiB",
            cost.own
        );
        Ok(cost)
    }

    fn ratio(&mut self, costs: &[Cost]) {
        if let [ours, theirs] = costs {
            self.row(&[
                "AWS half of two-clouds",
                "no-op plan",
                "how many times",
                &format!("÷ {:.1}", theirs.wall / ours.wall),
                &format!("÷ {:.1}", theirs.cpu / ours.cpu),
                &format!("÷ {:.1}", theirs.rss / ours.rss),
            ]);
        }
    }

    /// Refreshes many subnets: how many calls that takes.
    fn subnets(&mut self, programs: &Programs, peers: &[Peer], root: &Path) -> Result<(), Stop> {
        let each = 200 / self.divide();
        let work = format!("{} subnets in 3 VPCs", 3 * each);
        let sandbox = Sandbox::start(programs.groma(), &[])?;
        let mut table = Table::new(&["work", "program", "API calls", "which"]);
        let mut first: Option<PathBuf> = None;
        for peer in peers {
            let folder = peer.folder(&sandbox, root, "subnets")?;
            fs::write(folder.dir().join("main.tf"), subnets(each))?;
            folder.run(&["init", "-input=false", "-no-color"])?;
            match &first {
                None => {
                    folder.run(&["apply", "-input=false", "-no-color", "-auto-approve"])?;
                    first = Some(folder.dir().to_owned());
                }
                // The objects are there: the state tells of them.
                Some(dir) => {
                    let name = "terraform.tfstate";
                    fs::copy(dir.join(name), folder.dir().join(name))?;
                }
            }
            sandbox.admin("POST requests/clear")?;
            folder.run(&["plan", "-input=false", "-no-color"])?;
            let counts = sandbox.admin("GET counts")?;
            let (sum, which) = counted(&counts);
            table.row(&[&work, peer.name, &sum.to_string(), &which]);
            self.no_op(&work, peer.name, &folder)?;
        }
        println!("{}", table.render());
        Ok(())
    }
}

impl Peer {
    fn folder(&self, sandbox: &Sandbox, root: &Path, work: &str) -> Result<Folder, Stop> {
        // Each has settings of its own.
        let root = root.join(self.name.replace([',', ' ', '/'], "-"));
        Ok(Folder::of(
            &self.program,
            &self.settings,
            sandbox.variables(),
            &root,
            work,
        )?)
    }
}

/// Writes the AWS half of `examples/two-clouds` into a folder.
pub(crate) fn half(dir: &Path) -> Result<(), Stop> {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/two-clouds");
    for name in ["aws.tf", "aws-eks.tf", "aws-outputs.tf", "variables.tf"] {
        fs::copy(example.join(name), dir.join(name))?;
    }
    fs::write(dir.join("main.tf"), REQUIRED)?;
    Ok(())
}

pub(crate) const REQUIRED: &str = r#"terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
"#;

fn subnets(each: usize) -> String {
    format!(
        r#"{REQUIRED}
provider "aws" {{
  region = "us-east-1"
}}

resource "aws_vpc" "this" {{
  count      = 3
  cidr_block = "10.${{count.index}}.0.0/16"
}}

resource "aws_subnet" "this" {{
  count      = {}
  vpc_id     = aws_vpc.this[floor(count.index / {each})].id
  cidr_block = cidrsubnet(aws_vpc.this[floor(count.index / {each})].cidr_block, 8, count.index % {each})
}}
"#,
        3 * each
    )
}

/// How many calls there were, and of what.
fn counted(counts: &Value) -> (u64, String) {
    let mut all: Vec<(&str, u64)> = counts
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(name, count)| Some((name.as_str(), count.as_u64()?)))
        .collect();
    all.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    let which: Vec<String> = all
        .iter()
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    (all.iter().map(|(_, count)| count).sum(), which.join(", "))
}

/// From the start of a provider to its first answer.
fn start(programs: &Programs, hashicorp: &Path) -> Result<(), Stop> {
    let theirs =
        walkdir::WalkDir::new(hashicorp.join("registry.terraform.io/hashicorp/aws/5.100.0"))
            .follow_links(true)
            .into_iter()
            .flatten()
            .find(|entry| {
                entry
                    .file_name()
                    .to_string_lossy()
                    .starts_with("terraform-provider-aws")
            })
            .map(walkdir::DirEntry::into_path);
    let native = ["aws", "google"].map(|kind| programs.provider(kind));
    for program in native.into_iter().chain(theirs) {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["run", "--quiet", "--release", "--package", "groma-plugin"])
            .args(["--example", "start", "--"])
            .arg(&program)
            .arg("9")
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()?;
        let mut times: Vec<f64> = serde_json::from_slice(&output.stdout)
            .map_err(|_| Stop::Fail(String::from_utf8_lossy(&output.stderr).into_owned()))?;
        times.sort_by(f64::total_cmp);
        let (least, middle) = (times.first(), times.get(times.len() / 2));
        println!(
            "start to first answer (all schemas), {}: {:.0} ms at least, {:.0} ms in the middle of {}",
            program.file_name().unwrap_or_default().display(),
            least.unwrap_or(&0.0),
            middle.unwrap_or(&0.0),
            times.len()
        );
    }
    Ok(())
}

fn sizes(programs: &Programs) -> Result<(), Stop> {
    for (kind, limit) in [("aws", 60.0), ("google", 40.0)] {
        let program = programs.provider(kind);
        let size = fs::metadata(&program)?.len() as f64 / 1e6;
        println!(
            "size of {}: {size:.1} MB, at most {limit}",
            program.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_counted() {
        let counts = serde_json::json!({"a": 2, "b": 3, "c": 2});
        assert_eq!(counted(&counts), (7, "3 b, 2 a, 2 c".to_owned()));
    }
}
