//! Which provider configurations resources get, compared with what Terraform 1.11.4 writes to the state.

use crate::oracle::sections;
use crate::{Loader, MemoryFiles};
use std::path::{Path, PathBuf};

#[test]
fn resources_get_the_configurations_that_terraform_gives_them() {
    let mut files = MemoryFiles::default();
    let mut theirs: Vec<&str> = Vec::new();
    for (name, text) in sections(include_str!("providers.txt"), "--- ") {
        if name == "state" {
            theirs = text.lines().collect();
        } else {
            files.0.insert(PathBuf::from(name), text.into());
        }
    }
    let (config, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
    assert!(!diags.has_errors(), "{diags:?}");
    let mut ours: Vec<String> = Vec::new();
    for module in config.walk() {
        for resource in module.module.resources.values() {
            let provider = config.provider_config_for(&module.path, &resource.provider_config());
            let addr = addrs::ConfigResource {
                module: module.path.clone(),
                resource: resource.addr.clone(),
            };
            ours.push(format!("{addr} {provider}"));
        }
    }
    ours.sort();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}
