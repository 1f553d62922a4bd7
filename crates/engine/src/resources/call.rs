//! What all calls about one object share.

use cty::{Marks, Path, Type, Value};
use diags::{Diagnostic, Diagnostics};
use providers::{Provider, ResourceSchema};
use std::sync::Arc;

/// Calls about one object.
#[derive(Clone)]
pub(crate) struct ObjectCall {
    /// Who answers.
    pub(crate) provider: Arc<dyn Provider>,
    /// The provider's address, for messages.
    pub(crate) source: addrs::Provider,
    /// The resource type.
    pub(crate) kind: Arc<str>,
    /// Its schema.
    pub(crate) schema: Arc<ResourceSchema>,
    /// The object's address, for messages.
    pub(crate) address: Arc<str>,
    /// `provider_meta` of the module; null = none.
    pub(crate) provider_meta: Value,
    /// The provider wants to plan the destruction of objects too.
    pub(crate) plan_destroy: bool,
    /// The provider can take over objects of other types.
    pub(crate) move_state: bool,
    /// Reads that are under way at the same time share calls.
    pub(crate) joins_reads: bool,
}

impl ObjectCall {
    /// The type of the object.
    pub(crate) fn ty(&self) -> Type {
        self.schema.block.implied_type()
    }

    /// A value without marks, and where they were. What is ephemeral is not mentioned: no object is.
    pub(crate) fn strip(value: &Value) -> (Value, Vec<(Path, Marks)>) {
        if value.all_marks().is_empty() {
            return (value.clone(), Vec::new());
        }
        let (bare, mut marks) = value.clone().unmark_deep_with_paths();
        for (_, marks) in &mut marks {
            *marks = marks.without(Marks::EPHEMERAL);
        }
        marks.retain(|(_, marks)| !marks.is_empty());
        (bare, marks)
    }

    /// The value with marks where they were before and where the schema says sensitive.
    pub(crate) fn mark(&self, value: Value, marks: &[(Path, Marks)]) -> Value {
        let schema = schema::sensitive_paths(&value, &self.schema.block);
        if marks.is_empty() && schema.is_empty() {
            return value;
        }
        value.mark_with_paths(marks).mark_with_paths(&schema)
    }

    /// Names the object in every diagnostic.
    pub(crate) fn about(&self, mut diags: Diagnostics) -> Diagnostics {
        for diagnostic in diags.iter_mut() {
            diagnostic
                .address
                .get_or_insert_with(|| self.address.to_string());
        }
        diags
    }

    /// An answer breaks a law: the provider is to blame.
    pub(crate) fn broken(&self, summary: &str, what: &str) -> Diagnostic {
        Diagnostic::error(
            summary,
            format!(
                "Provider {:?} {what}.\n\nThis is a bug in the provider, which should be reported in the provider's own issue \
                 tracker.",
                self.source.to_string()
            ),
        )
        .about(&self.address)
    }

    /// Checks that an answer has the type of the object.
    pub(crate) fn conforms(&self, value: &Value, verb: &str) -> Diagnostics {
        plans::objchange::conforms(value, &self.ty())
            .into_iter()
            .map(|v| {
                self.broken(
                    "Provider produced invalid object",
                    &format!(
                        "{verb} an object of the wrong type for {}: {}: {}",
                        self.address, v.path, v.message
                    ),
                )
            })
            .collect()
    }

    /// Checks that an answer is known in all its parts.
    pub(crate) fn known(&self, value: &Value, verb: &str) -> Diagnostics {
        if value.is_wholly_known() {
            return Diagnostics::new();
        }
        self.broken(
            "Provider produced invalid object",
            &format!("{verb} an object for {} that is not wholly known; all values must be known by then", self.address),
        )
        .into()
    }

    /// Checks that write-only attributes are not in an answer.
    pub(crate) fn write_only(&self, value: &Value, verb: &str) -> Diagnostics {
        plans::objchange::assert_write_only_null(&self.schema.block, value)
            .into_iter()
            .map(|v| {
                self.broken(
                    "Provider produced invalid object",
                    &format!(
                        "{verb} a value for the write-only attribute {} of {}",
                        v.path, self.address
                    ),
                )
            })
            .collect()
    }
}
