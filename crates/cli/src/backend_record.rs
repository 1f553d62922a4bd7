//! `.terraform/terraform.tfstate`: the backend that the directory was initialized for. Terraform and
//! this program read each other's.

use configs::Backend;
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// The local backend as it was set up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BackendRecord {
    /// Its type.
    pub(crate) kind: String,
    /// `path`
    pub(crate) path: Option<String>,
    /// `workspace_dir`
    pub(crate) workspace_dir: Option<String>,
    /// The hash of the block as it was written then, without what was given on the command line.
    pub(crate) hash: u32,
}

impl BackendRecord {
    /// What a block says.
    pub(crate) fn of(backend: &Backend) -> Self {
        let path = backend.text("path");
        let workspace_dir = backend.text("workspace_dir");
        let text = |value: &Option<String>| {
            value
                .as_ref()
                .map_or_else(|| "~".to_owned(), |v| format!("{v:?}"))
        };
        // The form in which Terraform hashes values.
        let hashed = format!(
            "<{:?};<{};{};>;>",
            &*backend.kind,
            text(&path),
            text(&workspace_dir)
        );
        Self {
            kind: backend.kind.to_string(),
            path,
            workspace_dir,
            hash: crc32fast::hash(hashed.as_bytes()),
        }
    }

    /// What is recorded; `None` = nothing, or nothing that can be read.
    pub(crate) fn read(data_dir: &Path) -> Option<Self> {
        let bytes = std::fs::read(file(data_dir)).ok()?;
        let document: Value = serde_json::from_slice(&bytes).ok()?;
        let backend = document.get("backend")?;
        let text = |name: &str| Some(backend["config"][name].as_str()?.to_owned());
        Some(Self {
            kind: backend["type"].as_str()?.to_owned(),
            path: text("path"),
            workspace_dir: text("workspace_dir"),
            hash: u32::try_from(backend["hash"].as_u64()?).ok()?,
        })
    }

    /// Writes it down.
    pub(crate) fn write(&self, data_dir: &Path) -> io::Result<()> {
        let document = json!({
            "version": 3,
            "terraform_version": states::TERRAFORM_VERSION,
            "backend": {
                "type": self.kind,
                "config": {"path": self.path, "workspace_dir": self.workspace_dir},
                "hash": self.hash,
            },
        });
        std::fs::create_dir_all(data_dir)?;
        std::fs::write(file(data_dir), format!("{document:#}"))
    }

    /// Forgets what is recorded.
    pub(crate) fn remove(data_dir: &Path) -> io::Result<()> {
        std::fs::remove_file(file(data_dir))
    }
}

fn file(data_dir: &Path) -> PathBuf {
    data_dir.join("terraform.tfstate")
}
