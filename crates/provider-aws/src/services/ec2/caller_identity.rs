//! `data.aws_caller_identity`: who is asking.

use crate::Aws;
use crate::error;
use sdk::{Attr, Cx, DataSource, Error, Keep, Model};

/// Reads whose credentials the provider has.
#[derive(Model, Clone, Debug)]
#[model(type_name = "aws_caller_identity")]
pub(crate) struct CallerIdentity {
    /// The account.
    #[attr(computed)]
    account_id: Attr<String>,
    /// The ARN of the user, or of the role's session.
    #[attr(computed)]
    arn: Attr<String>,
    /// The account.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The unique id of the user or role.
    #[attr(computed)]
    user_id: Attr<String>,
}

impl DataSource for CallerIdentity {
    type Cloud = Aws;

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let answer = cx
            .sts()
            .get_caller_identity()
            .send()
            .await
            .map_err(error::of);
        let answer = answer.doing("reading the caller's identity")?;
        Ok(Self {
            account_id: answer.account.clone().into(),
            arn: answer.arn.into(),
            id: answer.account.into(),
            user_id: answer.user_id.into(),
        })
    }
}
