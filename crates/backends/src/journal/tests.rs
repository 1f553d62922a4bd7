//! How records get to the disk.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Default)]
struct Slow {
    bytes: Arc<Mutex<Vec<u8>>>,
    syncs: Arc<AtomicUsize>,
    fail_after: Option<usize>,
}

impl Sink for Slow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.lock().unwrap().extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(20));
        let done = self.syncs.fetch_add(1, Ordering::SeqCst);
        if self.fail_after.is_some_and(|n| done >= n) {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "full"));
        }
        Ok(())
    }
}

#[test]
fn operations_that_run_together_share_a_sync() {
    let sink = Slow::default();
    let journal = Journal::over(Path::new("x"), sink.clone(), Unresolved::default()).unwrap();
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let journal = &journal;
            scope.spawn(move || {
                for i in 0..5 {
                    journal
                        .append_and_wait(&Record::Checkpoint(thread * 5 + i))
                        .unwrap();
                }
            });
        }
    });
    drop(journal);
    let decoded = states::journal::decode(&sink.bytes.lock().unwrap());
    assert_eq!((decoded.records.len(), decoded.damage.len()), (100, 0));
    let syncs = sink.syncs.load(Ordering::SeqCst);
    assert!((5..30).contains(&syncs), "{syncs} syncs for 100 records");
}

#[test]
fn after_a_failure_nothing_succeeds() {
    let sink = Slow {
        fail_after: Some(1),
        ..Slow::default()
    };
    let journal = Journal::over(Path::new("x"), sink.clone(), Unresolved::default()).unwrap();
    let mut results = Vec::new();
    for i in 0..3 {
        results.push(journal.append_and_wait(&Record::Checkpoint(i)).is_ok());
    }
    assert_eq!(results, [true, false, false]);
    assert_eq!(sink.syncs.load(Ordering::SeqCst), 2);
}

#[test]
fn what_was_appended_is_there_after_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("j");
    let start = Start {
        lineage: "l".into(),
        serial: 0,
        operation: "apply".into(),
        time: "now".into(),
    };
    let journal = Journal::create(&path, start.clone(), Unresolved::default()).unwrap();
    let told = Arc::new(AtomicUsize::new(0));
    for i in 0..100 {
        let told = told.clone();
        journal.append(
            &Record::Checkpoint(i),
            Box::new(move |r| {
                r.unwrap();
                told.fetch_add(1, Ordering::SeqCst);
            }),
        );
    }
    drop(journal);
    assert_eq!(told.load(Ordering::SeqCst), 100);
    assert_eq!(
        states::journal::decode(&fs::read(&path).unwrap())
            .records
            .len(),
        101
    );
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    assert!(Journal::create(&path, start, Unresolved::default()).is_err());
}
