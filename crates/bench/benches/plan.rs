//! Planning instances that read each other: the time must grow with their number, not faster.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engine::PlanOptions;
use states::State;

/// Two blocks of `n` instances, the second reading the first one by one.
fn crossed(n: usize) -> String {
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {n}\n  input = count.index\n}}\n\
         resource \"terraform_data\" \"b\" {{\n  count = {n}\n  input = terraform_data.a[count.index].output\n}}\n"
    )
}

fn plan(c: &mut Criterion) {
    let mut group = c.benchmark_group("plan");
    group.sample_size(10);
    for n in [100, 1_000, 10_000] {
        let config = crossed(n);
        group.throughput(Throughput::Elements(2 * n as u64));
        group.bench_function(BenchmarkId::new("new", n), |b| {
            b.iter(|| test_support::run(&config, State::default(), PlanOptions::default(), false));
        });
        let state = test_support::applied(&config);
        group.bench_function(BenchmarkId::new("unchanged", n), |b| {
            b.iter(|| test_support::run(&config, state.clone(), PlanOptions::default(), false));
        });
    }
    group.finish();
}

criterion_group!(benches, plan);
criterion_main!(benches);
