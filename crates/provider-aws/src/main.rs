//! The provider's program: hosts start it and talk to it over the plugin protocol.

use plugin::About;
use std::process::ExitCode;

const ABOUT: About = About {
    program: "groma-provider-aws",
    program_version: env!("CARGO_PKG_VERSION"),
    address: "registry.terraform.io/hashicorp/aws",
    version: "5.100.0",
};

#[expect(
    clippy::disallowed_methods,
    reason = "the binary reads the environment"
)]
fn main() -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    plugin::main(&ABOUT, std::env::args_os().skip(1), variable, || {
        provider_aws::provider(sdk::Host::new(variable))
    })
}
