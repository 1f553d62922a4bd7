//! The functions against recorded answers of `terraform console`.

mod console;
mod functions;
mod sensitive;
mod signatures;
