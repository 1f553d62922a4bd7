//! Compiles the protocol files.
//!
//! Both versions of the provider protocol have nearly the same messages. Those of version 5 that are
//! the same on the wire as in version 6 are not generated again: the version 6 types stand for them.

use prost_types::{DescriptorProto, FileDescriptorProto};
use std::collections::BTreeMap;
use std::error::Error;

/// Messages of version 5 that have another name in version 6.
const RENAMED: [(&str, &str); 4] = [
    ("ValidateResourceTypeConfig", "ValidateResourceConfig"),
    ("ValidateDataSourceConfig", "ValidateDataResourceConfig"),
    ("Configure", "ConfigureProvider"),
    ("Stop", "StopProvider"),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = [
        "tfplugin5.proto",
        "tfplugin6.proto",
        "plugin.proto",
        "cache.proto",
    ];
    let set = protox::compile(files, ["proto"])?;
    let package = |name: &str| set.file.iter().find(|f| f.package() == name).cloned();
    let v5 = package("tfplugin5").ok_or("tfplugin5.proto is missing")?;
    let v6 = package("tfplugin6").ok_or("tfplugin6.proto is missing")?;

    let mut builder = tonic_prost_build::configure()
        .build_client(false)
        .build_server(false)
        .btree_map(".")
        .bytes(".groma.cache")
        .extern_path(
            ".tfplugin5.StringKind",
            "crate::proto::tfplugin6::StringKind",
        );
    for (name, other) in shared(&v5, &v6) {
        let module = snake_case(other);
        builder = builder.extern_path(
            format!(".tfplugin5.{name}"),
            format!("crate::proto::tfplugin6::{other}"),
        );
        for nested in v5
            .message_type
            .iter()
            .filter(|m| m.name() == name)
            .flat_map(|m| &m.nested_type)
        {
            let nested = nested.name();
            builder = builder.extern_path(
                format!(".tfplugin5.{name}.{nested}"),
                format!("crate::proto::tfplugin6::{module}::{nested}"),
            );
        }
    }
    builder.compile_fds(set)?;
    Ok(())
}

/// The messages of version 5, with their names in version 6, that are the same in both.
fn shared<'a>(
    v5: &'a FileDescriptorProto,
    v6: &'a FileDescriptorProto,
) -> BTreeMap<&'a str, &'a str> {
    let mut shared: BTreeMap<&str, &str> = BTreeMap::new();
    for message in &v5.message_type {
        let renamed = RENAMED.iter().find(|(old, _)| *old == message.name());
        let name = renamed.map_or(message.name(), |(_, new)| new);
        let twin = v6.message_type.iter().find(|m| m.name() == name);
        if let Some(twin) = twin.filter(|twin| shape(twin) == shape(message)) {
            shared.insert(message.name(), twin.name());
        }
    }
    // A message that holds one that differs, differs.
    loop {
        let before = shared.len();
        let names: Vec<&str> = v5.message_type.iter().map(DescriptorProto::name).collect();
        let different: Vec<&str> = names
            .into_iter()
            .filter(|n| !shared.contains_key(n))
            .collect();
        shared.retain(|name, _| {
            let message = v5.message_type.iter().find(|m| m.name() == *name);
            message.is_some_and(|m| {
                !different
                    .iter()
                    .any(|d| shape(m).contains(&format!("\".tfplugin.{d}\"")))
            })
        });
        if shared.len() == before {
            return shared;
        }
    }
}

/// A message without its name and version, as text.
fn shape(message: &DescriptorProto) -> String {
    let mut message = message.clone();
    message.name = None;
    format!("{message:?}")
        .replace(".tfplugin5.", ".tfplugin.")
        .replace(".tfplugin6.", ".tfplugin.")
}

fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.char_indices() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
