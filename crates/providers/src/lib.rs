//! groma providers.
