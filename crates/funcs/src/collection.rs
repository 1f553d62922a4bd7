//! Lists, sets, maps and objects.

mod combine;
mod logic;
mod lookup;
mod mapping;
mod sequence;
mod sets;

use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    let mut all = Vec::new();
    all.extend(combine::functions());
    all.extend(logic::functions());
    all.extend(lookup::functions());
    all.extend(mapping::functions());
    all.extend(sequence::functions());
    all.extend(sets::functions());
    all
}
