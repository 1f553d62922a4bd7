//! Planning and carrying out, for any type.

use super::Cloud;
use super::erased::{AnyResource, TypeShape};
use crate::planning::{draft, overlay, renew, settled};
use crate::resource::{Cx, Resource};
use crate::{Applied, Error, ErrorKind, Incomplete};
use cty::{Path, Value};
use diags::Diagnostics;
use std::time::Duration;

/// A planned object.
pub(crate) struct Planned {
    pub(crate) value: Value,
    pub(crate) replace: Vec<Path>,
    pub(crate) diagnostics: Diagnostics,
}

/// The value to store: the model's attributes over those that the model does not have.
pub(crate) fn stored(shape: &TypeShape, model: &Value, base: &Value) -> Value {
    settled(&shape.spec, overlay(&shape.ty, model, Some(base)))
}

/// Plans a create (`prior` is null) or an update.
pub(crate) fn plan<C: Cloud>(
    resource: &dyn AnyResource<C>,
    config: &Value,
    prior: &Value,
    cloud: &C,
) -> Planned {
    let shape = resource.shape();
    let existing = (!prior.is_null()).then_some(prior);
    let value = draft(&shape.spec, &shape.ty, config, existing);
    let value = cloud.plan(resource.type_name(), config, prior, value);
    let hooked = resource.plan(config, prior, value, cloud);
    let Some(prior) = existing else {
        return Planned {
            value: hooked.planned,
            replace: Vec::new(),
            diagnostics: hooked.diagnostics,
        };
    };
    if hooked.planned.raw_equals(prior) && hooked.replace.is_empty() {
        return Planned {
            value: prior.clone(),
            replace: Vec::new(),
            diagnostics: hooked.diagnostics,
        };
    }
    let value = renew(&shape.spec, config, hooked.planned);
    let mut replace = shape.spec.replaced(prior, &value);
    replace.extend(hooked.replace);
    Planned {
        value,
        replace,
        diagnostics: hooked.diagnostics,
    }
}

/// Finishes a create that an earlier run began, or begins it again if nothing came of it.
pub(crate) async fn resume<R: Resource>(
    shape: &TypeShape,
    planned: &Value,
    model: R,
    cx: &Cx<'_, R::Cloud>,
) -> Applied<R> {
    let Some(found) = model.find_created(cx).await? else {
        return model.create(cx).await;
    };
    if cx.host_settles() {
        cx.settle_later();
    }
    let prior = stored(shape, &found.encode(), planned);
    if shape
        .spec
        .replaced(&prior, &known(planned, &prior))
        .is_empty()
    {
        let wanted = R::decode(&known(planned, &prior));
        return wanted
            .update(found.clone(), cx)
            .await
            .map_err(|incomplete| Incomplete {
                state: incomplete.state.or_else(|| Some(Box::new(found))),
                error: incomplete.error,
            });
    }
    let message = "An interrupted run made this object from a configuration that has changed since. It is kept, and the next \
                   apply replaces it.";
    Err(Incomplete {
        state: Some(Box::new(found)),
        error: Error::new(ErrorKind::Other, "", message).doing("resuming an interrupted create"),
    })
}

/// How long a read after a failure may take: the cloud may not answer at all.
const READ_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// After a failure: with the object as a read finds it, so that what is saved is what exists. If it cannot be read, with what
/// is known of it. `prior` is the object before the change.
pub(crate) async fn as_it_is<R: Resource>(
    mut incomplete: Incomplete<R>,
    prior: Option<R>,
    cx: &Cx<'_, R::Cloud>,
) -> Incomplete<R> {
    let known = incomplete.state.as_deref().cloned().or(prior);
    if let Some(known) = known
        && let Ok(Ok(Some(now))) = tokio::time::timeout(READ_AFTER_FAILURE, known.read(cx)).await
    {
        incomplete.state = Some(Box::new(now));
    }
    incomplete
}

/// The planned object, with what is unknown in it as it is in the object found.
fn known(planned: &Value, found: &Value) -> Value {
    if !planned.is_known() {
        return found.clone();
    }
    if planned.is_wholly_known() {
        return planned.clone();
    }
    match (planned.ty().as_object(), planned.as_slice()) {
        (Some(object), Some(values)) => {
            let parts = object.iter().zip(values).map(|((name, ty), value)| {
                let found = found.get(name).cloned();
                known(value, &found.unwrap_or_else(|| Value::null(ty.clone())))
            });
            Value::object_of(planned.ty().clone(), parts.collect())
        }
        (None, Some(values)) if matches!(planned.ty(), cty::Type::List(_)) => {
            let elements = found.as_slice().unwrap_or_default();
            let parts = values.iter().enumerate().map(|(i, value)| {
                let nothing = Value::null(value.ty().clone());
                known(value, elements.get(i).unwrap_or(&nothing))
            });
            Value::list_of(planned.ty().clone(), parts.collect())
        }
        _ => found.clone(),
    }
}
