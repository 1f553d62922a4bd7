//! The memory of a process and of all that it starts, together.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Is the most memory that a family of processes held at one time, MiB.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peak {
    /// With the mapped parts of the programs and libraries.
    pub(crate) resident: f64,
    /// What is theirs alone.
    pub(crate) own: f64,
}

/// Looks at the family of a process every few milliseconds until it is told to stop.
pub(crate) fn watch(root: u32, stop: &AtomicBool) -> Peak {
    let mut peak = Peak::default();
    while !stop.load(Ordering::Relaxed) {
        let (mut resident, mut own) = (0, 0);
        for pid in family(root) {
            if let Some((all, shared)) = pages(pid) {
                resident += all;
                own += all - shared.min(all);
            }
        }
        let mib = |pages: u64| pages as f64 * 4096.0 / f64::from(1 << 20);
        peak.resident = peak.resident.max(mib(resident));
        peak.own = peak.own.max(mib(own));
        std::thread::sleep(Duration::from_millis(3));
    }
    peak
}

/// A process and its descendants; each thread has children of its own.
fn family(root: u32) -> Vec<u32> {
    let mut all = vec![root];
    let mut at = 0;
    while let Some(pid) = all.get(at) {
        let tasks = Path::new("/proc").join(pid.to_string()).join("task");
        for task in fs::read_dir(tasks).into_iter().flatten().flatten() {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            all.extend(
                children
                    .split_whitespace()
                    .filter_map(|pid| pid.parse::<u32>().ok()),
            );
        }
        at += 1;
    }
    all
}

/// Resident pages, and how many of them others may have too.
fn pages(pid: u32) -> Option<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/statm")).ok()?;
    let mut figures = text.split_whitespace().skip(1).map(str::parse);
    Some((figures.next()?.ok()?, figures.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory() {
        let pid = std::process::id();
        assert!(family(pid).contains(&pid));
        let (resident, shared) = pages(pid).unwrap();
        assert!(resident > shared);
    }
}
