//! Where the contracts of resources are tested: this provider before a sandbox.

use contract::{Cloud, Sandbox, World};
use sdk::Host;
use std::sync::Arc;

/// This provider before a sandbox.
pub(crate) const WORLD: World = World {
    source: "hashicorp/aws",
    provider: |journals| {
        let journals = journals.then(|| "1".to_owned());
        let named = move |name: &str| {
            let journals = journals.clone();
            journals.filter(|_| name == "GROMA_JOURNALS_CREATES")
        };
        Arc::new(crate::provider(Host::new(named)))
    },
    block,
    cloud: Cloud::Aws,
};

/// The arguments of a provider block that leads to a sandbox.
fn block(sandbox: &Sandbox) -> String {
    let url = sandbox.aws_url();
    let services = ["ec2", "eks", "iam", "sts"].map(|name| format!("    {name} = \"{url}\"\n"));
    format!(
        "  region     = \"us-east-1\"\n  access_key = \"test\"\n  secret_key = \"test\"\n  endpoints {{\n{}  }}\n",
        services.concat()
    )
}
