//! Labels: the resource's own, and the provider's defaults.

use cty::{Type, Value};
use sdk::{Attr, Shape};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A set of labels.
pub(crate) type Labels = BTreeMap<String, String>;

/// Plans `terraform_labels` and `effective_labels` of any resource that has them: its own labels over the provider's, and on the
/// object besides these whatever others put there.
pub(crate) fn plan(config: &Value, prior: &Value, planned: Value, defaults: &Labels) -> Value {
    if planned.get("terraform_labels").is_none() {
        return planned;
    }
    let name = ["labels", "resource_labels"];
    let own = name.iter().find_map(|name| config.get(name));
    let own = own
        .cloned()
        .unwrap_or_else(|| Value::null(Type::map(Type::String)));
    if !own.is_known() {
        let unknown = Value::unknown(Type::map(Type::String));
        let planned = sdk::with(&planned, "terraform_labels", unknown.clone());
        return sdk::with(&planned, "effective_labels", unknown);
    }
    let mut ours: BTreeMap<Arc<str>, Value> = defaults
        .iter()
        .map(|(key, value)| (key.as_str().into(), Value::string(value.as_str())))
        .collect();
    for (key, value) in own.as_map().unwrap_or_default() {
        ours.insert(key.clone(), value.clone());
    }
    let map = |entries: BTreeMap<Arc<str>, Value>| Value::map::<Arc<str>>(Type::String, entries);
    let before = |name: &str| match prior.is_null() {
        true => Labels::new(),
        false => prior
            .get(name)
            .and_then(Labels::from_value)
            .unwrap_or_default(),
    };
    // What others put on the object stays.
    let was_ours = before("terraform_labels");
    let mut all = ours.clone();
    for (key, value) in before("effective_labels") {
        if !was_ours.contains_key(&key) {
            all.entry(key.as_str().into())
                .or_insert_with(|| Value::string(value));
        }
    }
    let planned = sdk::with(&planned, "terraform_labels", map(ours));
    sdk::with(&planned, "effective_labels", map(all))
}

/// Of the labels on an object those that the configuration has: what is stored as `labels`.
pub(crate) fn configured(own: &Attr<Labels>, on_object: &Labels) -> Attr<Labels> {
    let Some(own) = own.known() else {
        return own.clone();
    };
    let kept = own
        .keys()
        .filter_map(|key| Some((key.clone(), on_object.get(key)?.clone())));
    kept.collect::<Labels>().into()
}
