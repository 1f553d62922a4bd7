//! `moved` blocks: objects in the state get the addresses that the configuration has for them now.

use super::planner::Planner;
use crate::PlanOptions;
use addrs::{AbsResourceInstance, InstanceKey, Mode, MoveEndpoint, Provider, Target};
use diags::{Diagnostic, Diagnostics, SourceRange};
use lang::Program;
use states::State;
use std::collections::{BTreeMap, BTreeSet};

/// A state after moves.
pub(crate) struct Moved {
    /// The state.
    pub(crate) state: State,
    /// Where moved objects were: new address to old.
    pub(crate) from: BTreeMap<AbsResourceInstance, AbsResourceInstance>,
    /// The providers that moved objects had, by their new addresses.
    providers: BTreeMap<AbsResourceInstance, Provider>,
    /// Problems with the statements.
    pub(crate) diagnostics: Diagnostics,
    /// Old addresses that could not be left because another object is in the way.
    blocked: Vec<(AbsResourceInstance, AbsResourceInstance)>,
}

/// One `moved` block.
struct Statement<'c> {
    module: &'c addrs::Module,
    from: &'c MoveEndpoint,
    to: &'c MoveEndpoint,
    range: &'c SourceRange,
}

/// Moves what the configuration says was moved.
pub(crate) fn apply(program: &Program<'_>, state: State) -> Moved {
    let statements: Vec<Statement<'_>> = program
        .modules
        .iter()
        .flat_map(|def| {
            def.module.moved.iter().map(|m| Statement {
                module: &def.path,
                from: &m.from,
                to: &m.to,
                range: &m.range,
            })
        })
        .collect();
    let mut moved = Moved {
        state,
        from: BTreeMap::new(),
        providers: BTreeMap::new(),
        diagnostics: check(&statements),
        blocked: Vec::new(),
    };
    if !moved.diagnostics.has_errors() {
        let plan = destinations(program, &statements, &moved.state);
        moved.carry_out(plan);
    }
    moved
}

/// Statements that contradict each other.
fn check(statements: &[Statement<'_>]) -> Diagnostics {
    let mut diags = Diagnostics::new();
    for (i, statement) in statements.iter().enumerate() {
        if statement.from == statement.to {
            diags.push(
                Diagnostic::error(
                    "Redundant move statement",
                    format!(
                        "This statement declares a move from {} to the same address, which is the same as not declaring this \
                         move at all.",
                        statement.from
                    ),
                )
                .at(statement.range.clone()),
            );
            continue;
        }
        for earlier in &statements[..i] {
            if earlier.module != statement.module {
                continue;
            }
            if earlier.from == statement.from && earlier.to != statement.to {
                diags.push(
                    Diagnostic::error(
                        "Ambiguous move statements",
                        format!(
                            "A statement at {} declared that {} moved to {}, but this statement instead declares that it moved \
                             to {}. Each resource can move to only one destination resource.",
                            earlier.range, statement.from, earlier.to, statement.to
                        ),
                    )
                    .at(statement.range.clone()),
                );
            } else if earlier.to == statement.to && earlier.from != statement.from {
                diags.push(
                    Diagnostic::error(
                        "Ambiguous move statements",
                        format!(
                            "A statement at {} declared that {} moved to {}, but this statement instead declares that {} moved \
                             there. Each resource can have moved from only one source resource.",
                            earlier.range, earlier.from, earlier.to, statement.from
                        ),
                    )
                    .at(statement.range.clone()),
                );
            }
        }
    }
    diags
}

/// Where each object goes in the end, for those that go anywhere.
fn destinations(
    program: &Program<'_>,
    statements: &[Statement<'_>],
    state: &State,
) -> Vec<(AbsResourceInstance, AbsResourceInstance)> {
    let mut plan = Vec::new();
    for (addr, ..) in state.instances() {
        if addr.resource.mode != Mode::Managed {
            continue;
        }
        let mut now = addr.clone();
        // A chain of statements is followed to its end; each statement is used once, so that a circle
        // ends too.
        let mut used = BTreeSet::new();
        while let Some((i, next)) = statements.iter().enumerate().find_map(|(i, s)| {
            let next = MoveEndpoint::moved(s.from, s.to, s.module, &now)?;
            (!used.contains(&i) && next != now).then_some((i, next))
        }) {
            used.insert(i);
            now = next;
        }
        if used.is_empty() {
            now = implied(program, state, &addr).unwrap_or(now);
        }
        // Only the block at the new address can say whose object it is now.
        let retyped = now.resource.kind != addr.resource.kind;
        if now != addr && !(retyped && program.find_resource(&now.config()).is_none()) {
            plan.push((addr, now));
        }
    }
    plan
}

/// When `count` was added to or removed from a block, the object without key and the one with key 0 are
/// the same.
fn implied(
    program: &Program<'_>,
    state: &State,
    addr: &AbsResourceInstance,
) -> Option<AbsResourceInstance> {
    let (module, index) = program.find_resource(&addr.config())?;
    let repetition = &program.resource(module, index).repetition;
    let key = match (&addr.key, repetition) {
        (InstanceKey::None, configs::Repetition::Count(_)) => InstanceKey::Int(0),
        (InstanceKey::Int(0), configs::Repetition::Single) => InstanceKey::None,
        _ => return None,
    };
    let to = AbsResourceInstance {
        key,
        ..addr.clone()
    };
    state.instance(&to).is_none().then_some(to)
}

impl Moved {
    /// A state without moves.
    pub(crate) fn nothing(state: State) -> Self {
        Self {
            state,
            from: BTreeMap::new(),
            providers: BTreeMap::new(),
            diagnostics: Diagnostics::new(),
            blocked: Vec::new(),
        }
    }

    fn carry_out(&mut self, plan: Vec<(AbsResourceInstance, AbsResourceInstance)>) {
        let leaving: BTreeSet<_> = plan.iter().map(|(from, _)| from.clone()).collect();
        let mut taken = Vec::new();
        for (from, to) in plan {
            if self
                .state
                .instance(&to)
                .is_some_and(|i| i.current.is_some())
                && !leaving.contains(&to)
            {
                self.blocked.push((from, to));
                continue;
            }
            let Some(resource) = self.state.resources.get_mut(&from.abs_resource()) else {
                continue;
            };
            let provider = resource.provider.clone();
            if let Some(instance) = resource.instances.remove(&from.key) {
                taken.push((from.clone(), to, provider, instance));
            }
            if resource.instances.is_empty() {
                self.state.resources.remove(&from.abs_resource());
            }
        }
        for (from, to, provider, instance) in taken {
            if let Some(object) = instance.current {
                self.state.set_current(&to, &provider, Some(object));
            }
            for (key, object) in instance.deposed {
                self.state.set_deposed(&to, &provider, &key, Some(object));
            }
            self.providers.insert(to.clone(), provider.provider);
            self.from.insert(to, from);
        }
    }

    /// The provider and the type that the object at an address had, if they were others than now.
    pub(crate) fn other_source(
        &self,
        addr: &AbsResourceInstance,
        provider: &Provider,
    ) -> Option<(&Provider, &str)> {
        let from = self.from.get(addr)?;
        let had = self.providers.get(addr)?;
        let same = from.resource.kind == addr.resource.kind && had == provider;
        (!same).then_some((had, &*from.resource.kind))
    }

    /// Moved objects that a plan with targets leaves out: it would be wrong.
    pub(crate) fn check_targets(&self, options: &PlanOptions) -> Option<Diagnostic> {
        let any =
            |list: &[Target], addr: &AbsResourceInstance| list.iter().any(|t| t.contains(addr));
        let included = |addr: &AbsResourceInstance| {
            (options.targets.is_empty() || any(&options.targets, addr))
                && !any(&options.excludes, addr)
        };
        let left_out: BTreeSet<&AbsResourceInstance> = self
            .from
            .iter()
            .flat_map(|(to, from)| [from, to])
            .filter(|addr| !included(addr))
            .collect();
        if left_out.is_empty() {
            return None;
        }
        if options.targets.is_empty() {
            let list: String = left_out.iter().map(|addr| format!("\n  {addr}")).collect();
            return Some(Diagnostic::error(
                "Moved resource instances excluded by targeting",
                format!(
                    "Objects in the state have moved to new addresses in the configuration. All of them must be part of the plan, but \
                     the -exclude options leave some out. Plan without -exclude, or with other options that do not cover:{list}"
                ),
            ));
        }
        let options: String = left_out
            .iter()
            .map(|addr| format!("\n  -target={:?}", addr.to_string()))
            .collect();
        Some(Diagnostic::error(
            "Moved resource instances excluded by targeting",
            format!(
                "Objects in the state have moved to new addresses in the configuration. All of them must be part of the plan, but the \
                 -target options do not cover them. Plan without -target, or add these options:{options}\n\nFurther objects may become \
                 part of the plan by that, because of what they depend on."
            ),
        ))
    }

    /// Where the object at an address was before moves.
    pub(crate) fn previous(&self, addr: &AbsResourceInstance) -> AbsResourceInstance {
        self.from.get(addr).unwrap_or(addr).clone()
    }
}

impl Planner<'_> {
    /// Says which moves could not be made, now that everything is known.
    pub(crate) fn check_moves(&self) {
        if self.check_still_there() || self.moved.blocked.is_empty() {
            return;
        }
        let list: String = self
            .moved
            .blocked
            .iter()
            .map(|(from, to)| format!("\n  - {from} could not move to {to}"))
            .collect();
        self.report([Diagnostic::warning(
            "Unresolved resource instance address changes",
            format!(
                "Objects whose addresses were to change could not move because there already are other objects at the new \
                 addresses:{list}\n\nBoth objects of each pair are planned at the addresses they have."
            ),
        )]);
    }

    /// An object that has moved away may not be declared where it was; whether one is.
    fn check_still_there(&self) -> bool {
        let mut found = false;
        for def in &self.round.program.modules {
            for block in &def.module.moved {
                let still = |addr: &&AbsResourceInstance| {
                    MoveEndpoint::moved(&block.from, &block.to, &def.path, addr)
                        .is_some_and(|to| to != **addr)
                };
                let claimed = self.claimed.borrow();
                let Some(addr) = claimed.iter().find(still) else {
                    continue;
                };
                let what = if matches!(block.from, MoveEndpoint::Module(_)) {
                    "module"
                } else {
                    "resource"
                };
                found = true;
                self.report([Diagnostic::error(
                    "Moved object still exists",
                    format!(
                        "This statement declares a move from {}, but that {what} is still declared: there is {addr}. Remove it \
                         from the configuration to make the move possible.",
                        block.from
                    ),
                )
                .at(block.range.clone())]);
            }
        }
        found
    }
}
