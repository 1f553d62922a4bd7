//! Where provider packages come from.

use crate::mirror;
use crate::native::native_provider;
use crate::network::Network;
use crate::network_mirror;
use crate::package::Location;
use crate::registry::Registry;
use addrs::Provider;
use diags::{Diagnostic, Diagnostics};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// One way to get packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Which.
    pub kind: MethodKind,
    /// Only for these providers; empty = for all.
    pub include: Vec<Pattern>,
    /// But not for these.
    pub exclude: Vec<Pattern>,
}

/// The ways to get packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MethodKind {
    /// From a directory.
    FilesystemMirror(PathBuf),
    /// From a server that mirrors registries.
    NetworkMirror(String),
    /// From the registry that the provider's address names.
    Direct,
    /// The programs that come with groma, or those in a directory.
    Native(Option<PathBuf>),
}

impl Method {
    /// A way to get packages of all providers.
    pub const fn new(kind: MethodKind) -> Self {
        Self {
            kind,
            include: Vec::new(),
            exclude: Vec::new(),
        }
    }

    /// Whether it is for a provider.
    pub fn is_for(&self, provider: &Provider) -> bool {
        let any = |patterns: &[Pattern]| patterns.iter().any(|p| p.matches(provider));
        (self.include.is_empty() || any(&self.include)) && !any(&self.exclude)
    }
}

/// Providers by address; `None` = any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    host: Option<String>,
    namespace: Option<String>,
    kind: Option<String>,
}

impl Pattern {
    /// Reads a source address in which `*` stands for any name. The error is a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let (host, namespace, kind) = match parts[..] {
            [kind] => (Provider::DEFAULT_HOST, "hashicorp", kind),
            [namespace, kind] => (Provider::DEFAULT_HOST, namespace, kind),
            [host, namespace, kind] => (host, namespace, kind),
            _ => {
                return Err(format!(
                    "{text:?} must be in the format \"[hostname/][namespace/]name\", and each part may be *."
                ));
            }
        };
        let plain = |part: &str| {
            if part == "*" {
                "x".to_owned()
            } else {
                part.to_owned()
            }
        };
        let example = format!("{}/{}/{}", plain(host), plain(namespace), plain(kind));
        Provider::parse(&example).map_err(|_| {
            format!("{text:?} is not a provider source address with * for some of its parts.")
        })?;
        let narrower = |wide: &str, narrow: &str| wide == "*" && narrow != "*";
        if narrower(host, namespace) || narrower(namespace, kind) {
            return Err(format!("In {text:?}, what follows a * must be * too."));
        }
        let part = |part: &str| (part != "*").then(|| part.to_lowercase());
        Ok(Self {
            host: part(host),
            namespace: part(namespace),
            kind: part(kind),
        })
    }

    fn matches(&self, provider: &Provider) -> bool {
        let fits =
            |pattern: &Option<String>, name: &str| pattern.as_deref().is_none_or(|p| p == name);
        fits(&self.host, &provider.host)
            && fits(&self.namespace, &provider.namespace)
            && fits(&self.kind, &provider.kind)
    }
}

/// The ways to get packages when the CLI configuration says nothing: each of the directories that is
/// there, for what it has; everything else directly.
pub fn implied_methods<P: AsRef<Path>>(dirs: impl IntoIterator<Item = P>) -> Vec<Method> {
    let mut methods = Vec::new();
    let mut local = BTreeSet::new();
    for dir in dirs {
        let found = mirror::providers(dir.as_ref());
        if !found.is_empty() {
            methods.push(Method::new(MethodKind::FilesystemMirror(
                dir.as_ref().to_owned(),
            )));
            local.extend(found);
        }
    }
    let exactly = |provider: Provider| Pattern {
        host: Some(provider.host.to_string()),
        namespace: Some(provider.namespace.to_string()),
        kind: Some(provider.kind.to_string()),
    };
    methods.push(Method {
        exclude: local.into_iter().map(exactly).collect(),
        ..Method::new(MethodKind::Direct)
    });
    methods
}

/// The directories that [`implied_methods`] looks into, in order: below the configuration, in the
/// home directory, and in the system's directories for data.
pub fn implied_dirs(
    configuration: &Path,
    home: Option<&Path>,
    data_home: Option<&Path>,
) -> Vec<PathBuf> {
    let mut dirs = vec![configuration.join("terraform.d/plugins")];
    if let Some(home) = home {
        dirs.push(home.join(".terraform.d/plugins"));
    }
    match (data_home, home) {
        (Some(data), _) => dirs.push(data.join("terraform/plugins")),
        (None, Some(home)) => dirs.push(home.join(".local/share/terraform/plugins")),
        (None, None) => {}
    }
    dirs.push("/usr/local/share/terraform/plugins".into());
    dirs.push("/usr/share/terraform/plugins".into());
    dirs
}

/// The versions of a provider, and where each is.
#[derive(Debug, Default)]
pub(crate) struct Available {
    pub(crate) versions: BTreeMap<Version, Location>,
    /// What registries want to be told.
    pub(crate) warnings: Vec<String>,
}

/// The versions of a provider that the methods offer for a platform. The first method that has a
/// version provides it.
pub(crate) fn available(
    methods: &[Method],
    native_dir: Option<&Path>,
    network: &Network,
    provider: &Provider,
    platform: &str,
) -> Result<Available, Diagnostics> {
    let mut all = Available::default();
    let mut searched = Vec::new();
    let fail = |why: String, searched: &[String]| match searched {
        [] => failure(provider, &format!("{why}.")),
        searched => failure(
            provider,
            &format!(
                "{why}. Nor is there a package for {platform} in {}.",
                searched.join(", ")
            ),
        ),
    };
    for method in methods.iter().filter(|m| m.is_for(provider)) {
        let mut offer = |version, location| {
            all.versions.entry(version).or_insert(location);
        };
        match &method.kind {
            MethodKind::FilesystemMirror(dir) => {
                searched.push(dir.display().to_string());
                let found = mirror::packages(dir, provider, platform).map_err(|e| {
                    failure(
                        provider,
                        &format!(
                            "the directory {} cannot be searched ({e}). Check that it may be read.",
                            dir.display()
                        ),
                    )
                })?;
                for (version, location) in found {
                    offer(version, location);
                }
            }
            MethodKind::Native(dir) => {
                let Some(dir) = dir.as_deref().or(native_dir) else {
                    continue;
                };
                searched.push(dir.display().to_string());
                if let Some(native) =
                    native_provider(dir, provider).map_err(|why| fail(why, &[]))?
                {
                    let name = native.name_in_package();
                    offer(native.version, Location::Program(native.program, name));
                }
            }
            MethodKind::NetworkMirror(url) => {
                let found = network_mirror::versions(network, url, provider);
                let found = found.map(|versions| (versions, Vec::new()));
                remote(found, Location::Mirror(url.clone()), &mut all)
                    .map_err(|why| fail(why, &searched))?;
                searched.push(url.clone());
            }
            MethodKind::Direct => {
                let registry = Registry::of(network, provider);
                let found = registry.and_then(|registry| registry.versions());
                remote(found, Location::Registry, &mut all).map_err(|why| fail(why, &searched))?;
            }
        }
    }
    if !all.versions.is_empty() {
        return Ok(all);
    }
    Err(match &searched[..] {
        [] => failure(
            provider,
            "no installation method is for it. Change the \"include\" and \"exclude\" arguments in the CLI configuration.",
        ),
        searched => failure(
            provider,
            &format!(
                "no package of it was found. There is no package for {} in {}. Check the source address in required_providers, or add the package there.",
                platform,
                searched.join(", ")
            ),
        ),
    })
}

/// Adds what a server offers. One that does not answer does no harm if there is something already: who has a
/// mirror can work without a network.
fn remote(
    found: Result<(Vec<Version>, Vec<String>), String>,
    location: Location,
    all: &mut Available,
) -> Result<(), String> {
    match found {
        Ok((versions, warnings)) => {
            for version in versions {
                all.versions
                    .entry(version)
                    .or_insert_with(|| location.clone());
            }
            all.warnings.extend(warnings);
            Ok(())
        }
        Err(why) if !all.versions.is_empty() => {
            tracing::warn!(why, "only what is on this machine is offered");
            Ok(())
        }
        Err(why) => Err(why),
    }
}

fn failure(provider: &Provider, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to query available provider packages",
        format!(
            "Could not retrieve the list of available versions for provider {}: {why}",
            provider.for_display()
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_addresses() {
        let aws = Provider::implied("aws");
        let other = Provider::new("example.com", "a", "b");
        for (pattern, matches_aws, matches_other) in [
            ("aws", true, false),
            ("hashicorp/*", true, false),
            ("*/*", true, false),
            ("*/*/*", true, true),
            ("example.com/*/*", false, true),
            ("Example.com/a/b", false, true),
        ] {
            let pattern = Pattern::parse(pattern).unwrap();
            assert_eq!(
                (pattern.matches(&aws), pattern.matches(&other)),
                (matches_aws, matches_other)
            );
        }
        for wrong in ["", "a/b/c/d", "*/a/b", "*/a", "x*", "a//b"] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn methods_are_for_what_they_include_and_do_not_exclude() {
        let method = |include: &[&str], exclude: &[&str]| Method {
            kind: MethodKind::Direct,
            include: include.iter().map(|p| Pattern::parse(p).unwrap()).collect(),
            exclude: exclude.iter().map(|p| Pattern::parse(p).unwrap()).collect(),
        };
        let aws = Provider::implied("aws");
        assert!(method(&[], &[]).is_for(&aws));
        assert!(method(&["hashicorp/*"], &["google"]).is_for(&aws));
        assert!(!method(&["hashicorp/*"], &["aws"]).is_for(&aws));
        assert!(!method(&["example.com/*/*"], &[]).is_for(&aws));
    }

    #[test]
    fn implied_directories_serve_what_they_have() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("p/example.com/a/b")).unwrap();
        std::fs::create_dir_all(dir.path().join("empty")).unwrap();
        let methods = implied_methods([
            dir.path().join("empty"),
            dir.path().join("none"),
            dir.path().join("p"),
        ]);
        assert_eq!(methods.len(), 2);
        let b = Provider::new("example.com", "a", "b");
        assert!(methods[0].is_for(&b) && !methods[1].is_for(&b));
        assert!(methods[1].is_for(&Provider::implied("aws")));
        let dirs = implied_dirs(Path::new("."), Some(Path::new("/h")), None);
        assert_eq!(dirs.len(), 5);
    }
}
