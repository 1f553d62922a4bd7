//! Every request and answer of a walk through all services has the form that Google's discovery documents give it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where the documents are installed, or the package of which they are part.
const FIND: &str =
    "import googleapiclient.discovery_cache as c; print(list(c.__path__)[0] + '/documents')";

#[test]
fn answers_are_as_documented() {
    let Some(documents) = documents() else {
        return eprintln!(
            "SKIP: Google's discovery documents (google-api-python-client) are neither here nor to be had"
        );
    };
    let (_runtime, sandbox) = super::sandbox(Duration::ZERO);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/google");
    let output = Command::new("python3")
        .arg(folder.join("discovery.py"))
        .arg(sandbox.google_url())
        .arg(documents)
        .arg(folder.join("walk.py"))
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}\n{errors}");
    assert_eq!(text, "149 methods answer as documented\n");
}

fn documents() -> Option<PathBuf> {
    let found = Command::new("python3").args(["-c", FIND]).output().ok()?;
    if found.status.success() {
        let text = String::from_utf8(found.stdout).ok()?;
        return Some(PathBuf::from(text.trim()));
    }
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("discovery");
    if let Some(wheel) = wheel_in(&cache) {
        return Some(wheel);
    }
    // Under a name of its own first: a half of it is none.
    let loading = cache.with_extension(std::process::id().to_string());
    let package = [
        "-m",
        "pip",
        "download",
        "--no-deps",
        "--quiet",
        "google-api-python-client",
        "--dest",
    ];
    let loaded = Command::new("python3")
        .args(package)
        .arg(&loading)
        .output()
        .ok()?;
    if loaded.status.success() {
        let _ = std::fs::rename(&loading, &cache);
    }
    let _ = std::fs::remove_dir_all(&loading);
    wheel_in(&cache)
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    let mut files = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path());
    files.find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}
