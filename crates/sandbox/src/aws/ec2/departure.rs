//! What is being deleted: when the time has come, what it held is let go.

use super::Ec2;
use crate::Clock;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use std::fmt::Display;

/// How long something that is deleted can still be seen, in milliseconds.
pub(super) const LINGER: u64 = 60 * 60 * 1000;

/// Whether something is there, or only still shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Presence {
    #[default]
    There,
    Deleted,
}

/// Something that is being deleted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Departure {
    due: Instant,
    id: String,
}

impl Ec2 {
    /// Notes what is gone when the time has come.
    pub(super) fn depart(&mut self, due: Instant, id: &str) {
        let id = id.to_owned();
        self.leaving.push(Departure { due, id });
    }

    /// Lets go what the things held whose time has come. Before every operation: nothing happens in between.
    pub(super) fn settle(&mut self, clock: Clock) {
        let gone = self
            .leaving
            .extract_if(.., |departure| clock.reached(departure.due));
        let gone: Vec<Departure> = gone.collect();
        for Departure { id, .. } in gone {
            self.remove_interfaces_of(&id);
            self.detached(&id);
            self.tags.remove(&id);
            let of = match super::kind(&id) {
                "nat" => self.nat_gateways.get_mut(&id).map(|of| &mut of.state),
                "tgw" => self.transit_gateways.get_mut(&id).map(|of| &mut of.state),
                "tgw-attach" => self.attachments.get_mut(&id).map(|of| &mut of.state),
                _ => self.transit_tables.get_mut(&id).map(|of| &mut of.state),
            };
            if let Some(state) = of {
                *state = Presence::Deleted;
            }
        }
    }
}

/// A time as answers have it: `2026-01-31T12:00:00.000Z`.
pub(super) fn time(at: Instant) -> impl Display {
    at.iso_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (at, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(time(Instant(at)).to_string(), text);
        }
    }
}
