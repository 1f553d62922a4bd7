//! `groma providers native`

use super::Outcome;
use crate::workdir::Workdir;
use diags::Diagnostic;
use init::{native_providers, write_native_mirror};
use std::path::PathBuf;

/// Show the providers that come with groma, and make a mirror of them for Terraform.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Make a mirror here: a directory for a filesystem_mirror block of Terraform, OpenTofu or groma
    #[arg(value_name = "DIR")]
    mirror: Option<PathBuf>,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let ui = &workdir.ui;
    let Some(dir) = crate::environment::program_dir() else {
        return Err(Diagnostic::error(
            "Unknown directory",
            "It cannot be found out which directory groma is in, and native providers are beside it.",
        )
        .into());
    };
    let (found, problems) = native_providers(&dir);
    for problem in problems {
        ui.diagnostics(&Diagnostic::warning("Not a provider", format!("{problem}.")).into());
    }
    if found.is_empty() {
        ui.line(&format!(
            "There are no native providers in {}.",
            dir.display()
        ));
        return Ok(0);
    }
    let names: Vec<String> = found
        .iter()
        .map(|n| format!("{:?}", n.provider.to_string()))
        .collect();
    let Some(mirror) = &args.mirror else {
        let list: String = found
            .iter()
            .map(|n| {
                let program = n.program.display();
                format!(
                    "    provider[{}] {}\n        {program} {}\n\n",
                    n.provider, n.version, n.program_version
                )
            })
            .collect();
        ui.out(&format!(
            "\nNative providers:\n\n{list}\"groma init\" installs them if the CLI configuration says so:\n\n    provider_installation {{\n      native {{\n        include = [{}]\n      }}\n    }}\n\n",
            names.join(", ")
        ));
        return Ok(0);
    };
    let packages = write_native_mirror(mirror, &found).map_err(|e| {
        Diagnostic::error(
            "Failed to write the mirror",
            format!("{} cannot be written: {e}.", mirror.display()),
        )
    })?;
    let list: String = packages
        .iter()
        .map(|package| format!("  {}\n", package.display()))
        .collect();
    let mirror = std::path::absolute(mirror).unwrap_or_else(|_| mirror.clone());
    ui.out(&format!(
        "\nPackages:\n\n{list}\nTerraform and OpenTofu take them if their CLI configuration says so:\n\n  provider_installation {{\n    filesystem_mirror {{\n      path = {:?}\n    }}\n  }}\n\n",
        mirror.display().to_string()
    ));
    Ok(0)
}
