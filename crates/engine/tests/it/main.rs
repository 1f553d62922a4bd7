//! The engine on whole configurations: text in, text out.

mod checks;
mod ephemerals;
mod functions;
mod imports;
mod interrupted;
mod law_breakers;
mod long_chains;
mod moves;
mod orders;
mod plans;
