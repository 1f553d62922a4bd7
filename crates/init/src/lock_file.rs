//! The dependency lock file, `.terraform.lock.hcl`: which providers a configuration uses, in which
//! version, and what their packages hash to.

use crate::Constraints;
use addrs::Provider;
use cty::Value;
use diags::{Diagnostic, Diagnostics, SourceRange};
use hcl::{Attribute, Body, BodySchema, Env, MapScope};
use semver::Version;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

/// The name of the file, beside the configuration.
pub const LOCK_FILE: &str = ".terraform.lock.hcl";

/// What a lock file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockFile {
    /// The selected providers.
    pub providers: BTreeMap<Provider, Locked>,
}

/// A selected provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locked {
    /// The version.
    pub version: Version,
    /// The constraints it was selected by.
    pub constraints: Constraints,
    /// Hashes of its packages, of all platforms; one of them must be met.
    pub hashes: BTreeSet<String>,
}

impl Locked {
    /// Whether a package with this hash is one of the locked ones. `None` = no hash of this scheme
    /// is locked, so nothing can be told.
    pub fn matches(&self, hash: &str) -> Option<bool> {
        let scheme = hash.split_once(':').map_or(hash, |(scheme, _)| scheme);
        let comparable = |h: &&String| h.split_once(':').is_some_and(|(s, _)| s == scheme);
        self.hashes
            .iter()
            .any(|h| comparable(&h))
            .then(|| self.hashes.contains(hash))
    }
}

impl LockFile {
    /// Reads a lock file. Entries that are wrong are reported and left out.
    pub fn parse(file_name: &str, text: &str) -> (Self, Diagnostics) {
        let (body, mut diags) = hcl::parse(file_name, text);
        let schema = BodySchema {
            attributes: Vec::new(),
            blocks: [("provider", vec!["source_addr"]), ("module", vec!["path"])]
                .map(|(kind, labels)| hcl::BlockSchema {
                    kind: kind.into(),
                    labels: labels.into_iter().map(Into::into).collect(),
                })
                .into(),
        };
        let (content, problems) = body.content(&schema);
        diags.append(problems);
        let mut providers = BTreeMap::new();
        let mut seen: BTreeMap<Provider, SourceRange> = BTreeMap::new();
        for block in &content.blocks {
            let Some(label) = block.labels.first().filter(|_| &*block.kind == "provider") else {
                diags.push(
                    Diagnostic::warning(
                        "Dependency locks for modules are not yet supported",
                        "The lock file only holds provider packages. A newer program may have written this; it is ignored.",
                    )
                    .at(block.kind_range.clone()),
                );
                continue;
            };
            let provider = match Provider::parse(&label.value) {
                Ok(provider) if *provider.to_string() == *label.value => provider,
                Ok(provider) => {
                    let detail = format!(
                        "The provider source address must be written in full: \"{provider}\"."
                    );
                    diags.push(
                        Diagnostic::error("Non-normalized provider source address", detail)
                            .at(label.range.clone()),
                    );
                    continue;
                }
                Err(why) => {
                    diags.push(
                        Diagnostic::error("Invalid provider source address", why)
                            .at(label.range.clone()),
                    );
                    continue;
                }
            };
            if let Some(first) = seen.insert(provider.clone(), block.def_range.clone()) {
                let detail = format!(
                    "The lock for {provider} is already at {first}. Remove one of the two."
                );
                diags.push(
                    Diagnostic::error("Duplicate provider lock", detail)
                        .at(block.def_range.clone()),
                );
                continue;
            }
            if let Some(locked) = locked(&block.body, &mut diags) {
                providers.insert(provider, locked);
            }
        }
        (Self { providers }, diags)
    }

    /// The text of the file, as Terraform writes it.
    pub fn write(&self) -> String {
        let mut text = String::from(
            "# This file is maintained automatically by \"terraform init\".\n# Manual edits may be lost in future updates.\n",
        );
        for (provider, locked) in &self.providers {
            // Writing to a string cannot fail.
            let _ = write!(text, "\nprovider \"{provider}\" {{\n");
            if locked.constraints.is_empty() {
                let _ = writeln!(text, "  version = \"{}\"", locked.version);
            } else {
                let _ = writeln!(text, "  version     = \"{}\"", locked.version);
                let _ = writeln!(text, "  constraints = \"{}\"", locked.constraints);
            }
            if !locked.hashes.is_empty() {
                text.push_str("  hashes = [\n");
                for hash in &locked.hashes {
                    let _ = writeln!(text, "    \"{hash}\",");
                }
                text.push_str("  ]\n");
            }
            text.push_str("}\n");
        }
        text
    }
}

fn locked(body: &Body, diags: &mut Diagnostics) -> Option<Locked> {
    let schema = BodySchema {
        attributes: [("version", true), ("constraints", false), ("hashes", false)]
            .map(|(name, required)| hcl::AttributeSchema {
                name: name.into(),
                required,
            })
            .into(),
        blocks: Vec::new(),
    };
    let (content, problems) = body.content(&schema);
    let broken = problems.has_errors();
    diags.append(problems);
    let version = content.attribute("version").and_then(|attribute| {
        let text = string(attribute, "a version number", diags)?;
        match Version::parse(&text) {
            Ok(version) if version.to_string() == *text => Some(version),
            _ => {
                let detail = format!("The selected version {text:?} is not valid: it must be three numbers, as in \"1.2.3\", with a prerelease if there is one.");
                diags.push(Diagnostic::error("Invalid provider version number", detail).at(attribute.expr.range.clone()));
                None
            }
        }
    });
    let constraints = content.attribute("constraints").and_then(|attribute| {
        let text = string(attribute, "version constraints", diags)?;
        match Constraints::parse(&text) {
            Ok(constraints) => Some(constraints),
            Err(why) => {
                diags.push(
                    Diagnostic::error("Invalid provider version constraints", why)
                        .at(attribute.expr.range.clone()),
                );
                None
            }
        }
    });
    let mut hashes = BTreeSet::new();
    if let Some(attribute) = content.attribute("hashes") {
        let value = value(attribute, diags)?;
        let strings = value
            .as_slice()
            .map(|items| items.iter().map(Value::as_str));
        match strings.and_then(|items| items.collect::<Option<Vec<_>>>()) {
            Some(items) if items.iter().all(|h| h.contains(':')) && !items.is_empty() => {
                hashes = items.into_iter().map(|h| h.to_string()).collect();
            }
            _ => {
                diags.push(
                    Diagnostic::error(
                        "Invalid provider hash set",
                        "The \"hashes\" argument must be a list of hashes, each with its scheme, as in [\"h1:…\"]. Leave it out if there is none.",
                    )
                    .at(attribute.expr.range.clone()),
                );
            }
        }
    }
    (!broken).then_some(())?;
    Some(Locked {
        version: version?,
        constraints: constraints.unwrap_or_default(),
        hashes,
    })
}

/// The value of an argument that refers to nothing.
pub(crate) fn value(attribute: &Attribute, diags: &mut Diagnostics) -> Option<Value> {
    let scope = MapScope::default();
    attribute
        .expr
        .evaluate(&Env::new(&scope))
        .map_err(|problems| diags.append(problems))
        .ok()
}

/// The string that an argument must be.
pub(crate) fn string(
    attribute: &Attribute,
    what: &str,
    diags: &mut Diagnostics,
) -> Option<Arc<str>> {
    let value = value(attribute, diags)?;
    if value.as_str().is_none() {
        diags.push(
            Diagnostic::error(
                "Invalid argument value",
                format!(
                    "The argument \"{}\" must be {what}, as a string.",
                    attribute.name
                ),
            )
            .at(attribute.expr.range.clone()),
        );
    }
    value.as_str().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    /// What Terraform 1.11.4 wrote.
    const TEXT: &str = r#"# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.0.0, ~> 5.1, != 5.2.0, < 6.0.0-beta"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
    "zh:00",
  ]
}

provider "registry.terraform.io/hashicorp/null" {
  version = "3.2.0-beta"
}
"#;

    #[test]
    fn a_file_comes_out_as_it_went_in() {
        let (file, diags) = LockFile::parse(LOCK_FILE, TEXT);
        assert_eq!(diags, Diagnostics::new());
        assert_eq!(file.write(), TEXT);
        let aws = &file.providers[&Provider::implied("aws")];
        assert_eq!(aws.matches("h1:x"), Some(false));
        assert_eq!(aws.matches("zh:00"), Some(true));
        assert_eq!(aws.matches("h2:00"), None);
        assert_eq!(LockFile::parse(LOCK_FILE, "").0, LockFile::default());
    }

    fn check(text: &str, expected: Expect) {
        let (_, diags) = LockFile::parse("l", text);
        let lines: Vec<_> = diags
            .iter()
            .map(|d| {
                format!(
                    "{} {}: {}\n",
                    d.subject.as_ref().unwrap(),
                    d.summary,
                    d.detail
                )
            })
            .collect();
        expected.assert_eq(&lines.concat());
    }

    #[test]
    fn what_is_wrong_is_reported() {
        check(
            "provider \"aws\" {\n  version = \"1.0.0\"\n}\nmodule \"x\" {}\nprovider \"a/b/c/d\" {\n}\nprovider \"registry.terraform.io/a/b\" {\n  version = \"1.0\"\n  constraints = 1\n  hashes = []\n}\nprovider \"registry.terraform.io/a/b\" {\n}\nprovider \"registry.terraform.io/a/c\" {\n hashes = [x]\n}\nprovider \"registry.terraform.io/a/d\" {\n version = \"1.0.0\"\n constraints = \"x\"\n hashes = [\"x\"]\n foo = 1\n}\n",
            expect![[r#"
                l:1,10-15 Non-normalized provider source address: The provider source address must be written in full: "registry.terraform.io/hashicorp/aws".
                l:4,1-7 Dependency locks for modules are not yet supported: The lock file only holds provider packages. A newer program may have written this; it is ignored.
                l:5,10-19 Invalid provider source address: "a/b/c/d" is no source of a provider: that has the form NAMESPACE/NAME or HOST/NAMESPACE/NAME.
                l:8,13-18 Invalid provider version number: The selected version "1.0" is not valid: it must be three numbers, as in "1.2.3", with a prerelease if there is one.
                l:9,17-18 Invalid argument value: The argument "constraints" must be version constraints, as a string.
                l:10,12-14 Invalid provider hash set: The "hashes" argument must be a list of hashes, each with its scheme, as in ["h1:…"]. Leave it out if there is none.
                l:12,1-37 Duplicate provider lock: The lock for registry.terraform.io/a/b is already at l:7,1-37. Remove one of the two.
                l:14,38-39 Missing required argument: The argument "version" is required, but no definition was found.
                l:15,12-13 Unknown variable: There is no variable named "x".
                l:21,2-5 Unsupported argument: An argument named "foo" is not expected here.
                l:19,16-19 Invalid provider version constraints: The constraint "x" is not valid: a version is numbers with dots between them, after one of =, !=, >, >=, <, <=, ~> or nothing; several constraints are separated by commas.
                l:20,11-16 Invalid provider hash set: The "hashes" argument must be a list of hashes, each with its scheme, as in ["h1:…"]. Leave it out if there is none.
            "#]],
        );
    }
}
