//! Base64, compression, character sets, URLs.

use crate::define::{Answer, Definition, bad, failed, function, param, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cty::{Type, Value};
use encoding_rs::Encoding;
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("base64decode", base64decode()),
        (
            "base64encode",
            of_string().call(|args| Ok(Value::string(STANDARD.encode(text(args, 0)?)))),
        ),
        ("base64gzip", base64gzip()),
        ("textdecodebase64", textdecodebase64()),
        ("textencodebase64", textencodebase64()),
        (
            "urlencode",
            of_string().call(|args| Ok(Value::string(urlencode(text(args, 0)?)))),
        ),
    ]
}

fn of_string() -> Definition {
    function([param("str", Type::String)]).returns(Type::String)
}

/// Line breaks inside are no part of the data.
pub(crate) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text.replace(['\r', '\n'], "")).ok()
}

fn base64decode() -> Function {
    of_string().call(|args| -> Answer {
        let bytes = decode_base64(text(args, 0)?)
            .ok_or_else(|| failed("the string is not valid Base64"))?;
        let decoded = String::from_utf8(bytes).map_err(|_| {
            failed("the decoded bytes are not valid UTF-8, so that they cannot be a string")
        })?;
        Ok(Value::string(decoded))
    })
}

fn base64gzip() -> Function {
    of_string().call(|args| {
        Ok(Value::string(
            STANDARD.encode(crate::gzip::compress(text(args, 0)?.as_bytes())),
        ))
    })
}

/// A character set by its registered name.
enum Charset {
    Latin1,
    Utf16 { big: bool, mark: bool },
    Other(&'static Encoding),
}

fn charset(name: &str) -> Option<Charset> {
    Some(match &*name.to_ascii_lowercase() {
        "iso-8859-1" | "iso_8859-1" | "iso_8859-1:1987" | "iso-ir-100" | "latin1" | "l1"
        | "ibm819" | "cp819" | "csisolatin1" => Charset::Latin1,
        "utf-16" | "csutf16" => Charset::Utf16 {
            big: true,
            mark: true,
        },
        "utf-16be" | "csutf16be" => Charset::Utf16 {
            big: true,
            mark: false,
        },
        "utf-16le" | "csutf16le" => Charset::Utf16 {
            big: false,
            mark: false,
        },
        other => Charset::Other(Encoding::for_label(other.as_bytes())?),
    })
}

impl Charset {
    fn encode(&self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Latin1 => text.chars().map(|c| u8::try_from(c as u32).ok()).collect(),
            Self::Utf16 { big, mark } => {
                let units = mark
                    .then_some(0xfeff)
                    .into_iter()
                    .chain(text.encode_utf16());
                Some(
                    units
                        .flat_map(|u| {
                            if *big {
                                u.to_be_bytes()
                            } else {
                                u.to_le_bytes()
                            }
                        })
                        .collect(),
                )
            }
            Self::Other(encoding) => {
                let (bytes, _, replaced) = encoding.encode(text);
                (!replaced).then(|| bytes.into_owned())
            }
        }
    }

    fn decode(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Latin1 => Some(bytes.iter().map(|b| char::from(*b)).collect()),
            Self::Utf16 { big, mark } => {
                let (big, bytes) = match bytes {
                    [0xff, 0xfe, rest @ ..] if *mark => (false, rest),
                    [0xfe, 0xff, rest @ ..] if *mark => (true, rest),
                    _ => (*big, bytes),
                };
                if bytes.len() % 2 != 0 {
                    return None;
                }
                let unit = |pair: &[u8]| {
                    let pair = [pair[0], pair[1]];
                    if big {
                        u16::from_be_bytes(pair)
                    } else {
                        u16::from_le_bytes(pair)
                    }
                };
                String::from_utf16(&bytes.chunks(2).map(unit).collect::<Vec<_>>()).ok()
            }
            Self::Other(encoding) => encoding
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map(|s| s.into_owned()),
        }
    }
}

fn unknown_charset(name: &str) -> hcl::ArgumentError {
    bad(
        1,
        format!("must be the IANA name of a supported character encoding, which {name:?} is not"),
    )
}

fn textencodebase64() -> Function {
    function([
        param("string", Type::String),
        param("encoding", Type::String),
    ])
    .returns(Type::String)
    .call(|args| {
        let name = text(args, 1)?;
        let charset = charset(name).ok_or_else(|| unknown_charset(name))?;
        let bytes = charset.encode(text(args, 0)?).ok_or_else(|| {
            bad(
                0,
                format!("has characters that cannot be written in {name}"),
            )
        })?;
        Ok(Value::string(STANDARD.encode(bytes)))
    })
}

fn textdecodebase64() -> Function {
    function([
        param("source", Type::String),
        param("encoding", Type::String),
    ])
    .returns(Type::String)
    .call(|args| {
        let name = text(args, 1)?;
        let charset = charset(name).ok_or_else(|| unknown_charset(name))?;
        let bytes = decode_base64(text(args, 0)?).ok_or_else(|| bad(0, "must be valid Base64"))?;
        let decoded = charset
            .decode(&bytes)
            .ok_or_else(|| bad(0, format!("has bytes that mean nothing in {name}")))?;
        Ok(Value::string(decoded))
    })
}

/// Query escaping: a space becomes a plus sign.
fn urlencode(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    for b in s.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(b));
            }
            b' ' => out.push('+'),
            b => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}
