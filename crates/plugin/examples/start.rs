//! How long a provider's program takes from its start to its first answer: `start PROGRAM [RUNS]` prints
//! the milliseconds of each start as one JSON array.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is a program"
)]

use groma_plugin::{Host, HostOptions};
use providers::Provider;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

#[tokio::main]
async fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let Some(program) = args.next().map(PathBuf::from) else {
        eprintln!("usage: start PROGRAM [RUNS]");
        return ExitCode::FAILURE;
    };
    let runs = args.next().and_then(|n| n.to_str()?.parse().ok());
    let source = addrs::Provider::new("example.com", "any", "provider");
    let mut times = Vec::new();
    for _ in 0..runs.unwrap_or(5) {
        // Without a memory, so that the first answer is all its schemas.
        let host = Host::new(HostOptions::default());
        let start = Instant::now();
        let provider = host.provider(&source, &program);
        let answer = provider.schema().await;
        times.push(format!("{:.2}", start.elapsed().as_secs_f64() * 1000.0));
        provider.close().await;
        if let Err(problems) = answer {
            for problem in &problems {
                eprintln!("{}: {}", problem.summary, problem.detail);
            }
            return ExitCode::FAILURE;
        }
    }
    println!("[{}]", times.join(", "));
    ExitCode::SUCCESS
}
