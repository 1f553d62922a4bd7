//! What would be done to an object.

use super::{ObjectCall, ObjectValue};
use configs::IgnoreChanges;
use cty::{Marks, Path, Value};
use diags::{Diagnostic, Diagnostics};
use plans::objchange;
use plans::{Action, ActionReason};
use providers::{PlanRequest, PlanResponse, Private, ValidateRequest};
use std::sync::Arc;

/// What a plan is made from.
pub struct PlanInput<'a> {
    /// The object now; `None` = there is none.
    pub prior: Option<&'a ObjectValue>,
    /// The object is to be replaced whatever the configuration says.
    pub tainted: bool,
    /// The configuration, evaluated.
    pub config: &'a Value,
    /// `ignore_changes`.
    pub ignore: &'a IgnoreChanges,
    /// `-replace` or `replace_triggered_by`.
    pub force_replace: Option<ActionReason>,
    /// A replacement is made before the old object is destroyed.
    pub create_before_destroy: bool,
}

/// A planned change.
#[derive(Clone, Debug)]
pub struct PlannedObject {
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: Option<ActionReason>,
    /// The object before, with marks; null = none.
    pub before: Value,
    /// The object after, as far as it is known, with marks; null = none.
    pub after: Value,
    /// What needs a new object.
    pub requires_replace: Vec<Path>,
    /// The provider's bytes for the apply.
    pub private: Private,
    /// Warnings.
    pub diagnostics: Diagnostics,
}

impl ObjectCall {
    /// Lets the provider check a block.
    pub async fn validate(&self, mode: addrs::Mode, config: &Value) -> Diagnostics {
        let (config, _) = Self::strip(config);
        let diags = self
            .provider
            .validate(
                mode,
                ValidateRequest {
                    kind: self.kind.clone(),
                    config,
                },
            )
            .await;
        self.about(diags)
    }

    /// Plans what makes the object as the configuration says.
    pub async fn plan(&self, input: PlanInput<'_>) -> Result<PlannedObject, Diagnostics> {
        let block = &self.schema.block;
        let (config, config_marks) = Self::strip(input.config);
        let prior = input.prior.map(|p| Self::strip(&p.value));
        let null = Value::null(self.ty());
        let prior_value = prior.as_ref().map_or(&null, |(value, _)| value);
        let prior_private = input
            .prior
            .map_or_else(|| Private::from([]), |p| p.private.clone());

        // A tainted object is planned as if there were none, then turned into a replacement.
        let (base, base_private) = if input.tainted {
            (&null, Private::from([]))
        } else {
            (prior_value, prior_private)
        };
        let effective = if base.is_null() {
            config.clone()
        } else {
            objchange::apply_ignore_changes(&config, base, input.ignore, block)
        };
        let proposed = objchange::proposed_new(block, base, &effective);
        let response = self.ask(base, &proposed, &effective, base_private).await;
        let mut diags = self.about(response.diagnostics.clone());
        if diags.has_errors() {
            return Err(diags);
        }
        let mut planned = response.planned.clone();
        diags.append(self.check_plan(
            base,
            &effective,
            &planned,
            response.legacy,
            &response.requires_replace,
        ));
        if diags.has_errors() {
            return Err(diags);
        }
        if response.legacy && !base.is_null() {
            planned = objchange::apply_ignore_changes_legacy(&planned, base, input.ignore);
        }
        let requires_replace =
            objchange::filter_requires_replace(base, &planned, &response.requires_replace, block);

        let mut change = PlannedObject {
            action: Action::NoOp,
            reason: None,
            before: null.clone(),
            after: null.clone(),
            requires_replace: Vec::new(),
            private: response.planned_private.clone(),
            diagnostics: Diagnostics::new(),
        };
        let marks_of_config = |value: Value| self.mark(value, &config_marks);
        let replace_action = if input.create_before_destroy {
            Action::CreateThenDelete
        } else {
            Action::DeleteThenCreate
        };
        if prior_value.is_null() {
            change.action = Action::Create;
            change.after = marks_of_config(planned);
        } else if input.tainted {
            change.action = replace_action;
            change.reason = Some(ActionReason::ReplaceBecauseTainted);
            change.after = marks_of_config(planned);
        } else if input.force_replace.is_some() || !requires_replace.is_empty() {
            change.action = replace_action;
            change.reason = if requires_replace.is_empty() {
                input.force_replace
            } else {
                input
                    .force_replace
                    .or(Some(ActionReason::ReplaceBecauseCannotUpdate))
            };
            let again = self.plan_anew(&config, response.planned_private).await?;
            change.private = again.planned_private;
            change.after = marks_of_config(again.planned);
        } else {
            change.action = if planned == *prior_value {
                Action::NoOp
            } else {
                Action::Update
            };
            change.after = marks_of_config(planned);
        }
        if let Some(prior) = input.prior {
            change.before = prior.value.clone();
        }
        // What is hidden or shown differently from now on is a change too.
        if change.action == Action::NoOp && !same_marks(&change.before, &change.after) {
            change.action = Action::Update;
        }
        change.requires_replace = requires_replace;
        change.diagnostics = diags;
        Ok(change)
    }

    /// The second plan of a replacement: a new object, from the configuration alone.
    async fn plan_anew(
        &self,
        config: &Value,
        private: Private,
    ) -> Result<PlanResponse, Diagnostics> {
        let null = Value::null(self.ty());
        let proposed = objchange::proposed_new(&self.schema.block, &null, config);
        let response = self.ask(&null, &proposed, config, private).await;
        let mut diags: Diagnostics = self
            .about(response.diagnostics.clone())
            .into_iter()
            .filter(Diagnostic::is_error)
            .collect();
        diags.append(self.conforms(&response.planned, "planned"));
        diags.append(self.write_only(&response.planned, "planned"));
        if diags.has_errors() {
            Err(diags)
        } else {
            Ok(response)
        }
    }

    /// Plans the destruction of an object.
    pub async fn plan_destroy(&self, object: &ObjectValue) -> Result<Private, Diagnostics> {
        if !self.plan_destroy {
            return Ok(object.private.clone());
        }
        let (prior, _) = Self::strip(&object.value);
        let null = Value::null(self.ty());
        let response = self.ask(&prior, &null, &null, object.private.clone()).await;
        let mut diags = self.about(response.diagnostics.clone());
        if !diags.has_errors() && !response.planned.is_null() {
            diags.push(self.broken(
                "Provider produced invalid plan",
                &format!("planned a non-null destroy value for {}", self.address),
            ));
        }
        if diags.has_errors() {
            Err(diags)
        } else {
            Ok(response.planned_private)
        }
    }

    async fn ask(
        &self,
        prior: &Value,
        proposed: &Value,
        config: &Value,
        private: Private,
    ) -> PlanResponse {
        self.provider
            .plan(PlanRequest {
                kind: self.kind.clone(),
                prior: prior.clone(),
                proposed: proposed.clone(),
                config: config.clone(),
                prior_private: private,
                provider_meta: self.provider_meta.clone(),
            })
            .await
    }

    fn check_plan(
        &self,
        prior: &Value,
        config: &Value,
        planned: &Value,
        legacy: bool,
        requires_replace: &[Path],
    ) -> Diagnostics {
        let mut diags = self.conforms(planned, "planned");
        if diags.has_errors() {
            return diags;
        }
        diags.append(self.write_only(planned, "planned"));
        for violation in objchange::assert_plan_valid(&self.schema.block, prior, config, planned) {
            let what = format!(
                "produced an invalid plan for {}: {}: {}",
                self.address, violation.path, violation.message
            );
            if legacy {
                tracing::warn!(address = %self.address, "tolerated from a legacy provider: {what}");
            } else {
                diags.push(self.broken("Provider produced invalid plan", &what));
            }
        }
        for path in requires_replace {
            if path.apply(prior).is_err() && path.apply(planned).is_err() && !prior.is_null() {
                diags.push(self.broken(
                    "Provider produced invalid plan",
                    &format!("indicated that {path} of {} requires replacement, but there is no such attribute", self.address),
                ));
            }
        }
        diags
    }
}

/// Whether the same parts of two equal values are hidden.
fn same_marks(before: &Value, after: &Value) -> bool {
    if before.all_marks() == Marks::NONE && after.all_marks() == Marks::NONE {
        return true;
    }
    let mut a: Vec<_> = before.clone().unmark_deep_with_paths().1;
    let b: Vec<_> = after.clone().unmark_deep_with_paths().1;
    a.retain(|m| !b.contains(m));
    a.is_empty() && before.clone().unmark_deep_with_paths().1.len() == b.len()
}
