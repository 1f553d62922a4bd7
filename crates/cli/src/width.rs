//! `docs/terraform.md`: what Terraform 1.11 has, and what this program makes of each thing.
//!
//! `width/terraform.txt` names the things: commands and flags as `terraform CMD -help` and its parser
//! know them, functions, blocks with their arguments, environment variables. What becomes of each is
//! looked up in the program: in the definitions of the commands, the table of functions, the decoding of
//! the configuration, the sources that read variables. `UPDATE_EXPECT=1` writes the document anew.

use configs::{Loader, MemoryFiles};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

const NAMES: &str = include_str!("width/terraform.txt");

/// Is one thing that Terraform has.
struct Thing<'a> {
    /// `command`, `flag`, `block`, `argument`, `function`, `variable`.
    kind: &'a str,
    name: &'a str,
    /// What cannot be looked up: `accepted: …`, `refused: …`, `not applicable: …`.
    note: Option<&'a str>,
}

fn things() -> Vec<Thing<'static>> {
    let lines = NAMES.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (thing, note) = match line.split_once(" | ") {
                Some((thing, note)) => (thing.trim(), Some(note)),
                None => (line, None),
            };
            let (kind, name) = thing.split_once(' ').expect("a kind and a name");
            Thing { kind, name, note }
        })
        .collect()
}

/// Tells what becomes of a thing. A note must agree with whether the program has it.
fn state(thing: &Thing<'_>, has: bool, wrong: &mut Vec<String>) -> String {
    let Some(note) = thing.note else {
        return if has { "works" } else { "not built" }.to_owned();
    };
    let expects = !note.starts_with("not applicable") && !note.starts_with("not built");
    if expects != has {
        wrong.push(format!("{} {}: {note}", thing.kind, thing.name));
    }
    note.to_owned()
}

/// Every command with its flags, as clap has them.
fn commands() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut open = vec![(String::new(), crate::commands::command())];
    while let Some((path, command)) = open.pop() {
        for below in command.get_subcommands() {
            let name = format!("{path} {}", below.get_name());
            open.push((name.trim().to_owned(), below.clone()));
        }
        let flags = command.get_arguments().filter_map(clap::Arg::get_long);
        let flags = flags.map(|name| format!("-{name}"));
        all.insert(path, flags.collect());
    }
    for flag in ["-help", "-install-autocomplete", "-uninstall-autocomplete"] {
        all.entry(String::new())
            .or_default()
            .insert(flag.to_owned());
    }
    all
}

fn write_commands(out: &mut String, wrong: &mut Vec<String>) {
    let commands = commands();
    let mut named: BTreeSet<(&str, &str)> = BTreeSet::new();
    out.push_str("\n## Commands and flags\n\n| command | flag | groma |\n|---|---|---|\n");
    for thing in things() {
        match thing.kind {
            "command" => {
                let has = commands.contains_key(thing.name);
                named.insert((thing.name, ""));
                let state = state(&thing, has, wrong);
                out.push_str(&format!("| `{}` | | {state} |\n", thing.name));
            }
            "flag" => {
                let (command, flag) = thing.name.rsplit_once(' ').unwrap_or(("", thing.name));
                // Taken away before a command sees its arguments.
                let is_everywhere = flag == "-no-color";
                let has = commands
                    .get(command)
                    .is_some_and(|flags| is_everywhere || flags.contains(flag));
                named.insert((command, flag));
                let state = state(&thing, has, wrong);
                out.push_str(&format!("| {} | `{flag}` | {state} |\n", code(command)));
            }
            _ => {}
        }
    }
    out.push_str("\n### groma's own\n\n| command | flags |\n|---|---|\n");
    for (command, flags) in &commands {
        let is_new = |flag: &&String| !named.contains(&(command.as_str(), flag.as_str()));
        let own: Vec<_> = flags.iter().filter(is_new).map(|f| code(f)).collect();
        let whole = !command.is_empty() && !named.contains(&(command.as_str(), ""));
        if whole || !own.is_empty() {
            out.push_str(&format!("| {} | {} |\n", code(command), own.join(" ")));
        }
    }
}

fn code(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

fn write_functions(out: &mut String, wrong: &mut Vec<String>) {
    let table = funcs::Table::new(funcs::Options::pure(PathBuf::from("/")));
    let mut own: BTreeSet<String> = table.iter().map(|(name, _)| name.to_string()).collect();
    let mut states: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for thing in things().iter().filter(|thing| thing.kind == "function") {
        let state = state(thing, own.remove(thing.name), wrong);
        states.entry(state).or_default().push(code(thing.name));
    }
    let count: usize = states.values().map(Vec::len).sum();
    out.push_str(&format!(
        "\n## Functions\n\nTerraform has {count}; each can be called as `core::name` too.\n\n| groma | functions |\n|---|---|\n"
    ));
    for (state, names) in states {
        out.push_str(&format!("| {state} | {} |\n", names.join(" ")));
    }
    let own: Vec<_> = own.iter().map(|name| code(name)).collect();
    out.push_str(&format!("| groma's own | {} |\n", own.join(" ")));
}

/// What the decoding says of a block with these arguments: the lines that it does not know.
fn unknown_lines(text: &str) -> BTreeSet<usize> {
    let files = MemoryFiles(BTreeMap::from([(
        PathBuf::from("main.tf"),
        text.as_bytes().to_vec(),
    )]));
    let (_, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
    let unknown = diags.iter().filter(|d| {
        matches!(
            &*d.summary,
            "Unsupported argument" | "Unsupported block type"
        )
    });
    unknown
        .filter_map(|d| d.subject.as_ref())
        .map(|range| range.start.line as usize)
        .collect()
}

fn write_blocks(out: &mut String, wrong: &mut Vec<String>) {
    out.push_str("\n## Blocks and arguments\n\n| block | argument | groma |\n|---|---|---|\n");
    let things = things();
    let all: Vec<_> = things
        .iter()
        .filter(|thing| matches!(thing.kind, "block" | "argument"))
        .collect();
    let mut rest = all.as_slice();
    while let Some((block, after)) = rest.split_first() {
        let end = after.iter().position(|thing| thing.kind == "block");
        let (arguments, more) = after.split_at(end.unwrap_or(after.len()));
        rest = more;
        let levels: Vec<&str> = block.name.split(" > ").collect();
        let open = levels.iter().map(|level| format!("{level} {{\n"));
        let inside = arguments.iter().map(|it| format!("{} = null\n", it.name));
        let close = levels.iter().map(|_| "}\n".to_owned());
        let text: String = open.chain(inside).chain(close).collect();
        let unknown = unknown_lines(&text);
        let has = !(1..=levels.len()).any(|line| unknown.contains(&line));
        let path = block.name.replace('|', "\\|");
        let said = state(block, has, wrong);
        out.push_str(&format!("| `{path}` | | {said} |\n"));
        for (i, argument) in arguments.iter().enumerate() {
            let known = has && !unknown.contains(&(levels.len() + 1 + i));
            let said = state(argument, known, wrong);
            out.push_str(&format!("| | `{}` | {said} |\n", argument.name));
        }
    }
}

/// The texts that the sources mention in code: a variable that is read is among them.
fn sources() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("crates");
    let mut text = String::new();
    let mut open: Vec<PathBuf> = ["cli", "init", "plugin"]
        .iter()
        .map(|name| crates.join(name).join("src"))
        .collect();
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("width.rs") {
                text.push_str(&fs::read_to_string(path).expect("a source"));
            }
        }
    }
    let code = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    code.fold(String::new(), |all, line| all + line + "\n")
}

fn write_variables(out: &mut String, wrong: &mut Vec<String>) {
    out.push_str("\n## Environment variables\n\n| variable | groma |\n|---|---|\n");
    let sources = sources();
    for thing in things().iter().filter(|thing| thing.kind == "variable") {
        let (fixed, open) = match thing.name.split_once('<') {
            Some((fixed, _)) => (fixed, true),
            None => (thing.name, false),
        };
        let end = if open { "" } else { "\"" };
        let has = sources.contains(&format!("\"{fixed}{end}"));
        let state = state(thing, has, wrong);
        out.push_str(&format!("| `{}` | {state} |\n", thing.name));
    }
}

#[test]
fn the_table_says_what_the_program_does() {
    let mut wrong = Vec::new();
    let mut out = String::from(
        "# Terraform 1.11, and groma\n\nEach command, flag, block, argument, function and environment variable of Terraform 1.11.4, and what groma\nmakes of it. A test of `groma-cli` writes this file from the program (`UPDATE_EXPECT=1`) and fails when the two\ndisagree.\n",
    );
    write_commands(&mut out, &mut wrong);
    write_blocks(&mut out, &mut wrong);
    write_functions(&mut out, &mut wrong);
    write_variables(&mut out, &mut wrong);
    assert!(
        wrong.is_empty(),
        "terraform.txt says otherwise:\n{}",
        wrong.join("\n")
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/terraform.md");
    expect_test::expect_file![path].assert_eq(&out);
}
