//! Reading addresses as state files, journals and command lines hold them.
//!
//! Errors are the end of a sentence: the reader of the file says where the address stands.

use crate::{
    AbsResourceInstance, ConfigResource, InstanceKey, Mode, Module, ModuleInstance, ModuleStep,
    Provider, ProviderConfig, Resource,
};
use std::sync::Arc;

/// How deep modules may be nested: far deeper than anyone does, and no danger.
const MAX_MODULES: usize = 200;

/// Reads `module.a[0].module.b["k"]`; nothing is the root.
pub fn parse_module_instance(text: &str) -> Result<ModuleInstance, String> {
    let mut cursor = Cursor(text);
    let module = cursor.module_steps(true)?;
    cursor.end()?;
    Ok(ModuleInstance(module.into()))
}

/// Reads `module.a.data.aws_vpc.main`: an address without keys.
pub fn parse_config_resource(text: &str) -> Result<ConfigResource, String> {
    let mut cursor = Cursor(text);
    let steps = cursor.module_steps(false)?;
    let resource = cursor.resource()?;
    cursor.end()?;
    Ok(ConfigResource {
        module: Module(steps.into_iter().map(|s| s.name).collect()),
        resource,
    })
}

/// Reads `module.a[0].aws_vpc.main["k"]`.
pub fn parse_resource_instance(text: &str) -> Result<AbsResourceInstance, String> {
    let mut cursor = Cursor(text);
    let module = cursor.module_steps(true)?;
    let resource = cursor.resource()?;
    let key = cursor.key()?;
    cursor.end()?;
    Ok(AbsResourceInstance {
        module: ModuleInstance(module.into()),
        resource,
        key,
    })
}

/// Reads `module.x.provider["registry.terraform.io/hashicorp/aws"].west`, and `provider.aws.west`
/// as Terraform 0.12 wrote it.
pub fn parse_provider_config(text: &str) -> Result<ProviderConfig, String> {
    let mut cursor = Cursor(text);
    let module = Module(
        cursor
            .module_steps(false)?
            .into_iter()
            .map(|s| s.name)
            .collect(),
    );
    if !cursor.eat("provider") {
        return Err(format!("expected `provider` at {:?}", cursor.0));
    }
    let provider = if cursor.eat(".") {
        Provider::new(Provider::DEFAULT_HOST, "-", cursor.name()?)
    } else {
        match cursor.key()? {
            InstanceKey::Str(source) => parse_provider(&source)?,
            _ => return Err("expected a provider's source address in `[\"…\"]`".into()),
        }
    };
    let alias = if cursor.eat(".") {
        Some(cursor.name()?.into())
    } else {
        None
    };
    cursor.end()?;
    Ok(ProviderConfig {
        module,
        provider,
        alias,
    })
}

/// Takes the module steps from the front of an address of any kind: the module and what is left.
pub fn split_module(text: &str) -> Result<(ModuleInstance, &str), String> {
    let mut cursor = Cursor(text);
    let module = cursor.module_steps(true)?;
    Ok((ModuleInstance(module.into()), cursor.0))
}

fn parse_provider(source: &str) -> Result<Provider, String> {
    let parts: Vec<&str> = source.split('/').collect();
    match parts[..] {
        [host, namespace, kind] if parts.iter().all(|p| !p.is_empty()) => {
            Ok(Provider::new(host, namespace, kind))
        }
        _ => Err(format!(
            "the provider address {source:?} needs three parts: host/namespace/type"
        )),
    }
}

/// The part of an address that is still to be read.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn eat(&mut self, prefix: &str) -> bool {
        match self.0.strip_prefix(prefix) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn end(&self) -> Result<(), String> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(format!("unexpected {:?} at the end", self.0))
        }
    }

    fn name(&mut self) -> Result<&'a str, String> {
        let len = self
            .0
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(self.0.len());
        if len == 0 {
            return Err(format!("expected a name at {:?}", self.0));
        }
        let (name, rest) = self.0.split_at(len);
        self.0 = rest;
        Ok(name)
    }

    /// All `module.name[key]`, with the dot that follows if something follows.
    fn module_steps(&mut self, keys: bool) -> Result<Vec<ModuleStep>, String> {
        let mut steps = Vec::new();
        while self.eat("module.") {
            let name = self.name()?.into();
            let key = if keys { self.key()? } else { InstanceKey::None };
            steps.push(ModuleStep { name, key });
            if steps.len() > MAX_MODULES {
                return Err(format!("it has more than {MAX_MODULES} module steps"));
            }
            if !self.0.is_empty() && !self.eat(".") {
                return Err(format!("expected `.` at {:?}", self.0));
            }
        }
        Ok(steps)
    }

    fn resource(&mut self) -> Result<Resource, String> {
        let mode = if self.eat("data.") {
            Mode::Data
        } else if self.eat("ephemeral.") {
            Mode::Ephemeral
        } else {
            Mode::Managed
        };
        let kind: Arc<str> = self.name()?.into();
        if !self.eat(".") {
            return Err(format!("expected `.` and a name after {kind:?}"));
        }
        let name = self.name()?.into();
        Ok(Resource { mode, kind, name })
    }

    fn key(&mut self) -> Result<InstanceKey, String> {
        if !self.eat("[") {
            return Ok(InstanceKey::None);
        }
        let key =
            if self.eat("\"") {
                InstanceKey::Str(self.quoted()?.into())
            } else {
                let len = self.0.find(']').unwrap_or(self.0.len());
                let (digits, rest) = self.0.split_at(len);
                self.0 = rest;
                InstanceKey::Int(digits.parse().map_err(|_| {
                    format!("expected a whole number or a quoted key at {digits:?}")
                })?)
            };
        if self.eat("]") {
            Ok(key)
        } else {
            Err(format!("expected `]` at {:?}", self.0))
        }
    }

    /// The rest of a quoted string, as the language writes it.
    fn quoted(&mut self) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.0.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.0 = &self.0[at + 1..];
                    return Ok(text);
                }
                '\\' => match chars.next().map(|(_, c)| c) {
                    Some('n') => text.push('\n'),
                    Some('r') => text.push('\r'),
                    Some('t') => text.push('\t'),
                    Some(c @ ('"' | '\\')) => text.push(c),
                    Some(c @ ('u' | 'U')) => {
                        let digits = if c == 'u' { 4 } else { 8 };
                        let hex: String = chars.by_ref().take(digits).map(|(_, c)| c).collect();
                        text.push(
                            u32::from_str_radix(&hex, 16)
                                .ok()
                                .filter(|_| hex.len() == digits)
                                .and_then(char::from_u32)
                                .ok_or_else(|| format!("{hex:?} is not a character's code"))?,
                        );
                    }
                    _ => return Err("unknown escape in a key".into()),
                },
                '$' | '%'
                    if self.0[at + 1..].starts_with([c]) && self.0[at + 2..].starts_with('{') =>
                {
                    text.push(c);
                    chars.next();
                }
                '$' | '%' if self.0[at + 1..].starts_with('{') => {
                    return Err("a key must not have `${` or `%{` in it".into());
                }
                c => text.push(c),
            }
        }
        Err("a quoted key does not end".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_print_as_they_were_read() {
        for text in [
            "aws_vpc.main",
            "data.aws_vpc.main[0]",
            r#"module.a["k"].module.b[3].aws_vpc.main["x\"y"]"#,
            r#"t.n["$${x} %%{y} $ % $$ ü \n\t\\"]"#,
            r#"t.n["\u0001\u007f\u2028\U0010ffff é"]"#,
        ] {
            assert_eq!(parse_resource_instance(text).unwrap().to_string(), text);
        }
        for text in ["", r#"module.a["k.module.b"].module.b"#] {
            assert_eq!(parse_module_instance(text).unwrap().to_string(), text);
        }
        for text in [
            "a.b",
            "module.x.data.a.b",
            "ephemeral.a.b",
            "module.module.module.a.b.c",
        ] {
            assert_eq!(
                parse_config_resource(text).map(|a| a.to_string()).unwrap(),
                text
            );
        }
        for text in [
            r#"provider["registry.terraform.io/hashicorp/aws"]"#,
            r#"module.x.module.y.provider["registry.terraform.io/hashicorp/aws"].west"#,
        ] {
            assert_eq!(parse_provider_config(text).unwrap().to_string(), text);
        }
        assert_eq!(
            parse_provider_config("provider.aws.west")
                .unwrap()
                .to_string(),
            r#"provider["registry.terraform.io/-/aws"].west"#
        );
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            ".",
            "a",
            "a.",
            "a.b.c",
            "a.b[",
            "a.b[x]",
            "a.b[\"",
            "a.b[\"\\q\"]",
            "a.b[\"${x}\"]",
            "module.",
            "module.a",
            "module.a[",
            "a.b[0]x",
            "a.b[\"\\u12\"]",
            "a.b[\"\\ud800\"]",
            "a.b[0][1]",
        ] {
            assert!(parse_resource_instance(text).is_err(), "{text}");
        }
        for text in [
            "provider[0]",
            "provider",
            r#"provider["a/b"]"#,
            r#"provider["a//b"]"#,
            "aws",
        ] {
            assert!(parse_provider_config(text).is_err(), "{text}");
        }
    }
}
