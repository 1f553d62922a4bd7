//! groma states.
