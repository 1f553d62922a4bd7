//! What stands on the struct.

use proc_macro2::TokenStream;
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, LitStr, Token};

/// `#[model(…)]` of a struct.
#[derive(Default)]
pub(crate) struct Container {
    /// The text of the doc comment.
    pub(crate) doc: String,
    /// Associated constants of the trait.
    pub(crate) constants: Vec<TokenStream>,
    /// Statements that add rules to `spec`.
    pub(crate) rules: Vec<TokenStream>,
}

impl Container {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut out = Self {
            doc: doc(attributes),
            ..Self::default()
        };
        for attribute in attributes.iter().filter(|a| a.path().is_ident("model")) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("type_name") {
                    let name: LitStr = meta.value()?.parse()?;
                    out.constants
                        .push(quote!(const TYPE_NAME: &'static str = #name;));
                } else if meta.path.is_ident("version") {
                    let version: Expr = meta.value()?.parse()?;
                    out.constants.push(quote!(const VERSION: i64 = #version;));
                } else if meta.path.is_ident("legacy") {
                    out.constants.push(quote!(const LEGACY: bool = true;));
                } else if meta.path.is_ident("unbuilt") {
                    let text: Expr = meta.value()?.parse()?;
                    out.constants
                        .push(quote!(const UNBUILT: &'static str = #text;));
                } else if meta.path.is_ident("timeouts") {
                    let mut entries = Vec::new();
                    meta.parse_nested_meta(|entry| {
                        let name = entry.path.require_ident()?.to_string();
                        let default: LitStr = entry.value()?.parse()?;
                        entries.push(quote!((#name, #default)));
                        Ok(())
                    })?;
                    out.constants.push(quote!(
                        const TIMEOUTS: &'static [(&'static str, &'static str)] = &[#(#entries),*];
                    ));
                } else if meta.path.is_ident("exactly_one_of") {
                    let names = names(&meta)?;
                    out.rules
                        .push(quote!(spec.rule(::sdk::Rule::ExactlyOneOf(&[#(#names),*]));));
                } else if meta.path.is_ident("at_least_one_of") {
                    let names = names(&meta)?;
                    out.rules
                        .push(quote!(spec.rule(::sdk::Rule::AtLeastOneOf(&[#(#names),*]));));
                } else {
                    return Err(meta.error(
                        "expected type_name, version, legacy, unbuilt, timeouts, exactly_one_of or at_least_one_of",
                    ));
                }
                Ok(())
            })?;
        }
        Ok(out)
    }
}

/// The names in `conflicts("a", "b")`.
pub(crate) fn names(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<Vec<LitStr>> {
    let content;
    syn::parenthesized!(content in meta.input);
    let names = Punctuated::<LitStr, Token![,]>::parse_terminated(&content)?;
    Ok(names.into_iter().collect())
}

/// The doc comment as one text: lines of a paragraph are joined.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let mut paragraphs = vec![String::new()];
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc")) {
        let syn::Meta::NameValue(pair) = &attribute.meta else {
            continue;
        };
        let Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(line),
            ..
        }) = &pair.value
        else {
            continue;
        };
        let line = line.value();
        let line = line.trim();
        if line.is_empty() {
            paragraphs.push(String::new());
        } else if let Some(paragraph) = paragraphs.last_mut() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    paragraphs.join("\n\n").trim().to_owned()
}
