//! What is being done, for people.

use super::events::{doing, done, short};
use super::style::Paint;
use addrs::AbsResourceInstance;
use plans::Action;
use std::time::Duration;

fn line(addr: &AbsResourceInstance, text: &str, id: Option<&str>, color: bool) -> String {
    let id = id.map_or_else(String::new, |id| format!(" [id={id}]"));
    Paint::new(color).bold(&format!("{addr}: {text}{id}"))
}

/// An object is about to be read again.
pub(crate) fn refreshing(addr: &AbsResourceInstance, id: Option<&str>, color: bool) -> String {
    line(addr, "Refreshing state...", id, color)
}

/// An operation begins.
pub(crate) fn started(
    addr: &AbsResourceInstance,
    action: Action,
    id: Option<&str>,
    color: bool,
) -> String {
    line(addr, &format!("{}...", doing(action)), id, color)
}

/// An operation goes on.
pub(crate) fn going_on(
    addr: &AbsResourceInstance,
    action: Action,
    id: Option<&str>,
    elapsed: Duration,
    color: bool,
) -> String {
    let id = id.map_or_else(String::new, |id| format!("id={id}, "));
    let text = format!(
        "Still {}... [{id}{} elapsed]",
        doing(action).to_lowercase(),
        short(elapsed)
    );
    line(addr, &text, None, color)
}

/// An operation ended well.
pub(crate) fn completed(
    addr: &AbsResourceInstance,
    action: Action,
    id: Option<&str>,
    elapsed: Duration,
    color: bool,
) -> String {
    let text = format!("{} complete after {}", done(action), short(elapsed));
    line(addr, &text, id.filter(|_| action != Action::Delete), color)
}
