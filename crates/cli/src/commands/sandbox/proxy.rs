//! `groma sandbox proxy`

use super::options::faults;
use super::{Outcome, block_on, interrupted, problem};
use crate::workdir::Workdir;
use clap::ValueEnum;
use sandbox::{Cloud, Faults, Proxy, ProxyOptions};
use std::path::PathBuf;

/// Make things go wrong before another endpoint.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The endpoint, http://HOST:PORT
    #[arg(long, value_name = "URL")]
    upstream: String,
    /// What the endpoint answers as
    #[arg(long, value_name = "CLOUD", default_value = "aws")]
    cloud: Side,
    /// The port to listen on; 0 = any free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,
    /// Make go wrong what the rules in this file say
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Aws,
    Google,
}

pub(super) fn run(workdir: &Workdir, args: &Args) -> Outcome {
    let options = ProxyOptions {
        cloud: match args.cloud {
            Side::Aws => Cloud::Aws,
            Side::Google => Cloud::Google,
        },
        upstream: args.upstream.clone(),
        port: args.port,
        faults: args
            .faults
            .as_deref()
            .map_or(Ok(Faults::default()), faults)?,
    };
    block_on(async {
        let proxy = Proxy::start(options)
            .await
            .map_err(|error| problem("Cannot start the proxy", &error))?;
        workdir.ui.line(&format!(
            "# {} stands before {}, until Ctrl-C.\nexport GROMA_SANDBOX={}",
            proxy.url(),
            args.upstream,
            proxy.url()
        ));
        interrupted().await?;
        Ok(0)
    })
}
