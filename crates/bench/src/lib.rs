//! groma bench.
