//! What stands on the fields.

use crate::container::{doc, names};
use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::{Expr, Field, GenericArgument, Ident, LitStr, Path, PathArguments, Type};

/// A field and what it is.
pub(crate) struct Parsed {
    /// Its identifier in Rust.
    pub(crate) ident: Ident,
    /// Its type in Rust.
    pub(crate) ty: Type,
    /// What it is.
    pub(crate) kind: Kind,
}

/// What a field is.
pub(crate) enum Kind {
    /// Another model whose attributes belong to this block.
    Flatten,
    /// An attribute.
    Attr {
        /// Its name.
        name: String,
        /// An expression: its `AttrSpec`.
        spec: TokenStream,
        /// Statements that add rules to `spec`.
        rules: Vec<TokenStream>,
    },
    /// Nested blocks.
    Block {
        /// Their name.
        name: String,
        /// An expression: their `BlockSpec`.
        spec: TokenStream,
        /// `List`, `Set` or `Single`.
        nesting: Ident,
        /// The model of each.
        model: Box<Type>,
        /// Statements that add rules to `spec`.
        rules: Vec<TokenStream>,
    },
}

impl Parsed {
    pub(crate) fn parse(field: &Field) -> syn::Result<Self> {
        let error = |message| Err(syn::Error::new_spanned(field, message));
        let Some(ident) = field.ident.clone() else {
            return error("a model has named fields");
        };
        let has = |name| field.attrs.iter().any(|a| a.path().is_ident(name));
        let kind = if has("model") {
            for attribute in field.attrs.iter().filter(|a| a.path().is_ident("model")) {
                attribute.parse_nested_meta(|meta| match meta.path.is_ident("flatten") {
                    true => Ok(()),
                    false => Err(meta.error("expected flatten")),
                })?;
            }
            Kind::Flatten
        } else if has("attr") {
            attribute(field, &ident)?
        } else if has("block") {
            blocks(field, &ident)?
        } else {
            return error("expected #[attr(…)], #[block(…)] or #[model(flatten)]");
        };
        Ok(Self {
            ident,
            ty: field.ty.clone(),
            kind,
        })
    }
}

fn attribute(field: &Field, ident: &Ident) -> syn::Result<Kind> {
    let inner = argument(&field.ty, "Attr")?;
    let mut name = ident.unraw().to_string();
    let doc = doc(&field.attrs);
    let mut set = vec![quote!(spec.description = #doc;)];
    let mut rules = Vec::new();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("attr")) {
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.require_ident()?.to_string();
            match word.as_str() {
                "required" | "optional" | "computed" | "requires_replace" | "sensitive"
                | "write_only" | "deprecated" | "zero" | "zero_read" | "unknown_on_update" => {
                    let flag = meta.path.require_ident()?;
                    set.push(quote!(spec.#flag = true;));
                }
                // For words that cannot be fields. Stands first: later options speak of the attribute by its name.
                "name" => {
                    let other: LitStr = meta.value()?.parse()?;
                    name = other.value();
                }
                "default" => {
                    let value: Expr = meta.value()?.parse()?;
                    set.push(quote!(
                        spec.default = Some(::sdk::Attr::<#inner>::encode(&::sdk::Attr::from(#value)));
                    ));
                }
                "same" => {
                    let same: Path = meta.value()?.parse()?;
                    set.push(quote!(
                        spec.same = Some(|a, b| {
                            let decode = <#inner as ::sdk::Shape>::from_value;
                            matches!((decode(a), decode(b)), (Some(a), Some(b)) if #same(&a, &b))
                        });
                    ));
                }
                "validate" => {
                    let check: Path = meta.value()?.parse()?;
                    set.push(check_of(inner, &quote!(#check(&value))));
                }
                "validate_each" => {
                    let check: Path = meta.value()?.parse()?;
                    set.push(check_of(
                        inner,
                        &quote!(::sdk::validators::each(&value, |element| #check(element))),
                    ));
                }
                "one_of" => {
                    let values = names(&meta)?;
                    set.push(check_of(
                        inner,
                        &quote!(::sdk::validators::one_of(&value, &[#(#values),*])),
                    ));
                }
                "range" => {
                    let content;
                    syn::parenthesized!(content in meta.input);
                    let low: Expr = content.parse()?;
                    content.parse::<syn::Token![,]>()?;
                    let high: Expr = content.parse()?;
                    set.push(check_of(inner, &quote!(::sdk::validators::in_range(value, #low, #high))));
                }
                "conflicts" => {
                    let others = names(&meta)?;
                    rules.push(quote!(spec.rule(::sdk::Rule::Conflicts(#name, &[#(#others),*]));));
                }
                "required_with" => {
                    let others = names(&meta)?;
                    rules.push(
                        quote!(spec.rule(::sdk::Rule::RequiredWith(#name, &[#(#others),*]));),
                    );
                }
                _ => return Err(meta.error("no such option of an attribute: see sdk::Model")),
            }
            Ok(())
        })?;
    }
    let spec = quote!({
        let mut spec = ::sdk::AttrSpec::of::<#inner>();
        #(#set)*
        spec
    });
    Ok(Kind::Attr { name, spec, rules })
}

/// A statement that adds a check; `body` sees the decoded `value`.
fn check_of(inner: &Type, body: &TokenStream) -> TokenStream {
    quote!(
        spec.checks.push(::sdk::derived::Arc::new(|value: &::sdk::derived::Value| {
            match <#inner as ::sdk::Shape>::from_value(value) {
                Some(value) => #body,
                None => Ok(()),
            }
        }));
    )
}

fn blocks(field: &Field, ident: &Ident) -> syn::Result<Kind> {
    let model = argument(&field.ty, "Blocks")?.clone();
    let name = ident.unraw().to_string();
    let mut nesting = Ident::new("List", ident.span());
    let mut set = Vec::new();
    let mut rules = Vec::new();
    for attribute in field.attrs.iter().filter(|a| a.path().is_ident("block")) {
        attribute.parse_nested_meta(|meta| {
            let word = meta.path.require_ident()?;
            match word.to_string().as_str() {
                "list" => nesting = Ident::new("List", word.span()),
                "set" => nesting = Ident::new("Set", word.span()),
                "single" => nesting = Ident::new("Single", word.span()),
                "min" | "max" => {
                    let limit: Expr = meta.value()?.parse()?;
                    set.push(quote!(spec.#word = #limit;));
                }
                "requires_replace" | "computed" => set.push(quote!(spec.#word = true;)),
                "conflicts" => {
                    let others = names(&meta)?;
                    rules.push(quote!(spec.rule(::sdk::Rule::Conflicts(#name, &[#(#others),*]));));
                }
                "required_with" => {
                    let others: Vec<LitStr> = names(&meta)?;
                    rules.push(
                        quote!(spec.rule(::sdk::Rule::RequiredWith(#name, &[#(#others),*]));),
                    );
                }
                _ => return Err(meta.error("no such option of a block: see sdk::Model")),
            }
            Ok(())
        })?;
    }
    let doc = doc(&field.attrs);
    if !doc.is_empty() {
        set.push(quote!(spec.spec.description = #doc;));
    }
    let spec = quote!({
        let mut spec = ::sdk::BlockSpec::of::<#model>(::sdk::derived::Nesting::#nesting);
        #(#set)*
        spec
    });
    Ok(Kind::Block {
        name,
        spec,
        nesting,
        model: Box::new(model),
        rules,
    })
}

/// `T` of `Attr<T>`.
fn argument<'a>(ty: &'a Type, wanted: &str) -> syn::Result<&'a Type> {
    let error = || syn::Error::new_spanned(ty, format!("expected {wanted}<…>"));
    let Type::Path(path) = ty else {
        return Err(error());
    };
    let last = path.path.segments.last().ok_or_else(error)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) if last.ident == wanted => {
            match arguments.args.first() {
                Some(GenericArgument::Type(ty)) => Ok(ty),
                _ => Err(error()),
            }
        }
        _ => Err(error()),
    }
}
