//! groma hcl.
