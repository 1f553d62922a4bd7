//! How far downloads are: one line on a terminal, nothing elsewhere.

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::IsTerminal;

/// What is being downloaded.
pub(crate) struct Downloads {
    bar: Option<ProgressBar>,
    there: RefCell<BTreeMap<String, (u64, Option<u64>)>>,
}

impl Downloads {
    pub(crate) fn new(wanted: bool) -> Self {
        let bar = (wanted && std::io::stderr().is_terminal()).then(|| {
            let style = ProgressStyle::with_template("  {msg}");
            let bar = ProgressBar::new_spinner();
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        });
        Self {
            bar,
            there: RefCell::default(),
        }
    }

    /// Shows how much there is of a package.
    pub(crate) fn show(&self, name: &str, there: u64, whole: Option<u64>) {
        let Some(bar) = &self.bar else {
            return;
        };
        let mut all = self.there.borrow_mut();
        all.insert(name.to_owned(), (there, whole));
        if whole == Some(there) {
            all.remove(name);
        }
        let parts: Vec<String> = all
            .iter()
            .map(|(name, (there, whole))| part(name, *there, *whole))
            .collect();
        bar.set_message(parts.join(", "));
        bar.tick();
    }

    /// Takes the line away.
    pub(crate) fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn part(name: &str, there: u64, whole: Option<u64>) -> String {
    match whole {
        Some(whole) => format!("{name} {} of {}", HumanBytes(there), HumanBytes(whole)),
        None => format!("{name} {}", HumanBytes(there)),
    }
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn parts_tell_how_far() {
        assert_eq!(
            part("a/b", 1 << 20, Some(4 << 20)),
            "a/b 1.00 MiB of 4.00 MiB"
        );
        assert_eq!(part("a/b", 0, None), "a/b 0 B");
    }
}
