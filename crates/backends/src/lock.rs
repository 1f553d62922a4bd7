//! What a lock says about who holds it.

use crate::store::LockHeld;
use chrono::{DateTime, SecondsFormat, Utc};
use diags::{Diagnostic, Diagnostics};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Who holds a lock, and what for. All kinds of storage keep it in the same JSON form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LockInfo {
    /// Names the lock: a UUID.
    #[serde(rename = "ID")]
    pub id: String,
    /// What runs: `OperationTypeApply`.
    pub operation: String,
    /// More about it; mostly empty.
    pub info: String,
    /// `user@host`.
    pub who: String,
    /// The version of Terraform whose rules are followed.
    pub version: String,
    /// When it was taken (RFC 3339).
    pub created: String,
    /// What is locked.
    pub path: String,
}

impl LockInfo {
    /// A new lock, taken now.
    pub fn create(operation: &str, who: &str) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            operation: operation.into(),
            who: who.into(),
            version: states::TERRAFORM_VERSION.into(),
            created: Utc::now().to_rfc3339_opts(SecondsFormat::AutoSi, true),
            ..Self::default()
        }
    }
}

impl fmt::Display for LockInfo {
    /// Several lines, as lock errors show them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let created = DateTime::parse_from_rfc3339(&self.created).map_or_else(
            |_| self.created.clone(),
            |time| {
                time.to_utc()
                    .format("%Y-%m-%d %H:%M:%S%.f +0000 UTC")
                    .to_string()
            },
        );
        let lines = [
            ("ID", &self.id),
            ("Path", &self.path),
            ("Operation", &self.operation),
            ("Who", &self.who),
            ("Version", &self.version),
            ("Created", &created),
            ("Info", &self.info),
        ];
        f.write_str("Lock Info:")?;
        for (name, value) in lines {
            write!(f, "\n  {:<11}{value}", format!("{name}:"))?;
        }
        Ok(())
    }
}

/// `user@host` of this process.
pub fn who() -> String {
    let uid = rustix::process::getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = users.lines().find_map(|line| {
        let mut columns = line.split(':');
        let name = columns.next()?;
        (columns.nth(1)? == uid).then_some(name)
    });
    let system = rustix::system::uname();
    format!(
        "{}@{}",
        user.unwrap_or(&uid),
        system.nodename().to_string_lossy()
    )
}

/// The error about a lock that someone else has.
pub(crate) fn lock_error(held: &LockHeld) -> Diagnostics {
    let holder = held
        .holder
        .as_ref()
        .map_or_else(String::new, |info| format!("\n{info}"));
    Diagnostic::error(
        "Error acquiring the state lock",
        format!(
            "Error message: {}{holder}\n\nThe state is locked so that no two runs change it at the same time. Wait until the other run is over, or let this one wait with \"-lock-timeout=5m\". If the other run is dead and its lock was left behind, remove it with \"force-unlock\" and the ID above.",
            held.message
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn a_lock_is_one_line_of_json_and_several_of_text() {
        let json = r#"{"ID":"8a7c","Operation":"OperationTypeApply","Info":"","Who":"me@here","Version":"1.11.4","Created":"2026-01-02T03:04:05.123456789Z","Path":"terraform.tfstate"}"#;
        let info: LockInfo = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&info).unwrap(), json);
        expect![[r#"
            Lock Info:
              ID:        8a7c
              Path:      terraform.tfstate
              Operation: OperationTypeApply
              Who:       me@here
              Version:   1.11.4
              Created:   2026-01-02 03:04:05.123456789 +0000 UTC
              Info:      "#]]
        .assert_eq(&info.to_string());
        assert!(who().contains('@'));
    }
}
