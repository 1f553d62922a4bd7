//! groma funcs.
