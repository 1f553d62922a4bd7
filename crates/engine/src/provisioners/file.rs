//! `file`: files and directories, copied to the object.

use super::communicator::{Communicator, shell_quoted};
use super::connection::Connection;
use super::{Problem, Run};
use diags::Diagnostic;
use std::io;
use std::path::{Path, PathBuf};

fn failed(detail: String) -> Problem {
    Box::new(Diagnostic::error("file provisioner error", detail))
}

pub(super) async fn run(run: &Run<'_>, connection: Connection) -> Result<(), Problem> {
    let (source, content) = (run.text("source"), run.text("content"));
    let invalid = |detail: &str| {
        Box::new(Diagnostic::error(
            "Invalid file provisioner configuration",
            detail,
        ))
    };
    match (&source, &content) {
        (Some(_), Some(_)) => {
            return Err(invalid(
                "\"source\" and \"content\" cannot both be set: remove one.",
            ));
        }
        (None, None) => return Err(invalid("Either \"source\" or \"content\" must be set.")),
        _ => {}
    }
    let there = Communicator::connect(run, connection).await?;
    copy(run, &there, source.as_deref(), content.as_deref()).await
}

pub(super) async fn copy(
    run: &Run<'_>,
    there: &Communicator<'_>,
    source: Option<&str>,
    content: Option<&str>,
) -> Result<(), Problem> {
    let destination = run.text("destination").unwrap_or_default();
    let Some(source) = source else {
        let content = content.unwrap_or_default();
        return there.upload(&destination, content.as_bytes()).await;
    };
    let path = run.round.surroundings.base_dir.join(source);
    let unreadable = |e: io::Error| failed(format!("{source} cannot be read: {e}."));
    if !path.is_dir() {
        let content = std::fs::read(&path).map_err(unreadable)?;
        return there.upload(&destination, &content).await;
    }
    // Without a slash behind it the directory itself is copied, with one what is in it.
    let mut target = destination.trim_end_matches('/').to_owned();
    if !source.ends_with('/') {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        target = format!("{target}/{name}");
    }
    for file in files(&path).map_err(unreadable)? {
        let inside = file.strip_prefix(&path).unwrap_or(&file);
        let to = format!("{target}/{}", inside.to_string_lossy());
        let dir = to.rsplit_once('/').map_or("", |(dir, _)| dir);
        let content = std::fs::read(&file).map_err(unreadable)?;
        let command = format!("mkdir -p {}", shell_quoted(dir));
        there.must(&command, None, "mkdir failed").await?;
        there.upload(&to, &content).await?;
    }
    Ok(())
}

/// The files in a directory and below it, sorted.
fn files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut dirs = vec![dir.to_owned()];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                dirs.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
