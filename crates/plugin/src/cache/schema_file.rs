//! A provider's schemas in a file.
//!
//! The file is a name, a checksum and one message, in which each type's schema is left encoded. Reading
//! it costs two milliseconds for the 2,100 types of hashicorp/aws; a type is decoded when it is asked for.

use crate::convert::schema::{provider_schema, resource_schema};
use crate::proto::groma::cache::{Entry, SchemaFile};
use crate::proto::tfplugin6::{self, get_provider_schema};
use bytes::Bytes;
use prost::Message;
use providers::{ProviderSchema, SchemaMap};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

/// The first bytes. The number changes with the form, or with what is checked before it is written.
const MAGIC: &[u8] = b"groma schemas 1\n";

/// Reads the schemas; `Ok(None)` if there are none of that program.
///
/// # Errors
///
/// If there is something else in the file.
pub(super) fn read(file: &Path, identity: &[u8]) -> io::Result<Option<ProviderSchema>> {
    let content = match std::fs::read(file) {
        Ok(content) => Bytes::from(content),
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let start = MAGIC.len() + 8;
    let broken = || io::Error::new(io::ErrorKind::InvalidData, "it is damaged");
    if content.len() < start || !content.starts_with(MAGIC) {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is of another version",
        ));
    }
    let body = content.slice(start..);
    if content[MAGIC.len()..start] != checksum(&body).to_le_bytes() {
        return Err(broken());
    }
    let message = SchemaFile::decode(body).map_err(|_| broken())?;
    if message.identity != identity {
        return Ok(None);
    }
    let mut schema = provider_schema(message.head.unwrap_or_default()).map_err(|_| broken())?;
    schema.resources = lazy(message.resources);
    schema.data_sources = lazy(message.data_sources);
    schema.ephemeral = lazy(message.ephemeral);
    Ok(Some(schema))
}

fn lazy(entries: Vec<Entry>) -> SchemaMap {
    let encoded: BTreeMap<Arc<str>, Bytes> = entries
        .into_iter()
        .map(|entry| (entry.name.into(), entry.schema))
        .collect();
    let names: Vec<Arc<str>> = encoded.keys().cloned().collect();
    // It was checked before it was written, and is what was written: it can be made.
    let load = move |kind: &str| {
        let message = tfplugin6::Schema::decode(encoded.get(kind)?.clone()).ok()?;
        resource_schema(message).ok()
    };
    SchemaMap::lazy(names, Arc::new(load))
}

/// Writes the schemas, in place of what was there before, at once or not at all.
pub(super) fn write(
    file: &Path,
    identity: &[u8],
    message: &get_provider_schema::Response,
) -> io::Result<()> {
    let head = get_provider_schema::Response {
        provider: message.provider.clone(),
        provider_meta: message.provider_meta.clone(),
        server_capabilities: message.server_capabilities,
        functions: message.functions.clone(),
        ..get_provider_schema::Response::default()
    };
    let body = SchemaFile {
        identity: identity.to_vec().into(),
        head: Some(head),
        resources: entries(&message.resource_schemas),
        data_sources: entries(&message.data_source_schemas),
        ephemeral: entries(&message.ephemeral_resource_schemas),
    }
    .encode_to_vec();
    let dir = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let mut new = tempfile::NamedTempFile::new_in(dir)?;
    new.write_all(MAGIC)?;
    new.write_all(&checksum(&body).to_le_bytes())?;
    new.write_all(&body)?;
    new.persist(file)?;
    Ok(())
}

fn entries(schemas: &BTreeMap<String, tfplugin6::Schema>) -> Vec<Entry> {
    schemas
        .iter()
        .map(|(name, schema)| Entry {
            name: name.clone(),
            schema: schema.encode_to_vec().into(),
        })
        .collect()
}

/// Tells a damaged file from a whole one; eight bytes at a time, since it is done at each start.
fn checksum(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut sum = bytes.len() as u64;
    for word in words {
        sum = (sum ^ u64::from_le_bytes(*word))
            .wrapping_mul(FACTOR)
            .rotate_left(29);
    }
    rest.iter().fold(sum, |sum, byte| {
        (sum ^ u64::from(*byte))
            .wrapping_mul(FACTOR)
            .rotate_left(29)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::tfplugin6::schema::{Attribute, Block};

    fn message() -> get_provider_schema::Response {
        let attribute = Attribute {
            name: "size".to_owned(),
            r#type: b"\"number\"".to_vec(),
            optional: true,
            ..Attribute::default()
        };
        let block = Block {
            attributes: vec![attribute],
            ..Block::default()
        };
        let schema = tfplugin6::Schema {
            version: 3,
            block: Some(block),
        };
        get_provider_schema::Response {
            resource_schemas: [("test_vm".to_owned(), schema)].into(),
            ..get_provider_schema::Response::default()
        }
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_noticed() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("deep/schema");
        assert!(read(&file, b"me").unwrap().is_none());
        write(&file, b"me", &message()).unwrap();
        assert!(read(&file, b"another").unwrap().is_none());
        let schema = read(&file, b"me").unwrap().unwrap();
        let vm = schema.get(addrs::Mode::Managed, "test_vm").unwrap();
        assert_eq!((vm.version, vm.block.attributes.len()), (3, 1));

        let whole = std::fs::read(&file).unwrap();
        for i in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[i] ^= 0x10;
            std::fs::write(&file, &damaged).unwrap();
            assert!(read(&file, b"me").is_err(), "byte {i}");
            std::fs::write(&file, &whole[..i]).unwrap();
            assert!(read(&file, b"me").is_err(), "{i} bytes");
        }
        write(&file, b"me", &message()).unwrap();
        assert!(read(&file, b"me").unwrap().is_some());
    }
}
