//! A module registry on loopback whose modules are the repositories in a folder.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::Stop;

/// Is a registry that answers until the task ends.
pub(super) struct Registry {
    port: u16,
}

impl Registry {
    /// Starts a registry of the repositories `OWNER+terraform-SYSTEM-NAME/repo` in a folder.
    pub(super) fn start(repositories: &Path) -> Result<Self, Stop> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let repositories = repositories.canonicalize()?;
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that went away needs no answer.
                drop(answer(stream, &repositories));
            }
        });
        Ok(Self { port })
    }

    /// Returns CLI configuration that makes it the module registry of a host.
    pub(super) fn host_block(&self, host: &str) -> String {
        format!(
            "host \"{host}\" {{\n  services = {{\n    \"modules.v1\" = \"http://127.0.0.1:{}/\"\n  }}\n}}\n",
            self.port
        )
    }
}

fn answer(mut stream: TcpStream, repositories: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::from("-");
    while !header.trim().is_empty() {
        header.clear();
        reader.read_line(&mut header)?;
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let found = match parts[..] {
        [owner, name, system, "versions"] => {
            repository(repositories, owner, name, system).map(|repository| versions(&repository))
        }
        [owner, name, system, version, "download"] => repository(repositories, owner, name, system)
            .map(|repository| {
                let tags = tags(&repository);
                let tag = tags
                    .iter()
                    .find(|tag| tag.trim_start_matches('v') == version);
                let tag = tag.map_or(version, String::as_str);
                let at = repository.display();
                format!("204 No Content\r\nX-Terraform-Get: git::file://{at}?ref={tag}\r\n\r\n")
            }),
        _ => None,
    };
    let found = found.unwrap_or_else(|| "404 Not Found\r\nContent-Length: 0\r\n\r\n".into());
    write!(
        stream,
        "HTTP/1.1 {}",
        found.replacen("\r\n", "\r\nConnection: close\r\n", 1)
    )?;
    stream.shutdown(Shutdown::Write)?;
    reader.read_to_end(&mut Vec::new()).map(drop)
}

fn repository(all: &Path, owner: &str, name: &str, system: &str) -> Option<PathBuf> {
    let repository = all.join(format!("{owner}+terraform-{system}-{name}/repo"));
    repository.is_dir().then_some(repository)
}

fn versions(repository: &Path) -> String {
    let versions: Vec<_> = tags(repository)
        .iter()
        .map(|tag| serde_json::json!({"version": tag.trim_start_matches('v')}))
        .collect();
    let body = serde_json::json!({"modules": [{"versions": versions}]}).to_string();
    format!("200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// The tags that are versions.
fn tags(repository: &Path) -> Vec<String> {
    let output = Command::new("git")
        .arg("--git-dir")
        .arg(repository)
        .arg("tag")
        .output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).into_owned());
    let is_version = |tag: &&str| {
        let parts: Vec<&str> = tag.trim_start_matches('v').split('.').collect();
        parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok())
    };
    let text = text.unwrap_or_default();
    text.lines().filter(is_version).map(str::to_owned).collect()
}
