//! The real Terraform, and OpenTofu, drive a provider that we serve. Skipped where they are not installed.

use crate::hostile::VARIABLE;
use libtest_mimic::{Failed, Trial};
use rustix::process::{Pid, Signal, kill_process_group};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How the host finds the provider, and how it speaks with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    DevOverride,
    Mirror,
    Version5,
    WithoutTls,
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for host in ["terraform", "tofu"] {
        for way in [
            Way::DevOverride,
            Way::Mirror,
            Way::Version5,
            Way::WithoutTls,
        ] {
            trials.push(trial(
                host,
                &format!("lifecycle::{way:?}"),
                way,
                Scene::lifecycle,
            ));
        }
        trials.push(trial(host, "import", Way::DevOverride, Scene::import));
        trials.push(trial(host, "logs", Way::DevOverride, Scene::logs));
        trials.push(trial(host, "crash", Way::DevOverride, Scene::crash));
        trials.push(trial(host, "panic", Way::DevOverride, Scene::panics));
        trials.push(trial(host, "interrupt", Way::DevOverride, Scene::interrupt));
    }
    trials
}

#[allow(clippy::print_stderr, reason = "says why it is skipped")]
fn trial(host: &'static str, name: &str, way: Way, test: fn(&Scene)) -> Trial {
    Trial::test(format!("{host}::{name}"), move || {
        if Command::new(host).arg("version").output().is_err() {
            eprintln!("SKIP: no {host}");
        } else {
            test(&Scene::new(host, way));
        }
        Ok::<(), Failed>(())
    })
}

/// A working directory with our provider.
struct Scene {
    host: &'static str,
    way: Way,
    dir: tempfile::TempDir,
}

impl Scene {
    fn new(host: &'static str, way: Way) -> Self {
        let dir = tempfile::tempdir().expect("directory");
        let scene = Self { host, way, dir };
        let bin = match way {
            Way::Mirror => scene
                .path("mirror/example.com/test/files/1.0.0")
                .join(platform()),
            _ => scene.path("bin"),
        };
        std::fs::create_dir_all(&bin).expect("directory");
        std::fs::create_dir_all(scene.path("made")).expect("directory");
        let program = std::env::current_exe().expect("program");
        let ours = bin.join("terraform-provider-files_v1.0.0");
        if way == Way::Version5 {
            let script = format!("#!/bin/sh\nPLUGIN_PROTOCOL_VERSIONS=5 exec {program:?}\n");
            std::fs::write(&ours, script).expect("file");
            std::fs::set_permissions(&ours, PermissionsExt::from_mode(0o755)).expect("mode");
        } else {
            std::os::unix::fs::symlink(program, &ours).expect("link");
        }
        let methods = match way {
            Way::Mirror => format!(
                "filesystem_mirror {{\n path = {:?}\n }}",
                scene.path("mirror")
            ),
            _ => format!("dev_overrides {{ \"example.com/test/files\" = {bin:?} }}\n direct {{}}"),
        };
        scene.write(
            "terraformrc",
            &format!("provider_installation {{\n {methods}\n}}\n"),
        );
        scene
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("file");
    }

    fn made(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.path("made").join(name)).ok()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.host);
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("TF_CLI_CONFIG_FILE", self.path("terraformrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TMPDIR", self.dir.path())
            .env(VARIABLE, "files");
        if self.way == Way::WithoutTls {
            command.env("TF_DISABLE_PLUGIN_TLS", "1");
        }
        command
    }

    /// What it says when it works, or does not.
    fn says(&self, args: &[&str], works: bool) -> String {
        let output = self.command(args).output().expect("output");
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(output.status.success(), works, "{args:?}: {text}");
        text
    }

    fn run(&self, args: &[&str]) -> String {
        self.says(args, true)
    }

    fn apply(&self) -> String {
        self.run(&["apply", "-auto-approve", "-no-color"])
    }

    fn configure(&self, name: &str, content: &str) {
        let function = if self.host == "terraform" {
            "provider::files::shout(\"hey\")"
        } else {
            "\"HEY\""
        };
        let made = self.path("made");
        self.write(
            "main.tf",
            &format!(
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
  name    = "{name}"
  content = "{content}"
}}
data "files_text" "a" {{
  name = files_text.a.id
}}
output "size" {{
  value = data.files_text.a.size
}}
output "shouted" {{
  value = {function}
}}
"#
            ),
        );
    }

    fn lifecycle(&self) {
        self.configure("a", "hello");
        if self.way == Way::Mirror {
            let text = self.run(&["init", "-no-color"]);
            assert!(
                text.contains("Installed example.com/test/files v1.0.0"),
                "{text}"
            );
        }
        self.run(&["validate", "-no-color"]);
        self.run(&["plan", "-no-color", "-out=planned"]);
        self.run(&["apply", "-no-color", "planned"]);
        assert_eq!(self.made("a").as_deref(), Some("hello"));
        let text = self.run(&["output", "-json"]);
        assert!(
            text.contains("\"value\": 5") && text.contains("HEY"),
            "{text}"
        );
        let text = self.run(&["plan", "-no-color", "-detailed-exitcode"]);
        assert!(text.contains("No changes"), "{text}");

        self.configure("a", "hello, world");
        let text = self.apply();
        assert!(text.contains("0 added, 1 changed, 0 destroyed"), "{text}");
        assert_eq!(self.made("a").as_deref(), Some("hello, world"));
        self.configure("b", "hello, world");
        let text = self.apply();
        assert!(text.contains("1 added, 0 changed, 1 destroyed"), "{text}");
        assert!(self.made("a").is_none() && self.made("b").is_some());

        std::fs::remove_file(self.path("made/b")).expect("file");
        let text = self.apply();
        assert!(text.contains("1 added, 0 changed, 0 destroyed"), "{text}");
        self.run(&["destroy", "-auto-approve", "-no-color"]);
        assert!(self.made("b").is_none());
        self.leaves_no_sockets();
    }

    /// Orderly ends leave nothing behind.
    fn leaves_no_sockets(&self) {
        let left = self.dir.path().read_dir().expect("directory").flatten();
        let sockets: Vec<_> = left
            .map(|file| file.file_name())
            .filter(|name| name.to_string_lossy().starts_with("plugin"))
            .collect();
        assert!(sockets.is_empty(), "{sockets:?}");
    }

    fn import(&self) {
        self.configure("a", "there before");
        self.write("made/a", "there before");
        self.run(&["import", "-no-color", "files_text.a", "a"]);
        let text = self.apply();
        assert!(text.contains("0 added, 0 changed, 0 destroyed"), "{text}");
    }

    /// The host sorts what the provider logs by level.
    fn logs(&self) {
        self.configure("a", "x");
        let mut command = self.command(&["plan", "-no-color"]);
        let output = command.env("TF_LOG", "TRACE").output().expect("output");
        let text = String::from_utf8_lossy(&output.stderr);
        let ours = text
            .lines()
            .find(|line| line.contains("served in version 6"));
        assert!(ours.is_some_and(|line| line.contains("[DEBUG]")), "{text}");
        let stdio = text
            .lines()
            .any(|line| line.contains("received Unimplemented"));
        assert!(!stdio, "{text}");
    }

    fn crash(&self) {
        self.configure("a", "abort");
        let text = self.says(&["apply", "-auto-approve", "-no-color"], false);
        // Which it says depends on whether the host sees the connection end first, or the process.
        let told = ["Plugin did not respond", "Request cancelled"];
        assert!(told.iter().any(|told| text.contains(told)), "{text}");
        self.configure("a", "x");
        self.apply();
    }

    fn panics(&self) {
        self.configure("a", "panic");
        let text = self.says(&["apply", "-auto-approve", "-no-color"], false);
        assert!(text.contains("the provider failed: no such luck"), "{text}");
        self.leaves_no_sockets();
    }

    /// An interrupt reaches the whole group; the provider leaves it to the host, which asks it to stop.
    fn interrupt(&self) {
        self.configure("a", "wait");
        let mut command = self.command(&["apply", "-auto-approve", "-no-color"]);
        let child = command
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("process");
        let limit = Instant::now() + Duration::from_secs(60);
        while !self.path("made/waiting").exists() && Instant::now() < limit {
            std::thread::sleep(Duration::from_millis(20));
        }
        let group = Pid::from_raw(i32::try_from(child.id()).expect("id")).expect("id");
        kill_process_group(group, Signal::INT).expect("signal");
        let output = child.wait_with_output().expect("output");
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && text.contains("Stopped"),
            "{text}"
        );
        self.leaves_no_sockets();
    }
}

fn platform() -> &'static str {
    if cfg!(target_arch = "aarch64") {
        "linux_arm64"
    } else {
        "linux_amd64"
    }
}
