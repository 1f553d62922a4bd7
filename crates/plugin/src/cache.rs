//! What is remembered of providers, during a run and from one run to the next.
//!
//! A provider is known by its program: the file's real path, size, time of last change, device and
//! inode. Its content would be the better key, but hashing 700 megabytes costs more than what the
//! memory saves. A program that is replaced gets another inode, one that is written over another time.

mod schema_file;
mod validations;

use crate::convert::schema::SchemaError;
use crate::proto::tfplugin6::get_provider_schema;
use providers::ProviderSchema;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
pub(crate) use validations::{Check, Validations};

/// Which program something is remembered of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Identity {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Identity {
    /// The identity of a program. `None` if there is no such file.
    pub(crate) fn of(program: &Path) -> Option<Self> {
        let path = program.canonicalize().ok()?;
        let meta = path.metadata().ok()?;
        let mut bytes = path.as_os_str().as_bytes().to_vec();
        bytes.push(0);
        let numbers = [
            meta.size(),
            meta.dev(),
            meta.ino(),
            meta.mtime() as u64,
            meta.mtime_nsec() as u64,
        ];
        bytes.extend(numbers.into_iter().flat_map(u64::to_le_bytes));
        Some(Self { path, bytes })
    }
}

/// What is remembered. Shared by all providers of a run.
pub(crate) struct Cache {
    /// Where it is kept; `None` = only while the program runs.
    dir: Option<PathBuf>,
    schemas: Mutex<BTreeMap<Identity, Arc<ProviderSchema>>>,
    pub(crate) validations: Validations,
}

impl Cache {
    pub(crate) fn new(dir: Option<PathBuf>) -> Self {
        let validations = Validations::new(dir.as_ref().map(|dir| dir.join("validations")));
        Self {
            dir,
            schemas: Mutex::default(),
            validations,
        }
    }

    /// The schemas of a program, if it was asked before and says that it need not be asked again.
    pub(crate) fn schema(&self, program: &Identity) -> Option<Arc<ProviderSchema>> {
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = schemas.get(program) {
            return Some(known.clone());
        }
        let file = self.file(program)?;
        let schema = match schema_file::read(&file, &program.bytes) {
            Ok(schema) => Arc::new(schema?),
            Err(error) => {
                tracing::debug!(target: "provider", "{} is not used: {error}", file.display());
                return None;
            }
        };
        schemas.insert(program.clone(), schema.clone());
        Some(schema)
    }

    /// The schemas that a program told, and remembers them if it says that it need not be asked again.
    ///
    /// # Errors
    ///
    /// If a schema breaks the rules.
    pub(crate) fn keep_schema(
        &self,
        program: Option<&Identity>,
        message: get_provider_schema::Response,
    ) -> Result<Arc<ProviderSchema>, SchemaError> {
        let identity = program.map_or(&[][..], |program| &program.bytes);
        let packed = schema_file::pack(identity, message)?;
        let schema = Arc::new(schema_file::unpack(packed.clone())?);
        let Some(program) = program.filter(|_| schema.schema_optional) else {
            return Ok(schema);
        };
        if let Some(file) = self.file(program)
            && let Err(error) = schema_file::write(&file, &packed)
        {
            tracing::debug!(target: "provider", "{} cannot be written: {error}", file.display());
        }
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        schemas.insert(program.clone(), schema.clone());
        Ok(schema)
    }

    /// One file for each path, so that a new program replaces what was known of the old one.
    fn file(&self, program: &Identity) -> Option<PathBuf> {
        let hash = Sha256::digest(program.path.as_os_str().as_bytes());
        Some(
            self.dir
                .as_ref()?
                .join(format!("schema-{}", hex::encode(&hash[..12]))),
        )
    }
}
