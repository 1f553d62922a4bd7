//! The file that blocks for imported objects are written to.

use diags::{Diagnostic, Diagnostics};
use plans::{Mode, Plan};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Whether blocks can be written to that file.
pub(crate) fn check(path: &Path, mode: Mode) -> Result<(), Diagnostics> {
    if mode != Mode::Normal {
        return Err(Diagnostic::error(
            "Invalid generate-config-out flag",
            "Config can only be generated during a normal plan operation, and not during a refresh-only or destroy plan.",
        )
        .into());
    }
    if path.exists() {
        return Err(Diagnostic::error(
            "Target generated file already exists",
            format!(
                "Generated configuration is only written to a new file, and {} exists. Choose another name, or move what is in it \
                 elsewhere and delete it.",
                path.display()
            ),
        )
        .into());
    }
    Ok(())
}

/// Writes the blocks of a plan; `false`: there are none.
pub(crate) fn write(path: &Path, plan: &Plan) -> Result<bool, Diagnostics> {
    let changes = plan.changes.iter().map(|c| &c.change);
    let blocks: String = changes
        .filter_map(|c| Some((c.generated_config.as_ref()?, c.importing.as_ref()?)))
        .map(|(block, id)| format!("\n# __generated__ by groma from {id:?}\n{block}\n"))
        .collect();
    if blocks.is_empty() {
        return Ok(false);
    }
    let text = format!(
        "# __generated__ by groma\n# Please review these resources and move them into your main configuration files.\n{blocks}"
    );
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    match file.and_then(|mut file| file.write_all(text.as_bytes())) {
        Ok(()) => Ok(true),
        Err(e) => Err(Diagnostic::error(
            "Failed to save generated configuration",
            format!("{} could not be written: {e}.", path.display()),
        )
        .into()),
    }
}
