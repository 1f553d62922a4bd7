//! The backend's part of `init`.

use super::Args;
use super::report::Report;
use crate::backend_record::BackendRecord;
use crate::prompt::ask;
use crate::workdir::{Workdir, text_argument};
use backends::{LocalOptions, LocalStore, StatePaths, StateStore};
use configs::Backend;
use diags::{Diagnostic, Diagnostics};

/// Sets the backend up: writes down what was configured, or finds that it is what it was.
pub(super) fn set_up(
    workdir: &Workdir,
    args: &Args,
    backend: Option<&Backend>,
    report: &Report<'_>,
) -> Result<(), Diagnostics> {
    let data_dir = workdir.data_dir();
    let before = BackendRecord::read(&data_dir);
    let Some(backend) = backend else {
        if !args.backend_config.is_empty() {
            let warning = Diagnostic::warning(
                "Missing backend configuration",
                "-backend-config was used without a \"backend\" block in the configuration, so it has no effect.",
            );
            workdir.ui.diagnostics(&warning.into());
        }
        let Some(before) = before else {
            return Ok(());
        };
        if !args.reconfigure && !args.migrate_state {
            return Err(changed().into());
        }
        migrate(workdir, args, &before, &BackendRecord::default())?;
        return BackendRecord::remove(&data_dir).map_err(|e| failed(&e));
    };
    let mut record = BackendRecord::of(backend);
    if record.kind != "local" {
        // Reported when the configuration is loaded.
        return Ok(());
    }
    let mut diags = Diagnostics::new();
    for given in &args.backend_config {
        diags.append(give(&mut record, given));
    }
    if diags.has_errors() {
        return Err(diags);
    }
    if let Some(before) = before {
        let same_block = before.kind == record.kind && before.hash == record.hash;
        if same_block && args.backend_config.is_empty() && !args.reconfigure {
            return Ok(());
        }
        if before == record && !args.reconfigure {
            return Ok(());
        }
        if !args.reconfigure && !args.migrate_state {
            return Err(changed().into());
        }
        migrate(workdir, args, &before, &record)?;
    }
    record.write(&data_dir).map_err(|e| failed(&e))?;
    report.backend_configured(&record.kind);
    Ok(())
}

/// One `-backend-config`: an argument, or a file of them.
fn give(record: &mut BackendRecord, given: &str) -> Diagnostics {
    let mut diags = Diagnostics::new();
    if let Some((name, value)) = given.split_once('=') {
        match name {
            "path" => record.path = Some(value.to_owned()),
            "workspace_dir" => record.workspace_dir = Some(value.to_owned()),
            _ => diags.push(Diagnostic::error(
                "Invalid backend configuration argument",
                format!("The backend configuration argument {name:?} given on the command line is not expected for the selected backend type."),
            )),
        }
        return diags;
    }
    match std::fs::read_to_string(given) {
        Ok(text) => {
            let (body, problems) = hcl::parse(given, &text);
            diags.append(problems);
            record.path = text_argument(&body, "path").or(record.path.take());
            record.workspace_dir =
                text_argument(&body, "workspace_dir").or(record.workspace_dir.take());
        }
        Err(e) => diags.push(Diagnostic::error(
            "Failed to read backend configuration",
            format!("{given}: {e}."),
        )),
    }
    diags
}

/// With `-migrate-state`: copies the state to its new place, unless there is one already.
fn migrate(
    workdir: &Workdir,
    args: &Args,
    before: &BackendRecord,
    after: &BackendRecord,
) -> Result<(), Diagnostics> {
    if !args.migrate_state && !args.force_copy {
        return Ok(());
    }
    let store = |record: &BackendRecord| {
        let options = LocalOptions {
            path: record.path.clone().map(Into::into),
            workspace_dir: record.workspace_dir.clone().map(Into::into),
            ..LocalOptions::default()
        };
        StatePaths::new(&options, &workdir.workspace())
    };
    let (from, to) = (store(before), store(after));
    if from == to {
        return Ok(());
    }
    let Some(file) = LocalStore::new(from).read()? else {
        return Ok(());
    };
    let mut target = LocalStore::new(to);
    if target
        .read()?
        .is_some_and(|f| !f.state.resources.is_empty())
    {
        return Err(Diagnostic::error(
            "State exists in both places",
            "There is a state at the new place already, so the former one is not copied over it. Use -reconfigure to work with the state at \
             the new place.",
        )
        .into());
    }
    if !args.force_copy {
        let answer = (args.input && workdir.env.input()).then(|| {
            ask(
                &workdir.ui,
                "Do you want to copy existing state to the new backend?\n  Enter \"yes\" to copy and \"no\" to start with an empty state.\n\n  Enter a value: ",
            )
        });
        match answer.flatten().as_deref() {
            Some("yes") => {}
            Some("no") => return Ok(()),
            _ => {
                return Err(Diagnostic::error(
                    "Error migrating state",
                    "Nobody said whether the state is to be copied. Say it with -force-copy, or answer \"yes\" or \"no\".",
                )
                .into());
            }
        }
    }
    target.write(&file)
}

fn changed() -> Diagnostic {
    Diagnostic::error(
        "Backend configuration changed",
        "A change in the backend configuration has been detected, which may require migrating existing state.\n\nIf you wish to attempt \
         automatic migration of the state, use \"groma init -migrate-state\".\nIf you wish to store the current configuration with no \
         changes to the state, use \"groma init -reconfigure\".",
    )
}

fn failed(error: &std::io::Error) -> Diagnostics {
    Diagnostic::error(
        "Failed to save the backend configuration",
        format!("The data directory cannot be written to: {error}."),
    )
    .into()
}
