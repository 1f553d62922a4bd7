//! A change, carried out.

use super::{ObjectCall, ObjectValue};
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use plans::objchange;
use providers::{ApplyRequest, Private};

/// What an apply came to. Whatever happened, `object` is the best knowledge of what exists.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    /// The object; `None` = there is none.
    pub(crate) object: Option<ObjectValue>,
    /// The provider could not find out whether an object was created, and can when it is asked again.
    pub(crate) unresolved: bool,
    /// Problems. With errors, a created object is tainted.
    pub(crate) diagnostics: Diagnostics,
}

impl ObjectCall {
    /// Creates or updates an object. `config` and `planned` carry marks; `planned` may still have
    /// unknown parts, `config` may not.
    pub(crate) async fn apply(
        &self,
        prior: Option<&ObjectValue>,
        planned: &Value,
        planned_private: Private,
        config: &Value,
    ) -> Applied {
        let (planned_bare, mut marks) = Self::strip(planned);
        let (config_bare, config_marks) = Self::strip(config);
        marks.extend(config_marks);
        let prior_bare = prior.map_or_else(|| Value::null(self.ty()), |p| Self::strip(&p.value).0);
        if !config_bare.is_wholly_known() {
            let diagnostic = Diagnostic::error(
                "Configuration contains unknown value",
                format!(
                    "The configuration of {} still contains unknown values during apply.",
                    self.address
                ),
            );
            return Applied {
                object: prior.cloned(),
                unresolved: false,
                diagnostics: diagnostic.about(&self.address).into(),
            };
        }
        let response = self
            .provider
            .apply(ApplyRequest {
                kind: self.kind.clone(),
                prior: prior_bare,
                planned: planned_bare.clone(),
                config: config_bare,
                planned_private,
                provider_meta: self.provider_meta.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        let nonconforming = self.conforms(&response.state, "returned from apply");
        if nonconforming.has_errors() {
            diags.append(nonconforming);
            return Applied {
                object: prior.cloned(),
                unresolved: false,
                diagnostics: diags,
            };
        }
        let mut state = response.state;
        if state.is_null() {
            if !diags.has_errors() {
                diags.push(self.broken(
                    "Provider returned invalid result object after apply",
                    &format!(
                        "returned a null object for {} after apply, although it was to exist",
                        self.address
                    ),
                ));
            }
            // With errors, null means: what was there before is still there.
            return Applied {
                object: prior.cloned(),
                unresolved: prior.is_none() && states::private::can_be_resumed(&response.private),
                diagnostics: diags,
            };
        }
        if !state.is_wholly_known() {
            diags.push(self.broken(
                "Provider returned invalid result object after apply",
                &format!(
                    "indicated an unknown value for {} after apply; all values must be known by then, so they are saved as \
                     null",
                    self.address
                ),
            ));
            state = objchange::unknowns_as_null(&state);
        }
        diags.append(self.write_only(&state, "returned from apply"));
        if !diags.has_errors() {
            diags.append(self.check_result(&planned_bare, &state, response.legacy));
        }
        let value = self.mark(state, &marks);
        Applied {
            object: Some(ObjectValue {
                value,
                private: response.private,
            }),
            unresolved: false,
            diagnostics: diags,
        }
    }

    fn check_result(&self, planned: &Value, actual: &Value, legacy: bool) -> Diagnostics {
        let mut diags = Diagnostics::new();
        for violation in objchange::assert_object_compatible(&self.schema.block, planned, actual) {
            let what = format!(
                "produced an unexpected new value for {} when applying its changes: {}: {}",
                self.address, violation.path, violation.message
            );
            if legacy {
                tracing::warn!(address = %self.address, "tolerated from a legacy provider: {what}");
            } else {
                diags.push(self.broken("Provider produced inconsistent result after apply", &what));
            }
        }
        diags
    }

    /// Destroys an object.
    pub(crate) async fn destroy(&self, prior: &ObjectValue, planned_private: Private) -> Applied {
        let null = Value::null(self.ty());
        let (prior_bare, marks) = Self::strip(&prior.value);
        let response = self
            .provider
            .apply(ApplyRequest {
                kind: self.kind.clone(),
                prior: prior_bare,
                planned: null.clone(),
                config: null,
                planned_private,
                provider_meta: self.provider_meta.clone(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        let conforming = self.conforms(&response.state, "returned from destroy");
        if conforming.has_errors() {
            diags.append(conforming);
            return Applied {
                object: Some(prior.clone()),
                unresolved: false,
                diagnostics: diags,
            };
        }
        if response.state.is_null() {
            // With errors, null means: what was there before is still there.
            let object = diags.has_errors().then(|| prior.clone());
            return Applied {
                object,
                unresolved: false,
                diagnostics: diags,
            };
        }
        if !diags.has_errors() {
            diags.push(self.broken(
                "Provider returned invalid result object after apply",
                &format!(
                    "still had an object for {} after destroying it, without an error",
                    self.address
                ),
            ));
        }
        let value = self.mark(objchange::unknowns_as_null(&response.state), &marks);
        Applied {
            object: Some(ObjectValue {
                value,
                private: response.private,
            }),
            unresolved: false,
            diagnostics: diags,
        }
    }

    /// Checks that the plan made while applying is the plan that was agreed to.
    pub(crate) fn check_final_plan(&self, agreed: &Value, last: &Value) -> Diagnostics {
        let (agreed, _) = Self::strip(agreed);
        let (last, _) = Self::strip(last);
        objchange::assert_object_compatible(&self.schema.block, &agreed, &last)
            .into_iter()
            .map(|v| {
                self.broken(
                    "Provider produced inconsistent final plan",
                    &format!(
                        "planned something else for {} than it did before, once all values were known: {}: {}",
                        self.address, v.path, v.message
                    ),
                )
            })
            .collect()
    }
}
