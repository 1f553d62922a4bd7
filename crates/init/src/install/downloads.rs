//! Downloading several packages at the same time.

use super::{Event, Order};
use crate::download::{Downloaded, announced, download};
use crate::network::Network;
use crate::package::platform;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

/// How many packages are downloaded at the same time.
const AT_ONCE: usize = 4;

/// Told from the threads that download.
enum Message {
    Progress(usize, u64, Option<u64>),
    Done(usize, Result<Downloaded, String>),
}

/// Downloads into `dir` what must be; `None` for packages that are on this machine.
pub(super) fn all(
    network: &Network,
    orders: &[Order<'_>],
    dir: &Path,
    report: &mut dyn FnMut(Event<'_>),
) -> Vec<Option<Result<Downloaded, String>>> {
    let mut results: Vec<_> = orders.iter().map(|_| None).collect();
    let remote = |(at, order): (usize, &Order<'_>)| order.location.is_remote().then_some(at);
    let queue: Vec<usize> = orders.iter().enumerate().filter_map(remote).collect();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..queue.len().min(AT_ONCE) {
            let (sender, queue, next) = (sender.clone(), &queue, &next);
            scope.spawn(move || {
                while let Some(&at) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = one(network, &orders[at], dir, at, &sender);
                    // Nobody listens any more only if the program ends.
                    let _ = sender.send(Message::Done(at, done));
                }
            });
        }
        drop(sender);
        for message in receiver {
            match message {
                Message::Progress(at, there, whole) => {
                    report(Event::Downloading(orders[at].provider, there, whole));
                }
                Message::Done(at, done) => results[at] = Some(done),
            }
        }
    });
    results
}

fn one(
    network: &Network,
    order: &Order<'_>,
    dir: &Path,
    at: usize,
    sender: &mpsc::Sender<Message>,
) -> Result<Downloaded, String> {
    let (provider, version) = (order.provider, &order.version);
    let package = announced(network, provider, version, &platform(), &order.location)?;
    let last = AtomicUsize::new(0);
    download(network, package, dir, &|there, whole| {
        // Not more often than anyone can see.
        let step = usize::try_from(there >> 20).unwrap_or(usize::MAX);
        if last.swap(step, Ordering::Relaxed) != step || whole == Some(there) {
            let _ = sender.send(Message::Progress(at, there, whole));
        }
    })
}
