//! Records as lines: a checksum, a space, JSON.
//!
//! People can read the file with any pager, and what a crash leaves of a last line is recognised by
//! its checksum.

use super::{Action, Intent, Outcome, Record, Start};
use crate::file::{Interned, ObjectText, OutputText, push_members, push_output};
use crate::json_text::push_string;
use crate::{DeposedKey, OutputValue};
use addrs::InstanceKey;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A piece of a journal that is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
    /// Whether nothing follows: then it is what a crash leaves, and no record is lost that anyone
    /// was told is safe.
    pub at_end: bool,
}

/// What a journal holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// The records that are whole, in order.
    pub records: Vec<Record>,
    /// What is between or behind them.
    pub damage: Vec<Damage>,
}

#[derive(Deserialize)]
#[serde(tag = "record", rename_all = "lowercase")]
enum Kind {
    Start,
    Intent,
    Outcome,
    Outputs,
    Checkpoint,
}

#[derive(Deserialize)]
struct StartText {
    lineage: String,
    serial: u64,
    operation: String,
    time: String,
}

#[derive(Deserialize)]
struct IntentText<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    deposed: Option<String>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow, default)]
    planned: Cow<'a, str>,
    #[serde(borrow, default)]
    planned_private: Cow<'a, str>,
    time: String,
}

#[derive(Deserialize)]
struct OutcomeText<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    deposed: Option<String>,
    #[serde(borrow)]
    provider: Cow<'a, str>,
    #[serde(borrow)]
    objects: Vec<PlaceText<'a>>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct PlaceText<'a> {
    deposed: Option<String>,
    #[serde(borrow)]
    object: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct OutputsText<'a> {
    #[serde(borrow)]
    outputs: BTreeMap<Cow<'a, str>, OutputText<'a>>,
}

#[derive(Deserialize)]
struct CheckpointText {
    serial: u64,
}

/// The bytes of a record: one line.
pub fn encode(record: &Record) -> Vec<u8> {
    // The checksum goes in front, once it is known.
    let mut out = b"00000000 ".to_vec();
    let mut line = Line { out: &mut out };
    match record {
        Record::Start(start) => line.start(start),
        Record::Intent(intent) => line.intent(intent),
        Record::Outcome(outcome) => line.outcome(outcome),
        Record::Outputs(outputs) => line.outputs(outputs),
        Record::Checkpoint(serial) => {
            line.raw(&format!("{{\"record\":\"checkpoint\",\"serial\":{serial}"));
        }
    }
    out.push(b'}');
    let sum = format!("{:08x}", checksum(&out[9..]));
    out[..8].copy_from_slice(sum.as_bytes());
    out.push(b'\n');
    out
}

struct Line<'a> {
    out: &'a mut Vec<u8>,
}

impl Line<'_> {
    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn member(&mut self, name: &str, value: &str) {
        self.raw(",\"");
        self.raw(name);
        self.raw("\":");
        push_string(self.out, value);
    }

    fn deposed(&mut self, key: Option<&DeposedKey>) {
        if let Some(DeposedKey(key)) = key {
            self.member("deposed", key);
        }
    }

    fn start(&mut self, start: &Start) {
        self.raw("{\"record\":\"start\"");
        self.member("lineage", &start.lineage);
        self.raw(&format!(",\"serial\":{}", start.serial));
        self.member("operation", &start.operation);
        self.member("time", &start.time);
    }

    fn intent(&mut self, intent: &Intent) {
        self.raw("{\"record\":\"intent\"");
        self.member("address", &intent.address.to_string());
        self.deposed(intent.deposed.as_ref());
        self.member("action", &intent.action.to_string());
        self.member("provider", &intent.provider.to_string());
        if !intent.planned.is_empty() {
            self.member("planned", &BASE64_STANDARD.encode(&intent.planned));
        }
        if !intent.planned_private.is_empty() {
            self.member(
                "planned_private",
                &BASE64_STANDARD.encode(&intent.planned_private),
            );
        }
        self.member("time", &intent.time);
    }

    fn outcome(&mut self, outcome: &Outcome) {
        self.raw("{\"record\":\"outcome\"");
        self.member("address", &outcome.address.to_string());
        self.deposed(outcome.deposed.as_ref());
        self.member("provider", &outcome.provider.to_string());
        self.raw(",\"objects\":[");
        for (i, (deposed, object)) in outcome.objects.iter().enumerate() {
            self.raw(if i == 0 {
                "{\"object\":"
            } else {
                ",{\"object\":"
            });
            match object {
                None => self.raw("null"),
                Some(object) => {
                    self.raw("{");
                    push_members(self.out, &InstanceKey::None, None, object, None);
                    self.raw("}");
                }
            }
            self.deposed(deposed.as_ref());
            self.raw("}");
        }
        self.raw("]");
        if let Some(error) = &outcome.error {
            self.member("error", error);
        }
    }

    fn outputs(&mut self, outputs: &BTreeMap<Arc<str>, OutputValue>) {
        self.raw("{\"record\":\"outputs\",\"outputs\":{");
        for (i, (name, output)) in outputs.iter().enumerate() {
            self.raw(if i == 0 { "" } else { "," });
            push_string(self.out, name);
            self.raw(":");
            push_output(self.out, output, None);
        }
        self.raw("}");
    }
}

/// The records in the bytes of a journal. Lines that are no records are passed over and reported.
pub fn decode(bytes: &[u8]) -> Decoded {
    let mut decoded = Decoded::default();
    let lines = bytes.split_inclusive(|b| *b == b'\n').enumerate();
    for (i, line) in lines {
        match decode_line(line) {
            Ok(record) => decoded.records.push(record),
            Err(what) => decoded.damage.push(Damage {
                line: i + 1,
                what,
                at_end: false,
            }),
        }
    }
    let count = decoded.records.len() + decoded.damage.len();
    if let Some(last) = decoded.damage.last_mut() {
        last.at_end = last.line == count;
    }
    decoded
}

fn decode_line(line: &[u8]) -> Result<Record, String> {
    let line = line.strip_suffix(b"\n").ok_or("it does not end")?;
    let (sum, json) = line
        .split_at_checked(9)
        .and_then(|(sum, json)| Some((std::str::from_utf8(sum).ok()?, json)))
        .ok_or("it has no checksum")?;
    if sum != format!("{:08x} ", checksum(json)) {
        return Err("its checksum does not match".into());
    }
    let wrong = |e: serde_json::Error| format!("it is not understood ({e})");
    Ok(match serde_json::from_slice(json).map_err(wrong)? {
        Kind::Start => {
            let text: StartText = serde_json::from_slice(json).map_err(wrong)?;
            Record::Start(Start {
                lineage: text.lineage.into(),
                serial: text.serial,
                operation: text.operation.into(),
                time: text.time.into(),
            })
        }
        Kind::Intent => Record::Intent(intent(serde_json::from_slice(json).map_err(wrong)?)?),
        Kind::Outcome => Record::Outcome(outcome(serde_json::from_slice(json).map_err(wrong)?)?),
        Kind::Outputs => {
            let text: OutputsText<'_> = serde_json::from_slice(json).map_err(wrong)?;
            let outputs = text
                .outputs
                .into_iter()
                .map(|(name, output)| Ok(((&*name).into(), output.into_value()?)));
            Record::Outputs(outputs.collect::<Result<_, String>>()?)
        }
        Kind::Checkpoint => {
            let text: CheckpointText = serde_json::from_slice(json).map_err(wrong)?;
            Record::Checkpoint(text.serial)
        }
    })
}

fn intent(text: IntentText<'_>) -> Result<Intent, String> {
    Ok(Intent {
        address: addrs::parse_resource_instance(&text.address)?,
        deposed: text.deposed.map(|key| DeposedKey(key.into())),
        action: Action::ALL
            .iter()
            .find(|(_, name)| *name == text.action)
            .map(|(action, _)| *action)
            .ok_or_else(|| format!("the action {:?} is not known", text.action))?,
        provider: addrs::parse_provider_config(&text.provider)?,
        planned: bytes(&text.planned)?,
        planned_private: bytes(&text.planned_private)?,
        time: text.time.into(),
    })
}

fn outcome(text: OutcomeText<'_>) -> Result<Outcome, String> {
    let objects = text.objects.into_iter().map(|place| {
        let object = match place.object {
            None => None,
            Some(raw) => {
                let object: ObjectText<'_> = serde_json::from_str(raw.get())
                    .map_err(|e| format!("an object is not understood ({e})"))?;
                Some(Arc::new(object.into_object(&mut Interned::default())?))
            }
        };
        Ok((place.deposed.map(|key| DeposedKey(key.into())), object))
    });
    Ok(Outcome {
        objects: objects.collect::<Result<_, String>>()?,
        address: addrs::parse_resource_instance(&text.address)?,
        deposed: text.deposed.map(|key| DeposedKey(key.into())),
        provider: addrs::parse_provider_config(&text.provider)?,
        error: text.error.map(Into::into),
    })
}

fn bytes(text: &str) -> Result<Arc<[u8]>, String> {
    if text.is_empty() {
        return Ok(Arc::default());
    }
    BASE64_STANDARD
        .decode(text)
        .map(Into::into)
        .map_err(|e| format!("it has bytes that are not base64 ({e})"))
}

/// CRC-32 (IEEE 802.3), as in zip files.
fn checksum(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut i = 0;
        while i < 256 {
            let mut crc = i as u32;
            let mut bit = 0;
            while bit < 8 {
                crc = if crc & 1 == 1 {
                    crc >> 1 ^ 0xedb8_8320
                } else {
                    crc >> 1
                };
                bit += 1;
            }
            table[i] = crc;
            i += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc, byte| {
        crc >> 8 ^ TABLE[((crc ^ u32::from(*byte)) & 0xff) as usize]
    })
}
