//! groma schema.
