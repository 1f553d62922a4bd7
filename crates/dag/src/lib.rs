//! groma dag.
