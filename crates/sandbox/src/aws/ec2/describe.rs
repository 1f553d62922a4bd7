//! `Describe…`: by ids or by filters, in pages.

use super::filter::Filters;
use super::{Answer, Call, Ec2};
use crate::aws::Cx;
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// What objects are seen in.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) ec2: &'a Ec2,
    pub(super) cx: Cx<'a>,
    /// Whether what was asked for has only just begun: the answer to a create, say.
    begun: bool,
}

impl<'a> View<'a> {
    /// What a describe operation sees.
    pub(super) fn new(ec2: &'a Ec2, cx: Cx<'a>) -> Self {
        Self {
            ec2,
            cx,
            begun: false,
        }
    }

    /// What an operation sees of the object that it has just changed: nothing is ready yet.
    pub(super) fn begun(ec2: &'a Ec2, cx: Cx<'a>) -> Self {
        Self {
            ec2,
            cx,
            begun: true,
        }
    }

    /// Whether what is ready at that time is ready.
    pub(super) fn reached(&self, due: Instant) -> bool {
        !self.begun && self.cx.clock.reached(due)
    }

    /// One of two states: before and after that time.
    pub(super) fn state(
        &self,
        due: Instant,
        before: &'static str,
        after: &'static str,
    ) -> &'static str {
        if self.reached(due) { after } else { before }
    }
}

/// A kind of object that can be described.
pub(super) trait Described: Sized {
    /// The parameter that lists ids: `VpcId`.
    const IDS: &'static str;
    /// The element that lists the objects: `vpcSet`.
    const SET: &'static str;
    /// What the object is called in messages: `vpc`.
    const NOUN: &'static str;
    /// What ids start with: `vpc`.
    const PREFIX: &'static str;
    /// The code for an id that does not exist: `InvalidVpcID.NotFound`.
    const NOT_FOUND: &'static str;
    /// The code for an id that is none; derived from the other one if empty.
    const MALFORMED: &'static str = "";
    /// The parameter that lists filters.
    const FILTER: &'static str = "Filter";

    /// All objects of the kind.
    fn all(ec2: &Ec2) -> &BTreeMap<String, Self>;

    /// The values that a filter of that name compares with; `None` if there is no such filter.
    fn values(&self, id: &str, view: View<'_>, filter: &str) -> Option<Vec<String>>;

    /// Writes the elements of the object, without its tags.
    fn write(&self, id: &str, view: View<'_>, xml: &mut Xml);

    /// Whether the object can still be seen.
    fn visible(&self, _view: View<'_>) -> bool {
        true
    }

    /// The message for ids that do not exist.
    fn absent(ids: &[&str]) -> String {
        match ids {
            [id] => format!("The {} ID '{id}' does not exist", Self::NOUN),
            ids => format!("The {} IDs '{}' do not exist", Self::NOUN, ids.join(", ")),
        }
    }

    /// The object, or the fault that there is none.
    fn find<'a>(ec2: &'a Ec2, id: &str) -> Result<&'a Self, Fault> {
        Self::all(ec2)
            .get(id)
            .ok_or_else(|| not_found::<Self>(&[id]))
    }
}

/// No objects with these ids.
pub(super) fn not_found<T: Described>(ids: &[&str]) -> Fault {
    if let Some(odd) = ids.iter().find(|id| {
        id.strip_prefix(T::PREFIX)
            .is_none_or(|rest| !rest.starts_with('-'))
    }) {
        let code = T::NOT_FOUND.trim_end_matches(".NotFound");
        let code = match T::MALFORMED {
            "" => format!("{}.Malformed", code.replace("ID", "Id")),
            code => code.to_owned(),
        };
        let message = format!("Invalid id: \"{odd}\" (expecting \"{}-...\")", T::PREFIX);
        return Fault::new(code, message);
    }
    Fault::new(T::NOT_FOUND, T::absent(ids))
}

/// Answers a describe operation.
pub(super) fn describe<T: Described>(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let view = View::new(ec2, call.cx);
    let filters = Filters::read(call.query, T::FILTER)?;
    let page = Page::read(call)?;
    let ids: BTreeSet<&str> = call.query.texts(T::IDS).into_iter().collect();
    let objects = T::all(ec2);
    let seen = |id: &str| objects.get(id).is_some_and(|object| object.visible(view));
    let absent: Vec<&str> = ids.iter().copied().filter(|id| !seen(id)).collect();
    if !absent.is_empty() {
        return Err(not_found::<T>(&absent));
    }
    if !ids.is_empty() && page.asked {
        let message = "The parameter MaxResults cannot be used together with a list of IDs";
        return Err(Fault::new("InvalidParameterCombination", message));
    }
    filters.check(|name| match objects.iter().next() {
        Some((id, object)) => object.values(id, view, name).is_some(),
        None => true,
    })?;
    let matching = |(id, object): &(&String, &T)| {
        object.visible(view)
            && filters.matches(ec2.tags.get(*id), |name| object.values(id, view, name))
    };
    let named: Vec<(&String, &T)> = ids
        .iter()
        .filter_map(|id| objects.get_key_value(*id))
        .collect();
    if ids.is_empty() {
        page.write(T::SET, objects.iter().filter(matching), view, xml);
    } else {
        page.write(T::SET, named.into_iter().filter(matching), view, xml);
    }
    Ok(())
}

/// Writes one object with its tags.
pub(super) fn write_one<T: Described>(id: &str, view: View<'_>, xml: &mut Xml) {
    if let Some(object) = T::all(view.ec2).get(id) {
        write(id, object, view, xml);
    }
}

fn write<T: Described>(id: &str, object: &T, view: View<'_>, xml: &mut Xml) {
    object.write(id, view, xml);
    super::tags::write(view.ec2.tags.get(id), xml);
}

/// Which part of a long answer is asked for.
pub(super) struct Page {
    after: Option<String>,
    size: usize,
    asked: bool,
}

impl Page {
    /// Reads `MaxResults` and `NextToken`.
    pub(super) fn read(call: &Call<'_>) -> Result<Self, Fault> {
        let asked: Option<usize> = call.query.number("MaxResults")?;
        if let Some(odd) = asked.filter(|size| !(5..=1000).contains(size)) {
            let bound = if odd < 5 {
                "greater than 5"
            } else {
                "less than 1000"
            };
            return Err(Fault::new(
                "InvalidParameterValue",
                format!(
                    "Value ( {odd} ) for parameter maxResults is invalid. Expecting a value {bound}."
                ),
            ));
        }
        let after = call
            .query
            .text("NextToken")
            .filter(|token| !token.is_empty());
        Ok(Self {
            after: after.map(from_token).transpose()?,
            size: asked.unwrap_or(1000),
            asked: asked.is_some(),
        })
    }

    fn write<'a, T: Described + 'a>(
        &self,
        set: &str,
        objects: impl Iterator<Item = (&'a String, &'a T)>,
        view: View<'_>,
        xml: &mut Xml,
    ) {
        let mut rest = objects
            .skip_while(|(id, _)| self.after.as_ref().is_some_and(|after| *id <= after))
            .peekable();
        let mut last = None;
        xml.node(set, |xml| {
            for (id, object) in rest.by_ref().take(self.size) {
                xml.node("item", |xml| write(id, object, view, xml));
                last = Some(id);
            }
        });
        if rest.peek().is_some() {
            xml.optional("nextToken", last.map(|id| to_token(id)));
        }
    }

    /// The elements of this page, each with the key that it is ordered by.
    pub(super) fn cut<T>(&self, all: Vec<(String, T)>) -> (Vec<T>, Option<String>) {
        let mut rest = all
            .into_iter()
            .skip_while(|(key, _)| self.after.as_ref().is_some_and(|after| key <= after))
            .peekable();
        let mut last = String::new();
        let mut page = Vec::new();
        for (key, value) in rest.by_ref().take(self.size) {
            page.push(value);
            last = key;
        }
        let next = rest.peek().is_some().then(|| to_token(&last));
        (page, next)
    }
}

/// Nobody should read meaning into a token.
fn to_token(id: &str) -> String {
    id.bytes()
        .map(|byte| format!("{:02x}", byte ^ 0x5a))
        .collect()
}

fn from_token(token: &str) -> Result<String, Fault> {
    let byte = |at: usize| {
        let digits = token.get(at..at + 2)?;
        u8::from_str_radix(digits, 16).ok().map(|byte| byte ^ 0x5a)
    };
    let bytes: Option<Vec<u8>> = (0..token.len()).step_by(2).map(byte).collect();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| {
        Fault::new(
            "InvalidNextToken",
            format!("The specified NextToken '{token}' is not valid"),
        )
    })
}
