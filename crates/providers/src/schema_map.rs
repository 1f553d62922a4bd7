//! Schemas by type name, made when they are asked for.

use crate::ResourceSchema;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Makes the schema of a type. `None`: it cannot be made after all.
pub type SchemaLoader = dyn Fn(&str) -> Option<ResourceSchema> + Send + Sync;

/// Schemas by type name. The names are all there; a schema may be made only when it is asked for, once.
#[derive(Clone, Default)]
pub struct SchemaMap {
    entries: BTreeMap<Arc<str>, OnceLock<Option<Arc<ResourceSchema>>>>,
    loader: Option<Arc<SchemaLoader>>,
}

impl SchemaMap {
    /// Types whose schemas are made when they are asked for.
    pub fn lazy(names: impl IntoIterator<Item = Arc<str>>, loader: Arc<SchemaLoader>) -> Self {
        Self {
            entries: names
                .into_iter()
                .map(|name| (name, OnceLock::new()))
                .collect(),
            loader: Some(loader),
        }
    }

    /// The schema of a type.
    pub fn get(&self, kind: &str) -> Option<&Arc<ResourceSchema>> {
        let (name, entry) = self.entries.get_key_value(kind)?;
        self.made(name, entry)
    }

    /// Whether there is such a type.
    pub fn contains_key(&self, kind: &str) -> bool {
        self.entries.contains_key(kind)
    }

    /// The names in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.entries.keys()
    }

    /// All schemas, in the order of their names. Makes all of them.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Arc<ResourceSchema>)> {
        self.entries
            .iter()
            .filter_map(|(name, entry)| Some((name, self.made(name, entry)?)))
    }

    /// How many types there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no types.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn made<'a>(
        &'a self,
        name: &str,
        entry: &'a OnceLock<Option<Arc<ResourceSchema>>>,
    ) -> Option<&'a Arc<ResourceSchema>> {
        let make = || self.loader.as_ref()?(name).map(Arc::new);
        entry.get_or_init(make).as_ref()
    }
}

impl FromIterator<(Arc<str>, Arc<ResourceSchema>)> for SchemaMap {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Arc<ResourceSchema>)>>(iter: I) -> Self {
        let entries = iter
            .into_iter()
            .map(|(name, schema)| (name, OnceLock::from(Some(schema))));
        Self {
            entries: entries.collect(),
            loader: None,
        }
    }
}

impl From<BTreeMap<Arc<str>, Arc<ResourceSchema>>> for SchemaMap {
    fn from(map: BTreeMap<Arc<str>, Arc<ResourceSchema>>) -> Self {
        map.into_iter().collect()
    }
}

impl fmt::Debug for SchemaMap {
    /// The names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn makes_each_schema_once_and_only_when_asked() {
        let made = Arc::new(AtomicUsize::new(0));
        let count = made.clone();
        let loader = move |kind: &str| {
            count.fetch_add(1, Ordering::Relaxed);
            (kind != "broken").then(ResourceSchema::default)
        };
        let map = SchemaMap::lazy(["a".into(), "b".into(), "broken".into()], Arc::new(loader));
        assert!(map.contains_key("a") && map.len() == 3 && map.get("c").is_none());
        assert_eq!(made.load(Ordering::Relaxed), 0);
        assert!(map.get("a").is_some() && map.get("a").is_some() && map.get("broken").is_none());
        assert_eq!(made.load(Ordering::Relaxed), 2);
        assert_eq!(
            map.iter().map(|(name, _)| &**name).collect::<Vec<_>>(),
            ["a", "b"]
        );
        assert_eq!(made.load(Ordering::Relaxed), 3);
    }
}
