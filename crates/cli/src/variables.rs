//! The values of root variables: from the environment, files and arguments, in that order.

use crate::environment::Environment;
use crate::ui::{Sources, Ui};
use configs::{Module, Values, parse_values, parse_variable};
use cty::Value;
use diags::{Diagnostic, Diagnostics, SourceRange};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// `-var` and `-var-file`, in the order they were typed.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    /// `-var name=value`
    Var(String),
    /// `-var-file path`
    File(String),
}

/// The values of root variables.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// The values.
    pub(crate) values: BTreeMap<Arc<str>, Value>,
    /// Where those that stand in files were written.
    pub(crate) given_at: BTreeMap<Arc<str>, SourceRange>,
}

impl Inputs {
    /// Puts a value in the place of one that was given before it.
    fn give(&mut self, name: Arc<str>, value: Value, range: Option<SourceRange>) {
        match range {
            Some(range) => drop(self.given_at.insert(name.clone(), range)),
            None => drop(self.given_at.remove(&name)),
        }
        self.values.insert(name, value);
    }
}

/// Gathers the values given to the variables of a root module.
pub(crate) fn gather(
    module: &Module,
    dir: &Path,
    env: &Environment,
    given: &[Given],
    ui: &Ui,
) -> (Inputs, Diagnostics) {
    gather_from(module, dir, env, given, &ui.sources)
}

/// The same, where nobody looks at the output; the texts of files are added to `sources`.
pub(crate) fn gather_from(
    module: &Module,
    dir: &Path,
    env: &Environment,
    given: &[Given],
    sources: &Sources,
) -> (Inputs, Diagnostics) {
    let mut all = Inputs::default();
    let mut diags = Diagnostics::new();
    for (name, text) in env.variables() {
        let Some(variable) = module.variables.get(name) else {
            continue;
        };
        let (value, problems) =
            parse_variable(Some(variable), &format!("<value for var.{name}>"), text);
        diags.append(problems);
        if let Some(value) = value {
            all.give(variable.name.clone(), value, None);
        }
    }
    for file in automatic(dir) {
        file_values(
            &dir.join(&file),
            &file,
            module,
            false,
            &mut all,
            sources,
            &mut diags,
        );
    }
    for given in given {
        match given {
            Given::Var(text) => argument(text, module, &mut all, &mut diags),
            Given::File(path) => file_values(
                &dir.join(path),
                path,
                module,
                true,
                &mut all,
                sources,
                &mut diags,
            ),
        }
    }
    (all, diags)
}

/// The files that are read without being asked for, in order.
fn automatic(dir: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for name in ["terraform.tfvars", "terraform.tfvars.json"] {
        if dir.join(name).is_file() {
            names.push(name.to_owned());
        }
    }
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut auto: Vec<String> = entries
        .filter_map(|e| e.file_name().into_string().ok())
        .filter(|n| n.ends_with(".auto.tfvars") || n.ends_with(".auto.tfvars.json"))
        .collect();
    auto.sort();
    names.extend(auto);
    names
}

fn file_values(
    path: &Path,
    name: &str,
    module: &Module,
    explicit: bool,
    all: &mut Inputs,
    sources: &Sources,
    diags: &mut Diagnostics,
) {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) => {
            diags.push(Diagnostic::error(
                "Failed to read variables file",
                format!("Given variables file {name} could not be read: {e}."),
            ));
            return;
        }
    };
    sources
        .borrow_mut()
        .insert(name.into(), text.as_str().into());
    let (values, problems): (Values, _) = parse_values(name, &text);
    diags.append(problems);
    for (key, (value, range)) in values {
        if module.variables.contains_key(&key) {
            all.give(key, value, range);
        } else {
            let fix = if explicit {
                "-var-file"
            } else {
                "automatically loaded"
            };
            diags.push(Diagnostic::warning(
                "Value for undeclared variable",
                format!(
                    "The root module does not declare a variable named {:?} but a value was found in the {fix} file {name:?}. If you \
                     meant to use this value, add a \"variable\" block to the configuration.",
                    &*key
                ),
            ));
        }
    }
}

fn argument(text: &str, module: &Module, all: &mut Inputs, diags: &mut Diagnostics) {
    let Some((name, text)) = text.split_once('=') else {
        diags.push(Diagnostic::error(
            "Invalid -var option",
            format!("The given -var option {text:?} is not correctly specified. Must be a variable name and value separated by an equals sign, like -var=\"key=value\"."),
        ));
        return;
    };
    let name = name.trim();
    let Some(variable) = module.variables.get(name) else {
        diags.push(Diagnostic::error(
            "Value for undeclared variable",
            format!("A variable named {name:?} was assigned on the command line, but the root module does not declare a variable of that name. To use this value, add a \"variable\" block to the configuration."),
        ));
        return;
    };
    let (value, problems) =
        parse_variable(Some(variable), &format!("<value for var.{name}>"), text);
    diags.append(problems);
    if let Some(value) = value {
        all.give(variable.name.clone(), value, None);
    }
}
