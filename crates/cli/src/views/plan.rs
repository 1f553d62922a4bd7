//! A plan, for people.

mod changes;
mod headers;
#[cfg(test)]
mod tests;

use super::differ::dynamic;
use super::events;
use super::render::{Look, render as render_node};
use super::style::Paint;
use super::wrap::wrap;
use crate::ui::Ui;
use addrs::{Provider, Resource};
use anstyle::AnsiColor;
use changes::{Cause, push_change};
use plans::{Action, Mode, Plan, ResourceChange};
use schema::Block;
use states::State;

/// What the program calls itself in sentences.
pub(crate) const PROGRAM: &str = "groma";

/// Where the blocks of resource types come from.
pub(crate) trait Blocks {
    /// The block of a resource type or data source.
    fn block(&self, provider: &Provider, resource: &Resource) -> Option<&Block>;
}

impl Blocks for plans::json::Schemas {
    fn block(&self, provider: &Provider, resource: &Resource) -> Option<&Block> {
        self.resource(provider, resource).map(|s| &s.block)
    }
}

/// Everything there is to say of a plan: what changed outside, what will be done, and how much that is.
pub(crate) fn render(plan: &Plan, blocks: &dyn Blocks, color: bool) -> String {
    let paint = Paint::new(color);
    let look = Look {
        paint,
        ..Look::default()
    };
    let mut out = String::new();
    let drift = relevant_drift(plan);
    push_drift(plan, &drift, blocks, look, &mut out);
    let mut changes: Vec<&ResourceChange> = plan.changes.iter().filter(|c| is_shown(c)).collect();
    changes.sort_by_key(|c| c.display_order());
    let outputs = outputs(plan, look);
    if plan.mode == Mode::RefreshOnly {
        if drift.is_empty() && outputs.is_empty() {
            push_nothing(plan, paint, &mut out);
        } else if !outputs.is_empty() {
            out.push_str(&outputs);
        }
        return out;
    }
    if changes.is_empty() && outputs.is_empty() {
        push_nothing(plan, paint, &mut out);
        return out;
    }
    if !drift.is_empty() {
        out.push_str(&rule());
    }
    if !changes.is_empty() {
        if changes.iter().any(|c| c.change.action != Action::NoOp) {
            push_legend(&changes, paint, &mut out);
        }
        if plan.errored {
            out.push_str(&format!(
                "\n{PROGRAM} planned the following actions, but then encountered a problem:\n"
            ));
        } else {
            out.push_str(&format!(
                "\n{PROGRAM} will perform the following actions:\n"
            ));
        }
        for change in &changes {
            out.push('\n');
            push_change(change, Cause::Proposed, blocks, look, &mut out);
        }
        out.push('\n');
        out.push_str(&summary_in(plan, paint));
        out.push('\n');
    }
    if !outputs.is_empty() {
        out.push_str(&outputs);
        if changes.is_empty() {
            out.push_str(&wrap(&format!(
                "\nYou can apply this plan to save these new output values to the {PROGRAM} state, without changing any real infrastructure."
            )));
            out.push('\n');
        }
    }
    out
}

fn is_shown(change: &ResourceChange) -> bool {
    let moved = change.prev_run_addr != change.addr;
    match change.change.action {
        Action::NoOp => moved || change.change.importing.is_some(),
        Action::Delete => change.addr.resource.mode != addrs::Mode::Data,
        _ => true,
    }
}

fn outputs(plan: &Plan, look: Look) -> String {
    let mut changed: Vec<_> = plan
        .outputs
        .iter()
        .filter(|o| o.change.action != Action::NoOp)
        .collect();
    changed.sort_by(|a, b| a.name.cmp(&b.name));
    if changed.is_empty() {
        return String::new();
    }
    let width = changed
        .iter()
        .map(|o| o.name.chars().count())
        .max()
        .unwrap_or(0);
    let mut out = String::from("\nChanges to Outputs:\n");
    for output in changed {
        let mark = |value: &cty::Value| {
            if output.sensitive {
                value.clone().with_marks(cty::Marks::SENSITIVE)
            } else {
                value.clone()
            }
        };
        let (before, after) = (mark(&output.change.before), mark(&output.change.after));
        let there = |v: &cty::Value| !v.is_null();
        let node = dynamic(
            Some(&before).filter(|v| there(v)),
            Some(&after).filter(|v| there(v)),
        );
        let symbol = look.symbol(output.change.action);
        let text = render_node(&node, 0, look);
        out.push_str(&format!("{symbol}{:<width$} = {text}\n", output.name));
    }
    out
}

/// The last line of a plan.
pub(crate) fn summary(plan: &Plan) -> String {
    summary_in(plan, Paint::default())
}

fn summary_in(plan: &Plan, paint: Paint) -> String {
    let totals = Totals::of(plan);
    let import = if totals.import > 0 {
        format!("{} to import, ", totals.import)
    } else {
        String::new()
    };
    let Totals {
        add,
        change,
        remove,
        ..
    } = totals;
    format!(
        "{} {import}{add} to add, {change} to change, {remove} to destroy.",
        paint.bold("Plan:")
    )
}

/// How many objects a plan concerns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) add: usize,
    pub(crate) change: usize,
    pub(crate) remove: usize,
    pub(crate) import: usize,
}

impl Totals {
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut totals = Self::default();
        for change in plan.changes.iter().filter(|c| is_shown(c)) {
            match change.change.action {
                Action::Create => totals.add += 1,
                Action::Update => totals.change += 1,
                Action::Delete => totals.remove += 1,
                Action::DeleteThenCreate | Action::CreateThenDelete => {
                    totals.add += 1;
                    totals.remove += 1;
                }
                Action::NoOp | Action::Read | Action::Forget => {}
            }
            totals.import += usize::from(change.change.importing.is_some());
        }
        totals
    }
}

fn push_legend(changes: &[&ResourceChange], paint: Paint, out: &mut String) {
    out.push_str(&wrap(&format!(
        "\n{PROGRAM} used the selected providers to generate the following execution plan. Resource actions are indicated with the following symbols:"
    )));
    out.push('\n');
    let any = |action: Action| changes.iter().any(|c| c.change.action == action);
    let (plus, minus) = (paint.green("+"), paint.red("-"));
    let lines = [
        (Action::Create, format!("  {plus} create")),
        (
            Action::Update,
            format!("  {} update in-place", paint.yellow("~")),
        ),
        (Action::Delete, format!("  {minus} destroy")),
        (
            Action::DeleteThenCreate,
            format!("{minus}/{plus} destroy and then create replacement"),
        ),
        (
            Action::CreateThenDelete,
            format!("{plus}/{minus} create replacement and then destroy"),
        ),
        (
            Action::Read,
            format!(" {} read (data resources)", paint.cyan("<=")),
        ),
    ];
    for (action, line) in lines {
        if any(action) {
            out.push_str(&line);
            out.push('\n');
        }
    }
}

fn push_nothing(plan: &Plan, paint: Paint, out: &mut String) {
    if plan.errored {
        let failed = paint.strong(AnsiColor::Red, "Planning failed.");
        out.push_str(&format!(
            "\n{failed} {PROGRAM} encountered an error while generating this plan.\n\n"
        ));
        return;
    }
    let (short, long) = match plan.mode {
        Mode::Normal => (
            "Your infrastructure matches the configuration.",
            format!("{PROGRAM} has compared your real infrastructure against your configuration and found no differences, so no changes are needed."),
        ),
        Mode::RefreshOnly => (
            "Your infrastructure still matches the configuration.",
            format!("{PROGRAM} has checked that the real remote objects still match the result of your most recent changes, and found no differences."),
        ),
        Mode::Destroy => (
            "No objects need to be destroyed.",
            "Either you have not created any objects yet or the existing objects were already deleted outside of ".to_owned() + PROGRAM + ".",
        ),
    };
    let none = paint.strong(AnsiColor::Green, "No changes.");
    out.push_str(&format!(
        "\n{none} {}\n\n{}\n",
        paint.bold(short),
        wrap(&long)
    ));
}

/// What changed outside and matters: all of it in a plan that only refreshes, else objects that the
/// changes depend on.
fn relevant_drift(plan: &Plan) -> Vec<&ResourceChange> {
    let matters = |change: &ResourceChange| {
        if plan.mode == Mode::RefreshOnly {
            return true;
        }
        let relevant = plan.relevant_attributes.iter();
        change.change.action != Action::NoOp
            && relevant.map(|(addr, _)| addr).any(|addr| {
                *addr == change.addr
                    || (addr.key.is_none() && addr.config() == change.addr.config())
            })
    };
    let mut drift: Vec<&ResourceChange> = plan.drift.iter().filter(|d| matters(d)).collect();
    drift.sort_by_key(|c| c.display_order());
    drift
}

fn push_drift(
    plan: &Plan,
    drift: &[&ResourceChange],
    blocks: &dyn Blocks,
    look: Look,
    out: &mut String,
) {
    if drift.is_empty() {
        return;
    }
    let note = look.paint.strong(AnsiColor::Cyan, "Note:");
    let title = look
        .paint
        .bold(&format!(" Objects have changed outside of {PROGRAM}"));
    out.push_str(&format!("\n{note}{title}\n\n"));
    out.push_str(&wrap(&format!(
        "{PROGRAM} detected the following changes made outside of {PROGRAM} since the last \"{PROGRAM} apply\" which may have affected this plan:"
    )));
    out.push('\n');
    for change in drift {
        out.push('\n');
        push_change(change, Cause::Drift, blocks, look, out);
    }
    out.push('\n');
    let end = if plan.mode == Mode::RefreshOnly {
        format!(
            "\nThis is a refresh-only plan, so {PROGRAM} will not take any actions to undo these. If you were expecting these changes then you can apply this plan to record the updated values in the {PROGRAM} state without changing any remote objects."
        )
    } else {
        "\nUnless you have made equivalent changes to your configuration, or ignored the relevant attributes using ignore_changes, the following plan may include actions to undo or respond to these changes.".to_owned()
    };
    out.push_str(&wrap(&end));
    out.push('\n');
}

/// A horizontal line with space around it.
pub(crate) fn rule() -> String {
    format!("\n{}\n", "─".repeat(77))
}

/// What is said after an apply that went well: as text or as events.
pub(crate) fn applied(state: &State, totals: Totals, destroys: bool, ui: &Ui) -> String {
    let Totals {
        add,
        change,
        remove,
        import,
    } = totals;
    let import = if import > 0 {
        format!("{import} imported, ")
    } else {
        String::new()
    };
    let text = if destroys {
        format!("Destroy complete! Resources: {remove} destroyed.")
    } else {
        format!(
            "Apply complete! Resources: {import}{add} added, {change} changed, {remove} destroyed."
        )
    };
    if ui.is_json() {
        let operation = if destroys { "destroy" } else { "apply" };
        let summary = events::change_summary(&text, totals, operation);
        let outputs = events::outputs(state);
        return format!("{summary}\n{outputs}\n");
    }
    let paint = Paint::new(ui.color.get());
    let mut out = format!("\n{}\n", paint.strong(AnsiColor::Green, &text));
    if !state.outputs.is_empty() && !destroys {
        out.push_str(&format!("\nOutputs:\n\n{}", super::state::outputs(state)));
    }
    out
}

/// What to do with a plan: apply the file it was saved to, or save it. Nothing for a plan without
/// changes of objects that is not saved.
pub(crate) fn next_steps(saved_to: Option<&str>, plan: &Plan, goes_on: bool) -> String {
    if saved_to.is_none() && !plan.changes.iter().any(is_shown) {
        return String::new();
    }
    let text = match saved_to {
        Some(path) => format!(
            "Saved the plan to: {path}\n\nTo perform exactly these actions, run the following command to apply:\n    {PROGRAM} apply {path:?}"
        ),
        None => wrap(&format!(
            "Note: You didn't use the -out option to save this plan, so {PROGRAM} can't guarantee to take exactly these actions if you run \"{PROGRAM} apply\" now."
        )),
    };
    let rule = if goes_on { String::new() } else { rule() };
    format!("{rule}\n{text}\n")
}

/// Says where blocks for imported objects are.
pub(crate) fn generated(path: &std::path::Path) -> String {
    let text = wrap(&format!(
        "{PROGRAM} has generated configuration and written it to {}. Please review the configuration and edit it as necessary before adding it to version control.",
        path.display()
    ));
    format!("{}\n{text}\n", rule())
}
