//! Benchmarks of the engine, in `benches/`: `cargo bench -p groma-bench`. Figures beside Terraform's come from
//! `cargo xtask bench peers`.
