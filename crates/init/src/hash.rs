//! Hashes of provider packages, as lock files hold them.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The `h1:` hash of an unpacked package: of the names and contents of all its files.
///
/// The same package gives the same hash packed and unpacked; modes and dates do not count.
pub fn hash_directory(dir: &Path) -> io::Result<String> {
    let mut sums = BTreeMap::new();
    for (name, path) in package_files(dir)? {
        sums.insert(name, sha256(&mut File::open(path)?)?);
    }
    h1(&sums)
}

/// The `h1:` hash of a package that is a program alone, by its name in the package.
pub(crate) fn hash_program(program: &Path, name: &str) -> io::Result<String> {
    let sum = sha256(&mut File::open(program)?)?;
    h1(&BTreeMap::from([(name.to_owned(), sum)]))
}

/// The `h1:` hash of a packed package: the one its content would have unpacked.
pub fn hash_archive(path: &Path) -> io::Result<String> {
    let mut archive = zip::ZipArchive::new(File::open(path)?).map_err(io::Error::other)?;
    let mut sums = BTreeMap::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).map_err(io::Error::other)?;
        let name = entry.name().map_err(io::Error::other)?.into_owned();
        sums.insert(name, sha256(&mut entry)?);
    }
    h1(&sums)
}

/// The `zh:` hash of a packed package: of the archive itself.
pub fn hash_archive_file(path: &Path) -> io::Result<String> {
    Ok(format!("zh:{}", sha256(&mut File::open(path)?)?))
}

/// All files of an unpacked package, by their names below its directory with `/` between the parts.
pub(crate) fn package_files(dir: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    // A link in place of the package directory is followed; links inside are not directories.
    let dir = dir.canonicalize()?;
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&dir) {
        let entry = entry.map_err(io::Error::other)?;
        if entry.file_type().is_dir() {
            continue;
        }
        let relative = entry.path().strip_prefix(&dir).map_err(io::Error::other)?;
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        let name = parts
            .ok_or_else(|| io::Error::other(format!("{} is not UTF-8", relative.display())))?;
        files.insert(name.join("/"), entry.path().to_owned());
    }
    Ok(files)
}

fn h1(sums: &BTreeMap<String, String>) -> io::Result<String> {
    let mut all = Sha256::new();
    for (name, sum) in sums {
        if name.contains('\n') {
            return Err(io::Error::other(format!(
                "the file name {name:?} has a line end in it"
            )));
        }
        all.update(format!("{sum}  {name}\n"));
    }
    Ok(format!("h1:{}", BASE64_STANDARD.encode(all.finalize())))
}

fn sha256(input: &mut dyn Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 17];
    loop {
        match input.read(&mut buffer)? {
            0 => return Ok(hex::encode(hash.finalize())),
            len => hash.update(&buffer[..len]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write;

    #[test]
    fn packed_and_unpacked_have_one_hash() {
        let dir = tempfile::tempdir().unwrap();
        let package = dir.path().join("p");
        fs::create_dir_all(package.join("sub")).unwrap();
        fs::write(package.join("terraform-provider-x"), "binary").unwrap();
        fs::write(package.join("sub/a"), "a").unwrap();
        let path = dir.path().join("p.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in [("terraform-provider-x", "binary"), ("sub/a", "a")] {
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        let hash = hash_directory(&package).unwrap();
        // sha256sum of "<sum>  sub/a\n<sum>  terraform-provider-x\n", base64.
        assert_eq!(hash, "h1:LddVcZ2fmwV8mYsPkfqNHyp85vG+4DGcP0qf44q5qi4=");
        assert_eq!(hash_archive(&path).unwrap(), hash);
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&package, &link).unwrap();
        assert_eq!(hash_directory(&link).unwrap(), hash);
        assert!(hash_archive_file(&path).unwrap().starts_with("zh:"));
        fs::write(package.join("sub/a"), "b").unwrap();
        assert_ne!(hash_directory(&package).unwrap(), hash);
        fs::write(package.join("x\ny"), "").unwrap();
        assert!(hash_directory(&package).is_err());
    }
}
