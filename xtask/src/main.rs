//! Repository tasks: tidy, benchmarks, fixtures.

fn main() {}
