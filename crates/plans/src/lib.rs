//! groma plans.
