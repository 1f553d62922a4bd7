//! `groma fmt`

use super::Outcome;
use crate::workdir::Workdir;
use diags::{Diagnostic, Diagnostics};
use similar::TextDiff;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

/// Bring configuration files into the canonical layout.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files and directories; - for standard input
    target: Vec<String>,
    /// List the files that change
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    list: bool,
    /// Write the files
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = true, action = clap::ArgAction::Set)]
    write: bool,
    /// Show what changes
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    diff: bool,
    /// Write nothing; end with code 3 if anything would change
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    check: bool,
    /// Look into directories inside too
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t = false, action = clap::ArgAction::Set)]
    recursive: bool,
    /// Without colours
    #[arg(long)]
    no_color: bool,
}

const EXTENSIONS: [&str; 4] = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl"];

pub(crate) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    if args.no_color {
        workdir.ui.color.set(false);
    }
    let mut run = Run {
        workdir,
        list: args.list || args.check,
        write: args.write && !args.check,
        diff: args.diff,
        recursive: args.recursive,
        changed: false,
        output: String::new(),
        diags: Diagnostics::new(),
    };
    let stdin = args.target.iter().any(|t| t == "-");
    if stdin {
        if args.target.len() > 1 {
            return Err(Diagnostic::error(
                "Option - cannot be used with other options",
                "Standard input is formatted alone: give no other files.",
            )
            .into());
        }
        run.list = args.check;
        run.write = false;
        run.standard_input();
    } else if args.target.is_empty() {
        run.directory(Path::new("."));
    } else {
        for target in &args.target {
            run.target(Path::new(target));
        }
    }
    let shown = args.list && !stdin || !args.check;
    let failed = run.diags.has_errors();
    if shown && !(args.check && failed) {
        workdir.ui.out(&run.output);
    }
    workdir.ui.diagnostics(&run.diags);
    Ok(match (failed, args.check && run.changed) {
        (true, _) => 2,
        (false, true) => 3,
        (false, false) => 0,
    })
}

struct Run<'w> {
    workdir: &'w Workdir,
    list: bool,
    write: bool,
    diff: bool,
    recursive: bool,
    changed: bool,
    output: String,
    diags: Diagnostics,
}

impl Run<'_> {
    fn target(&mut self, path: &Path) {
        if path.is_dir() {
            // `./a/` is shown as `a`.
            let plain: PathBuf = path
                .components()
                .filter(|c| *c != Component::CurDir)
                .collect();
            if plain.as_os_str().is_empty() {
                self.directory(Path::new("."));
            } else {
                self.directory(&plain);
            }
        } else if !path.exists() {
            self.fail(format!("No file or directory at {}", path.display()), "");
        } else if has_extension(&path.to_string_lossy()) {
            self.file(path);
        } else {
            self.fail(
                "Only .tf, .tfvars, and .tftest.hcl files can be processed with groma fmt".into(),
                "",
            );
        }
    }

    fn fail(&mut self, summary: String, detail: &str) {
        self.diags.push(Diagnostic::error(summary, detail));
    }

    fn directory(&mut self, dir: &Path) {
        let entries = match std::fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(e) => {
                let detail = format!("{}: {e}.", dir.display());
                return self.fail("Cannot read directory".into(), &detail);
            }
        };
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|e| e.file_name().into_string().ok())
            .filter(|name| !ignored(name))
            .collect();
        names.sort_unstable();
        for name in names {
            let path = if dir == Path::new(".") {
                PathBuf::from(&name)
            } else {
                dir.join(&name)
            };
            // Links to directories are not followed: they could lead round in circles.
            let is_dir = std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir());
            if is_dir {
                if self.recursive {
                    self.directory(&path);
                }
            } else if has_extension(&name) && path.is_file() {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        let name = path.display().to_string();
        let before = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) => return self.fail(format!("Failed to read file {name}"), &format!("{e}.")),
        };
        let Some(after) = self.text(&name, &before) else {
            return;
        };
        if self.write
            && after != before
            && let Err(e) = std::fs::write(path, after)
        {
            self.fail(format!("Failed to write {name}"), &format!("{e}."));
        }
    }

    fn standard_input(&mut self) {
        let mut before = String::new();
        if let Err(e) = std::io::stdin().lock().read_to_string(&mut before) {
            return self.fail("Failed to read standard input".into(), &format!("{e}."));
        }
        self.text("<stdin>", &before);
    }

    /// The text in its layout; `None` = it cannot be read.
    fn text(&mut self, name: &str, before: &str) -> Option<String> {
        let (_, problems) = hcl::parse(name, before);
        if problems.has_errors() {
            let mut sources = self.workdir.ui.sources.borrow_mut();
            sources.insert(name.into(), before.into());
            self.diags.append(problems);
            return None;
        }
        let after = hcl::format(before);
        if after != before {
            self.changed = true;
            if self.list {
                self.say(&format!("{name}\n"));
            }
            if self.diff {
                let diff = TextDiff::from_lines(before, after.as_str());
                let mut diff = diff.unified_diff();
                let text = diff
                    .header(&format!("old/{name}"), &format!("new/{name}"))
                    .to_string();
                self.say(&text);
            }
        }
        if !self.list && !self.write && !self.diff {
            self.say(&after);
        }
        Some(after)
    }

    fn say(&mut self, text: &str) {
        self.output.push_str(text);
        if !text.ends_with('\n') {
            self.output.push('\n');
        }
    }
}

fn has_extension(name: &str) -> bool {
    EXTENSIONS.iter().any(|e| name.ends_with(e))
}

/// Files of editors and hidden ones.
fn ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}
