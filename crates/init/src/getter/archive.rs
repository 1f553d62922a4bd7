//! Packages that are archives.

use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use url::Url;

/// The kinds of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Tar,
    TarGz,
    TarBz2,
    TarXz,
}

/// How names of archives end, longest first.
const ENDINGS: [(&str, Kind); 8] = [
    ("tar.bz2", Kind::TarBz2),
    ("tar.gz", Kind::TarGz),
    ("tar.xz", Kind::TarXz),
    ("tbz2", Kind::TarBz2),
    ("tgz", Kind::TarGz),
    ("txz", Kind::TarXz),
    ("zip", Kind::Zip),
    ("tar", Kind::Tar),
];

impl Kind {
    fn named(name: &str) -> Option<Self> {
        let found = ENDINGS.iter().find(|(ending, _)| *ending == name);
        found.map(|(_, kind)| *kind)
    }

    /// The kind that a URL tells, by `archive` in its query or by how its path ends; and the URL without
    /// `archive`.
    pub(super) fn told_by(mut url: Url) -> Result<(Url, Option<Self>), String> {
        let asked = url.query_pairs().find(|(name, _)| name == "archive");
        let Some(asked) = asked.map(|(_, value)| value.into_owned()) else {
            let path = url.path().to_lowercase();
            let fits = |(ending, kind): &(&str, Self)| {
                let rest = path.strip_suffix(ending)?;
                rest.ends_with('.').then_some(*kind)
            };
            let kind = ENDINGS.iter().find_map(fits);
            return Ok((url, kind));
        };
        let pairs = url.query_pairs();
        let rest: Vec<(String, String)> = pairs
            .filter(|(name, _)| name != "archive")
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        url.set_query(None);
        if !rest.is_empty() {
            url.query_pairs_mut().extend_pairs(rest);
        }
        match (&*asked, Self::named(&asked)) {
            ("false" | "0", _) => Ok((url, None)),
            (_, Some(kind)) => Ok((url, Some(kind))),
            (_, None) => Err(format!(
                "there is no kind of archive named {asked:?}; there is {}",
                ENDINGS.map(|(name, _)| name).join(", ")
            )),
        }
    }
}

/// Unpacks an archive into a new directory.
pub(super) fn unpack(archive: &Path, kind: Kind, target: &Path) -> io::Result<()> {
    let parent = target.parent().unwrap_or_else(|| Path::new("."));
    let staging = tempfile::tempdir_in(parent)?;
    let dir = staging.path().join("package");
    fs::create_dir(&dir)?;
    let file = BufReader::new(File::open(archive)?);
    match kind {
        Kind::Zip => unpack_zip(file, &dir)?,
        Kind::Tar => unpack_tar(file, &dir)?,
        Kind::TarGz => unpack_tar(MultiGzDecoder::new(file), &dir)?,
        Kind::TarBz2 => unpack_tar(bzip2::read::MultiBzDecoder::new(file), &dir)?,
        Kind::TarXz => unpack_tar(XzReader::new(file, true), &dir)?,
    }
    fs::rename(dir, target)
}

fn unpack_zip(file: BufReader<File>, dir: &Path) -> io::Result<()> {
    let mut zip = zip::ZipArchive::new(file).map_err(io::Error::other)?;
    let mut links = Vec::new();
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(io::Error::other)?;
        let name = entry.name().map_err(io::Error::other)?.into_owned();
        let to = place(dir, Path::new(&name))?;
        let mode = entry.unix_mode().unwrap_or(0o644);
        if entry.is_dir() {
            fs::create_dir_all(&to)?;
        } else if mode & 0o170_000 == 0o120_000 {
            let mut leads_to = String::new();
            entry.by_ref().take(4096).read_to_string(&mut leads_to)?;
            links.push((to, PathBuf::from(leads_to)));
        } else {
            write(&mut entry, mode, &to)?;
        }
    }
    link_all(dir, &links)
}

fn unpack_tar(file: impl Read, dir: &Path) -> io::Result<()> {
    let mut tar = tar::Archive::new(file);
    let mut links = Vec::new();
    for entry in tar.entries()? {
        let mut entry = entry?;
        let name = entry.path()?.into_owned();
        let kind = entry.header().entry_type();
        if kind.is_pax_global_extensions() || kind.is_pax_local_extensions() {
            continue;
        }
        let to = place(dir, &name)?;
        if kind.is_dir() {
            fs::create_dir_all(&to)?;
        } else if kind.is_symlink() {
            let leads_to = entry.link_name()?.unwrap_or_default().into_owned();
            links.push((to, leads_to));
        } else if kind.is_file() {
            let mode = entry.header().mode().unwrap_or(0o644);
            write(&mut entry, mode, &to)?;
        } else {
            return refuse(&name, "is neither a file nor a directory nor a link");
        }
    }
    link_all(dir, &links)
}

/// The place of an entry, which must be below the directory.
fn place(dir: &Path, name: &Path) -> io::Result<PathBuf> {
    let mut to = dir.to_owned();
    for component in name.components() {
        match component {
            Component::CurDir => {}
            Component::Normal(part) => to.push(part),
            _ => return refuse(name, "leads out of the package"),
        }
    }
    Ok(to)
}

fn write(entry: &mut impl Read, mode: u32, to: &Path) -> io::Result<()> {
    if let Some(parent) = to.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = File::create(to)?;
    io::copy(entry, &mut file)?;
    let mode = if mode & 0o111 == 0 { 0o644 } else { 0o755 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Links come last, so that nothing is written through them. They may lead to within the package only: up
/// from where they really are, and then down.
fn link_all(dir: &Path, links: &[(PathBuf, PathBuf)]) -> io::Result<()> {
    let root = dir.canonicalize()?;
    for (at, leads_to) in links {
        let name = at.strip_prefix(dir).unwrap_or(at);
        let parent = name.parent().unwrap_or(Path::new(""));
        fs::create_dir_all(dir.join(parent))?;
        if dir.join(parent).canonicalize()? != root.join(parent) {
            return refuse(name, "is below a link");
        }
        let above = parent.components().count();
        let up = |c: &Component<'_>| matches!(c, Component::ParentDir);
        let ups = leads_to.components().take_while(up).count();
        let mut rest = leads_to.components().skip(ups);
        if ups > above || !rest.all(|c| matches!(c, Component::Normal(_) | Component::CurDir)) {
            return refuse(name, "is a link out of the package");
        }
        symlink(leads_to, at)?;
    }
    Ok(())
}

fn refuse<T>(name: &Path, why: &str) -> io::Result<T> {
    Err(io::Error::other(format!(
        "the archive's entry {:?} {why}",
        name.display().to_string()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_names() {
        for (url, rest, kind) in [
            ("https://h/a.zip", "https://h/a.zip", Some(Kind::Zip)),
            (
                "https://h/a.tar.gz?x=1",
                "https://h/a.tar.gz?x=1",
                Some(Kind::TarGz),
            ),
            (
                "https://h/a?archive=tar.xz&x=1",
                "https://h/a?x=1",
                Some(Kind::TarXz),
            ),
            ("https://h/a.zip?archive=false", "https://h/a.zip", None),
            ("https://h/azip", "https://h/azip", None),
        ] {
            let (got, found) = Kind::told_by(Url::parse(url).unwrap()).unwrap();
            assert_eq!((got.as_str(), found), (rest, kind));
        }
        assert!(Kind::told_by(Url::parse("https://h/a?archive=rar").unwrap()).is_err());
    }

    fn tar(entries: &[(&str, Option<&str>)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, link) in entries {
            let mut header = tar::Header::new_old();
            // The library does not write names that lead out.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_mode(0o644);
            header.set_size(0);
            if let Some(link) = link {
                header.set_entry_type(tar::EntryType::Symlink);
                header.as_old_mut().linkname[..link.len()].copy_from_slice(link.as_bytes());
            }
            header.set_cksum();
            tar.append(&header, io::empty()).unwrap();
        }
        tar.into_inner().unwrap()
    }

    #[test]
    fn hostile_archives_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.tar");
        let unpack_these = |entries: &[(&str, Option<&str>)]| {
            fs::write(&path, tar(entries)).unwrap();
            let out = tempfile::tempdir().unwrap();
            unpack(&path, Kind::Tar, &out.path().join("x"))
        };
        unpack_these(&[("a/b", None), ("l", Some("a/b")), ("a/m", Some("../l"))]).unwrap();
        for entries in [
            &[("../x", None)][..],
            &[("/x", None)],
            &[("l", Some("/etc"))],
            &[("a/l", Some("../../x"))],
            &[("a/b", Some("..")), ("a/b/c", Some("../x"))],
            &[("l", Some(".")), ("m", Some("l/../x"))],
        ] {
            assert!(unpack_these(entries).is_err(), "{entries:?}");
        }
        // Nothing is written through a link.
        assert!(unpack_these(&[("l", Some("a")), ("l/x", None)]).is_err());
    }
}
