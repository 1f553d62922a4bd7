//! Every input of the corpus, and some made of them, is borne.

use groma_fuzz::{Mutator, TARGETS};
use std::fs;
use std::path::Path;

#[test]
fn the_corpus_is_borne() {
    let worker = std::thread::Builder::new().stack_size(64 << 20);
    let all = worker.spawn(|| {
        for target in TARGETS {
            let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("corpus")
                .join(target.name);
            let entries = fs::read_dir(&dir).unwrap();
            let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            assert!(!paths.is_empty(), "{} has no corpus", target.name);
            let corpus: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
            for input in &corpus {
                (target.run)(input);
            }
            let mut mutator = Mutator::new(1, &corpus);
            for _ in 0..100 {
                (target.run)(&mutator.next(&corpus));
            }
        }
    });
    all.unwrap().join().unwrap();
}
