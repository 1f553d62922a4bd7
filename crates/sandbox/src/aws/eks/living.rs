//! What takes time to be made, changed and removed.

use crate::clock::Instant;
use serde::{Deserialize, Serialize};

/// An object as it is shown, and what becomes of it at some time.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Living<T> {
    /// The object as it is shown.
    pub(crate) shown: T,
    phase: Phase<T>,
}

#[derive(Debug, Serialize, Deserialize)]
enum Phase<T> {
    Creating(Instant),
    Active,
    /// What the object is then.
    Updating(Instant, T),
    Deleting(Instant),
}

impl<T> Living<T> {
    /// An object that is made until then.
    pub(crate) const fn new(shown: T, due: Instant) -> Self {
        Self {
            shown,
            phase: Phase::Creating(due),
        }
    }

    /// The status as EKS has it.
    pub(crate) const fn status(&self) -> &'static str {
        match self.phase {
            Phase::Creating(_) => "CREATING",
            Phase::Active => "ACTIVE",
            Phase::Updating(..) => "UPDATING",
            Phase::Deleting(_) => "DELETING",
        }
    }

    /// Whether nothing is under way.
    pub(crate) const fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Active)
    }

    /// Starts a change.
    pub(crate) fn update(&mut self, to: T, due: Instant) {
        self.phase = Phase::Updating(due, to);
    }

    /// Starts the removal.
    pub(crate) fn delete(&mut self, due: Instant) {
        self.phase = Phase::Deleting(due);
    }

    /// When something becomes of it, if anything is under way.
    pub(crate) const fn due(&self) -> Option<Instant> {
        match self.phase {
            Phase::Active => None,
            Phase::Creating(due) | Phase::Deleting(due) | Phase::Updating(due, _) => Some(due),
        }
    }

    /// Carries out what is due; false if it is gone.
    pub(crate) fn settle(&mut self, now: Instant) -> bool {
        if self.due().is_none_or(|due| due > now) {
            return true;
        }
        match std::mem::replace(&mut self.phase, Phase::Active) {
            Phase::Deleting(_) => return false,
            Phase::Updating(_, to) => self.shown = to,
            Phase::Creating(_) | Phase::Active => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_end_when_they_are_due() {
        let at = Instant;
        let mut object = Living::new(1, at(10));
        assert!(object.settle(at(9)));
        assert_eq!((object.status(), object.due()), ("CREATING", Some(at(10))));
        assert!(object.settle(at(10)));
        assert_eq!((object.status(), object.due()), ("ACTIVE", None));
        object.update(2, at(20));
        assert!(object.settle(at(19)));
        assert_eq!((object.status(), object.shown), ("UPDATING", 1));
        assert!(object.settle(at(21)));
        assert_eq!((object.status(), object.shown), ("ACTIVE", 2));
        object.delete(at(30));
        assert!(object.settle(at(29)));
        assert_eq!(object.status(), "DELETING");
        assert!(!object.settle(at(30)));
    }
}
