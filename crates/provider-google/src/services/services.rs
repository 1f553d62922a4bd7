//! Service Usage: which APIs a project has enabled.

mod enabled;
mod project_service;

pub(crate) use enabled::Enabled;
pub(super) use project_service::ProjectService;
