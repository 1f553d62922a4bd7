//! The Google half of examples/two-clouds from its beginning to its end, against a sandbox, under whatever hosts are here: the
//! real Terraform if it is installed, and groma.

use contract::Sandbox;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

const PROVIDER: &str = env!("CARGO_BIN_EXE_groma-provider-google");

/// A configuration, a host and a sandbox.
struct Flow {
    host: PathBuf,
    dir: TempDir,
    sandbox: String,
}

impl Flow {
    fn new(host: &Path, sandbox: &Sandbox) -> Self {
        let dir = TempDir::new().expect("a directory");
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/two-clouds");
        for name in [
            "google.tf",
            "google-gke.tf",
            "google-outputs.tf",
            "variables.tf",
        ] {
            std::fs::copy(examples.join(name), dir.path().join(name)).expect("the example");
        }
        let flow = Self {
            host: host.to_owned(),
            dir,
            sandbox: sandbox.google_url(),
        };
        flow.write(
            "main.tf",
            "terraform {\n  required_providers {\n    google = {\n      source = \"hashicorp/google\"\n    }\n  }\n}\n",
        );
        let plugins = flow.dir.path().join("plugins");
        std::fs::create_dir(&plugins).expect("a directory");
        let plugin = plugins.join("terraform-provider-google");
        std::fs::copy(PROVIDER, plugin).expect("the provider");
        let plugins = plugins.display();
        flow.write(
            "cli.tfrc",
            &format!(
                "provider_installation {{\n  dev_overrides {{\n    \"hashicorp/google\" = \"{plugins}\"\n  }}\n  direct {{}}\n}}\n"
            ),
        );
        flow
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.host);
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env("TF_CLI_CONFIG_FILE", self.dir.path().join("cli.tfrc"))
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1")
            .env("GOOGLE_PROJECT", "demo-project")
            .env("GOOGLE_OAUTH_ACCESS_TOKEN", "test");
        for (service, path) in [
            ("COMPUTE", "compute/v1/"),
            ("CONTAINER", ""),
            ("IAM_BETA", ""),
            ("RESOURCE_MANAGER_V3", ""),
            ("SERVICE_USAGE", ""),
        ] {
            let url = format!("{}/{path}", self.sandbox);
            command.env(format!("GOOGLE_{service}_CUSTOM_ENDPOINT"), url);
        }
        command.output().expect("the host starts")
    }

    /// Runs and promises success. What is said is returned.
    fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        let host = self.host.display();
        assert!(
            output.status.success(),
            "{host} {arguments:?}\n{said}\n{errors}"
        );
        said
    }

    /// Promises that there is nothing to do.
    fn settled(&self, variables: &[&str]) {
        let mut arguments = vec!["plan", "-detailed-exitcode", "-no-color", "-input=false"];
        arguments.extend(variables);
        self.must(&arguments);
    }

    fn apply(&self, variables: &[&str]) -> String {
        let mut arguments = vec!["apply", "-auto-approve", "-no-color", "-input=false"];
        arguments.extend(variables);
        let said = self.must(&arguments);
        self.settled(variables);
        said
    }
}

/// Create, update, replace, forget and import, destroy; after each step there is nothing left to do.
fn lives(host: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(contract::Options::default()));
    let sandbox = sandbox.expect("a sandbox");
    let empty = sandbox.inventory();
    let flow = Flow::new(host, &sandbox);
    flow.apply(&[]);
    let machines = "-var=gke_nodes={machine_type=\"e2-standard-8\",max=5}";
    let labelled = "-var=labels={team=\"a\"}";
    flow.apply(&[machines, labelled]);
    // Another range of the control plane is another cluster.
    let elsewhere = "-var=google_cidrs={control_plane=\"172.16.1.0/28\"}";
    flow.apply(&[machines, labelled, elsewhere]);
    let all = [machines, labelled, elsewhere];
    for (address, id) in [
        (
            "google_container_node_pool.general",
            "demo-project/europe-west1/atlas/general",
        ),
        (
            "google_service_account_iam_member.dns",
            "projects/demo-project/serviceAccounts/atlas-dns@demo-project.iam.gserviceaccount.com \
             roles/iam.workloadIdentityUser serviceAccount:demo-project.svc.id.goog[dns/external-dns]",
        ),
    ] {
        flow.must(&["state", "rm", address]);
        let mut arguments = vec!["import", "-no-color", "-input=false"];
        arguments.extend(all);
        arguments.extend([address, id]);
        flow.must(&arguments);
    }
    flow.apply(&all);
    let mut arguments = vec!["destroy", "-auto-approve", "-no-color", "-input=false"];
    arguments.extend(all);
    flow.must(&arguments);
    let left: Vec<_> = sandbox.inventory().difference(&empty).cloned().collect();
    let left: Vec<_> = left
        .iter()
        .filter(|path| !path.contains("/services/"))
        .collect();
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn two_clouds_under_terraform() {
    let host = Path::new("terraform");
    match Command::new(host).arg("version").output() {
        Ok(output) if output.status.success() => lives(host),
        _ => {}
    }
}

#[test]
#[ignore = "needs a groma of this tree beside the provider: cargo build -p groma-cli"]
fn two_clouds_under_groma() {
    lives(&Path::new(PROVIDER).with_file_name("groma"));
}
