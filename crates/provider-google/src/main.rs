//! The program that hosts start: the provider behind the plugin protocol.

use plugin::About;
use std::process::ExitCode;

const ABOUT: About = About {
    program: "groma-provider-google",
    program_version: env!("CARGO_PKG_VERSION"),
    address: "registry.terraform.io/hashicorp/google",
    version: provider_google::VERSION,
};

#[expect(
    clippy::disallowed_methods,
    reason = "the program hands the environment down"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn main() -> ExitCode {
    plugin::main(&ABOUT, std::env::args_os().skip(1), variable, || {
        provider_google::provider(sdk::Host::new(variable))
    })
}
