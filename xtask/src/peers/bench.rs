//! `cargo xtask bench peers`: what the same work costs with each program.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use clap::Subcommand;
use conformance::Program;

use super::Stop;
use super::measure::{Cost, measure, median};
use super::site::{Cloud, Site};
use super::tables::Table;

#[derive(Subcommand)]
pub(crate) enum Bench {
    /// Measure groma (release build) beside Terraform and print one table.
    Peers(Options),
}

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Runs of which the median counts
    #[arg(long, default_value_t = 5)]
    runs: usize,

    /// Divide all sizes by this, to try the measurements out
    #[arg(long, default_value_t = 1)]
    divide: usize,

    /// Only the parts whose name contains this
    #[arg(long, default_value = "")]
    only: String,
}

/// Runs the measurements; a part that lacks its peer is a SKIP line.
pub(crate) fn bench(task: &Bench) -> ExitCode {
    let Bench::Peers(options) = task;
    let groma = match std::env::var_os("GROMA_BIN") {
        Some(_) => Program::groma(),
        None => Program::build_groma(&["--release"]),
    };
    let groma = match groma {
        Ok(groma) => groma,
        Err(error) => {
            eprintln!("bench: {error}");
            return ExitCode::FAILURE;
        }
    };
    let terraform = Program::find("terraform".as_ref());
    let mut bench = Run {
        groma,
        terraform,
        runs: options.runs,
        divide: options.divide.max(1),
        table: Table::new(&HEAD),
    };
    let parts: [(&str, Part); 4] = [
        ("crossed", Run::crossed),
        ("large", Run::large),
        ("eks-network", Run::example),
        ("native", Run::native),
    ];
    let mut code = ExitCode::SUCCESS;
    for (name, part) in parts
        .iter()
        .filter(|(name, _)| name.contains(&options.only))
    {
        match part(&mut bench) {
            Ok(()) => {}
            Err(Stop::Skip(reason)) => println!("SKIP {name}: {reason}"),
            Err(Stop::Fail(reason)) => {
                eprintln!("bench: {name}: {reason}");
                code = ExitCode::FAILURE;
            }
        }
    }
    print!("{}", bench.table.render());
    code
}

const HEAD: [&str; 6] = ["work", "command", "program", "wall s", "cpu s", "peak MiB"];

type Part = fn(&mut Run) -> Result<(), Stop>;

pub(super) struct Run {
    groma: Program,
    pub(super) terraform: Option<Program>,
    runs: usize,
    divide: usize,
    table: Table,
}

impl Run {
    /// 2 × 1,000 resources, each of the second half reading its twin: plan and apply.
    fn crossed(&mut self) -> Result<(), Stop> {
        let size = 1_000 / self.divide;
        let work = &format!("2 × {size} crossed");
        let programs = [
            ("groma", Some(self.groma.clone())),
            ("terraform", self.terraform.clone()),
        ];
        for (name, program) in programs {
            let Some(program) = program else {
                println!("SKIP {work}: terraform is not on PATH");
                continue;
            };
            let (mut plans, mut applies) = (Vec::new(), Vec::new());
            for _ in 0..self.runs {
                let field = Field::new(program.clone(), size)?;
                plans.push(measure(&field.command(&[
                    "plan",
                    "-input=false",
                    "-out=plan",
                ]))?);
                applies.push(measure(&field.command(&["apply", "-input=false", "plan"]))?);
            }
            self.report(work, "plan", name, median(&plans));
            self.report(work, "apply", name, median(&applies));
        }
        Ok(())
    }

    /// 2 × 5,000 and 2 × 50,000 with groma alone: ten times the work, how much more of all else?
    fn large(&mut self) -> Result<(), Stop> {
        let mut costs = Vec::new();
        for size in [5_000 / self.divide, 50_000 / self.divide] {
            let work = &format!("2 × {size} crossed");
            let field = Field::new(self.groma.clone(), size)?;
            let mut plans = Vec::new();
            for _ in 0..self.runs {
                plans.push(measure(&field.command(&[
                    "plan",
                    "-input=false",
                    "-out=plan",
                ]))?);
            }
            let cost = median(&plans);
            self.report(work, "plan", "groma", cost);
            costs.push(cost);
        }
        let (small, large) = (costs[0], costs[1]);
        self.table.row(&[
            "ten times the work",
            "plan",
            "groma",
            &format!("× {:.1}", large.wall / small.wall),
            &format!("× {:.1}", large.cpu / small.cpu),
            &format!("× {:.1}", large.rss / small.rss),
        ]);
        Ok(())
    }

    /// The second run over `examples/eks-network` with hashicorp/aws: validate, and a plan of
    /// nothing.
    fn example(&mut self) -> Result<(), Stop> {
        let root = tempfile::tempdir()?;
        let cloud = Cloud::start()?;
        let programs = [
            ("groma", Some(self.groma.clone())),
            ("terraform", self.terraform.clone()),
        ];
        for (name, program) in programs {
            let Some(program) = program else {
                println!("SKIP eks-network: terraform is not on PATH");
                continue;
            };
            cloud.reset()?;
            let site = Site::new(&program, root.path(), name, &cloud)?;
            // Twice: moto drops some tags on creation.
            for _ in 0..2 {
                site.plan(&[])?;
                site.apply()?;
            }
            for words in [&["validate"][..], &["plan", "-input=false"]] {
                let mut costs = Vec::new();
                for _ in 0..self.runs {
                    costs.push(measure(&site.command(words))?);
                }
                self.report("eks-network, again", words[0], name, median(&costs));
            }
        }
        Ok(())
    }

    /// Of how many runs the median counts.
    pub(super) const fn runs(&self) -> usize {
        self.runs
    }

    /// What all sizes are divided by.
    pub(super) const fn divide(&self) -> usize {
        self.divide
    }

    /// Adds a row to the table.
    pub(super) fn row(&mut self, cells: &[&str]) {
        self.table.row(cells);
    }

    pub(super) fn report(&mut self, work: &str, command: &str, program: &str, cost: Cost) {
        println!("{work}, {command}, {program}: {:.2} s", cost.wall);
        self.table.row(&[
            work,
            command,
            program,
            &format!("{:.2}", cost.wall),
            &format!("{:.2}", cost.cpu),
            &format!("{:.0}", cost.rss),
        ]);
    }
}

/// Is a folder with `2 × size` resources and no state.
struct Field {
    program: Program,
    root: tempfile::TempDir,
}

impl Field {
    fn new(program: Program, size: usize) -> Result<Self, Stop> {
        let field = Self {
            program,
            root: tempfile::tempdir()?,
        };
        fs::write(field.root.path().join("main.tf"), crossed(size))?;
        let output = field.command(&["init", "-input=false"]).output()?;
        if !output.status.success() {
            return Err(Stop::Fail(
                String::from_utf8_lossy(&output.stderr).into_owned(),
            ));
        }
        Ok(field)
    }

    fn command(&self, words: &[&str]) -> Command {
        let dir: &Path = self.root.path();
        let mut command = self.program.command(dir, dir);
        command.args(words);
        command
    }
}

/// Writes a configuration in which each of `size` resources reads one of `size` others.
fn crossed(size: usize) -> String {
    let mut text = String::new();
    for (name, input) in [
        ("a", "count.index"),
        ("b", "terraform_data.a[count.index].output"),
    ] {
        let _ = writeln!(
            text,
            "resource \"terraform_data\" \"{name}\" {{\n  count = {size}\n  input = {input}\n}}\n"
        );
    }
    text
}
