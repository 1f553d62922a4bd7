//! `-install-autocomplete`, `-uninstall-autocomplete`, and the answer to a shell that asks how a line
//! may go on.
//!
//! bash and zsh ask by running the program with the line in `COMP_LINE`, as Terraform has them do.

use crate::ui::Ui;
use crate::workdir::Workdir;
use clap::Command;
use std::fs;
use std::io;
use std::path::Path;

/// Answers a shell, or makes shells ask or stop asking; `None` = none of that is wanted.
pub(super) fn run(workdir: &Workdir) -> Option<u8> {
    if let Some(line) = workdir.env.completion_line() {
        for word in candidates(&super::command(), line) {
            workdir.ui.line(&word);
        }
        return Some(0);
    }
    let wanted = match workdir.argv.get(1)?.as_str() {
        "--install-autocomplete" => true,
        "--uninstall-autocomplete" => false,
        _ => return None,
    };
    Some(change(workdir, wanted))
}

/// What can stand where the line ends.
fn candidates(command: &Command, line: &str) -> Vec<String> {
    let mut words: Vec<&str> = line.split_whitespace().skip(1).collect();
    let last = if line.ends_with(char::is_whitespace) {
        ""
    } else {
        words.pop().unwrap_or_default()
    };
    let mut command = command;
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        match command.find_subcommand(word) {
            Some(below) => command = below,
            None => break,
        }
    }
    let names: Vec<String> = if last.starts_with('-') {
        let flags = command.get_arguments().filter(|arg| !arg.is_hide_set());
        let longs = flags.filter_map(clap::Arg::get_long);
        longs.map(|name| format!("-{name}")).collect()
    } else {
        let commands = command.get_subcommands().filter(|it| !it.is_hide_set());
        commands.map(|it| it.get_name().to_owned()).collect()
    };
    let dashed = last.strip_prefix('-').filter(|it| it.starts_with('-'));
    let start = dashed.unwrap_or(last);
    let mut found: Vec<String> = names
        .into_iter()
        .filter(|name| name.starts_with(start))
        .collect();
    found.sort();
    found
}

/// The files that shells read at their start, and the line for each.
fn files(program: &Path) -> [(&'static str, String); 2] {
    let ask = format!("complete -C {} groma", program.display());
    [
        (".bashrc", ask.clone()),
        (
            ".zshrc",
            format!("autoload -U +X bashcompinit && bashcompinit\n{ask}"),
        ),
    ]
}

fn change(workdir: &Workdir, wanted: bool) -> u8 {
    let (Some(home), Ok(program)) = (workdir.env.home(), std::env::current_exe()) else {
        workdir
            .ui
            .err("Error: there is no home directory, or it is not known where groma is.\n");
        return 1;
    };
    let mut code = 0;
    let mut changed = false;
    for (name, lines) in files(&program) {
        let path = home.join(name);
        match edit(&path, &lines, wanted) {
            Ok(done) => changed |= done,
            Err(e) => code = failed(&workdir.ui, &path, &e),
        }
    }
    if code == 0 && !changed {
        let text = if wanted {
            "Error: no shell was found that does not ask groma already: there must be ~/.bashrc or ~/.zshrc.\n"
        } else {
            "Error: no shell asks groma.\n"
        };
        workdir.ui.err(text);
        code = 1;
    }
    code
}

fn failed(ui: &Ui, path: &Path, error: &io::Error) -> u8 {
    ui.err(&format!("Error: {}: {error}\n", path.display()));
    1
}

/// Adds lines to a file that is there, or takes them out; whether there was anything to do.
fn edit(path: &Path, lines: &str, wanted: bool) -> io::Result<bool> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(e),
    };
    let asks = lines.lines().next_back().unwrap_or_default();
    let has = text.lines().any(|line| line == asks);
    if has == wanted {
        return Ok(false);
    }
    let new = if wanted {
        let end = if text.is_empty() || text.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        format!("{text}{end}{lines}\n")
    } else {
        text.replace(&format!("{lines}\n"), "")
    };
    fs::write(path, new)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_with_commands_and_flags() {
        let command = crate::commands::command();
        for (line, expected) in [
            ("groma val", "validate"),
            ("groma state r", "recover replace-provider rm"),
            ("groma plan -par", "-parallelism"),
            ("groma plan --par", "-parallelism"),
            ("groma -chdir=x wor", "workspace"),
            ("groma nothing", ""),
        ] {
            assert_eq!(candidates(&command, line).join(" "), expected, "{line}");
        }
    }

    #[test]
    fn what_is_installed_can_be_taken_out_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".zshrc");
        let (_, lines) = &files(Path::new("/bin/groma"))[1];
        assert!(!edit(&path, lines, true).unwrap());
        fs::write(&path, "alias x=y").unwrap();
        assert!(edit(&path, lines, true).unwrap());
        assert!(!edit(&path, lines, true).unwrap());
        assert!(edit(&path, lines, false).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), "alias x=y\n");
    }
}
