//! Sensitive and ephemeral values.

use crate::define::{Param, function, param, unknown};
use cty::{Marks, Type, Value};
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![
        ("ephemeralasnull", ephemeralasnull()),
        ("issensitive", issensitive()),
        (
            "nonsensitive",
            same_type(|v| {
                let (value, marks) = v.clone().unmark();
                value.with_marks(marks.without(Marks::SENSITIVE))
            }),
        ),
        (
            "sensitive",
            same_type(|v| v.clone().with_marks(Marks::SENSITIVE)),
        ),
    ]
}

fn any() -> Param {
    param("value", Type::Dynamic)
        .nullable()
        .unknown()
        .marked()
        .dynamic()
}

fn same_type(f: fn(&Value) -> Value) -> Function {
    function([any()])
        .maybe_null()
        .returns_by(|args| Ok(args[0].ty().clone()))
        .call(move |args| Ok(f(&args[0])))
}

fn ephemeralasnull() -> Function {
    fn without_ephemeral(value: &Value) -> Value {
        if value.marks().is_ephemeral() {
            let kept = value.marks().without(Marks::EPHEMERAL);
            // What is unknown may turn out to have a more precise type, so it stays unknown.
            let bare = match value.is_known() {
                true => Value::null(value.ty().clone()),
                false => Value::unknown(value.ty().clone()),
            };
            return bare.with_marks(kept);
        }
        if !value.all_marks().is_ephemeral() {
            return value.clone();
        }
        value.map_parts(|_, part| without_ephemeral(part))
    }
    same_type(without_ephemeral)
}

fn issensitive() -> Function {
    function([any()]).returns(Type::Bool).call(|args| {
        let sensitive = args[0].marks().is_sensitive();
        // A value that is not known yet may still turn out to be sensitive.
        Ok(if sensitive || args[0].is_known() {
            Value::bool(sensitive)
        } else {
            unknown(Type::Bool)
        })
    })
}
