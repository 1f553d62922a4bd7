//! Every environment variable that is read, and nothing else reads any.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

/// What the environment says.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    vars: BTreeMap<String, OsString>,
}

impl Environment {
    /// The environment of the process.
    pub(crate) fn read() -> Self {
        let vars = std::env::vars_os()
            .filter_map(|(k, v)| k.into_string().ok().map(|k| (k, v)))
            .collect();
        Self { vars }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.vars
            .get(name)
            .and_then(|v| v.to_str())
            .filter(|v| !v.is_empty())
    }

    fn flag(&self, name: &str) -> bool {
        self.text(name).is_some_and(|v| !matches!(v, "0" | "false"))
    }

    /// `TF_DATA_DIR`: where modules, providers and the current workspace are kept; `.terraform`.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.text("TF_DATA_DIR")
            .map_or_else(|| ".terraform".into(), PathBuf::from)
    }

    /// `TF_WORKSPACE`: the workspace, whatever was selected.
    pub(crate) fn workspace(&self) -> Option<&str> {
        self.text("TF_WORKSPACE")
    }

    /// `TF_VAR_name`: values of root variables.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.vars
            .iter()
            .filter_map(|(k, v)| Some((k.strip_prefix("TF_VAR_")?, v.to_str()?)))
    }

    /// `TF_CLI_ARGS` and `TF_CLI_ARGS_command`: arguments put before those that were typed.
    pub(crate) fn cli_args(&self, command: &str) -> String {
        let own = format!("TF_CLI_ARGS_{}", command.replace('-', "_"));
        [self.text("TF_CLI_ARGS"), self.text(&own)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// `TF_IN_AUTOMATION`: no advice on what to type next.
    pub(crate) fn in_automation(&self) -> bool {
        self.text("TF_IN_AUTOMATION").is_some()
    }

    /// `TF_INPUT`: `0` or `false` = nobody is asked anything.
    pub(crate) fn input(&self) -> bool {
        !matches!(self.text("TF_INPUT"), Some("0" | "false"))
    }

    /// `NO_COLOR`
    pub(crate) fn no_color(&self) -> bool {
        self.text("NO_COLOR").is_some()
    }

    /// The variables that name the CLI configuration file. The first is for what Terraform does not
    /// understand.
    const CLI_CONFIG_FILE: [&str; 3] = [
        "GROMA_CLI_CONFIG_FILE",
        "TF_CLI_CONFIG_FILE",
        "TERRAFORM_CONFIG",
    ];

    /// The command line's configuration: the file that a variable names, `~/.gromarc` if there is one,
    /// or `~/.terraformrc`.
    pub(crate) fn cli_config_file(&self) -> Option<PathBuf> {
        let named = Self::CLI_CONFIG_FILE.iter().find_map(|n| self.text(n));
        named.map(PathBuf::from).or_else(|| {
            let home = self.home()?;
            let own = home.join(".gromarc");
            Some(if own.is_file() {
                own
            } else {
                home.join(".terraformrc")
            })
        })
    }

    /// Whether a variable names the CLI configuration file, so that it should be there.
    pub(crate) fn names_cli_config_file(&self) -> bool {
        Self::CLI_CONFIG_FILE.iter().any(|n| self.text(n).is_some())
    }

    /// What the CLI configuration refers to with `$NAME`.
    pub(crate) fn lookup(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    /// `XDG_DATA_HOME`
    pub(crate) fn data_home(&self) -> Option<PathBuf> {
        self.text("XDG_DATA_HOME").map(PathBuf::from)
    }

    /// `TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE`
    pub(crate) fn plugin_cache_may_break_lock(&self) -> bool {
        self.flag("TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE")
    }

    /// `TF_PLUGIN_CACHE_DIR`
    pub(crate) fn plugin_cache_dir(&self) -> Option<PathBuf> {
        self.text("TF_PLUGIN_CACHE_DIR").map(PathBuf::from)
    }

    /// `TF_TOKEN_…`: tokens, by host.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = (String, &str)> {
        let tokens = self.vars.iter().filter(|(_, v)| !v.is_empty());
        tokens.filter_map(|(k, v)| Some((init::host_of_variable(k)?, v.to_str()?)))
    }

    /// `TF_REGISTRY_DISCOVERY_RETRY`: how often registries are asked again.
    pub(crate) fn registry_retries(&self) -> Option<u32> {
        self.text("TF_REGISTRY_DISCOVERY_RETRY")?.parse().ok()
    }

    /// `TF_REGISTRY_CLIENT_TIMEOUT`: how many seconds a registry may take to answer.
    pub(crate) fn registry_timeout(&self) -> Option<u64> {
        let seconds = self.text("TF_REGISTRY_CLIENT_TIMEOUT")?.parse().ok();
        seconds.filter(|seconds| *seconds > 0)
    }

    /// `GROMA_DEFAULT_REGISTRY`: the host that is asked in place of `registry.terraform.io`.
    pub(crate) fn default_registry(&self) -> Option<&str> {
        self.text("GROMA_DEFAULT_REGISTRY")
    }

    /// `TF_REATTACH_PROVIDERS`: providers that run already.
    pub(crate) fn reattach_providers(&self) -> Option<&str> {
        self.text("TF_REATTACH_PROVIDERS")
    }

    /// `TF_DISABLE_PLUGIN_TLS`
    pub(crate) fn disable_plugin_tls(&self) -> bool {
        self.flag("TF_DISABLE_PLUGIN_TLS")
    }

    /// `TF_LOG`, `TF_LOG_CORE`, `TF_LOG_PROVIDER`
    pub(crate) fn log_levels(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        (
            self.text("TF_LOG"),
            self.text("TF_LOG_CORE"),
            self.text("TF_LOG_PROVIDER"),
        )
    }

    /// `TF_LOG_PATH`: logs are appended to this file.
    pub(crate) fn log_path(&self) -> Option<PathBuf> {
        self.text("TF_LOG_PATH").map(PathBuf::from)
    }

    /// `GROMA_SANDBOX`: where a sandbox runs.
    pub(crate) fn sandbox(&self) -> Option<&str> {
        self.text("GROMA_SANDBOX")
    }

    /// `~/.terraform.d`: more CLI configuration, and plugins.
    pub(crate) fn config_dir(&self) -> Option<PathBuf> {
        Some(self.home()?.join(".terraform.d"))
    }

    /// `COMP_LINE`: a shell asks how the line that is being typed may go on.
    pub(crate) fn completion_line(&self) -> Option<&str> {
        self.vars.get("COMP_LINE")?.to_str()
    }

    /// `HOME`
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.text("HOME").map(PathBuf::from)
    }
}

/// The directory that the program is in, where native providers are.
pub(crate) fn program_dir() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    let program = program.canonicalize().unwrap_or(program);
    program.parent().map(PathBuf::from)
}
