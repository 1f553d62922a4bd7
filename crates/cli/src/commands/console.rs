//! `groma console`

mod brackets;
mod prompt;

use super::Outcome;
use crate::early::given;
use crate::objects::{self, Objects};
use crate::operation::{Prepared, in_round};
use crate::variables::gather;
use crate::views;
use crate::workdir::{StateArgs, Workdir};
use brackets::Brackets;
use diags::{Diagnostic, Diagnostics, Pos};
use engine::{PlanOptions, PriorState, Round};
use hcl::{Expr, ExprKind, FunctionCall};
use lang::{Evaluator, InstId, Mode, RepetitionData, Target};
use states::StateFile;
use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Try expressions out.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Read this state file
    #[arg(long, value_name = "PATH")]
    state: Option<PathBuf>,
    /// Plan first, and use what is planned
    #[arg(long)]
    plan: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

/// The name that problems call the input by.
const INPUT: &str = "<console-input>";

const HELP: &str = "The console allows you to experiment with expressions.
You may access resources in the state (if you have one) just as you would
from a configuration. For example: \"aws_instance.foo.id\" would evaluate
to the ID of \"aws_instance.foo\" if it exists in your state.

Type in the expression to test and hit <enter> to see the result.

To exit the console, type \"exit\" and hit <enter>, or use Control-C or
Control-D.";

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let (config, mut diags) = workdir.load_config();
    if diags.has_errors() {
        return Err(diags);
    }
    let given = given(&workdir.argv);
    let (mut inputs, problems) = gather(
        &config.module,
        Path::new("."),
        &workdir.env,
        &given,
        &workdir.ui,
    );
    diags.append(problems);
    if diags.has_errors() {
        return Err(diags);
    }
    workdir.ui.diagnostics(&diags);
    // Expressions can be tried out although not everything is known.
    for variable in config.module.variables.values() {
        if variable.default.is_none() && !inputs.values.contains_key(&variable.name) {
            inputs
                .values
                .insert(variable.name.clone(), cty::Value::dynamic());
        }
    }
    let state_args = StateArgs {
        state: args.state.clone(),
        ..StateArgs::default()
    };
    let session = workdir.open_state(Some(&config), &state_args, None)?;
    let file = session.file().clone();
    let prepared = Prepared { config, inputs };
    in_round(
        workdir,
        &prepared,
        Some(&file.state),
        PlanOptions::default(),
        &engine::Silent,
        async |round| {
            let known = if args.plan {
                planned(round, &file).await?
            } else {
                objects::stored(round, &file.state)
            };
            let mut settings = engine::settings(round, Mode::Plan);
            let around = &round.surroundings;
            settings.functions = Rc::new(funcs::Table::new(funcs::Options {
                base_dir: around.base_dir.clone(),
                cwd: around.base_dir.clone(),
                home: around.home.clone(),
                plan_time: Some(around.time),
                impure: around.impure.clone(),
                console: true,
            }));
            settings.module_functions = engine::module_functions(round, &settings.functions);
            settings.known = Some(objects::lookup(known));
            let evaluator = Evaluator::new(round.program, round.schemas, settings);
            if std::io::stdin().is_terminal() {
                prompt::interact(workdir, &evaluator)
            } else {
                read_all(workdir, &evaluator)
            }
        },
    )
}

/// The objects as they would be after an apply.
async fn planned(round: &Round<'_>, file: &StateFile) -> Result<Objects, Diagnostics> {
    let prior = PriorState {
        state: file.state.clone(),
        lineage: file.lineage.as_str().into(),
        serial: file.serial,
    };
    let (plan, diags) = engine::plan(round, prior).await;
    if diags.has_errors() {
        return Err(diags);
    }
    Ok(objects::planned(round, &plan))
}

/// What a piece of input comes to.
enum Answer {
    Text(String),
    Exit,
}

fn answer(
    workdir: &Workdir,
    evaluator: &Evaluator<'_>,
    input: &str,
) -> Result<Answer, Diagnostics> {
    match input.trim() {
        "" => return Ok(Answer::Text(String::new())),
        "exit" => return Ok(Answer::Exit),
        "help" => return Ok(Answer::Text(HELP.to_owned())),
        _ => {}
    }
    workdir
        .ui
        .sources
        .borrow_mut()
        .insert(INPUT.into(), input.into());
    let start = Pos {
        line: 1,
        column: 1,
        byte: 0,
    };
    let (expr, diags) = hcl::parse_expression(INPUT, input, start);
    let Some(expr) = expr.filter(|_| !diags.has_errors()) else {
        return Err(diags);
    };
    check(&expr, evaluator)?;
    let root = evaluator.inst(InstId(0));
    let (result, _) = evaluator.expr(&root, &RepetitionData::None, &expr);
    let mut problems = evaluator.take_diagnostics();
    let value = match result {
        Ok(value) if !problems.has_errors() => value,
        Ok(_) => return Err(problems),
        Err(more) => {
            problems.append(more);
            return Err(problems);
        }
    };
    workdir.ui.diagnostics(&problems);
    // A type is shown as it is written, without quotes.
    if let ExprKind::Call(call) = &*expr.code().kind
        && is_type(call)
        && let Some(text) = value.as_str()
    {
        return Ok(Answer::Text(text.to_string()));
    }
    Ok(Answer::Text(views::value::render(&value)))
}

/// Finds what is wrong whatever the values are: names that are not declared, even where an error would be caught, and the
/// result of `type` as a part of something.
fn check(expr: &Expr, evaluator: &Evaluator<'_>) -> Result<(), Diagnostics> {
    let module = &evaluator.program.config.module;
    let mut problems = Diagnostics::new();
    for traversal in expr.traversals() {
        if let Err(undeclared) = Target::of(traversal, module) {
            problems.push(*undeclared);
        }
    }
    let whole = matches!(&*expr.kind, ExprKind::Call(call) if is_type(call));
    let types = expr.calls().into_iter().filter(|call| is_type(call));
    if let Some(call) = types.into_iter().nth(usize::from(whole)) {
        problems.push(
            Diagnostic::error(
                "Invalid use of type function",
                "What \"type\" returns is for reading only: it can be the whole of an expression, and no part of one.",
            )
            .at(call.name_range.clone()),
        );
    }
    match problems.has_errors() {
        true => Err(problems),
        false => Ok(()),
    }
}

fn is_type(call: &FunctionCall) -> bool {
    matches!(&*call.name, "type" | "core::type")
}

/// Takes all input and shows the last result, as scripts want it.
fn read_all(workdir: &Workdir, evaluator: &Evaluator<'_>) -> Outcome {
    let mut last = String::new();
    let mut brackets = Brackets::default();
    let lines = std::io::stdin().lock().lines();
    let ends = std::iter::once(None);
    for line in lines.map_while(Result::ok).map(Some).chain(ends) {
        let complete = match line {
            Some(line) => brackets.push(&line),
            None => brackets.take_rest(),
        };
        let Some(input) = complete else {
            continue;
        };
        match answer(workdir, evaluator, input.trim())? {
            Answer::Text(text) => last = text,
            Answer::Exit => return Ok(0),
        }
    }
    workdir.ui.line(&last);
    Ok(0)
}
