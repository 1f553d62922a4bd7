//! Google Cloud: verb and path, as the discovery documents have them, without `projects.locations` in the names.

use crate::Request;

pub(super) fn classify(request: &Request) -> Option<String> {
    let segments = request.segments();
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    let verb = request.method.as_str();
    match path.as_slice() {
        ["compute", _, "projects", rest @ ..] => compute(verb, rest),
        [_, "projects", rest @ ..] => project(verb, rest),
        [_, "roles"] => Some("iam.roles.list".into()),
        [_, "roles", _] => Some("iam.roles.get".into()),
        ["v3", "operations", ..] => Some("cloudresourcemanager.operations.get".into()),
        [_, "operations", ..] => Some("serviceusage.operations.get".into()),
        _ => None,
    }
}

/// What stands behind `/compute/v1/projects/`.
fn compute(verb: &str, path: &[&str]) -> Option<String> {
    let scoped = |scope: &str, collection: &str| {
        // The same collection has one name in a scope and another in the other.
        match (scope, collection) {
            ("global", "addresses") => "globalAddresses".to_owned(),
            ("global", "operations") => "globalOperations".to_owned(),
            ("regions", "operations") => "regionOperations".to_owned(),
            ("zones", "operations") => "zoneOperations".to_owned(),
            _ => collection.to_owned(),
        }
    };
    let (collection, rest) = match path {
        [_] => ("projects".to_owned(), &["project"][..]),
        [_, "aggregated", collection] => {
            return Some(format!("compute.{collection}.aggregatedList"));
        }
        [_, "global", collection, rest @ ..] => (scoped("global", collection), rest),
        [_, scope @ ("regions" | "zones"), rest] => {
            ((*scope).to_owned(), std::slice::from_ref(rest))
        }
        [_, scope @ ("regions" | "zones")] => ((*scope).to_owned(), &[][..]),
        [_, scope @ ("regions" | "zones"), _, collection, rest @ ..] => {
            (scoped(scope, collection), rest)
        }
        // Methods of the project itself: setCommonInstanceMetadata and such.
        [_, method] => return Some(format!("compute.projects.{method}")),
        _ => return None,
    };
    let method = match (verb, rest) {
        ("GET", []) => "list",
        ("POST", []) => "insert",
        ("GET", [_]) => "get",
        ("PATCH", [_]) => "patch",
        ("PUT", [_]) => "update",
        ("DELETE", [_]) => "delete",
        (_, [_, method]) => method,
        _ => return None,
    };
    Some(format!("compute.{collection}.{method}"))
}

/// What stands behind `/v1/projects/`: several services, by the first collection.
fn project(verb: &str, path: &[&str]) -> Option<String> {
    match path {
        [_] | [] => {
            let (_, method) = split(path.first().copied().unwrap_or_default());
            let standard = if path.is_empty() {
                collection(verb)
            } else {
                item(verb)
            };
            let method = method.or(standard)?;
            Some(format!("cloudresourcemanager.projects.{method}"))
        }
        [_, "serviceAccounts", rest @ ..] => named("iam.serviceAccounts", verb, rest),
        [_, "roles", rest @ ..] => named("iam.roles", verb, rest),
        [_, last, rest @ ..] if split(last).0 == "services" => {
            // services:batchEnable
            let method = split(last).1.filter(|_| rest.is_empty());
            method.map_or_else(
                || named("serviceusage.services", verb, rest),
                |method| Some(format!("serviceusage.services.{method}")),
            )
        }
        [_, "locations" | "zones", _, "serverConfig" | "serverconfig"] => {
            Some("container.getServerConfig".into())
        }
        [_, "locations" | "zones", _, "operations", rest @ ..] => {
            named("container.operations", verb, rest)
        }
        [
            _,
            "locations" | "zones",
            _,
            "clusters",
            _,
            "nodePools",
            rest @ ..,
        ] => named("container.nodePools", verb, rest),
        [_, "locations" | "zones", _, "clusters", rest @ ..] => {
            named("container.clusters", verb, rest)
        }
        _ => None,
    }
}

/// `NAME`, `NAME:method`, `NAME/method`, or a collection below.
fn named(prefix: &str, verb: &str, path: &[&str]) -> Option<String> {
    let method = match path {
        [] => collection(verb),
        [last] => split(last).1.or_else(|| item(verb)),
        [_, "keys", rest @ ..] => {
            return named(&format!("{prefix}.keys"), verb, rest);
        }
        [_, method] => Some(*method),
        _ => None,
    };
    method.map(|method| format!("{prefix}.{method}"))
}

fn split(segment: &str) -> (&str, Option<&str>) {
    // Members and e-mail addresses have no colon in paths; a method has no dot, slash or at sign.
    match segment.rsplit_once(':') {
        Some((name, method)) if method.chars().all(|c| c.is_ascii_alphanumeric()) => {
            (name, Some(method))
        }
        _ => (segment, None),
    }
}

fn collection(verb: &str) -> Option<&'static str> {
    match verb {
        "GET" => Some("list"),
        "POST" => Some("create"),
        _ => None,
    }
}

fn item(verb: &str) -> Option<&'static str> {
    match verb {
        "GET" => Some("get"),
        "PATCH" => Some("patch"),
        "PUT" => Some("update"),
        "DELETE" => Some("delete"),
        _ => None,
    }
}
