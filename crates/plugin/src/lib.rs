//! groma plugin.
