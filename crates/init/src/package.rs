//! Provider packages: a program and its files, packed or not.

use diags::{Diagnostic, Diagnostics};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

/// Where a package is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A directory with its files.
    Directory(PathBuf),
    /// A zip archive.
    Archive(PathBuf),
    /// A program alone, and its name in the package.
    Program(PathBuf, String),
    /// At the registry that the provider's address names.
    Registry,
    /// At a network mirror with this URL.
    Mirror(String),
}

impl Location {
    /// Whether the package must be downloaded.
    pub const fn is_remote(&self) -> bool {
        matches!(self, Self::Registry | Self::Mirror(_))
    }
}

/// The system and processor that packages are for: `linux_amd64`.
pub fn platform() -> String {
    let os = match std::env::consts::OS {
        "macos" => "darwin",
        os => os,
    };
    let arch = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        arch => arch,
    };
    format!("{os}_{arch}")
}

/// The program in an unpacked package of a provider type: the first file by name that is called
/// `terraform-provider-TYPE`, alone or with `_…` or `.…` behind it.
pub fn find_executable(dir: &Path, kind: &str) -> Result<PathBuf, Diagnostics> {
    let problem = |why: String| {
        Diagnostics::from(Diagnostic::error(
            "Invalid provider package",
            format!(
                "The package in {} has no program: {why}. Install the provider again with \"init\"; if that does not help, its publisher has to repair the package.",
                dir.display()
            ),
        ))
    };
    let entries = fs::read_dir(dir).map_err(|e| problem(e.to_string()))?;
    let prefix = format!("terraform-provider-{kind}");
    let fits = |name: &str| {
        name.strip_prefix(&prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '.']))
    };
    let mut names: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| fits(name) && !dir.join(name).is_dir())
        .collect();
    names.sort_unstable();
    match names.first() {
        Some(name) => Ok(dir.join(name)),
        None => Err(problem(format!("no file name starts with {prefix}"))),
    }
}

/// Puts a package into `target`, replacing what is there. A package that is a directory is linked
/// to; where that does not work, and for archives, its files are put there. Of a program alone there is
/// a directory with a link to it.
pub(crate) fn install(package: &Location, target: &Path) -> io::Result<()> {
    let parent = target.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent)?;
    match package {
        Location::Directory(source) => {
            let source = std::path::absolute(source)?;
            // A link under another name that then takes the place: the target is never half there.
            let staging = tempfile::tempdir_in(parent)?;
            let link = staging.path().join("link");
            match symlink(&source, &link) {
                Ok(()) => take_place(&link, target),
                Err(_) => {
                    let copy = staging.path().join("copy");
                    copy_directory(&source, &copy)?;
                    take_place(&copy, target)
                }
            }
        }
        Location::Program(program, name) => {
            let staging = tempfile::tempdir_in(parent)?;
            let dir = staging.path().join("package");
            fs::create_dir(&dir)?;
            let link = symlink(std::path::absolute(program)?, dir.join(name));
            link.or_else(|_| fs::copy(program, dir.join(name)).map(drop))?;
            take_place(&dir, target)
        }
        Location::Archive(archive) => {
            let staging = tempfile::tempdir_in(parent)?;
            let dir = staging.path().join("package");
            unpack(archive, &dir)?;
            take_place(&dir, target)
        }
        Location::Registry | Location::Mirror(_) => {
            Err(io::Error::other("the package has not been downloaded"))
        }
    }
}

/// Moves a new package to its place. What was there goes into the staging directory first, so that
/// the place is empty for a moment only, and programs that run from there are not disturbed.
fn take_place(new: &Path, target: &Path) -> io::Result<()> {
    if fs::symlink_metadata(target).is_ok() {
        fs::rename(target, new.with_file_name("old"))?;
    }
    fs::rename(new, target)
}

fn copy_directory(source: &Path, target: &Path) -> io::Result<()> {
    for (name, path) in crate::hash::package_files(source)? {
        let to = target.join(name);
        fs::create_dir_all(to.parent().unwrap_or(target))?;
        fs::copy(path, to)?;
    }
    Ok(())
}

/// Unpacks an archive into a new directory. Entries that would land elsewhere, links and other
/// special files are refused.
fn unpack(archive: &Path, dir: &Path) -> io::Result<()> {
    let mut zip = zip::ZipArchive::new(File::open(archive)?).map_err(io::Error::other)?;
    fs::create_dir_all(dir)?;
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i).map_err(io::Error::other)?;
        let name = entry.name().map_err(io::Error::other)?.into_owned();
        let refuse = |why: &str| {
            Err(io::Error::other(format!(
                "the archive's entry {name:?} {why}"
            )))
        };
        let path = Path::new(&name);
        if name.contains('\\') || !path.components().all(|c| matches!(c, Component::Normal(_))) {
            return refuse("leads out of the package");
        }
        let to = dir.join(path);
        if entry.is_dir() {
            fs::create_dir_all(to)?;
            continue;
        }
        let mode = entry.unix_mode().unwrap_or(0o644);
        if mode & 0o170_000 != 0 && mode & 0o170_000 != 0o100_000 {
            return refuse("is no regular file");
        }
        fs::create_dir_all(to.parent().unwrap_or(dir))?;
        // An entry that is there twice would replace what was checked before.
        let mut file = File::create_new(&to)?;
        io::copy(&mut entry, &mut file)?;
        let program = mode & 0o111 != 0 || name.starts_with("terraform-provider-");
        file.set_permissions(fs::Permissions::from_mode(if program {
            0o755
        } else {
            0o644
        }))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn archive(path: &Path, entries: &[(&str, u32)]) {
        let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
        for (name, mode) in entries {
            let options = SimpleFileOptions::default().unix_permissions(*mode);
            zip.start_file(*name, options).unwrap();
            zip.write_all(name.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
    }

    #[test]
    fn archives_are_unpacked_in_one_step() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.zip");
        archive(
            &path,
            &[("terraform-provider-x_v1", 0o755), ("sub/text", 0o600)],
        );
        let target = dir.path().join("out/x");
        for _ in 0..2 {
            install(&Location::Archive(path.clone()), &target).unwrap();
            assert_eq!(
                fs::read_to_string(target.join("sub/text")).unwrap(),
                "sub/text"
            );
            let program = find_executable(&target, "x").unwrap();
            assert_eq!(
                fs::metadata(program).unwrap().permissions().mode() & 0o777,
                0o755
            );
            assert_eq!(fs::read_dir(dir.path().join("out")).unwrap().count(), 1);
        }
        install(
            &Location::Directory(target.clone()),
            &dir.path().join("out/y"),
        )
        .unwrap();
        assert_eq!(fs::read_link(dir.path().join("out/y")).unwrap(), target);
        // A link is replaced, not what it leads to.
        install(&Location::Archive(path), &dir.path().join("out/y")).unwrap();
        assert!(target.join("sub/text").exists());
        assert!(find_executable(&target, "y").is_err());
    }

    #[test]
    fn hostile_archives_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.zip");
        for name in ["../x", "/x", "a/../../x", "a\\..\\x", "."] {
            archive(&path, &[("ok", 0o644), (name, 0o644)]);
            assert!(
                install(&Location::Archive(path.clone()), &dir.path().join("out")).is_err(),
                "{name}"
            );
            assert!(!dir.path().join("out").exists());
        }
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        zip.add_symlink("link", "/etc", SimpleFileOptions::default())
            .unwrap();
        zip.finish().unwrap();
        assert!(install(&Location::Archive(path.clone()), &dir.path().join("out")).is_err());
        fs::write(&path, "no zip").unwrap();
        assert!(install(&Location::Archive(path), &dir.path().join("out")).is_err());
    }

    #[test]
    fn the_program_is_the_first_that_fits() {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "terraform-provider-xy",
            "terraform-provider-x_v2",
            "terraform-provider-x_v1",
            "LICENSE",
        ] {
            fs::write(dir.path().join(name), "").unwrap();
        }
        let name = |kind| {
            find_executable(dir.path(), kind)
                .unwrap()
                .file_name()
                .unwrap()
                .to_owned()
        };
        assert_eq!(name("x"), "terraform-provider-x_v1");
        assert_eq!(name("xy"), "terraform-provider-xy");
    }
}
