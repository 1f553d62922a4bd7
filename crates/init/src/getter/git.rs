//! Packages that are git repositories, by way of the `git` program.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::Command;
use url::Url;

/// What the query of an address asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wishes {
    reference: Option<String>,
    depth: Option<u32>,
    key: Option<String>,
}

/// Clones a repository and checks out what the address asks for: `ref`, `depth`, `sshkey`.
pub(super) fn clone(url: &Url, target: &Path) -> Result<(), String> {
    let (url, wishes) = wishes(url)?;
    let staging;
    let mut ssh = None;
    if let Some(key) = &wishes.key {
        staging = tempfile::tempdir().map_err(|e| e.to_string())?;
        ssh = Some(key_command(key, staging.path())?);
    }
    let git = |dir: Option<&Path>, words: &[&str]| {
        let mut command = Command::new("git");
        command.args(words);
        if let Some(dir) = dir {
            command.current_dir(dir);
        }
        if let Some(ssh) = &ssh {
            command.env("GIT_SSH_COMMAND", ssh);
        }
        run(command)
    };
    let name = url.as_str();
    let to = target.to_string_lossy();
    let depth = wishes.depth.map(|depth| depth.to_string());
    match (&wishes.reference, &depth) {
        (Some(reference), Some(depth)) => {
            if is_commit(reference) {
                return Err(format!(
                    "setting 'depth' is not supported for the commit {reference}: a shallow clone begins at a branch or tag. Leave out depth"
                ));
            }
            git(
                None,
                &[
                    "clone", "--depth", depth, "--branch", reference, "--", name, &to,
                ],
            )?;
        }
        (None, Some(depth)) => git(None, &["clone", "--depth", depth, "--", name, &to])?,
        (reference, None) => {
            git(None, &["clone", "--", name, &to])?;
            if let Some(reference) = reference {
                git(Some(target), &["checkout", reference, "--"])?;
            }
        }
    }
    if !target.join(".gitmodules").is_file() {
        return Ok(());
    }
    let mut words = vec!["submodule", "update", "--init", "--recursive"];
    words.extend(depth.iter().flat_map(|depth| ["--depth", depth.as_str()]));
    git(Some(target), &words)
}

/// The URL without what is not for git.
fn wishes(url: &Url) -> Result<(Url, Wishes), String> {
    let mut wishes = Wishes::default();
    let mut rest = Vec::new();
    for (name, value) in url.query_pairs() {
        match &*name {
            // What begins with a hyphen would be an option of git.
            "ref" if value.starts_with('-') => {
                return Err(format!(
                    "{value:?} cannot be the name of a branch, tag or commit"
                ));
            }
            "ref" => wishes.reference = (!value.is_empty()).then(|| value.into_owned()),
            "depth" => {
                let depth = value.parse();
                wishes.depth =
                    Some(depth.map_err(|_| format!("depth must be a number, not {value:?}"))?);
            }
            "sshkey" => wishes.key = Some(value.into_owned()),
            _ => rest.push((name.into_owned(), value.into_owned())),
        }
    }
    let mut url = url.clone();
    url.set_query(None);
    if !rest.is_empty() {
        url.query_pairs_mut().extend_pairs(rest);
    }
    wishes.depth = wishes.depth.filter(|depth| *depth > 0);
    Ok((url, wishes))
}

fn is_commit(reference: &str) -> bool {
    (7..=40).contains(&reference.len()) && reference.bytes().all(|b| b.is_ascii_hexdigit())
}

/// How git calls ssh with a key that the address holds.
fn key_command(key: &str, dir: &Path) -> Result<String, String> {
    let key = BASE64_STANDARD
        .decode(key.replace(' ', "+"))
        .map_err(|e| format!("sshkey is not base64 ({e})"))?;
    let path = dir.join("key");
    let write = || {
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(&key)
    };
    write().map_err(|e| format!("the key cannot be kept for git: {e}"))?;
    Ok(format!("ssh -i {} -o IdentitiesOnly=yes", path.display()))
}

fn run(mut command: Command) -> Result<(), String> {
    // Nobody is there to answer questions.
    command.env("GIT_TERMINAL_PROMPT", "0");
    command.stdin(std::process::Stdio::null());
    let output = command.output().map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => "git must be available and on the PATH".to_owned(),
        _ => format!("git does not start: {e}"),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().unwrap_or(-1);
    Err(format!("git exited with {code}: {}", said.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_for_us() {
        let read = |text: &str| wishes(&Url::parse(text).unwrap());
        let (url, found) = read("https://h/r.git?ref=v1&depth=1&x=y").unwrap();
        assert_eq!(url.as_str(), "https://h/r.git?x=y");
        assert_eq!(
            (found.reference.as_deref(), found.depth),
            (Some("v1"), Some(1))
        );
        assert_eq!(read("ssh://h/r.git").unwrap().0.as_str(), "ssh://h/r.git");
        assert!(read("https://h/r.git?ref=--upload-pack=x").is_err());
        assert!(read("https://h/r.git?depth=x").is_err());
        assert!(is_commit("abcdef0") && !is_commit("v1.2.3") && !is_commit("main"));
    }
}
