//! What is known before anything is planned: values of variables for sources of modules and such.

use crate::variables::{Given, gather_from};
use crate::workdir::Workdir;
use clap::{Arg, ArgAction, Command};
use configs::Early;
use diags::Diagnostics;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// The commands that look at the configuration, which may need values of variables for that: those that plan, and those
/// whose modules or backend are named by variables.
const COMMANDS: [&str; 20] = [
    "init",
    "get",
    "validate",
    "plan",
    "apply",
    "destroy",
    "refresh",
    "import",
    "console",
    "test",
    "output",
    "show",
    "state",
    "taint",
    "untaint",
    "force-unlock",
    "workspace",
    "graph",
    "modules",
    "providers",
];

/// Lets all commands that read a configuration take `-var` and `-var-file`.
pub(crate) fn with_variables(command: Command) -> Command {
    COMMANDS
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, below))
}

fn below(command: Command) -> Command {
    let arg = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(help)
            .action(ArgAction::Append)
    };
    let runs = !command.is_subcommand_required_set() && command.get_name() != "native";
    let command = if runs {
        command
            .arg(arg(
                "var",
                "NAME=VALUE",
                "Set a root variable (can be repeated)",
            ))
            .arg(arg(
                "var-file",
                "PATH",
                "Set root variables from this file (can be repeated)",
            ))
    } else {
        command
    };
    command.mut_subcommands(below)
}

/// `-var` and `-var-file` in the order they were typed.
pub(crate) fn given(argv: &[String]) -> Vec<Given> {
    let mut out = Vec::new();
    let mut args = argv.iter().take_while(|arg| *arg != "--");
    while let Some(arg) = args.next() {
        let (name, value) = match arg.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let kind = match name {
            "--var" => Given::Var,
            "--var-file" => Given::File,
            _ => continue,
        };
        out.extend(value.or_else(|| args.next().cloned()).map(kind));
    }
    out
}

impl Workdir {
    /// What is known of the working directory early.
    pub(crate) fn early(&self) -> Rc<Early> {
        let (env, sources) = (self.env.clone(), self.ui.sources.clone());
        let given = given(&self.argv);
        let mut early = self.early_with(move |module| {
            let (inputs, diags) = gather_from(module, Path::new("."), &env, &given, &sources);
            (inputs.values, diags)
        });
        early.workspace = self.workspace().into();
        early.into()
    }

    /// What was known when a plan was saved.
    pub(crate) fn early_of_plan(&self, plan: &plans::Plan) -> Rc<Early> {
        let values = plan.variables.iter();
        let values: BTreeMap<Arc<str>, cty::Value> = values
            .map(|(name, v)| (name.clone(), v.value.clone()))
            .collect();
        let mut early = self.early_with(move |_| (values.clone(), Diagnostics::new()));
        early.workspace = plan.workspace.clone();
        early.into()
    }

    fn early_with(
        &self,
        given: impl Fn(&configs::Module) -> (configs::Given, Diagnostics) + 'static,
    ) -> Early {
        let cwd = self.cwd();
        let functions = funcs::Table::new(funcs::Options {
            base_dir: cwd.clone(),
            cwd: cwd.clone(),
            home: self.env.home(),
            plan_time: None,
            impure: None,
            console: false,
        });
        let mut early = Early::new(given, Rc::new(functions));
        early.cwd = cwd.to_string_lossy().as_ref().into();
        early.same_source = init::same_source;
        early
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_taken_in_order() {
        let argv = [
            "groma",
            "init",
            "--var",
            "a=b=c",
            "--var-file=x",
            "--upgrade",
            "--var=d=e",
            "--",
            "--var",
            "f=g",
        ];
        let found = given(&argv.map(str::to_owned));
        let found: Vec<String> = found
            .into_iter()
            .map(|g| match g {
                Given::Var(text) => text,
                Given::File(path) => format!("file {path}"),
            })
            .collect();
        assert_eq!(found, ["a=b=c", "file x", "d=e"]);
    }
}
