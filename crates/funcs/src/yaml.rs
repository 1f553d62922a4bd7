//! `yamlencode` and `yamldecode`.

mod decode;
mod emit;
mod scalar;

use crate::define::{failed, function, param, text, unknown};
use cty::Type;
use cty::Value;
use hcl::Function;

/// The functions of this family, by name.
pub(crate) fn functions() -> Vec<(&'static str, Function)> {
    vec![("yamldecode", yamldecode()), ("yamlencode", yamlencode())]
}

fn yamldecode() -> Function {
    function([param("src", Type::String)])
        .maybe_null()
        .call(|args| {
            decode::decode(text(args, 0)?)
                .map_err(|e| failed(format!("this is not valid YAML: {e}")))
        })
}

fn yamlencode() -> Function {
    function([param("value", Type::Dynamic).nullable().unknown().dynamic()])
        .returns(Type::String)
        .call(|args| {
            if !args[0].is_wholly_known() {
                return Ok(unknown(Type::String));
            }
            Ok(Value::string(emit::emit(&args[0])))
        })
}
