//! What would be done to an object.

use super::{ObjectCall, ObjectValue};
use configs::IgnoreChanges;
use cty::{Path, Value};
use diags::{Diagnostic, Diagnostics};
use plans::objchange::{self, Decision};
use plans::{Action, ActionReason};
use providers::{PlanRequest, PlanResponse, Private, ValidateRequest};

/// What a plan is made from.
pub(crate) struct PlanInput<'a> {
    /// The object now; `None` = there is none.
    pub(crate) prior: Option<&'a ObjectValue>,
    /// The provider's bytes of an earlier create that was cut short, if this is to repeat it.
    pub(crate) resumed: Option<Private>,
    /// The object is to be replaced whatever the configuration says.
    pub(crate) tainted: bool,
    /// The configuration, evaluated.
    pub(crate) config: &'a Value,
    /// `ignore_changes`.
    pub(crate) ignore: &'a IgnoreChanges,
    /// `-replace` or `replace_triggered_by`.
    pub(crate) force_replace: Option<ActionReason>,
    /// A replacement is made before the old object is destroyed.
    pub(crate) create_before_destroy: bool,
}

/// A planned change.
#[derive(Clone, Debug)]
pub(crate) struct PlannedObject {
    /// What is done.
    pub(crate) action: Action,
    /// Why.
    pub(crate) reason: Option<ActionReason>,
    /// The object before, with marks; null = none.
    pub(crate) before: Value,
    /// The object after, as far as it is known, with marks; null = none.
    pub(crate) after: Value,
    /// What needs a new object.
    pub(crate) requires_replace: Vec<Path>,
    /// The provider's bytes for the apply.
    pub(crate) private: Private,
    /// Warnings.
    pub(crate) diagnostics: Diagnostics,
}

impl ObjectCall {
    /// Lets the provider check a block.
    pub(crate) async fn validate(&self, mode: addrs::Mode, config: &Value) -> Diagnostics {
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
    pub(crate) async fn plan(&self, input: PlanInput<'_>) -> Result<PlannedObject, Diagnostics> {
        let block = &self.schema.block;
        let (config, config_marks) = Self::strip(input.config);
        let prior = input.prior.map(|p| Self::strip(&p.value));
        let null = Value::null(self.ty());
        let prior_value = prior.as_ref().map_or(&null, |(value, _)| value);
        let prior_private = input.prior.map_or_else(
            || input.resumed.clone().unwrap_or_default(),
            |p| p.private.clone(),
        );

        // A tainted object is planned as if there were none, then turned into a replacement.
        let (base, base_private) = if input.tainted {
            (&null, Private::from([]))
        } else {
            (prior_value, prior_private)
        };
        let effective = objchange::apply_ignore_changes(&config, base, input.ignore, Some(block));
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
        if response.legacy {
            planned = objchange::apply_ignore_changes(&planned, base, input.ignore, None);
        }
        let requires_replace =
            objchange::filter_requires_replace(base, &planned, &response.requires_replace, block);

        let after = self.mark(planned, &config_marks);
        let before = input
            .prior
            .map_or_else(|| null.clone(), |p| p.value.clone());
        let forced = if input.tainted {
            Some(ActionReason::ReplaceBecauseTainted)
        } else {
            input.force_replace
        };
        let (action, reason) = objchange::action(&Decision {
            prior: &before,
            planned: &after,
            replace_paths: &requires_replace,
            forced,
            create_before_destroy: input.create_before_destroy,
        });
        let mut change = PlannedObject {
            action,
            reason,
            before,
            after,
            requires_replace,
            private: response.planned_private,
            diagnostics: diags,
        };
        // What was planned for a tainted object is a new one already.
        if action.is_replace() && !input.tainted {
            let again = self.plan_anew(&config, change.private).await?;
            change.private = again.planned_private;
            change.after = self.mark(again.planned, &config_marks);
        }
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
    pub(crate) async fn plan_destroy(&self, object: &ObjectValue) -> Result<Private, Diagnostics> {
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
        for violation in objchange::assert_replace_paths(prior, planned, requires_replace) {
            let what = format!(
                "planned {}: {}: {}",
                self.address, violation.path, violation.message
            );
            diags.push(self.broken("Provider produced invalid plan", &what));
        }
        diags
    }
}
