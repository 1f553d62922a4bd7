//! Schemas: what a provider, resource, data source or backend block may contain, and how a body
//! becomes a value by it.

mod block;
mod decode;
mod legacy;
mod place;
mod provisioners;
mod sensitive;
mod traverse;
mod validate;
mod write_only;

pub use block::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};
pub use decode::decode;
pub use place::{locate, range_at_path};
pub use provisioners::{connection, provisioner};
pub use sensitive::sensitive_paths;
