//! groma lang.
