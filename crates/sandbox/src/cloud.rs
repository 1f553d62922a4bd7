//! Which of the two clouds.

use serde::{Deserialize, Serialize};

/// A cloud whose control plane is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Amazon Web Services.
    Aws,
    /// Google Cloud.
    Google,
}

impl Cloud {
    /// `aws` or `google`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Google => "google",
        }
    }
}
