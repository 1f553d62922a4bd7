//! The life of `examples/eks-network`, once with each program, and whether the plans are equal.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task's report")]

use std::path::Path;

use conformance::{Normaliser, Program, diff, render_differences};
use serde_json::Value;

use super::Stop;
use super::names::name_generated;
use super::site::{Cloud, Site};
use super::tables::Table;

/// The parts of a plan that must be equal.
const PARTS: [&str; 6] = [
    "configuration",
    "output_changes",
    "planned_values",
    "prior_state",
    "resource_changes",
    "resource_drift",
];

/// The steps: a name, what happens to the cloud first, the flags of the plan, and whether it is
/// applied.
const STEPS: [Step; 7] = [
    Step {
        name: "create",
        drift: false,
        flags: &[],
        apply: true,
    },
    // moto forgets some tags on creation; this brings them.
    Step {
        name: "settle",
        drift: false,
        flags: &[],
        apply: true,
    },
    Step {
        name: "no-op",
        drift: false,
        flags: &[],
        apply: false,
    },
    Step {
        name: "drift",
        drift: true,
        flags: &[],
        apply: true,
    },
    Step {
        name: "update",
        drift: false,
        flags: &[SUBNET_TAGS],
        apply: true,
    },
    Step {
        name: "replace",
        drift: false,
        flags: &[
            SUBNET_TAGS,
            "-var=hub_cidr=10.0.0.0/9",
            r#"-replace=aws_route_table.private["a"]"#,
        ],
        apply: true,
    },
    // Only planned: moto forgets a deleted attachment at once, and the provider waits to see it
    // deleted until it gives up.
    Step {
        name: "destroy",
        drift: false,
        flags: &["-destroy"],
        apply: false,
    },
];

const SUBNET_TAGS: &str = r#"-var=private_subnet_tags={"karpenter.sh/discovery"="surveyor"}"#;

struct Step {
    name: &'static str,
    drift: bool,
    flags: &'static [&'static str],
    apply: bool,
}

/// Returns whether all plans of both programs are equal.
pub(super) fn compare() -> Result<bool, Stop> {
    let terraform = Program::find("terraform".as_ref())
        .ok_or_else(|| Stop::Skip("terraform is not on PATH".into()))?;
    let groma = Program::groma().map_err(Stop::Fail)?;
    let root = tempfile::tempdir()?;
    let cloud = Cloud::start()?;

    let mut lives = Vec::new();
    for (name, program, other) in [
        ("terraform", &terraform, &groma),
        ("groma", &groma, &terraform),
    ] {
        cloud.reset()?;
        lives.push(live(name, program, other, root.path(), &cloud)?);
    }

    let mut table = Table::new(&["step", "terraform", "groma", "plans", "state crossed over"]);
    let mut equal = true;
    let mut report = String::new();
    for (at, step) in STEPS.iter().enumerate() {
        let (theirs, ours) = (&lives[0][at], &lives[1][at]);
        let mut verdict = |label: &str, expected: &Value, got: &Value| {
            let text = differences(&format!("{} {label}", step.name), expected, got);
            equal &= text.is_empty();
            let verdict = if text.is_empty() { "equal" } else { "DIFFER" };
            report += &text;
            verdict
        };
        let plans = verdict("plan", &theirs.plan, &ours.plan);
        let crossed = match (&theirs.crossed, &ours.crossed) {
            // Each program over the other's state, against its owner's own plan there.
            (Some(ours_there), Some(theirs_here)) => {
                let there = verdict("groma over terraform's state", &theirs.plan, ours_there);
                let here = verdict("terraform over groma's state", theirs_here, &ours.plan);
                if there == here { there } else { "DIFFER" }
            }
            _ => "-",
        };
        table.row(&[
            step.name,
            &summary(&theirs.plan),
            &summary(&ours.plan),
            plans,
            crossed,
        ]);
    }
    print!("{}{report}", table.render());
    Ok(equal)
}

/// Is what one step showed.
struct Seen {
    plan: Value,
    /// The other program's plan over this program's state.
    crossed: Option<Value>,
}

fn live(
    name: &str,
    program: &Program,
    other: &Program,
    root: &Path,
    cloud: &Cloud,
) -> Result<Vec<Seen>, Stop> {
    let site = Site::new(program, root, name, cloud)?;
    let guest = Site::new(other, root, &format!("{name}.guest"), cloud)?;
    let mut seen = Vec::new();
    for step in &STEPS {
        eprintln!("{name}: {}", step.name);
        if step.drift {
            let state = site.run(&["show", "-json"])?;
            cloud.set_tag(&vpc_id(&state)?, "Name", "renamed")?;
        }
        let plan = site.plan(step.flags)?;
        let mut crossed = None;
        if seen.len() > 1 {
            guest.adopt_state(&site)?;
            crossed = Some(guest.plan(step.flags)?);
        }
        if step.apply {
            site.apply()?;
        }
        seen.push(Seen { plan, crossed });
    }
    Ok(seen)
}

fn vpc_id(state: &str) -> Result<String, Stop> {
    let state: Value =
        serde_json::from_str(state).map_err(|error| Stop::Fail(error.to_string()))?;
    state["values"]["root_module"]["resources"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|resource| resource["address"] == "aws_vpc.this")
        .and_then(|resource| resource["values"]["id"].as_str())
        .map(str::to_owned)
        .ok_or_else(|| Stop::Fail("there is no aws_vpc.this in the state".into()))
}

/// What differs between two plans, part by part; nothing if they are equal.
pub(crate) fn differences(label: &str, expected: &Value, got: &Value) -> String {
    let mut text = String::new();
    let normal = |plan: &Value| Normaliser::new("").document(name_generated(plan));
    let (expected, got) = (normal(expected), normal(got));
    for part in PARTS {
        let (expected, got) = (&expected[part], &got[part]);
        text += &render_differences(&format!("{label} {part}"), &diff(expected, got), 6);
    }
    text
}

/// Counts the changes, as the last line of a plan does.
pub(crate) fn summary(plan: &Value) -> String {
    let (mut add, mut change, mut destroy) = (0, 0, 0);
    for resource in plan["resource_changes"].as_array().into_iter().flatten() {
        for action in resource["change"]["actions"]
            .as_array()
            .into_iter()
            .flatten()
        {
            match action.as_str() {
                Some("create") => add += 1,
                Some("update") => change += 1,
                Some("delete") => destroy += 1,
                _ => {}
            }
        }
    }
    format!("+{add} ~{change} -{destroy}")
}
