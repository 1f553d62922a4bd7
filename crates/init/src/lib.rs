//! What `init` does: finds modules, chooses and installs providers, keeps the dependency lock file.
//!
//! Everything is read from and written to places that the caller names; nothing here knows the
//! environment. Packages come from directories, registries and mirrors.

mod cli_config;
mod constraint;
mod credentials;
mod download;
mod getter;
mod hash;
mod http;
mod install;
mod installed;
mod lock_file;
mod mirror;
mod module_packages;
mod module_source;
mod modules;
mod native;
mod native_mirror;
mod network;
mod network_mirror;
mod package;
mod platforms;
mod registry;
mod signature;
mod sources;
mod verified;

pub use cli_config::{CliConfig, Token};
pub use constraint::Constraints;
pub use credentials::{Credentials, Helper, host_of_variable};
pub use hash::{hash_archive, hash_archive_file, hash_directory};
pub use install::{Event, InstallOptions, install_providers, save_lock_file};
pub use installed::{InstalledProvider, Source, find_providers};
pub use lock_file::{LOCK_FILE, LockFile, Locked};
pub use module_packages::copy_module;
pub use modules::{
    Manifest, ManifestEntry, ModuleEvent, ModuleOptions, install_modules, same_source,
    save_manifest,
};
pub use native::{NativeProvider, native_providers};
pub use native_mirror::write_native_mirror;
pub use network::{Network, NetworkOptions};
pub use package::{Location, find_executable, platform};
pub use platforms::{News, PlatformEvent, PlatformOptions, lock_platforms, mirror_platforms};
pub use signature::Trust;
pub use sources::{Method, MethodKind, Pattern, implied_dirs, implied_methods};
