//! The schemas of providers that were seen before.

use providers::ProviderSchema;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Schemas by the provider's program.
#[derive(Default)]
pub(crate) struct SchemaStore {
    memory: Mutex<BTreeMap<PathBuf, Arc<ProviderSchema>>>,
}

impl SchemaStore {
    /// The schemas of a program, if it was asked before and says that it need not be asked again.
    pub(crate) fn get(&self, program: &Path) -> Option<Arc<ProviderSchema>> {
        self.memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(program)
            .cloned()
    }

    /// Keeps the schemas of a program.
    pub(crate) fn put(&self, program: &Path, schema: &Arc<ProviderSchema>) {
        if schema.schema_optional {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.insert(program.to_owned(), schema.clone());
        }
    }
}
