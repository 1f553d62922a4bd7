//! groma configs.
