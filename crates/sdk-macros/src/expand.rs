//! The code that is derived.

use crate::container::Container;
use crate::field::{Kind, Parsed};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields};

pub(crate) fn expand(input: &DeriveInput) -> syn::Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new_spanned(input, "a model is a struct"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new_spanned(input, "a model has named fields"));
    };
    let container = Container::parse(&input.attrs)?;
    let fields = fields
        .named
        .iter()
        .map(Parsed::parse)
        .collect::<syn::Result<Vec<_>>>()?;
    let name = &input.ident;
    let (doc, constants, rules) = (&container.doc, &container.constants, &container.rules);
    let specs = fields.iter().map(spec);
    let decoded = fields.iter().map(decode);
    let encoded = fields.iter().map(encode);
    Ok(quote! {
        #[automatically_derived]
        impl ::sdk::Model for #name {
            #(#constants)*

            fn spec() -> ::sdk::Spec {
                let mut spec = ::sdk::Spec::new(#doc);
                #(#specs)*
                #(#rules)*
                spec
            }

            fn object_type() -> ::sdk::derived::Type {
                static TYPE: ::sdk::derived::OnceLock<::sdk::derived::Type> =
                    ::sdk::derived::OnceLock::new();
                TYPE.get_or_init(|| <Self as ::sdk::Model>::spec().schema().implied_type())
                    .clone()
            }

            fn decode(value: &::sdk::derived::Value) -> Self {
                Self { #(#decoded),* }
            }

            fn encode_into(&self, parts: &mut ::sdk::Parts) {
                #(#encoded)*
            }
        }

        #[automatically_derived]
        impl ::sdk::Shape for #name {
            fn ty() -> ::sdk::derived::Type {
                <Self as ::sdk::Model>::object_type()
            }

            fn from_value(value: &::sdk::derived::Value) -> Option<Self> {
                (!value.is_null()).then(|| <Self as ::sdk::Model>::decode(value))
            }

            fn to_value(&self) -> ::sdk::derived::Value {
                <Self as ::sdk::Model>::encode(self)
            }
        }
    })
}

fn spec(field: &Parsed) -> TokenStream {
    let ty = &field.ty;
    match &field.kind {
        Kind::Flatten => quote!(spec.merge(<#ty as ::sdk::Model>::spec());),
        Kind::Attr { name, spec, rules } => quote! {
            spec.attr(#name, #spec);
            #(#rules)*
        },
        Kind::Block {
            name, spec, rules, ..
        } => quote! {
            spec.block(#name, #spec);
            #(#rules)*
        },
    }
}

fn decode(field: &Parsed) -> TokenStream {
    let (ident, ty) = (&field.ident, &field.ty);
    match &field.kind {
        Kind::Flatten => quote!(#ident: <#ty as ::sdk::Model>::decode(value)),
        Kind::Attr { name, .. } => {
            quote!(#ident: value.get(#name).map_or(::sdk::Attr::Null, ::sdk::Attr::decode))
        }
        Kind::Block { name, model, .. } => {
            quote!(#ident: ::sdk::decode_blocks::<#model>(value.get(#name)))
        }
    }
}

fn encode(field: &Parsed) -> TokenStream {
    let ident = &field.ident;
    match &field.kind {
        Kind::Flatten => quote!(::sdk::Model::encode_into(&self.#ident, parts);),
        Kind::Attr { name, .. } => quote! {
            parts.insert(#name, self.#ident.encode());
        },
        Kind::Block { name, nesting, .. } => quote! {
            parts.insert(
                #name,
                ::sdk::encode_blocks(&self.#ident, ::sdk::derived::Nesting::#nesting),
            );
        },
    }
}
