//! "Did you mean …?"

/// The candidate nearest to `given`, if it is near enough to be what was meant.
pub fn suggestion<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = given.chars().count();
    candidates
        .into_iter()
        // Names of other lengths are as far apart: an endless one is not worth looking at.
        .filter(|candidate| length.abs_diff(candidate.chars().count()) < 3)
        .map(|candidate| (distance(given, candidate), candidate))
        .filter(|(distance, _)| *distance < 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// " Did you mean "x"?" for the end of a message, or nothing.
pub(crate) fn did_you_mean<'a>(
    given: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    suggestion(given, candidates)
        .map_or_else(String::new, |name| format!(" Did you mean \"{name}\"?"))
}

/// How many characters must be put in, taken out or changed to make `b` of `a`.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name() {
        let names = ["type", "default", "description"];
        assert_eq!(suggestion("typ", names), Some("type"));
        assert_eq!(suggestion("defualt", names), Some("default"));
        assert_eq!(suggestion("frob", names), None);
        assert_eq!(suggestion("", ["abc"]), None);
    }
}
