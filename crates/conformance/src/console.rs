//! Expressions, and what `terraform console` says to each of them.
//!
//! A table is a file of entries in `tests/conformance/console/`: a line that begins with `> ` is an expression, the lines after it
//! are the answer, up to an empty line before the next entry. Of an error only the summaries are kept (`Error: …`). All
//! expressions see the configuration in `config/`, whose objects do not exist yet, so that their values are unknown.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::program::run_command;
use crate::{Program, cases_dir};

/// Is one table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The file's name without its ending.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its expressions in order, each with its answer.
    pub entries: Vec<(String, String)>,
}

/// Reads all tables, sorted by name.
///
/// # Errors
/// Fails when the folder or a file cannot be read.
pub fn find_tables() -> io::Result<Vec<Table>> {
    let mut tables = Vec::new();
    for entry in fs::read_dir(tables_dir())? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("txt")) {
            let name = path.file_stem().unwrap_or_default();
            tables.push(Table {
                name: name.to_string_lossy().into_owned(),
                entries: parse(&fs::read_to_string(&path)?),
                path,
            });
        }
    }
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(tables)
}

fn tables_dir() -> PathBuf {
    cases_dir().with_file_name("console")
}

fn parse(text: &str) -> Vec<(String, String)> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(expression) = line.strip_prefix("> ") {
            entries.push((expression.to_owned(), String::new()));
        } else if let Some((_, answer)) = entries.last_mut() {
            answer.push_str(line);
            answer.push('\n');
        }
    }
    for (_, answer) in &mut entries {
        answer.truncate(answer.trim_end_matches('\n').len());
    }
    entries
}

/// Writes a table with these answers.
///
/// # Errors
/// Fails when the file cannot be written.
pub fn write_table(table: &Table, answers: &[String]) -> io::Result<()> {
    let entries = table.entries.iter().zip(answers);
    let texts = entries.map(|((expression, _), answer)| format!("> {expression}\n{answer}\n"));
    fs::write(&table.path, texts.collect::<Vec<_>>().join("\n"))
}

/// Is a program that is asked for the value of expressions.
#[derive(Debug)]
pub struct Console {
    program: Program,
    scratch: tempfile::TempDir,
}

impl Console {
    /// Lays down the configuration and initialises it.
    ///
    /// # Errors
    /// Fails when the program does not start, or cannot initialise the configuration.
    pub fn new(program: &Program) -> io::Result<Self> {
        let scratch = tempfile::tempdir()?;
        let console = Self {
            program: program.clone(),
            scratch,
        };
        copy(&tables_dir().join("config"), &console.dir())?;
        let mut init = program.command(&console.dir(), console.scratch.path());
        init.args(["init", "-input=false", "-no-color"]);
        let output = run_command(init, console.scratch.path())?;
        if output.exit != 0 {
            return Err(io::Error::other(output.stderr));
        }
        Ok(console)
    }

    fn dir(&self) -> PathBuf {
        self.scratch.path().join("config")
    }

    /// Asks for the value of an expression; each in a process of its own, since an error ends it.
    ///
    /// # Errors
    /// Fails when the program does not start or does not end.
    pub fn ask(&self, expression: &str) -> io::Result<String> {
        let asked = tempfile::tempdir_in(self.scratch.path())?;
        let input = asked.path().join("input");
        fs::write(&input, format!("{expression}\n"))?;
        let mut command = self.program.command(&self.dir(), self.scratch.path());
        command
            .arg("console")
            .stdin(Stdio::from(fs::File::open(input)?));
        let output = run_command(command, asked.path())?;
        if output.exit == 0 {
            return Ok(plain(output.stdout.trim_end_matches('\n')));
        }
        let text = plain(&output.stderr);
        let lines = text
            .lines()
            .map(|line| line.trim_start_matches(['│', '╷', '╵', ' ']));
        let summaries: Vec<&str> = lines.filter(|line| line.starts_with("Error: ")).collect();
        match summaries.is_empty() {
            true => Ok(format!("exit {}: {text}", output.exit)),
            false => Ok(summaries.join("\n")),
        }
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry?;
        let place = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(place)?,
            false => fs::copy(entry.path(), place).map(drop)?,
        }
    }
    Ok(())
}

/// Takes the colours out of a text.
fn plain(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or(part, |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_the_lines_of_their_answers() {
        let text = "> 1 + 1\n2\n\n> f\n<<EOT\n\nx\n\nEOT\n\n> g\nError: a\nError: b\n";
        let entries = [
            ("1 + 1", "2"),
            ("f", "<<EOT\n\nx\n\nEOT"),
            ("g", "Error: a\nError: b"),
        ];
        assert_eq!(
            parse(text),
            entries.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert_eq!(plain("\x1b[31ma\x1b[0m b"), "a b");
    }
}
