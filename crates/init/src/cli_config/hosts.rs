//! What the CLI configuration says of hosts: tokens, who keeps them, services.

use super::{CliConfig, Token, schema, wrong};
use crate::lock_file::{string, value};
use diags::Diagnostics;
use hcl::Block;
use std::collections::BTreeMap;

impl CliConfig {
    pub(super) fn credentials(&mut self, block: &Block, diags: &mut Diagnostics) {
        let (content, _, problems) = block.body.partial_content(&schema(&["token"], &[]));
        diags.append(problems);
        if let (Some(host), Some(attribute)) = (block.labels.first(), content.attribute("token"))
            && let Some(token) = string(attribute, "a token", diags)
        {
            self.credentials
                .insert(host.value.to_lowercase(), Token(token.to_string()));
        }
    }

    pub(super) fn helper(&mut self, block: &Block, diags: &mut Diagnostics) {
        let (content, _, problems) = block.body.partial_content(&schema(&["args"], &[]));
        diags.append(problems);
        let mut args = Vec::new();
        if let Some(attribute) = content.attribute("args")
            && let Some(list) = value(attribute, diags)
        {
            let items = list.as_slice().unwrap_or_default().iter();
            match items.map(|v| v.as_str().map(ToString::to_string)).collect() {
                Some(all) => args = all,
                None => diags.push(wrong(attribute, "a list of strings")),
            }
        }
        if let Some(name) = block.labels.first() {
            self.credentials_helper = Some((name.value.to_string(), args));
        }
    }

    pub(super) fn host(&mut self, block: &Block, diags: &mut Diagnostics) {
        let (content, _, problems) = block.body.partial_content(&schema(&["services"], &[]));
        diags.append(problems);
        let mut services = BTreeMap::new();
        if let Some(attribute) = content.attribute("services")
            && let Some(map) = value(attribute, diags)
        {
            for (name, url) in map.elements() {
                // Services that are described by more than a URL are of no use here.
                if let (Some(name), Some(url)) = (name.as_str(), url.as_str()) {
                    services.insert(name.to_string(), url.to_string());
                }
            }
        }
        if let Some(host) = block.labels.first() {
            self.services.insert(host.value.to_lowercase(), services);
        }
    }

    /// Adds what another file says, where this one says nothing.
    pub fn merge(&mut self, other: Self) {
        self.methods = self.methods.take().or(other.methods);
        self.plugin_cache_dir = self.plugin_cache_dir.take().or(other.plugin_cache_dir);
        self.plugin_cache_may_break_dependency_lock_file |=
            other.plugin_cache_may_break_dependency_lock_file;
        self.disable_checkpoint |= other.disable_checkpoint;
        self.default_registry = self.default_registry.take().or(other.default_registry);
        self.credentials_helper = self.credentials_helper.take().or(other.credentials_helper);
        for (provider, dir) in other.dev_overrides {
            self.dev_overrides.entry(provider).or_insert(dir);
        }
        for (host, token) in other.credentials {
            self.credentials.entry(host).or_insert(token);
        }
        for (host, services) in other.services {
            self.services.entry(host).or_insert(services);
        }
    }
}
