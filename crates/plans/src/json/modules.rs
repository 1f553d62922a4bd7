//! Module instances as nested objects.

use addrs::ModuleInstance;
use cty::json::write_string;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// A module instance: what is in it, and the instances of the modules it calls, by address.
pub(super) struct Node<T> {
    items: Vec<T>,
    children: BTreeMap<String, Self>,
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            children: BTreeMap::new(),
        }
    }
}

impl<T> Node<T> {
    /// Puts an item into its module instance.
    pub(super) fn insert(&mut self, module: &ModuleInstance, item: T) {
        let mut node = self;
        let mut address = String::new();
        for step in module.0.iter() {
            if !address.is_empty() {
                address.push('.');
            }
            address.push_str(&format!("module.{}{}", step.name, step.key));
            node = node.children.entry(address.clone()).or_default();
        }
        node.items.push(item);
    }

    /// Writes the instance, its items in the order in which they came. Modules are nested only as
    /// deep as a configuration nests them.
    pub(super) fn write(
        &self,
        address: &str,
        item: &dyn Fn(&T, &mut String),
        out: &mut dyn Write,
    ) -> io::Result<()> {
        out.write_all(b"{")?;
        let mut text = String::new();
        for (i, value) in self.items.iter().enumerate() {
            text.clear();
            text.push_str(if i == 0 { "\"resources\":[" } else { "," });
            item(value, &mut text);
            out.write_all(text.as_bytes())?;
        }
        text.clear();
        if !self.items.is_empty() {
            text.push(']');
        }
        if !address.is_empty() {
            text.push_str(if text.is_empty() {
                "\"address\":"
            } else {
                ",\"address\":"
            });
            write_string(address, &mut text);
        }
        out.write_all(text.as_bytes())?;
        for (i, (address, child)) in self.children.iter().enumerate() {
            let first = if text.is_empty() {
                "\"child_modules\":["
            } else {
                ",\"child_modules\":["
            };
            out.write_all(if i == 0 { first } else { "," }.as_bytes())?;
            child.write(address, item, out)?;
        }
        if !self.children.is_empty() {
            out.write_all(b"]")?;
        }
        out.write_all(b"}")
    }
}
