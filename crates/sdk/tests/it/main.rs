//! A provider made with the kit, seen through the trait that hosts know.

mod interrupted;
mod lifecycle;
mod planning;
mod schemas;
mod shelf;
