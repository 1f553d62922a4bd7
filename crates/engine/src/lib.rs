//! groma engine.
