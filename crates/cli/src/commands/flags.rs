//! Flags as Terraform's users type them: one dash, `-json=true`, the last of two counts, and whoever
//! mistypes one is told the right one.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command};
use diags::{Diagnostic, Diagnostics};
use std::any::TypeId;

/// Makes flags of a command and of all below it take what Terraform's take.
pub(super) fn like_terraform(command: Command) -> Command {
    let command = command.args_override_self(true).mut_args(|arg| {
        if arg.is_positional() {
            arg
        } else if is_switch(&arg) {
            switch(arg)
        } else if matches!(arg.get_action(), ArgAction::Set | ArgAction::Append) {
            arg.allow_hyphen_values(true)
        } else {
            arg
        }
    });
    command.mut_subcommands(like_terraform)
}

fn is_switch(arg: &Arg) -> bool {
    match arg.get_action() {
        ArgAction::SetTrue => true,
        ArgAction::Set => arg.get_value_parser().type_id() == TypeId::of::<bool>(),
        _ => false,
    }
}

/// `-x`, `-x=true`, `-x=0`: a value is given with `=` only.
fn switch(arg: Arg) -> Arg {
    let arg = if matches!(arg.get_action(), ArgAction::SetTrue) {
        arg.action(ArgAction::Set).default_value("false")
    } else {
        arg
    };
    arg.num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .value_name("BOOL")
        .hide_default_value(true)
        .value_parser(truth)
}

fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("it is either true or false".to_owned()),
    }
}

/// What to say about a command line that is not understood: as a text of its own, or as problems.
pub(super) enum Refusal {
    /// No such command.
    Command(String),
    /// Anything else.
    Problems(Diagnostics),
}

/// Puts clap's findings into the words of this program.
pub(super) fn refusal(error: &clap::Error) -> Refusal {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.last().cloned().unwrap_or_default(),
        _ => String::new(),
    };
    let meant = |kind| match text(kind) {
        name if name.is_empty() => String::new(),
        name => format!(" Did you mean {:?}?", dashes(&name)),
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => Refusal::Command(format!(
            "groma has no command named {:?}.{}\n\nTo see all of groma's top-level commands, run:\n  groma -help\n\n",
            text(ContextKind::InvalidSubcommand),
            meant(ContextKind::SuggestedSubcommand)
        )),
        ErrorKind::UnknownArgument => {
            let given = text(ContextKind::InvalidArg);
            let problem = if given.starts_with('-') {
                Diagnostic::error(
                    "Failed to parse command-line flags",
                    format!(
                        "There is no flag {:?} here.{} Run the command with -help to see those there are.",
                        dashes(&given),
                        meant(ContextKind::SuggestedArg)
                    ),
                )
            } else {
                Diagnostic::error(
                    "Too many command line arguments",
                    format!(
                        "The command does not expect {given:?}. A flag and its value are written as -name=value."
                    ),
                )
            };
            Refusal::Problems(problem.into())
        }
        _ => {
            let rendered = dashes(&error.render().to_string());
            let said = rendered.trim_start_matches("error: ").trim_end();
            Refusal::Problems(
                Diagnostic::error("Failed to parse command-line flags", said.to_owned()).into(),
            )
        }
    }
}

/// `--name` as `-name`, wherever a word begins with it.
pub(super) fn dashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("--") {
        let (before, found) = rest.split_at(at);
        let begins = !before
            .chars()
            .next_back()
            .or(out.chars().next_back())
            .is_some_and(|c| c.is_alphanumeric() || c == '-');
        let named = found[2..].starts_with(|c: char| c.is_ascii_alphabetic());
        out.push_str(before);
        out.push_str(if begins && named { "-" } else { "--" });
        rest = &found[2..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command() -> Command {
        like_terraform(
            Command::new("x")
                .arg(Arg::new("json").long("json").action(ArgAction::SetTrue))
                .arg(Arg::new("out").long("out"))
                .arg(Arg::new("plan")),
        )
    }

    #[test]
    fn switches_take_a_value_with_an_equals_sign_only() {
        for (given, expected) in [
            (&["x"][..], (false, None)),
            (&["x", "--json"], (true, None)),
            (&["x", "--json=false"], (false, None)),
            (&["x", "--json=1"], (true, None)),
            (&["x", "--json", "false"], (true, Some("false"))),
            (&["x", "--json", "--json=F"], (false, None)),
        ] {
            let matches = command().try_get_matches_from(given).unwrap();
            let plan = matches.get_one::<String>("plan").map(String::as_str);
            let got = (matches.get_flag("json"), plan);
            assert_eq!(got, expected, "{given:?}");
        }
    }

    #[test]
    fn the_last_of_two_counts() {
        let matches = command()
            .try_get_matches_from(["x", "--out=a", "--out", "-b"])
            .unwrap();
        assert_eq!(matches.get_one::<String>("out").unwrap(), "-b");
    }

    #[test]
    fn flags_are_shown_with_one_dash() {
        assert_eq!(
            dashes("a --out, [--x] a--b --- -- --1 x|--y"),
            "a -out, [-x] a--b --- -- --1 x|-y"
        );
    }
}
