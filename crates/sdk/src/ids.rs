//! Ids that are put together from parts: `cluster:node_group`, `projects/p/global/networks/n`.
//!
//! A form is written as the documentation writes it, with names in braces: `{route_table_id}_{destination*}`. A part
//! ends where the text after it begins and never holds a `/`, unless its name ends with `*`.

use std::fmt;

/// An id that has none of the forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdError {
    id: String,
    forms: Vec<&'static str>,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let forms: Vec<String> = self.forms.iter().map(|form| shown(form)).collect();
        write!(
            f,
            "The id {:?} does not have the form {}.",
            self.id,
            forms.join(" or ")
        )
    }
}

impl std::error::Error for IdError {}

/// A form without what is only for the program: `ROUTE_TABLE_ID_DESTINATION`.
fn shown(form: &str) -> String {
    let mut out = String::from("\"");
    for piece in form.split('}') {
        let (text, name) = piece.split_once('{').unwrap_or((piece, ""));
        out.push_str(text);
        out.push_str(&name.trim_end_matches('*').to_uppercase());
    }
    out.push('"');
    out
}

/// The parts of an id by the names of the form that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts<'a>(Vec<(&'static str, &'a str)>);

impl<'a> Parts<'a> {
    /// A part; `None` if the form that the id has does not name it.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().find(|p| p.0 == name).map(|p| p.1)
    }
}

/// Takes an id apart by the first form that it has.
pub fn parse<'a>(id: &'a str, forms: &[&'static str]) -> Result<Parts<'a>, IdError> {
    forms.iter().find_map(|f| parts(id, f)).ok_or(IdError {
        id: id.to_owned(),
        forms: forms.to_vec(),
    })
}

/// Takes an id of one form apart; as many parts as the form has.
pub fn split<'a, const N: usize>(id: &'a str, form: &'static str) -> Result<[&'a str; N], IdError> {
    let parts = parse(id, &[form])?;
    let values: Vec<&'a str> = parts.0.into_iter().map(|p| p.1).collect();
    values.try_into().map_err(|_| IdError {
        id: id.to_owned(),
        forms: vec![form],
    })
}

fn parts<'a>(id: &'a str, form: &'static str) -> Option<Parts<'a>> {
    let mut found = Vec::new();
    let (mut id, mut form) = (id, form);
    while let Some((text, rest)) = form.split_once('{') {
        id = id.strip_prefix(text)?;
        let (name, rest) = rest.split_once('}')?;
        let follows = rest.split('{').next().unwrap_or_default();
        let end = if follows.is_empty() {
            id.len()
        } else {
            id.find(follows)?
        };
        let (value, tail) = id.split_at(end);
        let whole = name.strip_suffix('*');
        if value.is_empty() || (whole.is_none() && value.contains('/')) {
            return None;
        }
        found.push((whole.unwrap_or(name), value));
        (id, form) = (tail, rest);
    }
    (id == form).then_some(Parts(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_taken_apart() {
        for (form, id, expected) in [
            ("{cluster}:{name}", "a:b", Some(["a", "b"])),
            ("{cluster}:{name}", "a:b:c", Some(["a", "b:c"])),
            ("{cluster}:{name}", "a", None),
            ("{cluster}:{name}", ":b", None),
            ("{cluster}:{name}", "a:", None),
            (
                "{role}/{policy_arn*}",
                "r/arn:aws:iam::aws:policy/a/b",
                Some(["r", "arn:aws:iam::aws:policy/a/b"]),
            ),
            (
                "{route_table_id}_{destination*}",
                "rtb-1_10.0.0.0/16",
                Some(["rtb-1", "10.0.0.0/16"]),
            ),
            (
                "projects/{project}/global/networks/{name}",
                "projects/p/global/networks/n",
                Some(["p", "n"]),
            ),
            (
                "projects/{project}/global/networks/{name}",
                "projects/p/global/networks/n/x",
                None,
            ),
            (
                "{project} {role*}",
                "p roles/owner",
                Some(["p", "roles/owner"]),
            ),
            ("{a}/{b}/", "1/2", None),
        ] {
            assert_eq!(split::<2>(id, form).ok(), expected, "{form} {id}");
        }
    }

    #[test]
    fn the_first_form_that_fits_counts() {
        let forms = [
            "projects/{project}/locations/{location}/clusters/{name}",
            "{project}/{location}/{name}",
            "{location}/{name}",
            "{name}",
        ];
        let of = |id, name| parse(id, &forms).map(|p| p.get(name));
        assert_eq!(
            of("projects/p/locations/l/clusters/c", "project"),
            Ok(Some("p"))
        );
        assert_eq!(of("p/l/c", "location"), Ok(Some("l")));
        assert_eq!(of("l/c", "project"), Ok(None));
        assert_eq!(of("c", "name"), Ok(Some("c")));
        assert!(of("a/b/c/d", "name").is_err());
    }

    #[test]
    fn an_id_of_no_form_is_told_the_forms() {
        let error = parse("a", &["{cluster}:{name}", "{role}/{policy_arn*}"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "The id \"a\" does not have the form \"CLUSTER:NAME\" or \"ROLE/POLICY_ARN\"."
        );
    }
}
