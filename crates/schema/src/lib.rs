//! Schemas: what a provider, resource, data source or backend block may contain, and how a body
//! becomes a value by it.

mod block;

pub use block::{Attribute, AttributeType, Block, NestedAttribute, NestedBlock, Nesting};

// To come (owner: configs): `decode(body: &hcl::Body, block: &Block, env: &hcl::Env) -> (Value, Diagnostics)` with dynamic blocks,
// `references(body, block) -> Vec<&Traversal>` (all traversals in the body that the schema admits, incl. those of dynamic blocks),
// `coerce(&Value, &Block)`, `empty_value(block)`, sensitive paths, internal validation of a schema.
