//! The Python in which the AWS SDK is installed, if there is one.

use groma_sandbox::{Options, Sandbox};
use std::process::{Command, Stdio};

/// Runs a program with a sandbox, and answers what it printed; `None` if its module is not installed here.
pub(crate) fn run(module: &str, program: &str, arguments: &[String]) -> Option<String> {
    let Some(python) = interpreter(module) else {
        eprintln!("SKIP: no Python with {module}");
        return None;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let sandbox = runtime
        .block_on(Sandbox::start(Options::default()))
        .unwrap();
    let output = Command::new(python)
        .arg("-c")
        .arg(program)
        .args(arguments)
        .env("AWS_ENDPOINT_URL", sandbox.aws_url())
        .env("AWS_ACCESS_KEY_ID", "testing")
        .env("AWS_SECRET_ACCESS_KEY", "testing")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CONFIG_FILE", "/nonexistent")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
        .env("AWS_PAGER", "")
        .env("NO_PROXY", "127.0.0.1")
        .env_remove("AWS_CA_BUNDLE")
        .env_remove("AWS_PROFILE")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}\n{errors}");
    Some(text)
}

/// The interpreter of the programs that come with such a module, found by their first lines.
fn interpreter(module: &str) -> Option<String> {
    let find = "for program in aws moto_server; do pyenv which $program 2>/dev/null || command -v $program; done; \
                command -v python3";
    let found = Command::new("sh").arg("-c").arg(find).output().ok()?;
    let paths = String::from_utf8(found.stdout).ok()?;
    let candidates = paths.lines().map(|path| {
        let text = std::fs::read(path).unwrap_or_default();
        let first = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let shebang = std::str::from_utf8(first)
            .ok()
            .and_then(|line| line.strip_prefix("#!"));
        match shebang {
            Some(line) if line.contains("python") => line.trim().to_owned(),
            _ => path.to_owned(),
        }
    });
    let imports = format!("import {module}");
    let mut candidates = candidates.filter(|path| path.contains("python"));
    candidates.find(|python| {
        let tried = Command::new(python).args(["-c", &imports]).output();
        tried.is_ok_and(|output| output.status.success())
    })
}
