//! Wall time, processor time and memory of one command and all that it starts.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::Stop;
use super::tree::{Peak, watch};

/// Is what one run cost.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cost {
    /// Seconds on the clock.
    pub(crate) wall: f64,
    /// Seconds of processor, of the command and its children, user and system together.
    pub(crate) cpu: f64,
    /// The most memory that any one of its processes held, or all together if they were watched, MiB.
    pub(crate) rss: f64,
    /// The most memory that all of them together held for themselves alone, MiB; 0 = not looked at.
    pub(crate) own: f64,
}

/// Runs a command under GNU time and returns what it cost. It gets the variables that were set on it
/// and no others.
pub(crate) fn measure(command: &Command) -> Result<Cost, Stop> {
    run(command, false)
}

/// Runs a command under GNU time, with our variables, and watches all that it starts: memory is that of
/// all its processes together.
pub(crate) fn measure_family(command: &Command) -> Result<Cost, Stop> {
    run(command, true)
}

fn run(command: &Command, family: bool) -> Result<Cost, Stop> {
    let time = conformance::Program::find("/usr/bin/time".as_ref())
        .ok_or_else(|| Stop::Skip("there is no /usr/bin/time".into()))?;
    let report = tempfile::NamedTempFile::new()?;
    let mut timed = Command::new(time.path());
    timed
        .arg("-f")
        .arg("%U %S %M")
        .arg("-o")
        .arg(report.path())
        .arg(command.get_program());
    timed.args(command.get_args());
    if !family {
        timed.env_clear();
    }
    for (key, value) in command.get_envs() {
        match value {
            Some(value) => timed.env(key, value),
            None => timed.env_remove(key),
        };
    }
    if let Some(dir) = command.get_current_dir() {
        timed.current_dir(dir);
    }
    timed
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let start = Instant::now();
    let child = timed.spawn()?;
    let (pid, ended) = (child.id(), AtomicBool::new(false));
    let (output, wall, peak) = std::thread::scope(|scope| {
        let watching = family.then(|| scope.spawn(|| watch(pid, &ended)));
        let output = child.wait_with_output();
        let wall = start.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        let peak = watching.map(|thread| thread.join().unwrap_or_default());
        (output, wall, peak)
    });
    let output = output?;
    if !output.status.success() {
        return Err(Stop::Fail(format!(
            "{command:?}: {}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )));
    }
    let cost = parse(&std::fs::read_to_string(report.path())?, wall)
        .ok_or_else(|| Stop::Fail("GNU time reported something else than figures".into()))?;
    Ok(peak.map_or(cost, |Peak { resident, own }| Cost {
        rss: resident,
        own,
        ..cost
    }))
}

fn parse(report: &str, wall: f64) -> Option<Cost> {
    let figures: Vec<f64> = report
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [user, system, kib] = figures.try_into().ok()?;
    Some(Cost {
        wall,
        cpu: user + system,
        rss: kib / 1024.0,
        own: 0.0,
    })
}

/// Returns the median of each figure.
pub(crate) fn median(costs: &[Cost]) -> Cost {
    let middle = |figure: fn(&Cost) -> f64| {
        let mut figures: Vec<f64> = costs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or(0.0)
    };
    Cost {
        wall: middle(|cost| cost.wall),
        cpu: middle(|cost| cost.cpu),
        rss: middle(|cost| cost.rss),
        own: middle(|cost| cost.own),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_figure_by_figure() {
        let costs = [(1.0, 9.0), (3.0, 7.0), (2.0, 8.0)].map(|(wall, cpu)| Cost {
            wall,
            cpu,
            rss: 5.0,
            own: 0.0,
        });
        let middle = median(&costs);
        assert_eq!((middle.wall, middle.cpu, middle.rss), (2.0, 8.0, 5.0));
        assert_eq!(
            parse("0.50 0.25 2048\n", 1.0).map(|cost| (cost.cpu, cost.rss)),
            Some((0.75, 2.0))
        );
        assert!(parse("Command exited with non-zero status 1\n", 1.0).is_none());
    }
}
