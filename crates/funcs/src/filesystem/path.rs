//! Paths as text.

use crate::define::failed;
use hcl::ArgumentError;
use std::path::Path;

/// The shortest path that means the same: without empty and `.` parts, `..` resolved as text.
pub(super) fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|p| *p != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `path` as seen from `dir`.
pub(super) fn join(dir: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{dir}/{path}")
    }
}

/// The last part.
pub(super) fn base(path: &str) -> String {
    let trimmed = path.trim_end_matches('/');
    match (path.is_empty(), trimmed.is_empty()) {
        (true, _) => ".".to_owned(),
        (false, true) => "/".to_owned(),
        _ => trimmed.rsplit('/').next().unwrap_or(trimmed).to_owned(),
    }
}

/// All but the last part.
pub(super) fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |at| &path[..=at]))
}

/// The path with a leading `~` replaced.
pub(super) fn expand(path: &str, home: Option<&Path>) -> Result<String, ArgumentError> {
    let Some(rest) = path.strip_prefix('~') else {
        return Ok(path.to_owned());
    };
    if !rest.is_empty() && !rest.starts_with('/') {
        return Err(failed(
            "the home directory of another user cannot be found; write its path in full",
        ));
    }
    let home = home.ok_or_else(|| failed("there is no home directory that ~ could stand for"))?;
    let home = home.to_string_lossy();
    Ok(if rest.is_empty() {
        home.into_owned()
    } else {
        clean(&format!("{home}{rest}"))
    })
}

#[cfg(test)]
mod tests {
    use super::{clean, expand};
    use std::path::Path;

    #[test]
    fn cleans() {
        for (path, expected) in [
            ("", "."),
            ("a//b/./c/", "a/b/c"),
            ("a/../../b", "../b"),
            ("/../a", "/a"),
            ("/", "/"),
            ("..", ".."),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }

    #[test]
    fn expands_the_home_directory() {
        let home = Some(Path::new("/home/ada"));
        assert_eq!(expand("~", home).unwrap(), "/home/ada");
        assert_eq!(expand("~/x", home).unwrap(), "/home/ada/x");
        assert_eq!(expand("x~", home).unwrap(), "x~");
        assert!(expand("~bob/x", home).is_err());
        assert!(expand("~/x", None).is_err());
    }
}
