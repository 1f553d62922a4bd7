//! Logs, for whoever looks for a fault: `TF_LOG` and its relatives.

use crate::environment::Environment;
use std::fs::OpenOptions;
use std::sync::Mutex;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Starts logging if the environment asks for it: our own events, and what providers write, each from
/// a level up, to standard error or to a file.
pub(crate) fn start(env: &Environment) {
    let (all, core, provider) = env.log_levels();
    let (core, json) = level(core.or(all));
    let (provider, provider_json) = level(provider.or(all));
    if core == LevelFilter::OFF && provider == LevelFilter::OFF {
        return;
    }
    let file = env
        .log_path()
        .and_then(|path| OpenOptions::new().create(true).append(true).open(path).ok());
    let writer = match file {
        Some(file) => BoxMakeWriter::new(Mutex::new(file)),
        None => BoxMakeWriter::new(std::io::stderr),
    };
    let targets = Targets::new()
        .with_target("groma", core)
        .with_target("provider", provider);
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(false);
    let registry = tracing_subscriber::registry().with(targets);
    // Only a second start could fail.
    let _ = if json || provider_json {
        registry.with(layer.json()).try_init()
    } else {
        registry.with(layer).try_init()
    };
}

/// The level of a name, and whether the form is JSON. A name that is not known means everything, as
/// in Terraform.
fn level(name: Option<&str>) -> (LevelFilter, bool) {
    let Some(name) = name else {
        return (LevelFilter::OFF, false);
    };
    let level = match name.to_uppercase().as_str() {
        "OFF" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "INFO" => LevelFilter::INFO,
        "DEBUG" => LevelFilter::DEBUG,
        "JSON" => return (LevelFilter::TRACE, true),
        _ => LevelFilter::TRACE,
    };
    (level, false)
}
