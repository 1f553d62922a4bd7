//! A provider's schemas, packed, and in a file.
//!
//! Each type's schema stays encoded until it is asked for: a run needs a handful of the 2,100 types of
//! hashicorp/aws. The file is a name, a checksum and the packed schemas.

use crate::convert::schema::{SchemaError, provider_schema, resource_schema};
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

/// Packs the schemas of a program, after a look at each of them.
///
/// # Errors
///
/// If one of them breaks the rules.
pub(super) fn pack(
    identity: &[u8],
    mut message: get_provider_schema::Response,
) -> Result<SchemaFile, SchemaError> {
    let resources = pack_types(
        "resource type",
        std::mem::take(&mut message.resource_schemas),
    )?;
    let data_sources = pack_types(
        "data source",
        std::mem::take(&mut message.data_source_schemas),
    )?;
    let ephemeral = std::mem::take(&mut message.ephemeral_resource_schemas);
    let ephemeral = pack_types("ephemeral resource type", ephemeral)?;
    Ok(SchemaFile {
        identity: identity.to_vec().into(),
        head: Some(message),
        resources,
        data_sources,
        ephemeral,
    })
}

fn pack_types(
    what: &str,
    schemas: BTreeMap<String, tfplugin6::Schema>,
) -> Result<Vec<Entry>, SchemaError> {
    schemas
        .into_iter()
        .map(|(name, schema)| {
            let encoded = schema.encode_to_vec().into();
            resource_schema(schema).map_err(|e| e.within(format!("{what} {name:?}")))?;
            Ok(Entry {
                name,
                schema: encoded,
            })
        })
        .collect()
}

/// The packed schemas, each made when it is asked for.
///
/// # Errors
///
/// If what is not a type breaks the rules.
pub(super) fn unpack(packed: SchemaFile) -> Result<ProviderSchema, SchemaError> {
    Ok(ProviderSchema {
        resources: lazy(packed.resources),
        data_sources: lazy(packed.data_sources),
        ephemeral: lazy(packed.ephemeral),
        ..provider_schema(packed.head.unwrap_or_default())?
    })
}

fn lazy(entries: Vec<Entry>) -> SchemaMap {
    let encoded: BTreeMap<Arc<str>, Bytes> = entries
        .into_iter()
        .map(|entry| (entry.name.into(), entry.schema))
        .collect();
    let names: Vec<Arc<str>> = encoded.keys().cloned().collect();
    // It was checked when it was packed: it can be made.
    let load = move |kind: &str| {
        let message = tfplugin6::Schema::decode(encoded.get(kind)?.clone()).ok()?;
        resource_schema(message).ok()
    };
    SchemaMap::lazy(names, Arc::new(load))
}

/// Reads the schemas of a program; `Ok(None)` if they are not there.
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
    let packed = SchemaFile::decode(body).map_err(|_| broken())?;
    if packed.identity != identity {
        return Ok(None);
    }
    unpack(packed).map(Some).map_err(|_| broken())
}

/// Writes packed schemas, in place of what was there before, at once or not at all.
pub(super) fn write(file: &Path, packed: &SchemaFile) -> io::Result<()> {
    let body = packed.encode_to_vec();
    let dir = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(dir)?;
    let mut new = tempfile::NamedTempFile::new_in(dir)?;
    new.write_all(MAGIC)?;
    new.write_all(&checksum(&body).to_le_bytes())?;
    new.write_all(&body)?;
    new.persist(file)?;
    Ok(())
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
        let packed = pack(b"me", message()).unwrap();
        write(&file, &packed).unwrap();
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
        write(&file, &packed).unwrap();
        assert!(read(&file, b"me").unwrap().is_some());
    }
}
