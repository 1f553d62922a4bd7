//! A sandbox in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{Failure, exchange};

/// Is a running sandbox, ended when dropped.
pub(crate) struct Sandbox {
    child: Child,
    /// What leads programs to it.
    variables: Vec<(String, String)>,
}

impl Sandbox {
    /// Starts `groma sandbox start` on free ports, with further flags.
    pub(crate) fn start(groma: &Path, flags: &[&str]) -> Result<Self, Failure> {
        let mut child = Command::new(groma)
            .args(["sandbox", "start", "-aws-port=0", "-google-port=0"])
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut variables = Vec::new();
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            let pair = line
                .strip_prefix("export ")
                .and_then(|text| text.split_once('='));
            let Some((name, value)) = pair else { continue };
            variables.push((name.to_owned(), value.to_owned()));
            // The last of them.
            if name == "GROMA_SANDBOX" {
                return Ok(Self { child, variables });
            }
        }
        let _ = child.wait();
        Err("the sandbox did not start".into())
    }

    /// Returns the variables that lead programs to it.
    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    /// Returns where AWS is.
    pub(crate) fn aws(&self) -> &str {
        self.variable("AWS_ENDPOINT_URL")
    }

    /// Returns where Google Cloud is.
    pub(crate) fn google(&self) -> &str {
        let compute = self.variable("GOOGLE_COMPUTE_CUSTOM_ENDPOINT");
        compute.trim_end_matches("/compute/v1/")
    }

    /// Returns the Google project.
    pub(crate) fn project(&self) -> &str {
        self.variable("GOOGLE_PROJECT")
    }

    fn variable(&self, name: &str) -> &str {
        let found = self.variables.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// Asks the sandbox itself for something.
    pub(crate) fn admin(&self, line: &str) -> Result<Value, Failure> {
        let (method, path) = line.split_once(' ').unwrap_or(("GET", line));
        let answer = exchange(self.aws(), &format!("{method} /_sandbox/{path}"), &[], "")?;
        Ok(serde_json::from_str(&answer)?)
    }

    /// Gives the sandbox itself something.
    pub(crate) fn put(&self, path: &str, body: &Value) -> Result<(), Failure> {
        let headers = [("Content-Type", "application/json")];
        let line = format!("PUT /_sandbox/{path}");
        exchange(self.aws(), &line, &headers, &body.to_string()).map(drop)
    }

    /// Calls EC2 behind everyone's back.
    pub(crate) fn ec2(&self, form: &str) -> Result<String, Failure> {
        let headers = [
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=nobody/20260101/us-east-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
            ),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        exchange(
            self.aws(),
            "POST /",
            &headers,
            &format!("Version=2016-11-15&{form}"),
        )
    }

    /// Calls Google Cloud behind everyone's back.
    pub(crate) fn rest(&self, line: &str, body: &Value) -> Result<Value, Failure> {
        let headers = [("Content-Type", "application/json")];
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        Ok(serde_json::from_str(&exchange(
            self.google(),
            line,
            &headers,
            &body,
        )?)?)
    }

    /// Ends it as Ctrl-C does, so that its objects are kept.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Nothing to do about one that is already gone.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
