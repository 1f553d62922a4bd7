//! The archive.

use super::{ModuleSources, PlanFile, WriteError};
use serde::{Deserialize, Serialize};
use states::StateFile;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Seek, Write};
use std::path::{Component, Path};
use std::sync::Arc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const PLAN: &str = "tfplan";
const STATE: &str = "tfstate";
const PREV_STATE: &str = "tfstate-prev";
const LOCK_FILE: &str = ".terraform.lock.hcl";
const MODULES: &str = "tfconfig/modules.json";
const CONFIG: &str = "tfconfig/m-";

/// Bytes that all entries together may have, unpacked.
const MAX_TOTAL: u64 = 1 << 30;
/// So many times larger than the archive may they be together, beyond what is small anyway: repetitive
/// states come to a hundred.
const MAX_RATIO: u64 = 500;
const SMALL: u64 = 16 << 20;
/// Entries that an archive may have.
const MAX_ENTRIES: usize = 100_000;

/// One record of `modules.json`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Record {
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    dir: String,
}

pub(super) fn write(
    file: &PlanFile,
    plan: &[u8],
    out: impl Write + Seek,
) -> Result<(), WriteError> {
    let mut zip = ZipWriter::new(out);
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut entry = |name: &str, content: &[u8]| -> Result<(), WriteError> {
        zip.start_file(name, options)?;
        zip.write_all(content)?;
        Ok(())
    };
    let state = |state: &states::State| {
        states::file::write(&StateFile {
            terraform_version: states::TERRAFORM_VERSION.into(),
            serial: file.plan.serial,
            lineage: file.plan.lineage.to_string(),
            state: state.clone(),
        })
    };
    entry(PLAN, plan)?;
    entry(STATE, &state(&file.plan.prior_state))?;
    entry(PREV_STATE, &state(&file.plan.prev_run_state))?;
    for module in &file.sources {
        for (name, content) in &module.files {
            entry(&format!("{CONFIG}{}/{name}", module.key), content)?;
        }
    }
    let records: Vec<Record> = file
        .sources
        .iter()
        .map(|m| Record {
            key: m.key.clone(),
            source: m.source.clone(),
            version: m.version.clone(),
            dir: m.dir.clone(),
        })
        .collect();
    let records = serde_json::to_vec(&records).map_err(std::io::Error::from)?;
    entry(MODULES, &records)?;
    if let Some(lock_file) = &file.lock_file {
        entry(LOCK_FILE, lock_file)?;
    }
    zip.finish()?;
    Ok(())
}

/// What is in an archive.
pub(super) struct Parts {
    pub(super) plan: Vec<u8>,
    pub(super) state: Vec<u8>,
    pub(super) prev_state: Vec<u8>,
    pub(super) sources: Vec<ModuleSources>,
    pub(super) lock_file: Option<Arc<[u8]>>,
}

pub(super) fn read(source: &[u8]) -> Result<Parts, String> {
    let mut entries = unpack(source)?;
    let mut required = |name: &str| {
        let content = entries.remove(name);
        content.ok_or_else(|| format!("it has no entry \"{name}\""))
    };
    let plan = required(PLAN)?;
    let state = required(STATE)?;
    let prev_state = required(PREV_STATE)?;
    let records: Vec<Record> = serde_json::from_slice(&required(MODULES)?)
        .map_err(|e| format!("its entry \"{MODULES}\" is damaged ({e})"))?;
    let mut modules: BTreeMap<String, ModuleSources> = BTreeMap::new();
    for record in records {
        let module = ModuleSources {
            key: record.key.clone(),
            dir: record.dir,
            source: record.source,
            version: record.version,
            files: BTreeMap::new(),
        };
        modules.insert(record.key, module);
    }
    let lock_file = entries.remove(LOCK_FILE).map(Into::into);
    for (name, content) in entries {
        let place = name.strip_prefix(CONFIG).and_then(|n| n.split_once('/'));
        // Other entries are of no concern.
        if let Some((key, file)) = place
            && let Some(module) = modules.get_mut(key)
        {
            module.files.insert(file.to_owned(), content.into());
        }
    }
    Ok(Parts {
        plan,
        state,
        prev_state,
        sources: modules.into_values().collect(),
        lock_file,
    })
}

fn unpack(source: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let mut archive =
        ZipArchive::new(Cursor::new(source)).map_err(|e| format!("it is no zip archive ({e})"))?;
    if archive.len() > MAX_ENTRIES {
        return Err(format!("it has more than {MAX_ENTRIES} entries"));
    }
    let limit = (source.len() as u64)
        .saturating_mul(MAX_RATIO)
        .saturating_add(SMALL)
        .min(MAX_TOTAL);
    let mut left = limit;
    let mut entries = BTreeMap::new();
    for i in 0..archive.len() {
        let file = archive
            .by_index(i)
            .map_err(|e| format!("an entry is damaged ({e})"))?;
        let name = file
            .name()
            .map_err(|e| format!("an entry has a bad name ({e})"))?
            .into_owned();
        if file.is_dir() {
            continue;
        }
        if !is_inside(&name) {
            return Err(format!("its entry {name:?} leads out of it"));
        }
        let mut content = Vec::new();
        file.take(left + 1)
            .read_to_end(&mut content)
            .map_err(|e| format!("its entry {name:?} is damaged ({e})"))?;
        left = left
            .checked_sub(content.len() as u64)
            .ok_or_else(|| format!("it unpacks to more than {limit} bytes"))?;
        entries.insert(name, content);
    }
    Ok(entries)
}

/// Whether the name is a plain relative path.
fn is_inside(name: &str) -> bool {
    let parts = Path::new(name).components();
    !name.contains(['\\', '\0'])
        && !name.starts_with('/')
        && parts
            .into_iter()
            .all(|part| matches!(part, Component::Normal(_)))
}
