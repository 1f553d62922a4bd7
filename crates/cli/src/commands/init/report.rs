//! What `init` tells about its progress, for people and as JSON.

use super::downloads::Downloads;
use crate::commands::get::downloading;
use crate::operation::now;
use crate::ui::Ui;
use chrono::SecondsFormat;
use init::{Event, ModuleEvent, Trust};
use serde_json::{Value, json};
use std::cell::Cell;

const EMPTY: &str = "groma initialized in an empty directory!

The directory has no configuration files. You may begin working
with groma immediately by creating configuration files.";

const SUCCESS: &str = "groma has been successfully initialized!";

const ADVICE: &str = "You may now begin working with groma. Try running \"groma plan\" to see
any changes that are required for your infrastructure. All groma commands
should now work.

If you ever set or change modules or backend configuration,
rerun this command to reinitialize your working directory. If you forget, other
commands will detect it and remind you to do so if necessary.";

const SIGNATURES: &str = "Partner and community providers are signed by their developers.
The key ID shown is that of the key that the registry names for the developer.";

const LOCK_CREATED: &str =
    "groma has created a lock file .terraform.lock.hcl to record the provider
selections it made above. Include this file in your version control repository
so that groma can guarantee to make the same selections by default when
you run \"groma init\" in the future.";

const LOCK_CHANGED: &str =
    "groma has made some changes to the provider dependency selections recorded
in the .terraform.lock.hcl file. Review those changes and commit them to your
version control system if they represent changes you intended to make.";

/// Tells what happens.
pub(crate) struct Report<'u> {
    ui: &'u Ui,
    downloads: Downloads,
    self_signed: Cell<bool>,
}

impl<'u> Report<'u> {
    pub(crate) fn new(ui: &'u Ui) -> Self {
        let report = Self {
            ui,
            downloads: Downloads::new(!ui.is_json()),
            self_signed: Cell::new(false),
        };
        if ui.is_json() {
            let version = env!("CARGO_PKG_VERSION");
            report.event(json!({
                "@message": format!("groma {version}"),
                "terraform": states::TERRAFORM_VERSION,
                "groma": version,
                "type": "version",
                "ui": "1.2",
            }));
        }
        report
    }

    /// One line of JSON: the common parts and these.
    fn event(&self, mut fields: Value) {
        fields["@level"] = "info".into();
        fields["@module"] = "terraform.ui".into();
        fields["@timestamp"] = now().to_rfc3339_opts(SecondsFormat::Micros, true).into();
        fields.sort_all_objects();
        self.ui.line(&fields.to_string());
    }

    fn output(&self, code: &str, text: &str) {
        self.event(json!({"@message": text, "message_code": code, "type": "init_output"}));
    }

    fn say(&self, code: &str, text: &str) {
        if self.ui.is_json() {
            self.output(code, text);
        } else {
            self.ui.line(text);
        }
    }

    fn log(&self, human: &str, machine: &str) {
        if self.ui.is_json() {
            self.event(json!({"@message": machine, "type": "log"}));
        } else {
            self.ui.line(&format!("- {human}"));
        }
    }

    /// A part of the work begins.
    pub(crate) fn stage(&self, code: &str, text: &str) {
        if self.ui.is_json() {
            self.output(code, text);
        } else if self.ui.color.get() {
            self.ui.line(&format!("\x1b[0m\x1b[1m{text}\x1b[0m"));
        } else {
            self.ui.line(text);
        }
    }

    /// The backend is set up for the first time, or anew.
    pub(crate) fn backend_configured(&self, kind: &str) {
        let text = format!(
            "Successfully configured the backend \"{kind}\"! groma will automatically\nuse this backend unless the backend configuration changes."
        );
        if self.ui.is_json() {
            self.output("backend_configured_success", &text);
        } else {
            self.ui.line(&format!("\n{text}"));
        }
    }

    /// Something happened to a module.
    pub(crate) fn module(&self, event: ModuleEvent<'_>) {
        match event {
            ModuleEvent::Downloading(package, version, key) => {
                let text = downloading(package, version, key);
                if self.ui.is_json() {
                    self.event(json!({"@message": text, "type": "log"}));
                } else {
                    self.ui.line(&text);
                }
            }
            ModuleEvent::Found(key, dir) => {
                let text = format!("{key} in {}", dir.display());
                self.log(&text, &text);
            }
        }
    }

    /// Something happened to a provider.
    pub(crate) fn provider(&self, event: &Event<'_>) {
        match event {
            Event::BuiltIn(p) => {
                let text = format!("{} is built in to groma", p.for_display());
                self.log(&text, &text);
            }
            Event::Overridden(..) => {}
            Event::Reusing(p) => {
                let p = p.for_display();
                self.log(
                    &format!("Reusing previous version of {p} from the dependency lock file"),
                    &format!("{p}: Reusing previous version from the dependency lock file"),
                );
            }
            Event::Finding(p, constraints) if constraints.is_empty() => {
                let p = p.for_display();
                self.log(
                    &format!("Finding latest version of {p}..."),
                    &format!("{p}: Finding latest version..."),
                );
            }
            Event::Finding(p, constraints) => {
                let (p, wanted) = (p.for_display(), constraints.to_string());
                self.log(
                    &format!("Finding {p} versions matching {wanted:?}..."),
                    &format!("Finding matching versions for provider: {p}, version_constraint: {wanted:?}"),
                );
            }
            Event::Using(p, version) => {
                let p = p.for_display();
                self.log(
                    &format!("Using previously-installed {p} v{version}"),
                    &format!("{p} v{version}: Using previously-installed provider version"),
                );
            }
            Event::FromCache(p, version) => {
                let p = p.for_display();
                self.log(
                    &format!("Using {p} v{version} from the shared cache directory"),
                    &format!("{p} v{version}: Using from the shared cache directory"),
                );
            }
            Event::Installing(p, version) => {
                let p = p.for_display();
                self.log(
                    &format!("Installing {p} v{version}..."),
                    &format!("Installing provider version: {p} v{version}..."),
                );
            }
            Event::Downloading(p, there, whole) => {
                self.downloads.show(&p.for_display(), *there, *whole);
            }
            Event::Installed(p, version, trust) => {
                self.downloads.clear();
                if matches!(trust, Trust::SelfSigned(_)) {
                    self.self_signed.set(true);
                }
                let p = p.for_display();
                self.log(
                    &format!("Installed {p} v{version} ({trust})"),
                    &format!("Installed provider version: {p} v{version} ({trust})"),
                );
            }
            Event::Native(p, version, program) => {
                let (p, program) = (p.for_display(), program.display());
                self.log(
                    &format!("Using native {p} v{version} ({program})"),
                    &format!("{p} v{version}: Using native provider {program}"),
                );
            }
        }
    }

    /// Says what signatures mean, if there was one that is not HashiCorp's.
    pub(crate) fn signatures(&self) {
        self.downloads.clear();
        if self.self_signed.get() {
            self.say("partner_and_community_providers_message", SIGNATURES);
        }
    }

    /// There was no lock file before.
    pub(crate) fn lock_file_created(&self) {
        self.say("lock_info", LOCK_CREATED);
    }

    /// The lock file is another one now.
    pub(crate) fn lock_file_changed(&self) {
        self.say("dependencies_lock_changes_info", LOCK_CHANGED);
    }

    /// There is nothing to do.
    pub(crate) fn empty(&self) {
        self.say("output_init_empty_message", EMPTY);
    }

    /// All went well.
    pub(crate) fn success(&self, in_automation: bool) {
        if self.ui.is_json() {
            self.output("output_init_success_message", SUCCESS);
        } else {
            self.ui.line(&format!("\n{SUCCESS}"));
        }
        if in_automation {
            return;
        }
        if self.ui.is_json() {
            self.output("output_init_success_cli_message", ADVICE);
        } else {
            self.ui.line(&format!("\n{ADVICE}"));
        }
    }
}
