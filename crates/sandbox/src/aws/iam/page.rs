//! Lists in pages: MaxItems and Marker.

use super::{Call, validation};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

/// Writes one page of a list.
pub(super) fn page<T>(
    call: &Call<'_>,
    xml: &mut Xml,
    name: &str,
    all: Vec<T>,
    write: impl FnMut(&mut Xml, T),
) -> Result<(), Fault> {
    let size = match call.query.text("MaxItems") {
        None => 100,
        Some(text) => match text.parse() {
            Ok(size @ 1..=1000) => size,
            _ => {
                return Err(validation(format!(
                    "Value '{text}' at 'maxItems' failed to satisfy constraint: Member must be between 1 and 1000"
                )));
            }
        },
    };
    let start = match call
        .query
        .text("Marker")
        .filter(|marker| !marker.is_empty())
    {
        None => 0,
        Some(marker) => marker
            .strip_prefix("page-")
            .and_then(|at| at.parse().ok())
            .filter(|at| *at <= all.len())
            .ok_or_else(|| validation(format!("Invalid Marker: {marker}")))?,
    };
    let end = all.len().min(start + size);
    let more = end < all.len();
    xml.list(
        name,
        "member",
        all.into_iter().skip(start).take(end - start),
        write,
    );
    xml.leaf("IsTruncated", more);
    xml.optional("Marker", more.then(|| format!("page-{end}")));
    Ok(())
}
