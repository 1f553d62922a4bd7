//! All that the `main` of a provider's program has to do.

use super::{ServeError, ServeOptions, logs, serve};
use providers::Provider;
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

/// What a provider's program says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The name of the program.
    pub program: &'static str,
    /// The version of the program.
    pub program_version: &'static str,
    /// The source address of the provider that it is: `registry.terraform.io/hashicorp/aws`.
    pub address: &'static str,
    /// The version of that provider whose schema it has.
    pub version: &'static str,
}

impl About {
    /// As one line of JSON: what `--about` prints, for programs that look for providers.
    fn json(&self) -> String {
        let about = serde_json::json!({
            "program": self.program,
            "program_version": self.program_version,
            "address": self.address,
            "version": self.version,
            "protocols": ["5", "6"],
        });
        format!("{about}\n")
    }

    fn help(&self) -> String {
        let Self {
            program,
            program_version,
            address,
            version,
        } = self;
        format!(
            "{program} {program_version} is a provider: it answers for {address} {version}.\n\n\
             It is not run by hand, but by groma, Terraform or OpenTofu. With groma, name it in the CLI\n\
             configuration and run \"groma init\":\n\n\
             \x20   provider_installation {{\n\
             \x20     native {{}}\n\
             \x20   }}\n\n\
             For the others, \"groma providers native DIR\" makes a directory for their filesystem_mirror.\n\n\
             \x20   --version  print the versions\n\
             \x20   --about    print the same as JSON, for programs\n"
        )
    }

    /// The last part of the address.
    fn kind(&self) -> &'static str {
        self.address.rsplit('/').next().unwrap_or(self.address)
    }
}

/// Runs a provider's program: serves the provider if a host started it, else answers the person who
/// did. `args` is without the program's name, `lookup` gives the value of an environment variable. The
/// provider is made only if it is served.
pub fn main<P: Provider + 'static>(
    about: &About,
    args: impl IntoIterator<Item = OsString>,
    lookup: impl Fn(&str) -> Option<String>,
    provider: impl FnOnce() -> P,
) -> ExitCode {
    let options = ServeOptions::from_environment(&lookup);
    if !options.started_by_host {
        return by_hand(about, args.into_iter().next().as_ref());
    }
    logs::start(about.kind(), &lookup);
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build();
    let served = match runtime {
        Ok(runtime) => {
            let served = runtime.block_on(serve(Arc::new(provider()), options));
            runtime.shutdown_background();
            served
        }
        Err(error) => Err(ServeError::Listen(error)),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{}\n", crate::connection::text(&error)));
            ExitCode::FAILURE
        }
    }
}

fn by_hand(about: &About, argument: Option<&OsString>) -> ExitCode {
    let text = match argument.and_then(|a| a.to_str()) {
        Some("--about") => about.json(),
        Some("--version" | "-version" | "-v" | "version") => format!(
            "{} {} ({} {})\n",
            about.program, about.program_version, about.address, about.version
        ),
        Some("--help" | "-help" | "-h" | "help") => about.help(),
        _ => {
            complain(&about.help());
            return ExitCode::FAILURE;
        }
    };
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(text: &str) {
    // Nobody could be told that it failed.
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_told_in_json() {
        let about = About {
            program: "groma-provider-x",
            program_version: "0.1.0",
            address: "registry.terraform.io/hashicorp/x",
            version: "5.100.0",
        };
        assert_eq!(
            about.json(),
            "{\"program\":\"groma-provider-x\",\"program_version\":\"0.1.0\",\"address\":\"registry.terraform.io/hashicorp/x\",\"version\":\"5.100.0\",\"protocols\":[\"5\",\"6\"]}\n"
        );
        assert_eq!(about.kind(), "x");
        assert!(
            about
                .help()
                .contains("groma-provider-x 0.1.0 is a provider")
        );
    }
}
