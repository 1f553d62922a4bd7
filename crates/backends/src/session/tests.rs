//! Runs that end well, and runs that are cut short anywhere.

use super::*;
use crate::{LocalOptions, LocalStore, StatePaths};
use addrs::{AbsResourceInstance, InstanceKey, ModuleInstance, Provider, ProviderConfig, Resource};
use states::journal::{Action, Intent, Outcome};
use states::{Object, ObjectStatus};

fn open(dir: &Path) -> Result<Opened, Diagnostics> {
    open_with(dir, true)
}

fn open_with(dir: &Path, lock: bool) -> Result<Opened, Diagnostics> {
    let options = LocalOptions {
        state: Some(dir.join("terraform.tfstate")),
        ..LocalOptions::default()
    };
    let store = LocalStore::new(StatePaths::new(&options, "default"));
    let options = SessionOptions {
        lock: lock.then(|| LockInfo::create("OperationTypeApply", "me@here")),
        lock_timeout: Duration::ZERO,
    };
    Session::open(Box::new(store), &options, &mut || {})
}

fn address(name: &str) -> AbsResourceInstance {
    Resource::managed("a", name)
        .absolute(ModuleInstance::root())
        .instance(InstanceKey::None)
}

fn provider() -> ProviderConfig {
    ProviderConfig {
        module: addrs::Module::root(),
        provider: Provider::implied("a"),
        alias: None,
    }
}

fn object(id: u32) -> Arc<Object> {
    Arc::new(Object {
        status: ObjectStatus::Ready,
        schema_version: 0,
        attributes: format!("{{\"id\":{id}}}").into_bytes().into(),
        flatmap: None,
        sensitive_paths: Vec::new(),
        private: [].into(),
        dependencies: [].into(),
        create_before_destroy: false,
    })
}

fn intent(name: &str, action: Action) -> Record {
    Record::Intent(Intent {
        address: address(name),
        deposed: None,
        action,
        provider: provider(),
        planned: [].into(),
        planned_private: [].into(),
        time: "now".into(),
    })
}

fn outcome(name: &str, id: Option<u32>) -> Record {
    Record::Outcome(Outcome {
        address: address(name),
        deposed: None,
        provider: provider(),
        objects: vec![(None, id.map(object))],
        error: None,
    })
}

fn names(session: &Session) -> String {
    let names: Vec<_> = session
        .file()
        .state
        .instances()
        .map(|(a, ..)| a.to_string())
        .collect();
    names.join(" ")
}

/// Lets a run do what the records say, up to the end.
fn run(dir: &Path, records: &[Record]) -> Session {
    let mut session = open(dir).unwrap().session;
    let journal = session.begin("apply", "now").unwrap();
    let mut state = session.file().state.clone();
    for record in records {
        journal.append_and_wait(record).unwrap();
        if let Record::Outcome(o) = record {
            state.set_current(&o.address, &o.provider, o.objects[0].1.clone());
        }
    }
    drop(journal);
    session.save(state).unwrap();
    session
}

#[test]
fn serials_rise_with_changes_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("terraform.tfstate");
    let mut session = run(dir.path(), &[outcome("x", Some(1))]);
    let lineage = session.file().lineage.clone();
    assert_eq!((session.file().serial, lineage.len()), (1, 36));
    assert!(!dir.path().join("terraform.tfstate.backup").exists());
    assert!(!session.save(session.file().state.clone()).unwrap());
    session.finish().unwrap();
    let first = fs::read(&path).unwrap();
    run(dir.path(), &[]).finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), first);

    let mut session = run(dir.path(), &[outcome("y", Some(2))]);
    let mut state = session.file().state.clone();
    state.set_current(&address("z"), &provider(), Some(object(3)));
    assert!(session.save(state).unwrap());
    assert_eq!(
        (session.file().serial, &session.file().lineage),
        (3, &lineage)
    );
    session.finish().unwrap();
    // One backup per run: of the state before it.
    assert_eq!(
        fs::read(dir.path().join("terraform.tfstate.backup")).unwrap(),
        first
    );
    assert!(!dir.path().join(".terraform.tfstate.journal").exists());
    assert!(!dir.path().join(".terraform.tfstate.lock.info").exists());
}

#[test]
fn a_run_that_is_killed_loses_nothing() {
    let records = [
        intent("x", Action::Delete),
        intent("y", Action::Create),
        outcome("x", None),
        outcome("y", Some(2)),
    ];
    for killed_after in 0..=records.len() {
        let dir = tempfile::tempdir().unwrap();
        run(dir.path(), &[outcome("x", Some(1))]).finish().unwrap();
        let mut opened = open(dir.path()).unwrap();
        let journal = opened.session.begin("apply", "now").unwrap();
        for record in &records[..killed_after] {
            journal.append_and_wait(record).unwrap();
        }
        drop((opened, journal));
        let opened = open(dir.path()).unwrap();
        let (state, open_calls, serial) = [
            ("a.x", 0, 1),
            ("a.x", 1, 1),
            ("a.x", 2, 1),
            ("", 1, 2),
            ("a.y", 0, 2),
        ][killed_after];
        assert_eq!(names(&opened.session), state);
        assert_eq!(opened.interrupted.len(), open_calls);
        assert_eq!(opened.session.file().serial, serial);
        assert!(!dir.path().join(".terraform.tfstate.journal").exists());
        let kept = dir.path().join(".terraform.tfstate.journal.interrupted");
        let created = killed_after == 2 || killed_after == 3;
        assert_eq!(kept.exists(), created);
        opened.session.finish().unwrap();
        let again = open(dir.path()).unwrap();
        assert!(again.warnings.is_empty() && again.interrupted.is_empty());
        assert_eq!(!again.session.interrupted_creates().0.is_empty(), created);
    }
}

#[test]
fn an_interrupted_create_is_remembered_until_it_ends() {
    let dir = tempfile::tempdir().unwrap();
    let creates = |session: &Session| {
        let (creates, _) = session.interrupted_creates();
        let names: Vec<_> = creates.iter().map(|i| i.address.to_string()).collect();
        names.join(" ")
    };
    // A run is killed in two creates, the next in one of them, and then somebody only looks.
    for cut in [&["x", "y"][..], &["y"], &[]] {
        let mut opened = open(dir.path()).unwrap();
        if !cut.is_empty() {
            let journal = opened.session.begin("apply", "now").unwrap();
            for name in cut {
                let record = intent(name, Action::Create);
                journal.append_and_wait(&record).unwrap();
            }
        }
    }
    let looked = open_with(dir.path(), false).unwrap().session;
    assert_eq!(creates(&looked), "a.x a.y");
    let kept_in = looked.interrupted_creates().1;
    // One ends without an object, and something else is created that never ends.
    run(
        dir.path(),
        &[intent("y", Action::Create), outcome("y", None)],
    )
    .finish()
    .unwrap();
    assert_eq!(creates(&open(dir.path()).unwrap().session), "a.x");
    run(dir.path(), &[intent("z", Action::Create)])
        .finish()
        .unwrap();
    assert_eq!(creates(&open(dir.path()).unwrap().session), "a.x a.z");
    // One is brought in.
    let mut session = open(dir.path()).unwrap().session;
    let mut state = session.file().state.clone();
    state.set_current(&address("x"), &provider(), Some(object(1)));
    session.save(state).unwrap();
    session.finish().unwrap();
    assert_eq!(creates(&open(dir.path()).unwrap().session), "a.z");
    fs::remove_file(kept_in).unwrap();
    assert_eq!(creates(&open(dir.path()).unwrap().session), "");
}

#[test]
fn a_run_that_is_killed_between_state_and_journal_is_done() {
    let dir = tempfile::tempdir().unwrap();
    let session = run(
        dir.path(),
        &[intent("x", Action::Create), outcome("x", Some(1))],
    );
    drop(session);
    assert!(dir.path().join(".terraform.tfstate.journal").exists());
    let opened = open(dir.path()).unwrap();
    assert!(opened.warnings.is_empty());
    assert_eq!(
        (opened.session.file().serial, names(&opened.session)),
        (1, "a.x".into())
    );
}

#[test]
#[cfg(target_os = "linux")]
fn who_only_looks_is_told_of_dead_runs_only() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &[outcome("x", Some(1))]).finish().unwrap();
    let mut opened = open(dir.path()).unwrap();
    let journal = opened.session.begin("apply", "now").unwrap();
    for record in [outcome("y", Some(2)), intent("z", Action::Create)] {
        journal.append_and_wait(&record).unwrap();
    }
    let looked = open_with(dir.path(), false).unwrap();
    assert_eq!(
        (names(&looked.session).as_str(), looked.warnings.len()),
        ("a.x", 0)
    );
    drop((opened, journal));
    for _ in 0..2 {
        let looked = open_with(dir.path(), false).unwrap();
        assert_eq!(
            (names(&looked.session).as_str(), looked.warnings.len()),
            ("a.x a.y", 1)
        );
    }
    let mut unlocked = open_with(dir.path(), false).unwrap().session;
    let error = unlocked.begin("apply", "now").unwrap_err();
    assert_eq!(error.iter().next().unwrap().summary, "Journal is in use");
}

#[test]
fn a_journal_may_end_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut opened = open(dir.path()).unwrap();
    let journal = opened.session.begin("apply", "now").unwrap();
    for record in [
        intent("x", Action::Create),
        outcome("x", Some(1)),
        intent("y", Action::Create),
    ] {
        journal.append_and_wait(&record).unwrap();
    }
    drop((opened, journal));
    let bytes = fs::read(dir.path().join(".terraform.tfstate.journal")).unwrap();
    let outcome_end = bytes
        .iter()
        .enumerate()
        .filter(|(_, b)| **b == b'\n')
        .nth(2)
        .unwrap()
        .0;
    for len in 0..=bytes.len() {
        let mut warnings = Diagnostics::new();
        let decoded = decode(&bytes[..len]);
        let replay = complete(None, &decoded, Path::new("j"), &mut warnings).unwrap();
        assert_eq!(replay.changed, len > outcome_end);
    }
}

#[test]
fn a_journal_of_another_state_stops_everything() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &[outcome("x", Some(1))]).finish().unwrap();
    let mut opened = open(dir.path()).unwrap();
    opened.session.begin("apply", "now").unwrap();
    drop(opened);
    let path = dir.path().join("terraform.tfstate");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("\"serial\": 1", "\"serial\": 9")).unwrap();
    let error = open(dir.path()).unwrap_err();
    let first = error.iter().next().unwrap();
    assert_eq!(first.summary, "Journal does not fit the state");
    assert!(first.detail.contains(".terraform.tfstate.journal"));
}

#[test]
fn what_is_pushed_must_follow_from_what_is_stored() {
    let dir = tempfile::tempdir().unwrap();
    run(dir.path(), &[outcome("x", Some(1))]).finish().unwrap();
    let mut session = open(dir.path()).unwrap().session;
    let stored = session.file().clone();
    let other = StateFile::create();
    let older = StateFile {
        serial: 0,
        ..stored.clone()
    };
    let newer = StateFile {
        serial: 9,
        ..stored
    };
    assert!(session.push(other.clone(), false).is_err());
    assert!(session.push(older, false).is_err());
    session.push(newer.clone(), false).unwrap();
    assert_eq!(session.file(), &newer);
    session.push(other, true).unwrap();
}

#[test]
fn a_state_that_cannot_be_written_is_kept_in_the_journal() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path()).unwrap().session;
    let journal = session.begin("apply", "now").unwrap();
    journal.append_and_wait(&outcome("x", Some(1))).unwrap();
    // A directory in the way of the file that is written first.
    let obstacle = dir.path().join(".terraform.tfstate.new");
    fs::create_dir(&obstacle).unwrap();
    let mut state = State::default();
    state.set_current(&address("x"), &provider(), Some(object(1)));
    let diags = session.save(state).unwrap_err();
    let summaries: Vec<_> = diags.iter().map(|d| d.summary.as_str()).collect();
    assert_eq!(
        summaries,
        ["Failed to write state", "Changes are kept in the journal"]
    );
    drop((session, journal));
    fs::remove_dir(obstacle).unwrap();
    assert_eq!(names(&open(dir.path()).unwrap().session), "a.x");
}

/// The run that the next test kills: creates objects for ever and tells of each that is recorded. Does
/// nothing unless that test has started it.
#[test]
fn child_that_is_killed() {
    if !Path::new("this-is-the-child").exists() {
        return;
    }
    let mut opened = open(Path::new(".")).unwrap();
    let journal = opened.session.begin("apply", "now").unwrap();
    for i in 0..100_000 {
        journal
            .append_and_wait(&intent(&format!("x{i}"), Action::Create))
            .unwrap();
        journal
            .append_and_wait(&outcome(&format!("x{i}"), Some(i)))
            .unwrap();
        fs::write("acknowledged", format!("{i:010}")).unwrap();
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    for wait in [30, 80, 150] {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("this-is-the-child"), "").unwrap();
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "session::tests::child_that_is_killed"])
            .current_dir(dir.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let acknowledged = || -> usize {
            let text = fs::read_to_string(dir.path().join("acknowledged")).unwrap_or_default();
            text.parse().map_or(0, |last: usize| last + 1)
        };
        while acknowledged() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        // The lock died with the process.
        let opened = open(dir.path()).unwrap();
        let found = opened.session.file().state.resources.len();
        assert!(
            found >= acknowledged() && found > 0,
            "{found} of {}",
            acknowledged()
        );
        assert!(opened.interrupted.len() <= 1);
        opened.session.finish().unwrap();
        let again = open(dir.path()).unwrap();
        assert_eq!(again.session.file().state.resources.len(), found);
        assert!(again.warnings.is_empty());
    }
}
