//! The real Terraform drives a provider that we serve. Skipped where it is not installed.

use crate::hostile::VARIABLE;
use std::path::Path;
use std::process::{Command, Output};

fn terraform(dir: &Path, args: &[&str]) -> Option<Output> {
    let mut command = Command::new("terraform");
    command
        .args(args)
        .current_dir(dir)
        .env("TF_CLI_CONFIG_FILE", dir.join("terraformrc"))
        .env("CHECKPOINT_DISABLE", "1")
        .env(VARIABLE, "files");
    command.output().ok()
}

#[allow(clippy::print_stderr, reason = "says why it is skipped")]
pub(crate) async fn drives_our_provider() {
    let dir = tempfile::tempdir().expect("directory");
    let (bin, made) = (dir.path().join("bin"), dir.path().join("made"));
    std::fs::create_dir_all(&bin).expect("directory");
    std::fs::create_dir_all(&made).expect("directory");
    let program = std::env::current_exe().expect("program");
    std::os::unix::fs::symlink(program, bin.join("terraform-provider-files")).expect("link");
    let settings = format!(
        "provider_installation {{\n dev_overrides {{ \"example.com/test/files\" = {bin:?} }}\n direct {{}}\n}}\n"
    );
    std::fs::write(dir.path().join("terraformrc"), settings).expect("file");
    let configuration = |content: &str| {
        let text = format!(
            r#"
terraform {{
  required_providers {{
    files = {{ source = "example.com/test/files" }}
  }}
}}
provider "files" {{
  dir = {made:?}
}}
resource "files_text" "a" {{
  name    = "a"
  content = "{content}"
}}
data "files_text" "a" {{
  name = files_text.a.id
}}
output "size" {{
  value = data.files_text.a.size
}}
output "shouted" {{
  value = provider::files::shout("hey")
}}
"#
        );
        std::fs::write(dir.path().join("main.tf"), text).expect("file");
    };
    let run = |args: &[&str]| {
        let output = terraform(dir.path(), args)?;
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(output.status.success(), "{args:?}: {text}");
        Some(text)
    };

    configuration("hello");
    if run(&["version"]).is_none() {
        return eprintln!("SKIP: no terraform");
    }
    run(&["validate", "-no-color"]);
    run(&["apply", "-auto-approve", "-no-color"]);
    assert_eq!(
        std::fs::read_to_string(made.join("a")).expect("file"),
        "hello"
    );
    let text = run(&["output", "-json"]).expect("output");
    assert!(
        text.contains("\"value\": 5") && text.contains("HEY"),
        "{text}"
    );
    let text = run(&["plan", "-no-color", "-detailed-exitcode"]).expect("plan");
    assert!(text.contains("No changes"), "{text}");

    configuration("hello, world");
    let text = run(&["apply", "-auto-approve", "-no-color"]).expect("apply");
    assert!(text.contains("1 changed"), "{text}");
    assert_eq!(
        std::fs::read_to_string(made.join("a")).expect("file"),
        "hello, world"
    );
    run(&["destroy", "-auto-approve", "-no-color"]);
    assert!(!made.join("a").exists());
}
