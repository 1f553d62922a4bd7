//! `#[derive(Model)]`: a struct that is the schema of a block.
//!
//! What can be written is documented at the trait `sdk::Model`.

mod container;
mod expand;
mod field;

use proc_macro::TokenStream;

/// Derives `sdk::Model` and `sdk::Shape`.
#[proc_macro_derive(Model, attributes(model, attr, block))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    expand::expand(&input)
        .unwrap_or_else(syn::Error::into_compile_error)
        .into()
}
