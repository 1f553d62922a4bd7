//! The built-in functions of the Terraform language.
//!
//! One family per file, one sorted [`Table`]. Functions do no IO except that the file functions read
//! below the table's base directory; what depends on the moment (time, random numbers) comes from
//! the table's [`Options`].

mod attempt;
mod collection;
mod conversion;
mod crypto;
mod csv;
mod datetime;
mod define;
mod encoding;
mod filesystem;
mod format;
mod gzip;
mod json;
mod marking;
mod network;
mod numeric;
mod regular;
mod string;
mod table;
mod template;
mod type_name;
mod values;
mod yaml;

pub use table::{FillRandom, Impure, Options, Table};
