//! Source addresses of modules: what they mean, and the long form of the short ones.

use crate::http::shown;
use addrs::Provider;
use std::fmt;
use url::Url;

/// Where a module comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ModuleSource {
    /// A directory beside the calling module.
    Local,
    /// A module of a registry.
    Registry(RegistryModule, String),
    /// A package elsewhere, in full, and a directory in it.
    Remote(String, String),
}

/// A module's address in a registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegistryModule {
    pub(crate) host: String,
    pub(crate) namespace: String,
    pub(crate) name: String,
    pub(crate) system: String,
}

impl fmt::Display for RegistryModule {
    /// The address in full.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.host, self.path())
    }
}

impl RegistryModule {
    /// The address without the host.
    pub(crate) fn path(&self) -> String {
        format!("{}/{}/{}", self.namespace, self.name, self.system)
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let (host, rest) = match parts[..] {
            [a, b, c] => (Provider::DEFAULT_HOST, [a, b, c]),
            [host, a, b, c] => (host, [a, b, c]),
            _ => return None,
        };
        let is_name = |name: &str| {
            let middle = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            let end = |c: char| c.is_ascii_alphanumeric();
            name.len() <= 64
                && name.chars().all(middle)
                && name.starts_with(end)
                && name.ends_with(end)
        };
        let is_system = |s: &str| {
            !s.is_empty()
                && s.len() <= 64
                && s.chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        let is_host = |host: &str| {
            let (name, port) = host.split_once(':').unwrap_or((host, "1"));
            let label =
                |l: &str| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-');
            (name.contains('.') || host.contains(':') || name == "localhost")
                && name.split('.').all(label)
                && port.parse::<u16>().is_ok()
        };
        let [namespace, name, system] = rest;
        // These have modules of their own kind.
        let taken = ["github.com", "bitbucket.org"].contains(&host);
        let good =
            is_host(host) && !taken && is_name(namespace) && is_name(name) && is_system(system);
        good.then(|| Self {
            host: host.to_lowercase(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            system: system.to_owned(),
        })
    }
}

impl ModuleSource {
    /// Reads a source as it stands in a module call. The error is what is wrong, without a full stop.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if is_local(text) {
            return Ok(Self::Local);
        }
        if text.is_empty() {
            return Err("Failed to parse module source address: it is empty. Name a directory that starts with \"./\" or \"../\", a module of a registry, or a URL".into());
        }
        let (package, subdir) = split_subdir(text);
        let subdir = clean_subdir(&subdir)?;
        if let Some(module) = RegistryModule::parse(&package) {
            return Ok(Self::Registry(module, subdir));
        }
        let (package, inner) = split_subdir(&detect(&package).ok_or_else(|| {
            format!(
                "The installation method for the remote module package {package:?} cannot be told. If you intended this as a path relative to the \
                 current module, use \"./{package}\" instead: the \"./\" prefix says that the address is a path"
            )
        })?);
        let subdir = match (&inner[..], &subdir[..]) {
            ("", _) => subdir,
            (_, "") => clean_subdir(&inner)?,
            _ => format!("{}/{subdir}", clean_subdir(&inner)?),
        };
        Ok(Self::Remote(package, subdir))
    }
}

/// The long form of a package's address, if it is one.
pub(crate) fn long(address: &str) -> Option<String> {
    let (package, subdir) = split_subdir(address);
    Some(join(&detect(&package)?, &subdir))
}

/// Whether a source is a directory beside the calling module.
pub(crate) fn is_local(source: &str) -> bool {
    source == "."
        || source == ".."
        || ["./", "../"]
            .iter()
            .any(|prefix| source.starts_with(prefix))
}

/// A package and a directory in it as one address.
pub(crate) fn join(package: &str, subdir: &str) -> String {
    if subdir.is_empty() {
        return package.to_owned();
    }
    match package.split_once('?') {
        Some((before, query)) => format!("{before}//{subdir}?{query}"),
        None => format!("{package}//{subdir}"),
    }
}

/// The part before a `//` (that of a URL's scheme does not count) together with the query, and the part
/// behind.
pub(crate) fn split_subdir(text: &str) -> (String, String) {
    let query = text.find('?').unwrap_or(text.len());
    let scheme = text[..query].find("://").map_or(0, |at| at + 3);
    match text[scheme..query].find("//") {
        Some(at) => {
            let at = scheme + at;
            let package = format!("{}{}", &text[..at], &text[query..]);
            (package, text[at + 2..query].to_owned())
        }
        None => (text.to_owned(), String::new()),
    }
}

/// A directory within a package without `.` and `..`.
fn clean_subdir(text: &str) -> Result<String, String> {
    let mut parts = Vec::new();
    for part in text.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.is_empty() => {
                return Err(format!(
                    "Failed to parse module source address: subdirectory path {text:?} leads outside of the module package"
                ));
            }
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// The long form of an address; `None` = it is none that is known.
fn detect(text: &str) -> Option<String> {
    if let Some((forced, rest)) = forced(text) {
        // What is forced may be short itself.
        let long = detect(rest).unwrap_or_else(|| rest.to_owned());
        let long = long.strip_prefix(&format!("{forced}::")).unwrap_or(&long);
        return Some(format!("{forced}::{long}"));
    }
    if has_scheme(text) {
        return Some(text.to_owned());
    }
    if let Some(rest) = text.strip_prefix("github.com/") {
        return git_host("github.com", rest);
    }
    if let Some(rest) = text.strip_prefix("bitbucket.org/") {
        return git_host("bitbucket.org", rest);
    }
    // user@host:path, as ssh has it.
    if let Some((user, rest)) = text.split_once('@')
        && let Some((host, path)) = rest.split_once(':')
        && !user.contains('/')
        && !host.contains('/')
    {
        return Some(format!(
            "git::ssh://{user}@{host}/{}",
            path.trim_start_matches('/')
        ));
    }
    let host = text.split('/').next().unwrap_or_default();
    if host.ends_with(".amazonaws.com") {
        return Some(format!("s3::https://{text}"));
    }
    if host == "www.googleapis.com" || host == "storage.googleapis.com" {
        return Some(format!("gcs::https://{text}"));
    }
    text.starts_with('/').then(|| format!("file://{text}"))
}

/// The address of a package as it may be shown.
pub(crate) fn shown_package(package: &str) -> String {
    let (way, rest) = match forced(package) {
        Some((way, rest)) => (format!("{way}::"), rest),
        None => (String::new(), package),
    };
    match Url::parse(rest) {
        Ok(url) => way + &shown(&url),
        Err(_) => package.to_owned(),
    }
}

/// `git::rest`: the way that an address forces.
pub(crate) fn forced(text: &str) -> Option<(&str, &str)> {
    let (way, rest) = text.split_once("::")?;
    let name = !way.is_empty() && way.chars().all(|c| c.is_ascii_alphanumeric());
    name.then_some((way, rest))
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// `OWNER/NAME/REST` at a host of git repositories.
fn git_host(host: &str, rest: &str) -> Option<String> {
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (rest, String::new()),
    };
    let mut parts = path.splitn(3, '/');
    let (owner, name, below) = (parts.next()?, parts.next()?, parts.next());
    let name = name.strip_suffix(".git").unwrap_or(name);
    if owner.is_empty() || name.is_empty() {
        return None;
    }
    let below = below.map(|below| format!("//{below}")).unwrap_or_default();
    Some(format!(
        "git::https://{host}/{owner}/{name}.git{below}{query}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_a_long_form() {
        // As Terraform 1.11.4 tells them ("Downloading … for …") and writes them into modules.json.
        for (source, package, subdir) in [
            (
                "github.com/foo/bar//x?ref=1",
                "git::https://github.com/foo/bar.git?ref=1",
                "x",
            ),
            (
                "github.com/foo/bar/a/b",
                "git::https://github.com/foo/bar.git",
                "a/b",
            ),
            (
                "git@github.com:foo/bar.git//x?ref=1",
                "git::ssh://git@github.com/foo/bar.git?ref=1",
                "x",
            ),
            (
                "bitbucket.org/foo/bar",
                "git::https://bitbucket.org/foo/bar.git",
                "",
            ),
            ("https://h/foo/bar.zip//x", "https://h/foo/bar.zip", "x"),
            (
                "git::ssh://git@h:1/foo.git//a/b?ref=1",
                "git::ssh://git@h:1/foo.git?ref=1",
                "a/b",
            ),
            ("git::git@h:foo.git", "git::ssh://git@h/foo.git", ""),
            (
                "s3-eu-west-1.amazonaws.com/bucket/vpc.zip",
                "s3::https://s3-eu-west-1.amazonaws.com/bucket/vpc.zip",
                "",
            ),
            (
                "www.googleapis.com/storage/v1/b/vpc.zip",
                "gcs::https://www.googleapis.com/storage/v1/b/vpc.zip",
                "",
            ),
            ("/abs//sub", "file:///abs", "sub"),
            (
                "git::file:///r//sub?ref=v1&depth=1",
                "git::file:///r?ref=v1&depth=1",
                "sub",
            ),
            ("/m.tar.gz//*/sub", "file:///m.tar.gz", "*/sub"),
        ] {
            let expected = ModuleSource::Remote(package.into(), subdir.into());
            assert_eq!(ModuleSource::parse(source), Ok(expected), "{source}");
        }
        assert_eq!(
            join("git::file:///r?ref=v1", "sub"),
            "git::file:///r//sub?ref=v1"
        );
        for wrong in ["foo", "nope/x", "", "a/b/c//../x", "a/b/C"] {
            assert!(ModuleSource::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(ModuleSource::parse("../x"), Ok(ModuleSource::Local));
    }

    #[test]
    fn modules_of_registries() {
        for (source, address, subdir) in [
            ("foo/bar/baz", "registry.terraform.io/foo/bar/baz", ""),
            (
                "foo/bar/baz//modules/x",
                "registry.terraform.io/foo/bar/baz",
                "modules/x",
            ),
            ("127.0.0.1:1/foo/bar/baz", "127.0.0.1:1/foo/bar/baz", ""),
            (
                "App.Terraform.io/foo/bar-x/baz2",
                "app.terraform.io/foo/bar-x/baz2",
                "",
            ),
        ] {
            match ModuleSource::parse(source) {
                Ok(ModuleSource::Registry(module, dir)) => {
                    assert_eq!(
                        (module.to_string().as_str(), dir.as_str()),
                        (address, subdir)
                    );
                }
                other => panic!("{source}: {other:?}"),
            }
        }
    }
}
