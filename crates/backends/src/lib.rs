//! groma backends.
