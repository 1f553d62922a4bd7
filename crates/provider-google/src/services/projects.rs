//! Resource Manager: projects and who may do what in them.

mod iam_member;
mod project;

pub(super) use iam_member::ProjectIamMember;
pub(super) use project::Project;
