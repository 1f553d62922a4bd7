//! `groma-fuzz TARGET [MINUTES] [SEED]`: looks for inputs that a target does not bear. What it is about to
//! read is in `TARGET.input` first, so that an abort leaves it behind.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

use groma_fuzz::{Mutator, TARGETS, Target};
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// Longer than this no input may take.
const SLOW: Duration = Duration::from_secs(5);

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_default();
    let minutes: f64 = args.next().and_then(|it| it.parse().ok()).unwrap_or(10.0);
    let seed = args.next().and_then(|it| it.parse().ok()).unwrap_or(1);
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
        eprintln!(
            "usage: groma-fuzz TARGET [MINUTES] [SEED]; targets: {}",
            names.join(", ")
        );
        return ExitCode::FAILURE;
    };
    let target = *target;
    // As the program runs it: on a thread with a large stack.
    let worker = std::thread::Builder::new()
        .stack_size(256 << 20)
        .spawn(move || search(target, Duration::from_secs_f64(minutes * 60.0), seed));
    match worker.map(std::thread::JoinHandle::join) {
        Ok(Ok(0)) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn search(target: Target, time: Duration, seed: u64) -> usize {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(target.name);
    let corpus: Vec<Vec<u8>> = fs::read_dir(&dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| fs::read(entry.ok()?.path()).ok())
        .collect();
    let mut mutator = Mutator::new(seed, &corpus);
    let about = std::env::temp_dir().join(format!("{}.input", target.name));
    let (start, mut count, mut found) = (Instant::now(), 0_u64, 0);
    // What panics is told of once, with its input.
    std::panic::set_hook(Box::new(|_| {}));
    while start.elapsed() < time && found < 20 {
        let input = mutator.next(&corpus);
        if fs::write(&about, &input).is_err() {
            eprintln!("{} cannot be written", about.display());
        }
        let begun = Instant::now();
        let ended = std::panic::catch_unwind(|| (target.run)(&input));
        let took = begun.elapsed();
        count += 1;
        if ended.is_err() || took > SLOW {
            let what = if ended.is_err() { "panic" } else { "slow" };
            let path = dir.join(format!("{what}-{seed}-{count}"));
            let kept = fs::create_dir_all(&dir).and_then(|()| fs::write(&path, &input));
            println!(
                "{what}: {} bytes, {took:?}: {} {kept:?}",
                input.len(),
                path.display()
            );
            found += 1;
        }
    }
    println!(
        "{}: {count} inputs in {:.0} s, {found} found",
        target.name,
        start.elapsed().as_secs_f64()
    );
    found
}
