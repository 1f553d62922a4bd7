//! Tokens for hosts, and the programs that keep them.

use crate::cli_config::Token;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where tokens for hosts are, most important first.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// From the environment.
    pub environment: BTreeMap<String, Token>,
    /// From the CLI configuration and the file that `login` writes.
    pub configured: BTreeMap<String, Token>,
    /// A program that is asked for all others.
    pub helper: Option<Helper>,
}

/// A credentials helper: a program that answers `get HOST`, `store HOST` and `forget HOST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helper {
    /// The program.
    pub program: PathBuf,
    /// What it is told before that.
    pub args: Vec<String>,
}

impl Credentials {
    /// The token for a host, if there is one. The error says what is wrong with the helper.
    pub fn token(&self, host: &str) -> Result<Option<Token>, String> {
        let known = self.environment.get(host).or(self.configured.get(host));
        match (known, &self.helper) {
            (Some(token), _) => Ok(Some(token.clone())),
            (None, Some(helper)) => helper.get(host),
            (None, None) => Ok(None),
        }
    }
}

impl Helper {
    /// The token that the helper has for a host.
    pub fn get(&self, host: &str) -> Result<Option<Token>, String> {
        let answer = self.run("get", host, "")?;
        let json: serde_json::Value = serde_json::from_str(&answer)
            .map_err(|e| self.failure("get", &format!("it did not answer with JSON ({e})")))?;
        let token = json.get("token").and_then(serde_json::Value::as_str);
        Ok(token.map(|token| Token(token.to_owned())))
    }

    /// Gives the helper a token to keep.
    pub fn store(&self, host: &str, token: &Token) -> Result<(), String> {
        let json = serde_json::json!({"token": token.0}).to_string();
        self.run("store", host, &json).map(drop)
    }

    /// Has the helper forget the token of a host.
    pub fn forget(&self, host: &str) -> Result<(), String> {
        self.run("forget", host, "").map(drop)
    }

    fn run(&self, what: &str, host: &str, input: &str) -> Result<String, String> {
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .args([what, host])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| self.failure(what, &e.to_string()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A helper that does not want its input may be gone by now.
            let _ = stdin.write_all(input.as_bytes());
        }
        let output = child.wait_with_output();
        let output = output.map_err(|e| self.failure(what, &e.to_string()))?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(self.failure(what, &format!("{} {}", output.status, said.trim())))
    }

    fn failure(&self, what: &str, why: &str) -> String {
        let program = self.program.display();
        format!("the credentials helper {program} failed to {what} credentials: {why}")
    }
}

/// The host that a `TF_TOKEN_…` variable is for: `_` stands for a dot, `__` for a hyphen.
pub fn host_of_variable(name: &str) -> Option<String> {
    let encoded = name.strip_prefix("TF_TOKEN_").filter(|h| !h.is_empty())?;
    let host = encoded.replace("__", "-").replace('_', ".");
    Some(host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn variables_name_hosts() {
        for (name, host) in [
            ("TF_TOKEN_app_terraform_io", Some("app.terraform.io")),
            ("TF_TOKEN_my__host_example_com", Some("my-host.example.com")),
            ("TF_TOKEN_My-Host_example_com", Some("my-host.example.com")),
            ("TF_TOKEN_", None),
            ("TF_VAR_x", None),
        ] {
            assert_eq!(host_of_variable(name).as_deref(), host, "{name}");
        }
    }

    #[test]
    fn the_environment_wins_and_the_helper_is_last() {
        let dir = tempfile::tempdir().unwrap();
        let program = dir.path().join("helper");
        let kept = dir.path().join("kept");
        fs::write(
            &program,
            format!(
                "#!/bin/sh\ncase \"$1 $2\" in\n'-x get') test \"$3\" = broken && {{ echo no >&2; exit 1; }}; echo '{{\"token\":\"of '$3'\"}}';;\n'-x store') cat > {};;\nesac\n",
                kept.display()
            ),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let token = |text: &str| Token(text.to_owned());
        let helper = Helper {
            program,
            args: vec!["-x".into()],
        };
        let credentials = Credentials {
            environment: BTreeMap::from([("a".into(), token("1"))]),
            configured: BTreeMap::from([("a".into(), token("2")), ("b".into(), token("3"))]),
            helper: Some(helper.clone()),
        };
        assert_eq!(credentials.token("a"), Ok(Some(token("1"))));
        assert_eq!(credentials.token("b"), Ok(Some(token("3"))));
        assert_eq!(credentials.token("c"), Ok(Some(token("of c"))));
        assert!(credentials.token("broken").unwrap_err().ends_with(" no"));
        helper.store("d", &token("4")).unwrap();
        assert_eq!(fs::read_to_string(kept).unwrap(), r#"{"token":"4"}"#);
        assert_eq!(Credentials::default().token("a"), Ok(None));
    }
}
