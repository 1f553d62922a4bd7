//! The value system of the Terraform language: types, values with null, unknown, refinements and
//! marks, paths, conversion, set semantics, and the two wire forms.
//!
//! A [`Value`] is immutable and cheap to clone (56 bytes and two reference counts). An object keeps its
//! attribute values in the order of its type's sorted names, so that a thousand objects of one
//! schema share one type. What the language does with values is in [`ops`], [`convert`](mod@convert),
//! [`unify`] and [`transform`]; what goes over the wire and into files in [`msgpack`] and [`json`].

#[cfg(test)]
mod arbitrary;
pub mod convert;
pub mod json;
#[cfg(test)]
mod laws;
mod marks;
pub mod msgpack;
mod number;
pub mod ops;
mod path;
mod quoted;
mod refine;
mod set;
mod ty;
mod unify;
mod value;
mod walk;
mod wire;

pub use convert::{Conversion, ConvertError, conversion_exists, convert};
pub use marks::Marks;
pub use number::Number;
pub use ops::OpError;
pub use path::{Path, Step};
pub use quoted::quoted;
pub use refine::{Refinement, safe_prefix};
pub use ty::{ObjectType, Type};
pub use unify::{unify, unify_unsafe};
pub use value::{ElementIter, Value};
pub use walk::{transform, walk};
pub use wire::WireError;

use value::Data;
