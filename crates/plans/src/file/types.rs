//! Our names and the file's for the same things.

use super::message::{self, ObjectKind, Reason, Status};
use crate::{Action, ActionReason, Dependency, Mode};
use states::CheckStatus;

macro_rules! pairs {
    ($to:ident, $from:ident: $ours:ty = $theirs:ty { $($a:path => $b:path,)* }) => {
        pub(super) const fn $to(value: $ours) -> i32 {
            (match value { $($a => $b,)* }) as i32
        }
        pub(super) fn $from(value: i32) -> Option<$ours> {
            match <$theirs>::try_from(value).ok()? { $($b => Some($a),)* #[allow(unreachable_patterns)] _ => None }
        }
    };
}

pairs!(to_mode, from_mode: Mode = message::Mode {
    Mode::Normal => message::Mode::Normal,
    Mode::Destroy => message::Mode::Destroy,
    Mode::RefreshOnly => message::Mode::RefreshOnly,
});

pairs!(to_action, from_action: Action = message::Action {
    Action::NoOp => message::Action::Noop,
    Action::Create => message::Action::Create,
    Action::Read => message::Action::Read,
    Action::Update => message::Action::Update,
    Action::Delete => message::Action::Delete,
    Action::DeleteThenCreate => message::Action::DeleteThenCreate,
    Action::CreateThenDelete => message::Action::CreateThenDelete,
    Action::Forget => message::Action::Forget,
});

pairs!(to_reason, from_reason: ActionReason = Reason {
    ActionReason::ReplaceBecauseTainted => Reason::ReplaceBecauseTainted,
    ActionReason::ReplaceByRequest => Reason::ReplaceByRequest,
    ActionReason::ReplaceBecauseCannotUpdate => Reason::ReplaceBecauseCannotUpdate,
    ActionReason::ReplaceByTriggers => Reason::ReplaceByTriggers,
    ActionReason::DeleteBecauseNoResourceConfig => Reason::DeleteBecauseNoResourceConfig,
    ActionReason::DeleteBecauseWrongRepetition => Reason::DeleteBecauseWrongRepetition,
    ActionReason::DeleteBecauseCountIndex => Reason::DeleteBecauseCountIndex,
    ActionReason::DeleteBecauseEachKey => Reason::DeleteBecauseEachKey,
    ActionReason::DeleteBecauseNoModule => Reason::DeleteBecauseNoModule,
    ActionReason::DeleteBecauseNoMoveTarget => Reason::DeleteBecauseNoMoveTarget,
    ActionReason::ReadBecauseConfigUnknown => Reason::ReadBecauseConfigUnknown,
    ActionReason::ReadBecauseDependencyPending => Reason::ReadBecauseDependencyPending,
    ActionReason::ReadBecauseCheckNested => Reason::ReadBecauseCheckNested,
});

pairs!(to_status, from_status: CheckStatus = Status {
    CheckStatus::Pass => Status::Pass,
    CheckStatus::Fail => Status::Fail,
    CheckStatus::Error => Status::Error,
    CheckStatus::Unknown => Status::Unknown,
});

pub(super) fn to_object_kind(name: &str) -> i32 {
    (match name {
        "resource" => ObjectKind::Resource,
        "output" => ObjectKind::Output,
        "check" => ObjectKind::Check,
        "var" => ObjectKind::Variable,
        _ => ObjectKind::Unspecified,
    }) as i32
}

pub(super) fn from_object_kind(kind: i32) -> Option<&'static str> {
    match ObjectKind::try_from(kind).ok()? {
        ObjectKind::Resource => Some("resource"),
        ObjectKind::Output => Some("output"),
        ObjectKind::Check => Some("check"),
        ObjectKind::Variable => Some("var"),
        ObjectKind::Unspecified => None,
    }
}

pub(super) const fn to_dependency(dependency: Dependency) -> u64 {
    match dependency {
        Dependency::Change(index) => index as u64 * 2,
        Dependency::Group(index) => index as u64 * 2 + 1,
    }
}

pub(super) fn from_dependency(number: u64) -> Option<Dependency> {
    let index = u32::try_from(number / 2).ok()?;
    Some(if number.is_multiple_of(2) {
        Dependency::Change(index)
    } else {
        Dependency::Group(index)
    })
}
