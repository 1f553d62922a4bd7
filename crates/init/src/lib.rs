//! groma init.
