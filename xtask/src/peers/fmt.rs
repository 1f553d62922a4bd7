//! Whether both programs format the same: every file of published modules as it is, and bent out of shape.

#![expect(clippy::print_stdout, reason = "a task's report")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use conformance::Program;

use super::Stop;
use super::tables::Table;

/// Bends a file out of shape.
type Bend = fn(&str) -> String;

/// What is done to the files before they are formatted.
const SHAPES: [(&str, Bend); 5] = [
    ("as it is", str::to_owned),
    ("no indentation", no_indentation),
    ("single spaces", single_spaces),
    ("tight", tight),
    ("wide", wide),
];

/// Formats the files of each repository (a work tree, or a git directory of which the newest commit counts) with
/// both programs, and returns whether they agree on every byte.
pub(super) fn compare(repositories: &[PathBuf]) -> Result<bool, Stop> {
    let terraform = Program::find("terraform".as_ref())
        .ok_or_else(|| Stop::Skip("terraform is not on PATH".into()))?;
    let groma = Program::groma().map_err(Stop::Fail)?;
    let mut table = Table::new(&["repository", "files", "formatted", "changed", "verdict"]);
    let mut equal = true;
    let mut report = String::new();
    for repository in repositories {
        let files = files(repository)?;
        let (mut count, mut changed, mut different) = (0, 0, Vec::new());
        for (shape, bend) in SHAPES {
            let root = tempfile::tempdir()?;
            let theirs = format(&terraform, root.path(), "terraform", &files, bend)?;
            let ours = format(&groma, root.path(), "groma", &files, bend)?;
            for ((name, text), (a, b)) in files.iter().zip(theirs.iter().zip(&ours)) {
                count += 1;
                changed += usize::from(*a != bend(text));
                if a != b {
                    different.push(format!("{}: {name}, {shape}\n", repository.display()));
                }
            }
        }
        let verdict = if different.is_empty() {
            "equal"
        } else {
            "DIFFER"
        };
        equal &= different.is_empty() && !files.is_empty();
        report.extend(different);
        table.row(&[
            &name_of(repository),
            &files.len().to_string(),
            &count.to_string(),
            &changed.to_string(),
            verdict,
        ]);
    }
    print!("{}{report}", table.render());
    Ok(equal)
}

/// The name of a repository, told by its path: that of its folder, unless it is a snapshot's.
fn name_of(repository: &Path) -> String {
    let names = repository.iter().rev();
    let mut names = names
        .map(|part| part.to_string_lossy())
        .filter(|name| name != "repo" && name != ".git");
    let name = names.next().unwrap_or_default();
    name.rsplit_once('+')
        .map_or_else(|| name.to_string(), |(_, name)| name.to_owned())
}

/// The files that `fmt` looks at, by name.
fn files(repository: &Path) -> Result<Vec<(String, String)>, Stop> {
    let mut work_tree = repository.to_owned();
    let checkout = tempfile::tempdir()?;
    if repository.join("objects").is_dir() && repository.join("HEAD").is_file() {
        check_out(repository, checkout.path())?;
        work_tree = checkout.path().to_owned();
    }
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&work_tree).sort_by_file_name() {
        let entry = entry.map_err(|error| Stop::Fail(error.to_string()))?;
        let known = entry
            .path()
            .extension()
            .is_some_and(|e| e == "tf" || e == "tfvars");
        let hidden = entry.path().components().any(|c| c.as_os_str() == ".git");
        if !entry.file_type().is_file() || !known || hidden {
            continue;
        }
        let name = entry
            .path()
            .strip_prefix(&work_tree)
            .unwrap_or(entry.path());
        if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push((name.to_string_lossy().into_owned(), text));
        }
    }
    Ok(files)
}

/// Unpacks those files of the newest commit of a git directory.
fn check_out(git_dir: &Path, into: &Path) -> Result<(), Stop> {
    let git = |words: &[&str]| {
        let mut command = Command::new("git");
        command.arg("--git-dir").arg(git_dir).args(words);
        command
    };
    // Files that are not asked for may be missing from a snapshot.
    let listing = git(&["ls-tree", "-r", "-z", "--name-only", "HEAD"]).output()?;
    let listing = String::from_utf8_lossy(&listing.stdout);
    let names = listing
        .split('\0')
        .filter(|name| name.ends_with(".tf") || name.ends_with(".tfvars"));
    let mut archive = git(&["archive", "HEAD", "--"])
        .args(names)
        .stdout(Stdio::piped())
        .spawn()?;
    let packed = archive.stdout.take().map_or_else(Stdio::null, Stdio::from);
    let unpacked = Command::new("tar")
        .args(["x", "-C"])
        .arg(into)
        .stdin(packed)
        .status()?;
    if archive.wait()?.success() && unpacked.success() {
        return Ok(());
    }
    Err(Stop::Fail(format!(
        "{}: git archive failed",
        git_dir.display()
    )))
}

/// What a program makes of the files. One that it refuses stays as it is.
fn format(
    program: &Program,
    root: &Path,
    name: &str,
    files: &[(String, String)],
    bend: Bend,
) -> Result<Vec<String>, Stop> {
    let (dir, scratch) = (root.join(name), root.join(format!("{name}.scratch")));
    fs::create_dir_all(&scratch)?;
    for (name, text) in files {
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&dir))?;
        fs::write(path, bend(text))?;
    }
    let mut command = program.command(&dir, &scratch);
    command.args(["fmt", "-recursive", "-list=false"]);
    command.stderr(Stdio::null()).status()?;
    let formatted = files
        .iter()
        .map(|(name, _)| fs::read_to_string(dir.join(name)));
    Ok(formatted.collect::<Result<_, _>>()?)
}

fn lines(text: &str, bend: impl Fn(&str) -> String) -> String {
    text.split('\n').map(bend).collect::<Vec<_>>().join("\n")
}

fn no_indentation(text: &str) -> String {
    lines(text, |line| line.trim_start().to_owned())
}

/// Runs of spaces within a line become one: nothing is aligned any more.
fn single_spaces(text: &str) -> String {
    lines(text, |line| {
        let indent = line.len() - line.trim_start().len();
        let words: Vec<&str> = line.split(' ').filter(|w| !w.is_empty()).collect();
        format!("{}{}", &line[..indent], words.join(" "))
    })
}

fn tight(text: &str) -> String {
    let mut out = text.to_owned();
    for sign in ["=", ",", "(", ")", "[", "]", "{", "}", "?", ":", "+", "*"] {
        out = out.replace(&format!(" {sign} "), sign);
        out = out.replace(&format!("{sign} "), sign);
    }
    out
}

fn wide(text: &str) -> String {
    let mut out = text.to_owned();
    for sign in [",", "(", ")", "[", "]", "}"] {
        out = out.replace(sign, &format!("  {sign}  "));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_keep_the_meaning() {
        assert_eq!(no_indentation("a\n  b = 1"), "a\nb = 1");
        assert_eq!(single_spaces("  a   = f( 1,  2)"), "  a = f( 1, 2)");
        assert_eq!(tight("a = [1, 2]"), "a=[1,2]");
        assert_eq!(wide("f(1)"), "f  (  1  )  ");
    }

    #[test]
    fn repositories_go_by_their_names() {
        assert_eq!(
            name_of(Path::new("/m/a+terraform-aws-vpc/repo")),
            "terraform-aws-vpc"
        );
        assert_eq!(
            name_of(Path::new("/x/terraform-aws-vpc")),
            "terraform-aws-vpc"
        );
    }
}
