//! The CLI configuration file (`.terraformrc`, `TF_CLI_CONFIG_FILE`): how providers are installed,
//! where they are cached, and credentials.

mod dev_overrides;
mod hosts;
mod spread;

use crate::lock_file::{string, value};
use crate::sources::{Method, MethodKind, Pattern};
use addrs::Provider;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use hcl::{Attribute, AttributeSchema, Block, BlockSchema, Body, BodySchema};
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// What a CLI configuration file says.
#[derive(Clone, Debug, Default)]
pub struct CliConfig {
    /// How providers are installed, in order; `None` = nothing said, see
    /// [`implied_methods`](crate::implied_methods).
    pub methods: Option<Vec<Method>>,
    /// Providers that are run from a directory, whatever is locked.
    pub dev_overrides: BTreeMap<Provider, PathBuf>,
    /// Where packages are kept for all configurations.
    pub plugin_cache_dir: Option<PathBuf>,
    /// Whether a cached package may be used though the lock file does not know it yet.
    pub plugin_cache_may_break_dependency_lock_file: bool,
    /// Whether asking for newer versions of the program is off.
    pub disable_checkpoint: bool,
    /// Tokens, by host.
    pub credentials: BTreeMap<String, Token>,
    /// The name of the program that keeps tokens, and what it is told.
    pub credentials_helper: Option<(String, Vec<String>)>,
    /// Services of hosts that are not asked for them.
    pub services: BTreeMap<String, BTreeMap<String, String>>,
    /// The host that is asked in place of `registry.terraform.io`: `default_registry`, which only groma
    /// knows.
    pub default_registry: Option<String>,
}

/// A secret that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(pub String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

impl CliConfig {
    /// Reads a CLI configuration file. `$NAME` and `${NAME}` in `plugin_cache_dir` are looked up with
    /// `env`. Settings that are not known are passed over, as Terraform does.
    pub fn parse(
        file_name: &str,
        text: &str,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> (Self, Diagnostics) {
        let json = file_name.ends_with(".json");
        let text = dev_overrides::as_argument(text);
        let (mut body, mut diags) = if json {
            hcl::parse_json(file_name, &text)
        } else {
            hcl::parse(file_name, &text)
        };
        if diags.has_errors() && !json {
            let (spread, problems) = hcl::parse(file_name, &spread::on_lines(&text));
            if !problems.has_errors() {
                (body, diags) = (spread, problems);
            }
        }
        let schema = schema(
            &[
                "plugin_cache_dir",
                "plugin_cache_may_break_dependency_lock_file",
                "disable_checkpoint",
                "default_registry",
            ],
            &[
                ("provider_installation", 0),
                ("credentials", 1),
                ("credentials_helper", 1),
                ("host", 1),
            ],
        );
        let (content, _, problems) = body.partial_content(&schema);
        diags.append(problems);
        let mut config = Self::default();
        for attribute in &content.attributes {
            let place = match &*attribute.name {
                "plugin_cache_dir" => {
                    let dir = string(attribute, "a directory", &mut diags);
                    config.plugin_cache_dir = dir.map(|dir| expand(&dir, env).into());
                    continue;
                }
                "default_registry" => {
                    let host = string(attribute, "the name of a host", &mut diags);
                    config.default_registry = host.map(|host| host.to_lowercase());
                    continue;
                }
                "disable_checkpoint" => &mut config.disable_checkpoint,
                _ => &mut config.plugin_cache_may_break_dependency_lock_file,
            };
            match value(attribute, &mut diags).map(|v| v.as_bool()) {
                Some(Some(on)) => *place = on,
                Some(None) => diags.push(wrong(attribute, "true or false")),
                None => {}
            }
        }
        for block in &content.blocks {
            if &*block.kind == "credentials" {
                config.credentials(block, &mut diags);
            } else if &*block.kind == "credentials_helper" {
                config.helper(block, &mut diags);
            } else if &*block.kind == "host" {
                config.host(block, &mut diags);
            } else if config.methods.is_some() {
                diags.push(
                    Diagnostic::error(
                        "Invalid provider_installation block",
                        "There is a provider_installation block already. Put all installation methods in one.",
                    )
                    .at(block.def_range.clone()),
                );
            } else {
                config.installation(&block.body, &mut diags);
            }
        }
        (config, diags)
    }

    fn installation(&mut self, body: &Body, diags: &mut Diagnostics) {
        let schema = schema(
            &["dev_overrides"],
            &[
                ("filesystem_mirror", 0),
                ("network_mirror", 0),
                ("direct", 0),
                ("native", 0),
            ],
        );
        let (content, problems) = body.content(&schema);
        diags.append(problems);
        if let Some(attribute) = content.attribute("dev_overrides") {
            self.dev_overrides(attribute, diags);
        }
        let mut methods = Vec::new();
        for block in &content.blocks {
            methods.extend(method(block, diags));
        }
        self.methods = Some(methods);
    }

    fn dev_overrides(&mut self, attribute: &Attribute, diags: &mut Diagnostics) {
        let Some(value) = value(attribute, diags) else {
            return;
        };
        for (name, path) in value.elements() {
            let (Some(name), Some(path)) = (name.as_str(), path.as_str()) else {
                diags.push(wrong(attribute, "directories by provider source addresses"));
                return;
            };
            match Provider::parse(name) {
                Ok(provider) => {
                    self.dev_overrides.insert(provider, PathBuf::from(&**path));
                }
                Err(why) => diags.push(
                    Diagnostic::error("Invalid provider development override", why)
                        .at(attribute.range.clone()),
                ),
            }
        }
    }
}

fn method(block: &Block, diags: &mut Diagnostics) -> Option<Method> {
    let (place, what) = match &*block.kind {
        "filesystem_mirror" => ("path", "a directory"),
        "network_mirror" => ("url", "a URL"),
        "native" => ("path", "a directory"),
        _ => ("", ""),
    };
    let names: Vec<&str> = [place, "include", "exclude"]
        .into_iter()
        .filter(|n| !n.is_empty())
        .collect();
    let (content, problems) = block.body.content(&schema(&names, &[]));
    let mut broken = problems.has_errors();
    diags.append(problems);
    let mut patterns = |name: &str| -> Vec<Pattern> {
        let Some(attribute) = content.attribute(name) else {
            return Vec::new();
        };
        let Some(list) = value(attribute, diags) else {
            broken = true;
            return Vec::new();
        };
        let texts: Option<Vec<_>> = list
            .as_slice()
            .and_then(|items| items.iter().map(Value::as_str).collect());
        let Some(texts) = texts else {
            broken = true;
            diags.push(wrong(
                attribute,
                "a list of provider source addresses, in which * stands for any",
            ));
            return Vec::new();
        };
        let mut patterns = Vec::new();
        for text in texts {
            match Pattern::parse(text) {
                Ok(pattern) => patterns.push(pattern),
                Err(why) => {
                    broken = true;
                    diags.push(
                        Diagnostic::error("Invalid provider source address pattern", why)
                            .at(attribute.expr.range.clone()),
                    );
                }
            }
        }
        patterns
    };
    let (include, exclude) = (patterns("include"), patterns("exclude"));
    let kind = if place.is_empty() {
        MethodKind::Direct
    } else if let Some(attribute) = content.attribute(place) {
        let text = string(attribute, what, diags)?;
        match &*block.kind {
            "network_mirror" => MethodKind::NetworkMirror(text.to_string()),
            "native" => MethodKind::Native(Some(PathBuf::from(&*text))),
            _ => MethodKind::FilesystemMirror(PathBuf::from(&*text)),
        }
    } else if &*block.kind == "native" {
        MethodKind::Native(None)
    } else {
        diags.push(
            Diagnostic::error(
                "Invalid provider installation method",
                format!(
                    "A {} block needs the argument \"{place}\": {what}.",
                    block.kind
                ),
            )
            .at(block.def_range.clone()),
        );
        return None;
    };
    (!broken).then_some(Method {
        kind,
        include,
        exclude,
    })
}

fn schema(attributes: &[&str], blocks: &[(&str, usize)]) -> BodySchema {
    BodySchema {
        attributes: attributes
            .iter()
            .map(|name| AttributeSchema {
                name: (*name).into(),
                required: false,
            })
            .collect(),
        blocks: blocks
            .iter()
            .map(|(kind, labels)| BlockSchema {
                kind: (*kind).into(),
                labels: vec!["host".into(); *labels],
            })
            .collect(),
    }
}

fn wrong(attribute: &Attribute, what: &str) -> Diagnostic {
    Diagnostic::error(
        "Invalid argument value",
        format!("The argument \"{}\" must be {what}.", attribute.name),
    )
    .at(attribute.expr.range.clone())
}

/// The text with `$NAME` and `${NAME}` replaced; what is not set becomes nothing.
fn expand(text: &str, env: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let braced = after.strip_prefix('{').and_then(|a| a.split_once('}'));
        let (name, after) = braced.unwrap_or_else(|| {
            let end = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            after.split_at(end.unwrap_or(after.len()))
        });
        out.push_str(&env(name).unwrap_or_default());
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    fn parse(text: &str) -> (CliConfig, String) {
        let env = |name: &str| (name == "HOME").then(|| "/home/me".to_owned());
        let (config, diags) = CliConfig::parse("rc", text, &env);
        let lines = diags.iter().map(|d| {
            format!(
                "{} {}: {}\n",
                d.subject.as_ref().unwrap(),
                d.summary,
                d.detail
            )
        });
        let lines = lines.collect();
        (config, lines)
    }

    #[test]
    fn blocks_may_stand_on_one_line() {
        let (config, problems) = parse(
            "provider_installation { filesystem_mirror { path = \"/m\" } }\ncredentials \"a.b\" { token = \"{\" }\n",
        );
        assert_eq!(problems, "");
        let mirror = MethodKind::FilesystemMirror("/m".into());
        assert_eq!(config.methods, Some(vec![Method::new(mirror)]));
        assert_eq!(config.credentials["a.b"], Token("{".into()));
    }

    #[test]
    fn everything_is_read() {
        let (config, problems) = parse(
            r#"
plugin_cache_dir   = "$HOME/cache/$${HOME}$NONE-x"
disable_checkpoint = true
unknown            = [1]
unknown_block "x" {}
credentials "App.terraform.io" {
  token = "secret"
}
provider_installation {
  # dev_overrides { in a comment
  dev_overrides {
    "hashicorp/aws"  = "/dev/aws"
    "example.com/a/b" = "b"
  }
  filesystem_mirror {
    path    = "/mirror"
    include = ["example.com/*/*", "hashicorp/*"]
  }
  network_mirror {
    url = "https://mirror/"
  }
  native {
    include = ["hashicorp/google"]
  }
  native {
    path = "/opt/groma"
  }
  direct {
    exclude = ["*/*/*", "aws"]
  }
}
"#,
        );
        assert_eq!(problems, "");
        expect![[r#"
            CliConfig {
                methods: Some(
                    [
                        Method {
                            kind: FilesystemMirror(
                                "/mirror",
                            ),
                            include: [
                                Pattern {
                                    host: Some(
                                        "example.com",
                                    ),
                                    namespace: None,
                                    kind: None,
                                },
                                Pattern {
                                    host: Some(
                                        "registry.terraform.io",
                                    ),
                                    namespace: Some(
                                        "hashicorp",
                                    ),
                                    kind: None,
                                },
                            ],
                            exclude: [],
                        },
                        Method {
                            kind: NetworkMirror(
                                "https://mirror/",
                            ),
                            include: [],
                            exclude: [],
                        },
                        Method {
                            kind: Native(
                                None,
                            ),
                            include: [
                                Pattern {
                                    host: Some(
                                        "registry.terraform.io",
                                    ),
                                    namespace: Some(
                                        "hashicorp",
                                    ),
                                    kind: Some(
                                        "google",
                                    ),
                                },
                            ],
                            exclude: [],
                        },
                        Method {
                            kind: Native(
                                Some(
                                    "/opt/groma",
                                ),
                            ),
                            include: [],
                            exclude: [],
                        },
                        Method {
                            kind: Direct,
                            include: [],
                            exclude: [
                                Pattern {
                                    host: None,
                                    namespace: None,
                                    kind: None,
                                },
                                Pattern {
                                    host: Some(
                                        "registry.terraform.io",
                                    ),
                                    namespace: Some(
                                        "hashicorp",
                                    ),
                                    kind: Some(
                                        "aws",
                                    ),
                                },
                            ],
                        },
                    ],
                ),
                dev_overrides: {
                    Provider {
                        host: "example.com",
                        namespace: "a",
                        kind: "b",
                    }: "b",
                    Provider {
                        host: "registry.terraform.io",
                        namespace: "hashicorp",
                        kind: "aws",
                    }: "/dev/aws",
                },
                plugin_cache_dir: Some(
                    "/home/me/cache//home/me-x",
                ),
                plugin_cache_may_break_dependency_lock_file: false,
                disable_checkpoint: true,
                credentials: {
                    "app.terraform.io": (sensitive),
                },
                credentials_helper: None,
                services: {},
                default_registry: None,
            }
        "#]]
        .assert_debug_eq(&config);
    }

    #[test]
    fn what_is_wrong_is_reported() {
        let (config, problems) = parse(
            r#"
plugin_cache_dir = 1
disable_checkpoint = "x"
provider_installation {
  filesystem_mirror {
  }
  network_mirror {
    path = "x"
  }
  direct {
    include = ["a/b/c/d", "*", "*/a/b", "x*"]
    exclude = "x"
  }
  other {
  }
  dev_overrides = { "a/b/c/d" = "x" }
}
provider_installation {
}
"#,
        );
        assert_eq!(config.methods.unwrap().len(), 0);
        expect![[r#"
            rc:2,20-21 Invalid argument value: The argument "plugin_cache_dir" must be a directory, as a string.
            rc:3,22-25 Invalid argument value: The argument "disable_checkpoint" must be true or false.
            rc:14,3-8 Unsupported block type: Blocks of type "other" are not expected here.
            rc:16,3-38 Invalid provider development override: "a/b/c/d" is no source of a provider: that has the form NAMESPACE/NAME or HOST/NAMESPACE/NAME.
            rc:5,3-20 Invalid provider installation method: A filesystem_mirror block needs the argument "path": a directory.
            rc:8,5-9 Unsupported argument: An argument named "path" is not expected here.
            rc:7,3-17 Invalid provider installation method: A network_mirror block needs the argument "url": a URL.
            rc:11,15-46 Invalid provider source address pattern: "a/b/c/d" must be in the format "[hostname/][namespace/]name", and each part may be *.
            rc:11,15-46 Invalid provider source address pattern: In "*/a/b", what follows a * must be * too.
            rc:11,15-46 Invalid provider source address pattern: "x*" is not a provider source address with * for some of its parts.
            rc:12,15-18 Invalid argument value: The argument "exclude" must be a list of provider source addresses, in which * stands for any.
            rc:18,1-22 Invalid provider_installation block: There is a provider_installation block already. Put all installation methods in one.
        "#]].assert_eq(&problems);
    }

    #[test]
    fn paths_are_expanded() {
        let env = |name: &str| (name == "A").then(|| "a".to_owned());
        for (text, expected) in [
            ("$A/$B/${A}x$", "a//ax"),
            ("x", "x"),
            ("${A", "{A"),
            ("$A$A", "aa"),
        ] {
            assert_eq!(expand(text, &env), expected);
        }
    }
}
