//! A state in a file, and how it gets along with Terraform.

use super::*;
use crate::{LocalOptions, lock_with_timeout};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn store(dir: &Path) -> LocalStore {
    LocalStore::new(StatePaths::new(
        &LocalOptions {
            state: Some(dir.join("terraform.tfstate")),
            ..LocalOptions::default()
        },
        "default",
    ))
}

fn file(serial: u64) -> StateFile {
    StateFile {
        serial,
        lineage: "line".into(),
        ..StateFile::create()
    }
}

fn lock(store: &mut LocalStore) -> LockInfo {
    let info = LockInfo::create("OperationTypeApply", "me@here");
    store.try_lock(&info).unwrap().unwrap();
    info
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_written_is_read_and_nothing_else_is_left() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("terraform.tfstate");
    let mut store = store(dir.path());
    assert_eq!(store.read().unwrap(), None);
    let info = lock(&mut store);
    assert_eq!(store.read().unwrap(), None);
    assert_eq!(
        names(dir.path()),
        [".terraform.tfstate.lock.info", "terraform.tfstate"]
    );
    let json: LockInfo =
        serde_json::from_slice(&fs::read(dir.path().join(".terraform.tfstate.lock.info")).unwrap())
            .unwrap();
    assert_eq!(
        json,
        LockInfo {
            path: path.display().to_string(),
            ..info
        }
    );
    store.unlock().unwrap();
    assert_eq!(names(dir.path()), [""; 0]);
    lock(&mut store);
    store.write(&file(12345)).unwrap();
    store.write(&file(1)).unwrap();
    assert_eq!(store.read().unwrap(), Some(file(1)));
    assert_eq!(mode(&path), 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    store.back_up(&file(1)).unwrap();
    store.write(&file(2)).unwrap();
    drop(store);
    assert_eq!(
        names(dir.path()),
        ["terraform.tfstate", "terraform.tfstate.backup"]
    );
    assert_eq!(mode(&path), 0o640);
    assert_eq!(fs::read(path).unwrap(), states::file::write(&file(2)));
    assert_eq!(
        fs::read(dir.path().join("terraform.tfstate.backup")).unwrap(),
        states::file::write(&file(1))
    );
}

#[test]
fn a_write_that_was_cut_short_is_completed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("terraform.tfstate");
    let incoming = dir.path().join(".terraform.tfstate.new");
    let (old, new) = (
        states::file::write(&file(4)),
        states::file::write(&file(50)),
    );
    let other = states::file::write(&StateFile {
        lineage: "other".into(),
        ..file(60)
    });
    let torn = [&new[..150], &old[100..]].concat();
    let cases: [(&[u8], &[u8], u64); 6] = [
        (&old, &new, 50),
        (&new[..100], &new, 50),
        (&torn, &new, 50),
        (&old, &new[..100], 4),
        (&new, &old, 50),
        (&old, &other, 4),
    ];
    for (state, beside, serial) in cases {
        fs::write(&path, state).unwrap();
        fs::write(&incoming, beside).unwrap();
        let mut store = store(dir.path());
        if serial == 50 && state != new && state != old {
            // Even those who only look get the whole state.
            assert_eq!(store.read().unwrap().unwrap().serial, 50);
        }
        lock(&mut store);
        assert_eq!(store.read().unwrap().unwrap().serial, serial);
        assert!(!incoming.exists());
    }
}

#[test]
fn a_lock_that_was_left_behind_can_be_removed() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = store(dir.path());
    assert!(store.force_unlock("x").is_err());
    let left = LockInfo::create("OperationTypePlan", "gone@there");
    let path = dir.path().join(".terraform.tfstate.lock.info");
    fs::write(&path, serde_json::to_vec(&left).unwrap()).unwrap();
    let error = store.force_unlock("x").unwrap_err();
    assert!(error.iter().next().unwrap().detail.contains(&left.id));
    store.force_unlock(&left.id).unwrap();
    assert!(!path.exists());
}

#[test]
#[cfg(target_os = "linux")]
fn one_store_keeps_the_other_out_even_in_one_process() {
    let dir = tempfile::tempdir().unwrap();
    let (mut first, mut second) = (store(dir.path()), store(dir.path()));
    let info = lock(&mut first);
    first.write(&file(1)).unwrap();
    // Whoever reads the file and closes it takes nobody's lock away.
    fs::read(dir.path().join("terraform.tfstate")).unwrap();
    assert_eq!(second.read().unwrap(), Some(file(1)));
    assert!(second.in_use() && !first.in_use());
    let mine = LockInfo::create("OperationTypePlan", "you@here");
    let held = second.try_lock(&mine).unwrap().unwrap_err();
    assert_eq!(held.holder.unwrap().id, info.id);
    let error = lock_with_timeout(&mut second, &mine, Duration::ZERO, &mut || {}).unwrap_err();
    let first_error = error.iter().next().unwrap();
    assert_eq!(first_error.summary, "Error acquiring the state lock");
    assert!(first_error.detail.contains(&info.id) && first_error.detail.contains("me@here"));
    assert!(second.force_unlock(&info.id).is_err());
    first.unlock().unwrap();
    assert!(!second.in_use());
    second.try_lock(&mine).unwrap().unwrap();
}

/// Runs Terraform in a directory; `None` when it is not installed.
fn terraform(dir: &Path, args: &[&str]) -> Option<std::process::Child> {
    Command::new("terraform")
        .args(args)
        .current_dir(dir)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()
}

const SLOW: &str = r#"
resource "terraform_data" "slow" {
  provisioner "local-exec" {
    command = "sleep 2"
  }
}
"#;

#[test]
fn terraform_and_this_program_keep_each_other_out() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("main.tf"), SLOW).unwrap();
    let Some(init) = terraform(dir.path(), &["init"]) else {
        tracing::warn!("SKIP: terraform is not installed");
        return;
    };
    assert!(init.wait_with_output().unwrap().status.success());

    let mut store = store(dir.path());
    let info = lock(&mut store);
    // Without the file's contents: that another handle is closed must not matter.
    #[cfg(target_os = "linux")]
    fs::read(dir.path().join("terraform.tfstate")).unwrap();
    let refused = terraform(dir.path(), &["apply", "-auto-approve", "-no-color"]).unwrap();
    let refused = refused.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        text.contains("Error acquiring the state lock") && text.contains(&info.id),
        "{text}"
    );
    // Terraform that waits sees what we wrote.
    let waiting = terraform(dir.path(), &["apply", "-auto-approve", "-lock-timeout=20s"]).unwrap();
    std::thread::sleep(Duration::from_millis(1500));
    store.write(&file(7)).unwrap();
    store.unlock().unwrap();

    let info_path = dir.path().join(".terraform.tfstate.lock.info");
    let start = Instant::now();
    while !info_path.exists() {
        assert!(start.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(50));
    }
    std::thread::sleep(Duration::from_millis(300));
    let mine = LockInfo::create("OperationTypeApply", "me@here");
    let held = store.try_lock(&mine).unwrap().unwrap_err();
    assert_eq!(held.holder.unwrap().operation, "OperationTypeApply");
    let mut waits = 0;
    lock_with_timeout(&mut store, &mine, Duration::from_secs(30), &mut || {
        waits += 1;
    })
    .unwrap();
    assert_eq!(waits, 1);
    let output = waiting.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let state = store.read().unwrap().unwrap();
    assert_eq!((&*state.lineage, state.state.resources.len()), ("line", 1));
    assert!(state.serial > 7);
}
