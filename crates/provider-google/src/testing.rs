//! Where the contracts of resources are tested: this provider before a sandbox.

use contract::{Cloud, Sandbox, World};
use sdk::Host;
use std::sync::Arc;

/// This provider before a sandbox.
pub(crate) const WORLD: World = World {
    source: "hashicorp/google",
    provider: |journals| {
        let journals = journals.then(|| "1".to_owned());
        let named = move |name: &str| {
            let journals = journals.clone();
            journals.filter(|_| name == "GROMA_JOURNALS_CREATES")
        };
        Arc::new(crate::provider(Host::new(named)))
    },
    block,
    cloud: Cloud::Google,
};

/// The arguments of a provider block that leads to a sandbox.
fn block(sandbox: &Sandbox) -> String {
    let url = sandbox.google_url();
    let mut block = String::from(
        "  access_token = \"test\"\n  project      = \"demo-project\"\n  region       = \"europe-west3\"\n",
    );
    for (service, path) in [
        ("compute", "compute/v1/"),
        ("container", ""),
        ("iam", ""),
        ("resource_manager_v3", ""),
        ("service_usage", ""),
    ] {
        block.push_str(&format!("  {service}_custom_endpoint = \"{url}/{path}\"\n"));
    }
    block
}
