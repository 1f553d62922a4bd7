//! When a cluster may be worked on.

use super::super::values::choice;
use chrono::DateTime;
use google_cloud_container_v1::model;
use google_cloud_wkt::Timestamp;
use sdk::{Attr, Blocks, Model};

/// When the cluster may be worked on. Without this: whenever the service likes.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(exactly_one_of("daily_maintenance_window", "recurring_window"))]
pub(super) struct Maintenance {
    /// Every day from a time on.
    #[block(list, max = 1)]
    daily_maintenance_window: Blocks<Daily>,
    /// When it may not be.
    #[block(set, max = 20)]
    maintenance_exclusion: Blocks<Exclusion>,
    /// At times that a rule says.
    #[block(list, max = 1)]
    recurring_window: Blocks<Recurring>,
}

/// Every day from a time on.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Daily {
    /// The time, in UTC: `03:00`.
    #[attr(required)]
    start_time: Attr<String>,
    /// How long.
    #[attr(computed)]
    duration: Attr<String>,
}

/// At times that a rule says.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Recurring {
    /// The end of the first time.
    #[attr(required, same = same_time, validate = check_time)]
    end_time: Attr<String>,
    /// The rule: `FREQ=WEEKLY;BYDAY=SA,SU`.
    #[attr(required)]
    recurrence: Attr<String>,
    /// The start of the first time.
    #[attr(required, same = same_time, validate = check_time)]
    start_time: Attr<String>,
}

/// When it may not be worked on.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Exclusion {
    /// The end.
    #[attr(optional, same = same_time, validate = check_time)]
    end_time: Attr<String>,
    /// The name.
    #[attr(required)]
    exclusion_name: Attr<String>,
    /// The start.
    #[attr(required, same = same_time, validate = check_time)]
    start_time: Attr<String>,
    /// What may not be done.
    #[block(list, max = 1)]
    exclusion_options: Blocks<Scope>,
}

/// What may not be done.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Scope {
    /// `UNTIL_END_OF_SUPPORT`: instead of an end.
    #[attr(optional, zero)]
    end_time_behavior: Attr<String>,
    /// `NO_UPGRADES`, `NO_MINOR_UPGRADES` or `NO_MINOR_OR_NODE_UPGRADES`.
    #[attr(
        required,
        one_of("NO_UPGRADES", "NO_MINOR_UPGRADES", "NO_MINOR_OR_NODE_UPGRADES")
    )]
    scope: Attr<String>,
}

fn check_time(text: &str) -> Result<(), String> {
    DateTime::parse_from_rfc3339(text)
        .map(|_| ())
        .map_err(|_| format!("{text:?} is no time. Expected one like \"2026-01-31T03:00:00Z\"."))
}

fn same_time(one: &String, other: &String) -> bool {
    let parse = |text: &String| DateTime::parse_from_rfc3339(text).ok();
    one == other || parse(one).is_some() && parse(one) == parse(other)
}

fn timestamp(text: &Attr<String>) -> Option<Timestamp> {
    Timestamp::try_from(text.as_str()).ok()
}

fn time(timestamp: Option<&Timestamp>) -> Attr<String> {
    timestamp.map(|timestamp| String::from(*timestamp)).into()
}

impl Maintenance {
    pub(super) fn to_api(blocks: &Blocks<Self>) -> model::MaintenancePolicy {
        let Some(this) = blocks.first() else {
            return model::MaintenancePolicy::new();
        };
        let exclusions = this.maintenance_exclusion.iter().map(|exclusion| {
            let name = exclusion.exclusion_name.as_str().to_owned();
            (name, exclusion.to_api())
        });
        let mut window = model::MaintenanceWindow::new().set_maintenance_exclusions(exclusions);
        if let Some(daily) = this.daily_maintenance_window.first() {
            let daily =
                model::DailyMaintenanceWindow::new().set_start_time(daily.start_time.as_str());
            window = window.set_daily_maintenance_window(daily);
        }
        if let Some(recurring) = this.recurring_window.first() {
            let first = model::TimeWindow::new()
                .set_or_clear_start_time(timestamp(&recurring.start_time))
                .set_or_clear_end_time(timestamp(&recurring.end_time));
            let recurring = model::RecurringTimeWindow::new()
                .set_recurrence(recurring.recurrence.as_str())
                .set_window(first);
            window = window.set_recurring_window(recurring);
        }
        model::MaintenancePolicy::new().set_window(window)
    }

    pub(super) fn from_api(policy: Option<&model::MaintenancePolicy>) -> Option<Self> {
        let window = policy?.window.as_ref()?;
        let daily = window.daily_maintenance_window().map(|daily| Daily {
            start_time: daily.start_time.as_str().into(),
            duration: daily.duration.as_str().into(),
        });
        let recurring = window.recurring_window().map(|recurring| {
            let first = recurring.window.clone().unwrap_or_default();
            Recurring {
                end_time: time(first.end_time.as_ref()),
                recurrence: recurring.recurrence.as_str().into(),
                start_time: time(first.start_time.as_ref()),
            }
        });
        let exclusions = window.maintenance_exclusions.iter();
        let exclusions: Vec<Exclusion> =
            exclusions.map(|(n, w)| Exclusion::from_api(n, w)).collect();
        if daily.is_none() && recurring.is_none() && exclusions.is_empty() {
            return None;
        }
        Some(Self {
            daily_maintenance_window: daily.into(),
            maintenance_exclusion: exclusions.into(),
            recurring_window: recurring.into(),
        })
    }
}

impl Exclusion {
    fn to_api(&self) -> model::TimeWindow {
        let window = model::TimeWindow::new()
            .set_or_clear_start_time(timestamp(&self.start_time))
            .set_or_clear_end_time(timestamp(&self.end_time));
        let Some(scope) = self.exclusion_options.first() else {
            return window;
        };
        let mut options = model::MaintenanceExclusionOptions::new().set_scope(scope.scope.as_str());
        if let Some(behavior) = scope.end_time_behavior.known().filter(|b| !b.is_empty()) {
            options = options.set_end_time_behavior(behavior.as_str());
        }
        window.set_maintenance_exclusion_options(options)
    }

    fn from_api(name: &str, window: &model::TimeWindow) -> Self {
        let options = window.maintenance_exclusion_options().map(|options| {
            let behavior = options.end_time_behavior.name();
            let behavior = behavior.filter(|b| *b != "END_TIME_BEHAVIOR_UNSPECIFIED");
            Scope {
                end_time_behavior: choice(behavior),
                scope: choice(options.scope.name()),
            }
        });
        Self {
            end_time: time(window.end_time.as_ref()),
            exclusion_name: name.into(),
            start_time: time(window.start_time.as_ref()),
            exclusion_options: options.into(),
        }
    }
}

/// Which versions the cluster gets, and when.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Channel {
    /// `UNSPECIFIED`, `RAPID`, `REGULAR`, `STABLE` or `EXTENDED`.
    #[attr(
        required,
        one_of("UNSPECIFIED", "RAPID", "REGULAR", "STABLE", "EXTENDED")
    )]
    pub(super) channel: Attr<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_come_back_as_they_went() {
        let policy = Maintenance {
            daily_maintenance_window: Blocks::default(),
            recurring_window: Some(Recurring {
                end_time: "2026-01-31T07:00:00Z".into(),
                recurrence: "FREQ=WEEKLY;BYDAY=SA,SU".into(),
                start_time: "2026-01-31T03:00:00Z".into(),
            })
            .into(),
            maintenance_exclusion: Some(Exclusion {
                end_time: "2026-12-31T00:00:00Z".into(),
                exclusion_name: "winter".into(),
                start_time: "2026-12-01T00:00:00Z".into(),
                exclusion_options: Some(Scope {
                    end_time_behavior: "".into(),
                    scope: "NO_UPGRADES".into(),
                })
                .into(),
            })
            .into(),
        };
        let sent = Maintenance::to_api(&Some(policy.clone()).into());
        assert_eq!(Maintenance::from_api(Some(&sent)), Some(policy));
        assert_eq!(
            Maintenance::from_api(Some(&model::MaintenancePolicy::new())),
            None
        );
        let same = |a: &str, b: &str| same_time(&a.to_owned(), &b.to_owned());
        assert!(same("2026-01-31T03:00:00Z", "2026-01-31T04:00:00+01:00"));
    }
}
