//! How an object is reached.

use super::Problem;
use cty::Value;
use diags::Diagnostic;
use std::time::Duration;

/// A `connection` block.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection {
    pub(super) end: End,
    pub(super) bastion: Option<End>,
    pub(super) agent: bool,
    pub(super) agent_identity: Option<String>,
    pub(super) timeout: Duration,
    pub(super) script_path: Option<String>,
}

/// A host, and how to log in to it.
#[derive(Clone, Debug, Default)]
pub(super) struct End {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: Option<String>,
    /// The key itself, not a path.
    pub(super) private_key: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) host_key: Option<String>,
}

impl Connection {
    pub(super) fn new(block: &Value) -> Result<Self, Problem> {
        let text = |name: &str| {
            let value = block.get(name).and_then(Value::as_str);
            value.map(ToString::to_string).filter(|t| !t.is_empty())
        };
        let port = |name: &str| {
            let number = block.get(name).and_then(Value::as_number);
            number
                .and_then(cty::Number::to_i64)
                .and_then(|port| u16::try_from(port).ok())
        };
        let kind = text("type").unwrap_or_else(|| "ssh".to_owned());
        if kind != "ssh" {
            return Err(Box::new(Diagnostic::error(
                "Unsupported connection type",
                format!("Connections of type {kind:?} are not supported: only \"ssh\" is."),
            )));
        }
        let host = text("host").ok_or_else(|| {
            Box::new(Diagnostic::error(
                "Missing required argument",
                "The argument \"host\" is required in a connection block: provisioners that work on the object need to know \
                 where it is.",
            ))
        })?;
        let end = End {
            host,
            port: port("port").unwrap_or(22),
            user: text("user").unwrap_or_else(|| "root".to_owned()),
            password: text("password"),
            private_key: text("private_key"),
            certificate: text("certificate"),
            host_key: text("host_key"),
        };
        let bastion = text("bastion_host").map(|host| End {
            host,
            port: port("bastion_port").unwrap_or(end.port),
            user: text("bastion_user").unwrap_or_else(|| end.user.clone()),
            password: text("bastion_password").or_else(|| end.password.clone()),
            private_key: text("bastion_private_key").or_else(|| end.private_key.clone()),
            certificate: text("bastion_certificate"),
            host_key: text("bastion_host_key"),
        });
        let timeout = match text("timeout") {
            None => Duration::from_secs(300),
            Some(text) => duration(&text).ok_or_else(|| {
                Box::new(Diagnostic::error(
                    "Invalid connection timeout",
                    format!("{text:?} is not a duration: write 30s, 5m or 1h30m."),
                ))
            })?,
        };
        let agent = block.get("agent").and_then(Value::as_bool);
        Ok(Self {
            end,
            bastion,
            agent: agent.unwrap_or(true),
            agent_identity: text("agent_identity"),
            timeout,
            script_path: text("script_path"),
        })
    }
}

/// `1h30m`
fn duration(text: &str) -> Option<Duration> {
    let mut total = 0.0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..]
            .find(|c: char| c.is_ascii_digit())
            .map_or(rest.len(), |i| end + i);
        let seconds = match &rest[end..unit_end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 0.001,
            _ => return None,
        };
        total += number * seconds;
        rest = &rest[unit_end..];
    }
    Duration::try_from_secs_f64(total).ok()
}

#[cfg(test)]
mod tests {
    use super::duration;
    use std::time::Duration;

    #[test]
    fn durations() {
        assert_eq!(duration("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        for wrong in ["5", "m", "5x", "5m3", "-1s"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
