//! The `gcloud` command line tool makes, lists, changes and deletes what there is.

use expect_test::expect_file;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Commands, one a line, without `gcloud`. `#` begins a comment. With ` > a b`, the answer is shown, these fields only.
const COMMANDS: &str = include_str!("gcloud.txt");

#[test]
#[ignore = "takes minutes: two seconds for each command"]
fn gcloud_makes_and_unmakes_a_platform() {
    if !Command::new("gcloud")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return eprintln!("SKIP: no gcloud");
    }
    let (_runtime, sandbox) = super::sandbox(Duration::ZERO);
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gcloud.{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut shown = String::new();
    for line in COMMANDS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (command, fields) = match line.split_once(" > ") {
            Some((command, fields)) => (command, Some(fields)),
            None => (line, None),
        };
        let output = gcloud(&sandbox.google_url(), &folder, command, fields);
        shown.push_str(&format!("$ gcloud {command}\n{output}"));
    }
    std::fs::remove_dir_all(&folder).unwrap();
    expect_file!["gcloud.out"].assert_eq(&shown);
}

/// What a command prints (if it is to be shown), or says is wrong.
fn gcloud(url: &str, folder: &Path, command: &str, fields: Option<&str>) -> String {
    let mut run = Command::new("gcloud");
    run.args(command.split(' ')).arg("--quiet");
    match fields {
        Some(fields) => run.arg(format!(
            "--format=csv[no-heading,separator=' '](name,{fields})"
        )),
        None => run.arg("--format=none"),
    };
    let services = [
        ("COMPUTE", "/compute/v1/"),
        ("CONTAINER", "/"),
        ("IAM", "/"),
        ("CLOUDRESOURCEMANAGER", "/"),
        ("SERVICEUSAGE", "/"),
    ];
    for (service, path) in services {
        run.env(
            format!("CLOUDSDK_API_ENDPOINT_OVERRIDES_{service}"),
            format!("{url}{path}"),
        );
    }
    let output = run
        .env("CLOUDSDK_CONFIG", folder)
        .env("KUBECONFIG", folder.join("kubeconfig"))
        .env("CLOUDSDK_CORE_PROJECT", "demo-project")
        .env("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true")
        .env("CLOUDSDK_CORE_DISABLE_PROMPTS", "1")
        .env("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true")
        .env("CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API", "false")
        .env("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true")
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        return text.into_owned();
    }
    // The first sentence is the service's, with the place of the tool; others are advice.
    let errors = String::from_utf8_lossy(&output.stderr);
    let said = errors
        .lines()
        .skip_while(|line| !line.starts_with("ERROR: ("))
        .take(2);
    let said: Vec<&str> = said
        .map(str::trim_end)
        .filter(|line| !line.is_empty())
        .collect();
    format!("{}\n", said.join("\n"))
}
