//! Terraform with hashicorp/aws makes, changes and removes a platform.

use groma_sandbox::{Options, Sandbox};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Where packages of providers are on machines that have them.
const MIRROR: &str = "/opt/tf-plugins";

#[test]
fn a_platform_is_made_changed_and_removed() {
    if std::env::var_os("GROMA_SANDBOX_LIVE").is_none() {
        return eprintln!("SKIP: takes minutes; set GROMA_SANDBOX_LIVE=1");
    }
    if Command::new("terraform").arg("version").output().is_err() {
        return eprintln!("SKIP: terraform is not installed");
    }
    let package = format!("{MIRROR}/registry.terraform.io/hashicorp/aws/5.100.0");
    if !Path::new(&package).exists() {
        return eprintln!("SKIP: no hashicorp/aws 5.100.0 in {MIRROR}");
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let options = Options {
        pending: Duration::from_millis(300),
        ..Options::default()
    };
    let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
    let at = Workplace::new(sandbox.aws_url());
    at.run("1.33", &["init"]);
    at.run("1.33", &["apply", "-auto-approve"]);
    at.run("1.33", &["plan", "-detailed-exitcode"]);
    let changed = at.run("1.34", &["apply", "-auto-approve"]);
    assert!(
        changed.contains("0 added, 5 changed, 0 destroyed"),
        "{changed}"
    );
    at.run("1.34", &["plan", "-detailed-exitcode"]);
    at.run("1.34", &["apply", "-destroy", "-auto-approve"]);
    let refused = sandbox.requests().entries().into_iter();
    let unknown: Vec<_> = refused
        .filter(|asked| asked.operation == "unknown")
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// A folder with a configuration, which goes when it is dropped.
struct Workplace {
    folder: PathBuf,
    endpoint: String,
}

impl Workplace {
    fn new(endpoint: String) -> Self {
        let name = format!("groma-sandbox-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("main.tf"), include_str!("platform.tf")).unwrap();
        let mirror =
            format!("provider_installation {{\n  filesystem_mirror {{ path = {MIRROR:?} }}\n}}\n");
        std::fs::write(folder.join("terraformrc"), mirror).unwrap();
        Self { folder, endpoint }
    }

    fn run(&self, version: &str, arguments: &[&str]) -> String {
        let output = Command::new("terraform")
            .args(arguments)
            .args(["-no-color", "-input=false"])
            .current_dir(&self.folder)
            .env("TF_CLI_CONFIG_FILE", self.folder.join("terraformrc"))
            .env("TF_VAR_endpoint", &self.endpoint)
            .env("TF_VAR_k8s", version)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("CHECKPOINT_DISABLE", "1")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {text}\n{errors}");
        text
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
