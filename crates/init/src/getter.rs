//! Getting packages of modules: from git repositories, archives and directories.

mod archive;
mod git;

use crate::http::{Http, shown, status_text};
use crate::module_source::{forced, split_subdir};
use crate::network::Network;
use archive::Kind;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use url::Url;

/// How often one address may lead to another.
const MOST_HOPS: usize = 10;

/// Puts a package into `target`, which must not be there. Returns the directory in it that the address
/// leads to, if it says more than the caller knew. The error is what went wrong, without a full stop.
pub(crate) fn get(network: &Network, address: &str, target: &Path) -> Result<String, String> {
    let mut address = address.to_owned();
    let mut below = String::new();
    for _ in 0..MOST_HOPS {
        let (package, subdir) = split_subdir(&address);
        if !subdir.is_empty() {
            below = if below.is_empty() {
                subdir
            } else {
                format!("{subdir}/{below}")
            };
        }
        match step(network, &package, target)? {
            None => return Ok(below),
            Some(next) => address = next,
        }
    }
    Err("one address leads to another without end".into())
}

/// Gets a package, or says which other address has it.
fn step(network: &Network, package: &str, target: &Path) -> Result<Option<String>, String> {
    let (way, rest) = match forced(package) {
        Some((way, rest)) => (way, rest),
        None => ("", package),
    };
    let url = Url::parse(rest).map_err(|e| format!("{rest:?} is not a URL ({e})"))?;
    let (url, kind) = Kind::told_by(url)?;
    match (way, url.scheme()) {
        ("git", _) | ("", "git" | "ssh") => git::clone(&url, target).map(|()| None),
        ("", "file") | ("file", _) => local(&url, kind, target).map(|()| None),
        ("" | "http" | "https", "http" | "https") => match kind {
            Some(kind) => remote_archive(network, &url, kind, target).map(|()| None),
            None => page(network, &url).map(Some),
        },
        ("s3", _) => bucket(network, &url, kind, target, "S3").map(|()| None),
        ("gcs", _) => {
            let url = gcs_object(&url)?;
            bucket(network, &url, kind, target, "Google Cloud Storage").map(|()| None)
        }
        ("hg", _) => Err("Mercurial repositories are not supported: use git, or an archive".into()),
        (way, scheme) => {
            let name = if way.is_empty() { scheme } else { way };
            Err(format!(
                "there is no way to get packages by {name:?}: use git, http, https, s3, gcs or a directory"
            ))
        }
    }
}

/// A directory, which is linked to, or an archive on this machine.
fn local(url: &Url, kind: Option<Kind>, target: &Path) -> Result<(), String> {
    let text = |e: io::Error| e.to_string();
    let path = url.to_file_path();
    let path = path.map_err(|()| format!("{} does not name a path", shown(url)))?;
    let data = fs::metadata(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    if data.is_dir() {
        return symlink(&path, target).map_err(text);
    }
    match kind {
        Some(kind) => archive::unpack(&path, kind, target).map_err(text),
        None => Err(format!(
            "{} is neither a directory nor an archive",
            path.display()
        )),
    }
}

fn remote_archive(network: &Network, url: &Url, kind: Kind, target: &Path) -> Result<(), String> {
    let text = |e: io::Error| e.to_string();
    let dir = target.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(text)?;
    let token = network.token_for(url);
    let http: &Http = network.http();
    http.download(url, token.as_ref(), file.as_file_mut(), &|_, _| {})?;
    archive::unpack(file.path(), kind, target).map_err(|e| format!("{}: {e}", shown(url)))
}

/// An object of a bucket, which everybody may read.
fn bucket(
    network: &Network,
    url: &Url,
    kind: Option<Kind>,
    target: &Path,
    service: &str,
) -> Result<(), String> {
    let kind = kind.ok_or_else(|| {
        format!("{} does not end like an archive (zip, tar.gz, tar.xz, tar.bz2): only archives can be modules there", shown(url))
    })?;
    remote_archive(network, url, kind, target).map_err(|why| {
        if [" 401 ", " 403 "].iter().any(|status| why.contains(status)) {
            format!("{why}. Objects of {service} are asked for without credentials: let everybody read this one, or get the module by git or https")
        } else {
            why
        }
    })
}

/// `/storage/v1/BUCKET/OBJECT`, and where it can be had without an API.
fn gcs_object(url: &Url) -> Result<Url, String> {
    let path = url.path().strip_prefix("/storage/v1/");
    let Some(path) = path.filter(|_| url.host_str() == Some("www.googleapis.com")) else {
        return Ok(url.clone());
    };
    let url = format!("https://storage.googleapis.com/{path}");
    Url::parse(&url).map_err(|e| format!("{url:?} is not a URL ({e})"))
}

/// Asks a page which address has the module: in a header, or in a `meta` element.
fn page(network: &Network, url: &Url) -> Result<String, String> {
    let mut asked = url.clone();
    asked.query_pairs_mut().append_pair("terraform-get", "1");
    let token = network.token_for(url);
    let answer = network.http().get(&asked, token.as_ref())?;
    if !(200..300).contains(&answer.status) {
        return Err(status_text(&answer.url, answer.status));
    }
    let html = String::from_utf8_lossy(&answer.body);
    let found = answer.location.or_else(|| meta(&html));
    let found = found.filter(|found| !found.is_empty()).ok_or_else(|| {
        format!("no source URL was returned: {} neither ends like an archive nor names one in an X-Terraform-Get header or a terraform-get meta element", shown(url))
    })?;
    resolve(&answer.url, &found)
}

/// An address that a server told, which may be relative to where it did.
pub(crate) fn resolve(base: &Url, found: &str) -> Result<String, String> {
    let relative = ["/", "./", "../"].iter().any(|p| found.starts_with(p));
    if !relative {
        return Ok(found.to_owned());
    }
    let url = base.join(found);
    let url = url.map_err(|e| format!("the server names {found:?}, which is not a URL ({e})"))?;
    Ok(url.to_string())
}

fn meta(html: &str) -> Option<String> {
    let at = html.find("name=\"terraform-get\"")?;
    let start = html[..at].rfind('<')?;
    let element = &html[start..start + html[start..].find('>')?];
    let (_, content) = element.split_once("content=\"")?;
    Some(content.split_once('"')?.0.replace("&amp;", "&"))
}

/// Where a directory of a package is: `*` in it stands for the one directory that there is.
pub(crate) fn find_subdir(package: &Path, subdir: &str) -> Result<PathBuf, String> {
    let mut found = PathBuf::new();
    for part in subdir.split('/').filter(|part| !part.is_empty()) {
        if !part.contains('*') {
            found.push(part);
            continue;
        }
        let (before, after) = part.split_once('*').unwrap_or((part, ""));
        let dir = package.join(&found);
        let entries = fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let fits = |name: &String| {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
                && dir.join(name).is_dir()
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let names: Vec<String> = names.filter(fits).collect();
        match &names[..] {
            [one] => found.push(one),
            [] => return Err(format!("subdir {subdir:?} not found in the package")),
            _ => {
                return Err(format!(
                    "subdir {subdir:?} matches multiple paths in the package: {}",
                    names.join(", ")
                ));
            }
        }
    }
    if package.join(&found).is_dir() {
        return Ok(found);
    }
    Err(format!("subdir {subdir:?} not found in the package"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_the_one_directory() {
        let package = tempfile::tempdir().unwrap();
        fs::create_dir_all(package.path().join("top-1/sub")).unwrap();
        fs::write(package.path().join("top.txt"), "").unwrap();
        let find = |subdir: &str| find_subdir(package.path(), subdir);
        assert_eq!(find("*/sub"), Ok("top-1/sub".into()));
        assert_eq!(find("top-*"), Ok("top-1".into()));
        assert_eq!(find(""), Ok("".into()));
        assert!(find("*/none").is_err() && find("x*").is_err());
        fs::create_dir(package.path().join("top-2")).unwrap();
        assert!(find("*").unwrap_err().contains("multiple"));
    }

    #[test]
    fn pages_name_addresses() {
        let html = "<html><head><meta name=\"terraform-get\" content=\"https://h/x.zip?a=1&amp;b=2\" /></head>";
        assert_eq!(meta(html).as_deref(), Some("https://h/x.zip?a=1&b=2"));
        assert_eq!(meta("<meta name=\"other\">"), None);
        let base = Url::parse("https://h/a/b").unwrap();
        assert_eq!(resolve(&base, "/x.zip").unwrap(), "https://h/x.zip");
        assert_eq!(resolve(&base, "./x.zip").unwrap(), "https://h/a/x.zip");
        assert_eq!(
            resolve(&base, "git::https://g/r").unwrap(),
            "git::https://g/r"
        );
    }

    #[test]
    fn buckets_are_asked_without_an_api() {
        let url = Url::parse("https://www.googleapis.com/storage/v1/b/o.zip").unwrap();
        assert_eq!(
            gcs_object(&url).unwrap().as_str(),
            "https://storage.googleapis.com/b/o.zip"
        );
    }
}
