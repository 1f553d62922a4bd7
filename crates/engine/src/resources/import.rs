//! An object that exists already, found by an id.

use super::{ObjectCall, ObjectValue};
use diags::{Diagnostic, Diagnostics};
use providers::ImportRequest;

impl ObjectCall {
    /// Finds an object. What comes back may be little more than its id: it has to be read next.
    pub(crate) async fn import(&self, id: &str) -> Result<(ObjectValue, Diagnostics), Diagnostics> {
        let response = self
            .provider
            .import(ImportRequest {
                kind: self.kind.clone(),
                id: id.to_owned(),
            })
            .await;
        let mut diags = self.about(response.diagnostics);
        if diags.has_errors() {
            return Err(diags);
        }
        let mut objects = response.objects;
        let problem = |summary: &str, what: &str| {
            let detail =
                format!("While attempting to import with ID {id:?}, the provider returned {what}.");
            Diagnostic::error(summary, detail).about(&self.address)
        };
        let object = match (objects.pop(), objects.is_empty()) {
            (Some(object), true) => object,
            (None, _) => {
                diags.push(problem(
                    "Import returned no resources",
                    "no instance states",
                ));
                return Err(diags);
            }
            (Some(_), false) => {
                diags.push(problem(
                    "Multiple import states not supported",
                    "multiple resource instance states, of which only one could be stored",
                ));
                return Err(diags);
            }
        };
        if object.kind != self.kind {
            let what = format!("an object of type {:?}", &*object.kind);
            diags.push(problem("Import returned another resource type", &what));
            return Err(diags);
        }
        diags.append(self.conforms(&object.state, "imported"));
        if !diags.has_errors() && object.state.is_null() {
            diags.push(problem(
                "Import returned null resource",
                "an instance with no state",
            ));
        }
        if diags.has_errors() {
            return Err(diags);
        }
        let value = plans::objchange::unknowns_as_null(&object.state);
        Ok((
            ObjectValue {
                value: self.mark(value, &[]),
                private: object.private,
            },
            diags,
        ))
    }
}
