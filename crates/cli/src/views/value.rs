//! Values as the language writes them.

use cty::Value;

/// A value over several lines, as `output` and `console` show it.
pub(crate) fn render(value: &Value) -> String {
    format!("{value:?}")
}
