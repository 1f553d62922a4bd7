//! Running test files: what `groma test` does between reading them and printing.
//!
//! [`suite`] has the files in order and says how it all ended. [`runner`] takes one file through its runs:
//! each gets a state in memory, values for its variables ([`inputs`]), the providers of the test file
//! ([`providers`]), is planned or applied ([`execute`]), and what it left is looked at by its assertions
//! ([`asserts`], which see what [`scope`] shows them). What stands in for providers, objects and modules is
//! found by [`stand_ins`], and made up by [`stand_in`]. Problems that a run expects are taken out by
//! [`expected`]. What was made is destroyed at the end of the file ([`cleanup`]).

mod asserts;
mod cleanup;
mod computed;
mod execute;
mod expected;
mod inputs;
mod providers;
mod runner;
mod scope;
mod stand_in;
mod stand_ins;
mod status;
mod suite;
mod watch;

pub(crate) use execute::Shown;
pub(crate) use expected::check;
pub(crate) use status::{Counts, Status};
pub(crate) use suite::{Options, Suite};
