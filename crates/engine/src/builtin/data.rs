//! `terraform_data`: keeps values, and takes part in the life of resources that have none of their own.

use super::attribute;
use cty::{Path, Refinement, Type, Value};
use diags::{AttributeStep, Diagnostic, Diagnostics};
use providers::{
    ApplyRequest, ApplyResponse, ImportRequest, ImportResponse, ImportedObject, MoveRequest,
    MoveResponse, PlanRequest, PlanResponse, ResourceSchema,
};
use schema::Block;

pub(super) fn schema() -> ResourceSchema {
    let block = Block::new(
        [
            ("id".into(), attribute(Type::String, false, false, true)),
            ("input".into(), attribute(Type::Dynamic, false, true, false)),
            (
                "output".into(),
                attribute(Type::Dynamic, false, false, true),
            ),
            (
                "triggers_replace".into(),
                attribute(Type::Dynamic, false, true, false),
            ),
        ],
        [],
    );
    ResourceSchema { version: 0, block }
}

fn get(object: &Value, name: &str) -> Value {
    object
        .get(name)
        .cloned()
        .unwrap_or_else(|| Value::null(Type::Dynamic))
}

fn object(id: Value, input: Value, output: Value, triggers: Value) -> Value {
    Value::object([
        ("id", id),
        ("input", input),
        ("output", output),
        ("triggers_replace", triggers),
    ])
}

/// An id that will certainly be there.
fn future_id() -> Value {
    Value::unknown_refined(
        Type::String,
        Refinement {
            not_null: true,
            ..Refinement::default()
        },
    )
}

/// What `output` will be: of the input's type, known only after apply.
fn future_output(input: &Value) -> Value {
    if input.is_null() {
        input.clone()
    } else {
        Value::unknown(input.ty().clone())
    }
}

/// What only the program sets cannot be in the configuration.
pub(super) fn validate(config: &Value) -> Diagnostics {
    ["id", "output"]
        .into_iter()
        .filter(|name| !get(config, name).is_null())
        .map(|name| {
            Diagnostic::error(
                format!("{name:?} attribute is read-only"),
                "It gets its value when the object is created: remove it from the configuration.",
            )
            .at_attribute([AttributeStep::Name(name.into())])
        })
        .collect()
}

pub(super) fn plan(request: PlanRequest) -> PlanResponse {
    let mut requires_replace = Vec::new();
    let planned = if request.proposed.is_null() {
        request.proposed.clone()
    } else {
        let (input, triggers) = (
            get(&request.proposed, "input"),
            get(&request.proposed, "triggers_replace"),
        );
        if request.prior.is_null() {
            object(future_id(), input.clone(), future_output(&input), triggers)
        } else if get(&request.prior, "triggers_replace") != triggers {
            requires_replace.push(Path::root().attr("triggers_replace"));
            object(future_id(), input.clone(), future_output(&input), triggers)
        } else if get(&request.prior, "input") != input {
            let output = Value::unknown(input.ty().clone());
            object(get(&request.proposed, "id"), input, output, triggers)
        } else {
            request.proposed.clone()
        }
    };
    PlanResponse {
        planned,
        requires_replace,
        planned_private: request.prior_private,
        legacy: false,
        diagnostics: Diagnostics::new(),
    }
}

pub(super) fn apply(request: ApplyRequest) -> ApplyResponse {
    let state = if request.planned.is_null() {
        request.planned
    } else {
        let planned = request.planned;
        let (id, input, output) = (
            get(&planned, "id"),
            get(&planned, "input"),
            get(&planned, "output"),
        );
        let id = if id.is_known() {
            id
        } else {
            Value::string(uuid::Uuid::new_v4().to_string())
        };
        let output = if output.is_known() {
            output
        } else {
            input.clone()
        };
        object(id, input, output, get(&planned, "triggers_replace"))
    };
    ApplyResponse {
        state,
        private: request.planned_private,
        legacy: false,
        diagnostics: Diagnostics::new(),
    }
}

pub(super) fn import(request: ImportRequest, _: &Type) -> ImportResponse {
    let null = || Value::null(Type::Dynamic);
    let diagnostics = if request.id.is_empty() {
        Diagnostic::error(
            "Import ID is required",
            "An object of terraform_data is imported by any id but an empty one.",
        )
        .into()
    } else {
        Diagnostics::new()
    };
    let state = object(Value::string(request.id), null(), null(), null());
    ImportResponse {
        objects: vec![ImportedObject {
            kind: request.kind,
            state,
            private: [].into(),
        }],
        diagnostics,
    }
}

/// `null_resource` objects become `terraform_data` objects: the id stays, triggers become
/// `triggers_replace`.
pub(super) fn move_state(request: &MoveRequest, ty: &Type) -> MoveResponse {
    let failed = |detail: String| MoveResponse {
        state: Value::null(ty.clone()),
        private: [].into(),
        diagnostics: Diagnostic::error("Unsupported source resource type", detail).into(),
    };
    if !(request.source_provider.ends_with("/hashicorp/null")
        && &*request.source_kind == "null_resource")
    {
        return failed(format!(
            "The terraform_data resource can only take over objects of the null_resource type of hashicorp/null, not of {:?}.",
            &*request.source_kind
        ));
    }
    let source = Type::object([("id", Type::String), ("triggers", Type::map(Type::String))]);
    match cty::json::decode(&request.source_json, &source) {
        Ok(stored) => MoveResponse {
            state: object(
                get(&stored, "id"),
                Value::null(Type::Dynamic),
                Value::null(Type::Dynamic),
                get(&stored, "triggers"),
            ),
            private: [].into(),
            diagnostics: Diagnostics::new(),
        },
        Err(e) => failed(format!(
            "The stored null_resource object cannot be read: {e}."
        )),
    }
}
