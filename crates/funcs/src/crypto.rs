//! Digests, passwords, identifiers.

use crate::define::{Answer, bad, failed, function, number, param, text, unknown};
use crate::encoding::decode_base64;
use crate::table::Options;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cty::{Type, Value};
use hcl::Function;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use sha2::Digest as _;
use uuid::Uuid;

/// The functions of this family, by name.
pub(crate) fn functions(options: &Options) -> Vec<(&'static str, Function)> {
    vec![
        ("base64sha256", of_string(|s| base64(&sha256(s)))),
        ("base64sha512", of_string(|s| base64(&sha512(s)))),
        ("bcrypt", bcrypt(options)),
        ("md5", of_string(|s| hex::encode(md5(s)))),
        ("rsadecrypt", rsadecrypt()),
        ("sha1", of_string(|s| hex::encode(sha1(s)))),
        ("sha256", of_string(|s| hex::encode(sha256(s)))),
        ("sha512", of_string(|s| hex::encode(sha512(s)))),
        ("uuid", uuid(options)),
        ("uuidv5", uuidv5()),
    ]
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(crate) fn md5(bytes: &[u8]) -> Vec<u8> {
    md5::Md5::digest(bytes).to_vec()
}

pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    sha1::Sha1::digest(bytes).to_vec()
}

pub(crate) fn sha256(bytes: &[u8]) -> Vec<u8> {
    sha2::Sha256::digest(bytes).to_vec()
}

pub(crate) fn sha512(bytes: &[u8]) -> Vec<u8> {
    sha2::Sha512::digest(bytes).to_vec()
}

fn of_string(f: fn(&[u8]) -> String) -> Function {
    function([param("str", Type::String)])
        .returns(Type::String)
        .call(move |args| Ok(Value::string(f(text(args, 0)?.as_bytes()))))
}

fn bcrypt(options: &Options) -> Function {
    let random = options.impure.as_ref().map(|i| i.random.clone());
    function([param("str", Type::String)])
        .variadic(param("cost", Type::Number))
        .returns(Type::String)
        .call(move |args| -> Answer {
            if args.len() > 2 {
                return Err(failed("bcrypt takes at most two arguments"));
            }
            let cost = match args.get(1) {
                Some(_) => number(args, 1)?.to_i64(),
                None => Some(10),
            };
            let cost = cost
                .filter(|c| (0..=31).contains(c))
                .ok_or_else(|| failed("the cost must be a whole number from 4 to 31"))?;
            // Costs below the least possible mean the default.
            let cost = if cost < 4 { 10 } else { cost as u32 };
            let password = text(args, 0)?;
            if password.len() > 72 {
                return Err(failed("the text must not be longer than 72 bytes"));
            }
            let Some(random) = &random else {
                return Ok(unknown(Type::String));
            };
            let mut salt = [0; 16];
            random(&mut salt);
            let hash = bcrypt::hash_with_salt(password, cost, salt)
                .map_err(|e| failed(format!("cannot hash the text: {e}")))?;
            Ok(Value::string(
                hash.format_for_version(bcrypt::Version::TwoA),
            ))
        })
}

fn rsadecrypt() -> Function {
    function([
        param("ciphertext", Type::String),
        param("privatekey", Type::String),
    ])
    .returns(Type::String)
    .call(|args| -> Answer {
        let cipher = decode_base64(text(args, 0)?).ok_or_else(|| bad(0, "must be valid Base64"))?;
        let pem = text(args, 1)?;
        let key = RsaPrivateKey::from_pkcs1_pem(pem)
            .ok()
            .or_else(|| RsaPrivateKey::from_pkcs8_pem(pem).ok())
            .ok_or_else(|| {
                bad(
                    1,
                    "must be an RSA private key in PEM form, without a password",
                )
            })?;
        let plain = key
            .decrypt(Pkcs1v15Encrypt, &cipher)
            .map_err(|_| failed("the text was not encrypted for this key"))?;
        let plain = String::from_utf8(plain)
            .map_err(|_| failed("the decrypted text is not valid UTF-8"))?;
        Ok(Value::string(plain))
    })
}

fn uuid(options: &Options) -> Function {
    let random = options.impure.as_ref().map(|i| i.random.clone());
    function([]).returns(Type::String).call(move |_| {
        let Some(random) = &random else {
            return Ok(unknown(Type::String));
        };
        let mut bytes = [0; 16];
        random(&mut bytes);
        Ok(Value::string(
            uuid::Builder::from_random_bytes(bytes)
                .into_uuid()
                .to_string(),
        ))
    })
}

fn uuidv5() -> Function {
    function([
        param("namespace", Type::String),
        param("name", Type::String),
    ])
    .returns(Type::String)
    .call(|args| {
        let namespace = match text(args, 0)? {
            "dns" => Uuid::NAMESPACE_DNS,
            "url" => Uuid::NAMESPACE_URL,
            "oid" => Uuid::NAMESPACE_OID,
            "x500" => Uuid::NAMESPACE_X500,
            other => Uuid::parse_str(other).map_err(|_| {
                failed(format!(
                    "the namespace must be dns, url, oid, x500 or a UUID, which {other:?} is not"
                ))
            })?,
        };
        Ok(Value::string(
            Uuid::new_v5(&namespace, text(args, 1)?.as_bytes()).to_string(),
        ))
    })
}
