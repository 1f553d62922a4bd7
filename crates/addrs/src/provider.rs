//! Addresses of providers and their configurations.

use crate::Module;
use diags::Diagnostic;
use std::fmt;
use std::sync::Arc;

/// Where a provider comes from: `registry.terraform.io/hashicorp/aws`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Provider {
    /// The registry's host name.
    pub host: Arc<str>,
    /// Who publishes it.
    pub namespace: Arc<str>,
    /// What it is called.
    pub kind: Arc<str>,
}

impl Provider {
    /// The registry used when a source names none.
    pub const DEFAULT_HOST: &'static str = "registry.terraform.io";
    /// The host of providers that are part of the program.
    pub const BUILTIN_HOST: &'static str = "terraform.io";

    /// A provider by its three parts.
    pub fn new(
        host: impl Into<Arc<str>>,
        namespace: impl Into<Arc<str>>,
        kind: impl Into<Arc<str>>,
    ) -> Self {
        Self {
            host: host.into(),
            namespace: namespace.into(),
            kind: kind.into(),
        }
    }

    /// Reads a source address: `aws`, `hashicorp/aws` or `registry.terraform.io/hashicorp/aws`. The error
    /// says what is wrong with it, as whole sentences.
    pub fn parse(source: &str) -> Result<Self, String> {
        Self::parse_source(source).map_err(|problem| problem.detail)
    }

    /// Reads a source address as [`Provider::parse`] does; the error points nowhere yet.
    pub fn parse_source(source: &str) -> Result<Self, Box<Diagnostic>> {
        let fail =
            |summary: &str, detail: String| Err(Box::new(Diagnostic::error(summary, detail)));
        let parts: Vec<&str> = source.split('/').collect();
        let (host, namespace, kind) = match parts.as_slice() {
            [kind] if !kind.is_empty() => (Self::DEFAULT_HOST, "hashicorp", *kind),
            [namespace, kind] => (Self::DEFAULT_HOST, *namespace, *kind),
            [host, namespace, kind] => (*host, *namespace, *kind),
            _ => {
                return fail(
                    "Invalid provider source string",
                    format!(
                        "{source:?} is no source of a provider: that has the form NAMESPACE/NAME or HOST/NAMESPACE/NAME."
                    ),
                );
            }
        };
        let part = |what: &str| {
            format!(
                "The {what} in {source:?} can have only letters, digits and dashes, with no dash at either end."
            )
        };
        if !is_part(kind) {
            return fail("Invalid provider type", part("name"));
        }
        if namespace != "-" && !is_part(namespace) {
            return fail("Invalid provider namespace", part("namespace"));
        }
        if let Some(rest) = kind.strip_prefix("terraform-provider-") {
            let detail = format!(
                "{source:?} is the name of a repository. The provider in it is called {namespace}/{rest}."
            );
            return fail("Invalid provider type", detail);
        }
        let in_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || !host.chars().all(in_host) {
            return fail(
                "Invalid provider source hostname",
                format!("{host:?} in {source:?} is no host name."),
            );
        }
        Ok(Self::new(
            host.to_lowercase(),
            namespace.to_lowercase(),
            kind.to_lowercase(),
        ))
    }

    /// `registry.terraform.io/hashicorp/<kind>`: what a name stands for that no `required_providers`
    /// explains.
    pub fn implied(kind: impl Into<Arc<str>>) -> Self {
        let kind = kind.into();
        if &*kind == "terraform" {
            return Self::builtin();
        }
        Self::new(Self::DEFAULT_HOST, "hashicorp", kind)
    }

    /// `terraform.io/builtin/terraform`.
    pub fn builtin() -> Self {
        Self::new(Self::BUILTIN_HOST, "builtin", "terraform")
    }

    /// Whether it is part of the program.
    pub fn is_builtin(&self) -> bool {
        &*self.host == Self::BUILTIN_HOST && &*self.namespace == "builtin"
    }

    /// As people write it: `hashicorp/aws`, with the host only when it is not the default one.
    pub fn for_display(&self) -> String {
        if &*self.host == Self::DEFAULT_HOST {
            format!("{}/{}", self.namespace, self.kind)
        } else {
            self.to_string()
        }
    }
}

impl fmt::Display for Provider {
    /// `registry.terraform.io/hashicorp/aws`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.host, self.namespace, self.kind)
    }
}

/// Whether a text can be a namespace or name.
fn is_part(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| c.is_alphanumeric() || c == '-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}

/// A provider configuration as a module's blocks name it: `aws`, `aws.west`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalProviderConfig {
    /// The module's local name of the provider.
    pub name: Arc<str>,
    /// The alias.
    pub alias: Option<Arc<str>>,
}

impl fmt::Display for LocalProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.alias
            .as_ref()
            .map_or(Ok(()), |alias| write!(f, ".{alias}"))
    }
}

/// One configuration of a provider: the one that state files name beside each resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderConfig {
    /// The module whose block configures it.
    pub module: Module,
    /// The provider.
    pub provider: Provider,
    /// The alias.
    pub alias: Option<Arc<str>>,
}

impl fmt::Display for ProviderConfig {
    /// `module.x.provider["registry.terraform.io/hashicorp/aws"].west`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_root() {
            write!(f, "{}.", self.module)?;
        }
        write!(f, "provider[\"{}\"]", self.provider)?;
        self.alias
            .as_ref()
            .map_or(Ok(()), |alias| write!(f, ".{alias}"))
    }
}
