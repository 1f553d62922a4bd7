//! Names, relative paths and full addresses of one thing.

use sdk::{Attr, Error};

/// The last part: `default` of `projects/p/global/networks/default`.
pub(crate) fn last(link: &str) -> &str {
    link.rsplit('/').next().unwrap_or(link)
}

/// The path from `projects/` on; a bare name or another text as it is.
pub(crate) fn relative(link: &str) -> &str {
    match link.find("projects/") {
        Some(at) => &link[at..],
        None => link,
    }
}

/// Whether two texts name the same thing: full address, path, or bare name.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (relative(a), relative(b));
    if a.contains('/') && b.contains('/') {
        a == b
    } else {
        last(a) == last(b)
    }
}

/// A fingerprint as the API writes it.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// A value that must be there to do anything.
pub(crate) fn needed<'a>(value: &'a Attr<String>, name: &str) -> Result<&'a str, Error> {
    let value = value.known().map(String::as_str).filter(|v| !v.is_empty());
    value.ok_or_else(|| {
        Error::invalid(format!(
            "No {name} is given: set it in the resource, in the provider block, or by an environment variable."
        ))
        .at(name)
    })
}

/// What an import id says, by the parts of a path: `["projects", "", "global", "networks", ""]` matches
/// `projects/p/global/networks/n`. Shorter ids are the values alone, from the end: `p/n` and `n`. Values that the id does not
/// say are `None`.
pub(crate) fn import<const N: usize>(
    id: &str,
    pattern: &str,
    what: &str,
) -> Result<[Option<String>; N], Error> {
    let id = relative(id);
    let parts: Vec<&str> = id.split('/').collect();
    let fixed: Vec<&str> = pattern.split('/').collect();
    let matches = parts.len() == fixed.len()
        && parts
            .iter()
            .zip(&fixed)
            .all(|(part, fixed)| fixed.is_empty() || part == fixed);
    let given: Vec<&str> = match matches {
        true => {
            let values = parts
                .iter()
                .zip(&fixed)
                .filter(|(_, fixed)| fixed.is_empty());
            values.map(|(part, _)| *part).collect()
        }
        false => parts,
    };
    if given.is_empty() || given.len() > N || given.iter().any(|part| part.is_empty()) {
        let shown = pattern.replace("//", "/…/");
        return Err(Error::invalid(format!(
            "{id:?} does not name a {what}. Expected {shown}…, or the values alone, separated by \"/\"."
        )));
    }
    let mut values = [const { None }; N];
    let from = N - given.len();
    for (place, part) in values[from..].iter_mut().zip(given) {
        *place = Some(part.to_owned());
    }
    Ok(values)
}

/// The names of Compute Engine: lower case letters, digits and hyphens, at most 63.
pub(crate) fn check(name: &str) -> Result<(), String> {
    let mut letters = name.chars();
    let first = letters.next().is_some_and(|c| c.is_ascii_lowercase());
    let rest = letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if first && rest && name.len() <= 63 && !name.ends_with('-') {
        return Ok(());
    }
    Err(format!(
        "{name:?} is not a valid name: it begins with a lower case letter, has only lower case letters, digits and hyphens, does \
         not end with a hyphen, and has at most 63 characters."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_has_several_names() {
        let full = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n";
        assert!(same(full, "projects/p/global/networks/n") && same(full, "n") && same("n", "n"));
        assert!(!same(full, "projects/q/global/networks/n") && !same(full, "m"));
    }

    #[test]
    fn ids_say_more_or_less() {
        let read = |id| import::<2>(id, "projects//global/networks/", "network");
        let some = |text: &str| Some(text.to_owned());
        for (id, values) in [
            ("projects/p/global/networks/n", [some("p"), some("n")]),
            ("p/n", [some("p"), some("n")]),
            ("n", [None, some("n")]),
        ] {
            assert_eq!(read(id).unwrap(), values, "{id}");
        }
        for id in ["", "a/b/c", "p/", "projects/p/global/routers/n"] {
            assert!(read(id).is_err(), "{id}");
        }
    }
}
