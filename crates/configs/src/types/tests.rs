//! Defaults of optional attributes, compared with what Terraform 1.11.4 makes of the same file.

use crate::{Loader, MemoryFiles};
use std::path::{Path, PathBuf};

#[test]
fn defaults_are_filled_in_as_terraform_does() {
    let text = include_str!("defaults.tf");
    let files = MemoryFiles([(PathBuf::from("main.tf"), text.into())].into());
    let (config, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
    assert!(diags.is_empty(), "{diags:?}");
    let mut ours = String::new();
    for variable in config.module.variables.values() {
        let value = variable.default.as_ref().expect("a default");
        let json = cty::json::encode_simple(value).expect("a known value");
        ours.push_str(&format!("{} {json}\n", variable.name));
    }
    assert_eq!(ours, include_str!("defaults.txt"));
}
