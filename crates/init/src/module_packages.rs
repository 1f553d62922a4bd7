//! The packages of modules, each got once in a run however many modules are in it.

use crate::getter;
use crate::http::status_text;
use crate::module_source::{ModuleSource, RegistryModule};
use crate::modules::ModuleOptions;
use crate::network::Service;
use crate::{Constraints, Network};
use semver::Version;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// The answer of a registry that is asked for versions.
#[derive(Debug, Deserialize)]
struct Listed {
    #[serde(default)]
    modules: Vec<Module>,
}

#[derive(Debug, Deserialize)]
struct Module {
    #[serde(default)]
    versions: Vec<Offer>,
}

#[derive(Debug, Deserialize)]
struct Offer {
    version: String,
}

/// What newer registries answer in place of a header.
#[derive(Debug, Deserialize)]
struct Download {
    location: String,
}

/// A problem: its summary, and the rest without a full stop.
type Problem = (&'static str, String);

/// Packages below the directory of modules.
pub(crate) struct Packages<'a> {
    dir: PathBuf,
    network: &'a Network,
    /// Where packages of this run are, and which directory in it their source meant.
    got: BTreeMap<String, (PathBuf, String)>,
    versions: BTreeMap<RegistryModule, Vec<Version>>,
}

impl<'a> Packages<'a> {
    pub(crate) fn new(dir: PathBuf, options: &'a ModuleOptions) -> Self {
        Self {
            dir,
            network: &options.network,
            got: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// The directory for the module with a key.
    pub(crate) fn place(&self, key: &str) -> PathBuf {
        self.dir.join(key)
    }

    /// The newest version of a registry's module that is allowed.
    pub(crate) fn newest(
        &mut self,
        module: &RegistryModule,
        constraints: &Constraints,
    ) -> Result<Version, Problem> {
        if !self.versions.contains_key(module) {
            let versions = self.ask(module)?;
            self.versions.insert(module.clone(), versions);
        }
        let versions = &self.versions[module];
        if let Some(version) = constraints.newest(versions) {
            return Ok(version.clone());
        }
        let mut sorted: Vec<&Version> = versions.iter().collect();
        sorted.sort();
        let newest = sorted.last().map(|v| format!(" (the newest is {v})"));
        Err(match newest {
            None => (
                "Module has no versions",
                format!("the registry has no versions of {module}"),
            ),
            Some(newest) => (
                "Unresolvable module version constraint",
                format!(
                    "there is no available version of {module} which matches the given version constraint {constraints}{newest}"
                ),
            ),
        })
    }

    /// Gets a version of a registry's module. Returns the directory of the module.
    pub(crate) fn get_version(
        &mut self,
        key: &str,
        module: &RegistryModule,
        version: &Version,
        subdir: &str,
    ) -> Result<PathBuf, String> {
        let name = format!("{module} {version}");
        let address = match self.got.get(&name) {
            Some(_) => String::new(),
            None => self.location(module, version)?,
        };
        self.put(key, &name, &address, subdir)
    }

    /// Gets a package. Returns the directory of the module.
    pub(crate) fn get(
        &mut self,
        key: &str,
        package: &str,
        subdir: &str,
    ) -> Result<PathBuf, String> {
        self.put(key, package, package, subdir)
    }

    fn put(
        &mut self,
        key: &str,
        name: &str,
        address: &str,
        subdir: &str,
    ) -> Result<PathBuf, String> {
        let text = |e: io::Error| e.to_string();
        let place = self.place(key);
        remove(&place).map_err(text)?;
        fs::create_dir_all(&self.dir).map_err(text)?;
        let below = match self.got.get(name) {
            Some((there, below)) => {
                copy(there, &place).map_err(text)?;
                below.clone()
            }
            None => {
                let below = getter::get(self.network, address, &place)?;
                self.got
                    .insert(name.to_owned(), (place.clone(), below.clone()));
                below
            }
        };
        let within = getter::find_subdir(&place, &format!("{below}/{subdir}"))?;
        Ok(place.join(within))
    }

    fn service(&self, module: &RegistryModule) -> Result<Service, Problem> {
        match self.network.service(&module.host, "modules.v1") {
            Ok(Some(service)) => Ok(service),
            Ok(None) => Err((
                "Invalid module registry host",
                format!(
                    "the host {} does not provide a module registry",
                    module.host
                ),
            )),
            Err(why) => Err((
                "Error accessing remote module registry",
                format!(
                    "failed to retrieve available versions from {}: {why}",
                    module.host
                ),
            )),
        }
    }

    fn ask(&self, module: &RegistryModule) -> Result<Vec<Version>, Problem> {
        let fail = |why: String| {
            (
                "Error accessing remote module registry",
                format!(
                    "failed to retrieve available versions from {}: {why}",
                    module.host
                ),
            )
        };
        let service = self.service(module)?;
        let url = service.url.join(&format!("{}/versions", module.path()));
        let url = url.map_err(|e| fail(e.to_string()))?;
        let answer = self.network.http().get(&url, service.token.as_ref());
        let answer = answer.map_err(fail)?;
        match answer.status {
            200..=299 => {}
            404 => {
                return Err((
                    "Module not found",
                    format!(
                        "it cannot be found in the module registry at {}",
                        module.host
                    ),
                ));
            }
            401 | 403 => {
                return Err(fail(format!(
                    "{}: log in with \"groma login {}\"",
                    status_text(&url, answer.status),
                    module.host
                )));
            }
            status => return Err(fail(status_text(&url, status))),
        }
        let listed: Listed = serde_json::from_slice(&answer.body).map_err(|e| {
            fail(format!(
                "{url} did not answer as the module registry protocol says: {e}"
            ))
        })?;
        let offers = listed.modules.iter().flat_map(|module| &module.versions);
        let versions =
            offers.filter_map(|o| Version::parse(o.version.trim_start_matches('v')).ok());
        Ok(versions.collect())
    }

    /// The address of a version's package.
    fn location(&self, module: &RegistryModule, version: &Version) -> Result<String, String> {
        let service = self.service(module).map_err(|(_, why)| why)?;
        let path = format!("{}/{version}/download", module.path());
        let url = service.url.join(&path).map_err(|e| e.to_string())?;
        let answer = self.network.http().get_ok(&url, service.token.as_ref())?;
        let told = || serde_json::from_slice(&answer.body).ok();
        let found = answer
            .location
            .clone()
            .or_else(|| told().map(|download: Download| download.location))
            .filter(|location| !location.is_empty());
        let found = found
            .ok_or_else(|| format!("{url} did not say where the package is (X-Terraform-Get)"))?;
        let found = getter::resolve(&answer.url, &found)?;
        // Registries may say it in short.
        Ok(crate::module_source::long(&found).unwrap_or(found))
    }
}

/// Copies a module from where it is published into a directory: `init -from-module`. The source of a local
/// module is relative to the working directory. The error is what went wrong, without a full stop.
pub fn copy_module(
    source: &str,
    data_dir: &Path,
    options: &ModuleOptions,
    to: &Path,
) -> Result<(), String> {
    let text = |e: io::Error| e.to_string();
    let mut packages = Packages::new(data_dir.join("modules"), options);
    let key = "_root";
    let found = match ModuleSource::parse(source)? {
        ModuleSource::Local => PathBuf::from(source),
        ModuleSource::Registry(module, subdir) => {
            let version = packages.newest(&module, &Constraints::default());
            let version = version.map_err(|(_, why)| why)?;
            packages.get_version(key, &module, &version, &subdir)?
        }
        ModuleSource::Remote(package, subdir) => packages.get(key, &package, &subdir)?,
    };
    let from = found.canonicalize().map_err(text)?;
    copy(&from, to).map_err(text)?;
    remove(&packages.place(key)).map_err(text)
}

/// Removes what is at a place: a link, or a directory with all that is in it.
fn remove(place: &Path) -> io::Result<()> {
    match fs::symlink_metadata(place) {
        Ok(data) if data.is_dir() => fs::remove_dir_all(place),
        Ok(_) => fs::remove_file(place),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(e),
    }
}

/// Copies a package without the history that git keeps in it.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if let Ok(leads_to) = fs::read_link(from) {
        return symlink(leads_to, to);
    }
    let inside = walkdir::WalkDir::new(from).into_iter();
    for entry in inside.filter_entry(|entry| entry.file_name() != ".git") {
        let entry = entry.map_err(io::Error::other)?;
        let below = entry.path().strip_prefix(from).map_err(io::Error::other)?;
        let target = to.join(below);
        let kind = entry.file_type();
        if kind.is_dir() {
            fs::create_dir_all(&target)?;
        } else if kind.is_symlink() {
            symlink(fs::read_link(entry.path())?, target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
