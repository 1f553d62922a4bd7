//! Who asks: the user of the sandbox, or who has temporary credentials.

use super::{Iam, document};
use serde::{Deserialize, Serialize};

/// Who an access key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The ARN: `arn:aws:sts::…:assumed-role/name/session`.
    pub(crate) arn: String,
    /// The unique id: `AROA…:session`.
    pub(crate) id: String,
    /// The ARN of the user or the role behind it.
    pub(crate) principal: String,
}

/// A kind of principals, and who of them asks to assume a role by which action.
#[derive(Debug)]
pub(crate) struct Asks<'a> {
    /// `AWS`, `Federated`
    pub(crate) kind: &'a str,
    /// Those whose being trusted is enough.
    pub(crate) principals: &'a [String],
    /// `sts:AssumeRole`
    pub(crate) action: &'a str,
}

impl Iam {
    /// Who has that access key.
    pub(crate) fn who(&self, access_key: &str, account: &str, partition: &str) -> Session {
        let session = self.sessions.get(access_key).cloned();
        session.unwrap_or_else(|| {
            let arn = format!("arn:{partition}:iam::{account}:user/sandbox");
            Session {
                principal: arn.clone(),
                arn,
                id: "AIDASANDBOX7777777777".to_owned(),
            }
        })
    }

    /// Notes who has an access key from now on.
    pub(crate) fn admit(&mut self, access_key: &str, session: Session) {
        self.sessions.insert(access_key.to_owned(), session);
    }

    /// The unique id and the longest session of a role, if it lets somebody assume it.
    pub(crate) fn assumable(&self, arn: &str, who: &Asks<'_>) -> Option<(String, u32)> {
        let role = self.role_of(arn)?;
        let is = |name: &str| who.principals.iter().any(|principal| principal == name);
        let trusts = document::trusts(&role.trust, who.kind, who.action, is);
        trusts.then(|| (role.id.clone(), role.longest_session))
    }
}
