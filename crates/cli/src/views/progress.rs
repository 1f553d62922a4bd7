//! What is being done, for people.

use super::events::{doing, done, ephemeral_doing, ephemeral_done, short};
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

/// An object is looked for by an id.
pub(crate) fn importing(
    addr: &AbsResourceInstance,
    id: &str,
    by_command: bool,
    color: bool,
) -> String {
    if by_command {
        Paint::new(color).bold(&format!("{addr}: Importing from ID {id:?}..."))
    } else {
        line(addr, "Preparing import...", Some(id), color)
    }
}

/// The `import` command has found an object.
pub(crate) fn import_prepared(addr: &AbsResourceInstance, color: bool) -> String {
    let found = Paint::new(color).bold(&format!("{addr}: Import prepared!"));
    format!("{found}\n  Prepared {} for import", addr.resource.kind)
}

/// An imported object is in the state.
pub(crate) fn imported(addr: &AbsResourceInstance, id: &str, color: bool) -> String {
    let began = line(addr, "Importing...", Some(id), color);
    let done = line(addr, "Import complete", Some(id), color);
    format!("{began}\n{done}")
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

/// Something is being done with an ephemeral resource.
pub(crate) fn ephemeral_started(
    addr: &AbsResourceInstance,
    op: engine::EphemeralOp,
    color: bool,
) -> String {
    line(addr, &format!("{}...", ephemeral_doing(op)), None, color)
}

/// That goes on.
pub(crate) fn ephemeral_going_on(
    addr: &AbsResourceInstance,
    op: engine::EphemeralOp,
    elapsed: Duration,
    color: bool,
) -> String {
    let doing = ephemeral_doing(op).to_lowercase();
    let text = format!("Still {doing}... [{} elapsed]", short(elapsed));
    line(addr, &text, None, color)
}

/// That ended well.
pub(crate) fn ephemeral_completed(
    addr: &AbsResourceInstance,
    op: engine::EphemeralOp,
    elapsed: Duration,
    color: bool,
) -> String {
    let text = format!("{} complete after {}", ephemeral_done(op), short(elapsed));
    line(addr, &text, None, color)
}

/// An ephemeral resource cannot be opened yet.
pub(crate) fn ephemeral_deferred(addr: &AbsResourceInstance, color: bool) -> String {
    line(addr, "Configuration unknown, deferring...", None, color)
}

/// A provisioner is about to run.
pub(crate) fn provisioning(addr: &AbsResourceInstance, kind: &str, color: bool) -> String {
    line(addr, &format!("Provisioning with '{kind}'..."), None, color)
}

/// A line that a provisioner has written.
pub(crate) fn provisioner_output(
    addr: &AbsResourceInstance,
    kind: &str,
    text: &str,
    color: bool,
) -> String {
    let who = Paint::new(color).bold(&format!("{addr} ({kind}):"));
    format!("{who} {text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn what_is_done_with_ephemeral_resources_and_by_provisioners() {
        let addr = |text: &str| addrs::parse_resource_instance(text).expect("an address");
        let token = addr("ephemeral.x_token.a[\"k\"]");
        let made = addr("module.m.terraform_data.a[0]");
        let long = Duration::from_secs(61);
        let lines = [
            ephemeral_started(&token, engine::EphemeralOp::Open, false),
            ephemeral_going_on(&token, engine::EphemeralOp::Open, long, false),
            ephemeral_completed(&token, engine::EphemeralOp::Open, long, false),
            ephemeral_started(&token, engine::EphemeralOp::Renew, false),
            ephemeral_completed(&token, engine::EphemeralOp::Renew, long, false),
            ephemeral_completed(&token, engine::EphemeralOp::Close, long, false),
            ephemeral_deferred(&token, false),
            provisioning(&made, "local-exec", false),
            provisioner_output(&made, "local-exec", "hello", false),
        ];
        expect![[r#"
            ephemeral.x_token.a["k"]: Opening...
            ephemeral.x_token.a["k"]: Still opening... [1m1s elapsed]
            ephemeral.x_token.a["k"]: Opening complete after 1m1s
            ephemeral.x_token.a["k"]: Renewing...
            ephemeral.x_token.a["k"]: Renewal complete after 1m1s
            ephemeral.x_token.a["k"]: Closing complete after 1m1s
            ephemeral.x_token.a["k"]: Configuration unknown, deferring...
            module.m.terraform_data.a[0]: Provisioning with 'local-exec'...
            module.m.terraform_data.a[0] (local-exec): hello
        "#]]
        .assert_eq(&(lines.join("\n") + "\n"));
    }
}
