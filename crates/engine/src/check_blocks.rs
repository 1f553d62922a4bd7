//! `check` blocks: what does not hold is a warning, never the end of a run.

use crate::Round;
use addrs::ModuleInstance;
use diags::{Diagnostic, Diagnostics, Severity};
use lang::{CheckOutcome, CheckStatus, Evaluator, RepetitionData, RuleKind, evaluate_rules};
use states::CheckResult;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether check blocks are evaluated: not when all goes, and not when only a part is looked at.
pub(crate) fn are_evaluated(round: &Round<'_>, targeted: bool) -> bool {
    round.options.mode != plans::Mode::Destroy && !targeted
}

/// Evaluates the assertions of all check blocks but those in `settled`.
pub(crate) fn evaluate(
    round: &Round<'_>,
    evaluator: &Evaluator<'_>,
    settled: &BTreeSet<Arc<str>>,
) -> (Vec<CheckOutcome>, Diagnostics) {
    let mut outcomes = Vec::new();
    let mut diags = Diagnostics::new();
    let modules = &round.program.modules;
    if modules.iter().skip(1).any(|m| !m.module.checks.is_empty()) {
        expand_modules(round, evaluator);
    }
    for (id, def) in (0u32..).zip(&round.program.modules) {
        if def.module.checks.is_empty() {
            continue;
        }
        for inst in evaluator.insts_of(lang::ModuleId(id)) {
            for check in def.module.checks.values() {
                let object_addr = address(&inst.addr, &check.name);
                if settled.contains(&object_addr) {
                    continue;
                }
                let (result, _) = evaluator.evaluate(&inst, &RepetitionData::None, None, |env| {
                    Ok(evaluate_rules(&check.asserts, RuleKind::Assertion, env))
                });
                match result {
                    Ok((status, messages, problems)) => {
                        diags.append(problems);
                        outcomes.push(CheckOutcome {
                            kind: "check",
                            config_addr: config_address(&def.path, &check.name),
                            object_addr,
                            status,
                            messages,
                        });
                    }
                    // What it needs has failed, and that was reported.
                    Err(problems) => diags.append(problems),
                }
            }
        }
    }
    (outcomes, diags)
}

/// Makes all module instances there are.
pub(crate) fn expand_modules(round: &Round<'_>, evaluator: &Evaluator<'_>) {
    // Callers come before what they call.
    for (id, def) in (0u32..).zip(&round.program.modules) {
        for inst in evaluator.insts_of(lang::ModuleId(id)) {
            for call in 0..def.module.calls.len() as u32 {
                evaluator.expand_call(&inst, call);
            }
        }
    }
}

/// The check whose data source could not be read, and the problems as warnings.
pub(crate) fn unread(
    module: &ModuleInstance,
    check: &str,
    problems: Diagnostics,
) -> (CheckOutcome, Diagnostics) {
    let errors: Vec<String> = problems
        .iter()
        .filter(|d| d.is_error())
        .map(|d| format!("{}: {}", d.summary, d.detail))
        .collect();
    let message = match &errors[..] {
        [one] => one.clone(),
        several => format!("{} problems:\n\n- {}", several.len(), several.join("\n- ")),
    };
    let outcome = CheckOutcome {
        kind: "check",
        config_addr: config_address(&module.module(), check),
        object_addr: address(module, check),
        status: CheckStatus::Fail,
        messages: vec![message.into()],
    };
    (outcome, as_warnings(problems))
}

/// Problems that are no reason to stop.
pub(crate) fn as_warnings(problems: Diagnostics) -> Diagnostics {
    let warning = |d: Diagnostic| Diagnostic {
        severity: Severity::Warning,
        ..d
    };
    problems.into_iter().map(warning).collect()
}

/// What has conditions and was not looked at is listed too.
pub(crate) fn list_all(round: &Round<'_>, targeted: bool, results: &mut Vec<CheckResult>) {
    // Otherwise only check blocks can be left out, when what they need has failed.
    let partial = !are_evaluated(round, targeted);
    let known: BTreeSet<(Arc<str>, Arc<str>)> = results
        .iter()
        .map(|r| (r.object_kind.clone(), r.config_addr.clone()))
        .collect();
    let mut list = |kind: &str, config_addr: Arc<str>| {
        if !known.contains(&(kind.into(), config_addr.clone())) {
            results.push(CheckResult {
                object_kind: kind.into(),
                config_addr,
                status: states::CheckStatus::Unknown,
                objects: None,
            });
        }
    };
    for def in &round.program.modules {
        let path = def.path.to_string();
        for check in def.module.checks.values() {
            list("check", within(&path, "check", &check.name));
        }
        if !partial {
            continue;
        }
        for resource in def.module.resources.values() {
            let lifecycle = &resource.lifecycle;
            if !lifecycle.preconditions.is_empty() || !lifecycle.postconditions.is_empty() {
                let addr = addrs::ConfigResource {
                    module: def.path.clone(),
                    resource: resource.addr.clone(),
                };
                list("resource", addr.to_string().into());
            }
        }
        for output in def.module.outputs.values() {
            if !output.preconditions.is_empty() {
                list("output", within(&path, "output", &output.name));
            }
        }
    }
}

/// The results of a plan, which count until they are found out anew.
pub(crate) fn forget_planned(results: &mut [CheckResult]) {
    let again = |r: &CheckResult| &*r.object_kind == "check" || is_of_data_source(&r.config_addr);
    for result in results.iter_mut().filter(|r| again(r)) {
        result.status = states::CheckStatus::Unknown;
        for object in result.objects.iter_mut().flatten() {
            object.status = states::CheckStatus::Unknown;
            object.failure_messages = Vec::new();
        }
    }
}

/// Whether an address without instance keys is that of a data source.
fn is_of_data_source(config_addr: &str) -> bool {
    let mut parts = config_addr.split('.');
    loop {
        match parts.next() {
            Some("module") => drop(parts.next()),
            part => return part == Some("data"),
        }
    }
}

/// The address of a check block in a module instance.
pub(crate) fn address(module: &ModuleInstance, name: &str) -> Arc<str> {
    within(&module.to_string(), "check", name)
}

fn config_address(module: &addrs::Module, name: &str) -> Arc<str> {
    within(&module.to_string(), "check", name)
}

fn within(module: &str, kind: &str, name: &str) -> Arc<str> {
    if module.is_empty() {
        format!("{kind}.{name}").into()
    } else {
        format!("{module}.{kind}.{name}").into()
    }
}
