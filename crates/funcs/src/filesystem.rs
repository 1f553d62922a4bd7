//! Files and paths.

mod glob;
mod path;

use crate::crypto;
use crate::define::{Answer, bad, failed, function, param, text};
use crate::table::Options;
use cty::{Type, Value};
use hcl::{ArgumentError, Function};
use std::io::ErrorKind;
use std::path::PathBuf;

/// The functions of this family, by name.
pub(crate) fn functions(options: &Options) -> Vec<(&'static str, Function)> {
    let digest = |f: fn(&[u8]) -> String| of_file(options, move |bytes, _| Ok(f(&bytes)));
    let hash = |f: fn(&[u8]) -> String| of_whole_file(options, f);
    let cwd = options.cwd.clone();
    let home = options.home.clone();
    vec![
        (
            "abspath",
            of_path(move |p| Ok(path::clean(&path::join(&cwd.to_string_lossy(), p)))),
        ),
        ("basename", of_path(|p| Ok(path::base(p)))),
        ("dirname", of_path(|p| Ok(path::dir(p)))),
        ("file", of_file(options, utf8)),
        ("filebase64", digest(crypto::base64)),
        (
            "filebase64sha256",
            hash(|b| crypto::base64(&crypto::sha256(b))),
        ),
        (
            "filebase64sha512",
            hash(|b| crypto::base64(&crypto::sha512(b))),
        ),
        ("fileexists", fileexists(options)),
        ("filemd5", hash(|b| hex::encode(crypto::md5(b)))),
        ("fileset", fileset(options)),
        ("filesha1", hash(|b| hex::encode(crypto::sha1(b)))),
        ("filesha256", hash(|b| hex::encode(crypto::sha256(b)))),
        ("filesha512", hash(|b| hex::encode(crypto::sha512(b)))),
        (
            "pathexpand",
            of_path(move |p| path::expand(p, home.as_deref())),
        ),
    ]
}

fn of_path(f: impl Fn(&str) -> Result<String, ArgumentError> + Send + Sync + 'static) -> Function {
    function([param("path", Type::String)])
        .returns(Type::String)
        .call(move |args| Ok(Value::string(f(text(args, 0)?)?)))
}

fn of_file(
    options: &Options,
    f: impl Fn(Vec<u8>, &str) -> Result<String, ArgumentError> + Send + Sync + 'static,
) -> Function {
    let options = options.clone();
    function([param("path", Type::String)])
        .returns(Type::String)
        .call(move |args| -> Answer {
            let path = text(args, 0)?;
            Ok(Value::string(f(read(&options, path)?, path)?))
        })
}

/// The same, where a file that cannot be read is no fault of the argument: so Terraform words it for hashes.
fn of_whole_file(options: &Options, f: fn(&[u8]) -> String) -> Function {
    let options = options.clone();
    function([param("path", Type::String)])
        .returns(Type::String)
        .call(move |args| -> Answer {
            let path = text(args, 0)?;
            let bytes = read(&options, path)
                .map_err(|error| failed(format!("the path {}", error.message)))?;
            Ok(Value::string(f(&bytes)))
        })
}

/// Where a path of the configuration leads.
fn locate(options: &Options, path: &str) -> Result<PathBuf, ArgumentError> {
    Ok(options
        .base_dir
        .join(path::expand(path, options.home.as_deref())?))
}

fn read(options: &Options, path: &str) -> Result<Vec<u8>, ArgumentError> {
    std::fs::read(locate(options, path)?).map_err(|error| match error.kind() {
        ErrorKind::NotFound => bad(0, format!(
            "must name a file that exists, and {path:?} does not; only files that are there before anything is planned can be read, so use an attribute of the resource that makes the file if there is one"
        )),
        ErrorKind::IsADirectory => bad(0, format!("must name a file, but {path:?} is a directory")),
        _ => bad(0, format!("must name a file that can be read: {error}")),
    })
}

fn utf8(bytes: Vec<u8>, path: &str) -> Result<String, ArgumentError> {
    String::from_utf8(bytes).map_err(|_| {
        failed(format!(
            "the contents of {path:?} are not valid UTF-8; filebase64 reads any bytes, and the functions like filesha256 make digests of them"
        ))
    })
}

/// The text of a file that a template function renders.
pub(crate) fn read_text(options: &Options, path: &str) -> Result<String, ArgumentError> {
    utf8(read(options, path)?, path)
}

fn fileexists(options: &Options) -> Function {
    let options = options.clone();
    function([param("path", Type::String)])
        .returns(Type::Bool)
        .call(move |args| {
            let path = text(args, 0)?;
            match std::fs::metadata(locate(&options, path)?) {
                Ok(found) if found.is_file() => Ok(Value::bool(true)),
                Ok(found) if found.is_dir() => {
                    Err(failed(format!("{path:?} is a directory, not a file")))
                }
                Ok(_) => Err(failed(format!("{path:?} is not a regular file"))),
                Err(error)
                    if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
                {
                    Ok(Value::bool(false))
                }
                Err(error) => Err(failed(format!("cannot look at {path:?}: {error}"))),
            }
        })
}

fn fileset(options: &Options) -> Function {
    let options = options.clone();
    function([param("path", Type::String), param("pattern", Type::String)])
        .returns(Type::set(Type::String))
        .call(move |args| {
            let dir = locate(&options, text(args, 0)?)?;
            let found = glob::find(&dir, text(args, 1)?).map_err(failed)?;
            Ok(Value::set(
                Type::String,
                found.into_iter().map(Value::string).collect(),
            ))
        })
}
