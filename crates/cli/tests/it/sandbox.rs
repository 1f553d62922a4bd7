//! A directory with files, in which commands are run.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A directory of its own, with nothing around it.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
    env: Vec<(String, String)>,
}

impl Sandbox {
    /// A directory with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let sandbox = Self {
            dir: tempfile::tempdir().unwrap(),
            env: Vec::new(),
        };
        for (path, text) in files {
            sandbox.write(path, text);
        }
        sandbox
    }

    /// Commands see this environment variable from now on.
    pub(crate) fn with_env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Runs a command line without any input.
    pub(crate) fn run(&self, line: &str) -> String {
        self.feed(line, "")
    }

    /// Runs a command line with this input. Answers what it printed on standard output, then what it
    /// printed on standard error, then its exit code if that is not 0.
    pub(crate) fn feed(&self, line: &str, input: &str) -> String {
        self.finish(&[], line, input)
    }

    /// Runs a command line with these variables in the environment.
    pub(crate) fn run_with(&self, variables: &[(&str, &str)], line: &str) -> String {
        self.finish(variables, line, "")
    }

    fn finish(&self, variables: &[(&str, &str)], line: &str, input: &str) -> String {
        let mut child = Command::new(env!("CARGO_BIN_EXE_groma"))
            .args(line.split_whitespace())
            .current_dir(self.dir.path())
            .env_clear()
            .env("HOME", self.dir.path())
            .env("NO_COLOR", "1")
            .envs(self.env.clone())
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that does not read its input may have ended.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        match output.status.code() {
            Some(0) => text,
            code => format!("{text}exit code {}\n", code.unwrap()),
        }
    }
}
