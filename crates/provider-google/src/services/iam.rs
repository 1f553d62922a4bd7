//! Identity and Access Management: service accounts and who may do what with them.

mod membership;
mod service_account;
mod service_account_iam_member;

pub(super) use membership::Membership;
pub(super) use service_account::ServiceAccount;
pub(super) use service_account_iam_member::ServiceAccountIamMember;
