//! The binary `groma`.

fn main() {}
