//! Changes: made at once, said to be running until the operation is due.

use super::super::call::{Call, Moment};
use super::super::failure::Failure;
use super::super::{Answer, Project, time};
use super::{Kind, Object};
use serde_json::{Map, Value, json};

/// The fields of a body.
pub(super) type Fields = Map<String, Value>;

impl Project {
    /// A method that changes something (or asks an object something out of the ordinary).
    pub(super) fn write(
        &mut self,
        call: &Call,
        kind: Kind,
        scope: &str,
        verb: &str,
        name: Option<&str>,
    ) -> Answer {
        if let Some(operation) = self.repeated(call)? {
            return Ok(operation);
        }
        let Some(name) = name else {
            return self.insert(call, kind, scope);
        };
        let path = format!("{scope}/{}/{name}", kind.collection());
        let object = self.compute.objects.get(&path);
        let object = object.ok_or_else(|| self.missing(&path))?;
        if object.ready > call.now && *call.method() != http::Method::GET {
            return Err(Failure::not_ready(&self.full(&path)));
        }
        let current = object.value.clone();
        let changed = match (kind, verb) {
            (_, "delete") => return Ok(self.delete(call, kind, &path)),
            (Kind::Network, "patch") => self.patched_network(call, current)?,
            (Kind::Network, _) => self.acted_network(call, verb, &path, current)?,
            (Kind::Subnetwork, "patch") => self.patched_subnetwork(call, &path, current)?,
            (Kind::Subnetwork, _) => self.acted_subnetwork(call, verb, &path, current)?,
            (Kind::Router, "patch" | "update") => {
                self.changed_router(call, verb, &path, current)?
            }
            (Kind::Router, _) => return self.asked_router(call, verb, &current),
            (Kind::Address | Kind::GlobalAddress, "setLabels") => {
                self.labelled(call, kind, current)?
            }
            (Kind::Firewall, "patch" | "update") => self.changed_firewall(call, verb, current)?,
            _ => return Err(call.no_such_method()),
        };
        self.store(call.moment(), &path, changed);
        Ok(self.begin(call, verb, &path, None))
    }

    fn insert(&mut self, call: &Call, kind: Kind, scope: &str) -> Answer {
        let mut body = call.message(kind.shape())?;
        let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
        if name.is_empty() {
            return Err(Failure::required("resource.name"));
        }
        if !is_name(name) {
            let why = "Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'";
            return Err(Failure::field("resource.name", &body["name"], why));
        }
        let path = format!("{scope}/{}/{name}", kind.collection());
        if let Some(object) = self.compute.objects.get(&path) {
            let leaves = &self.compute.leaving;
            let leaves = leaves.contains(&(object.ready, path.clone()));
            let path = self.full(&path);
            return Err(match leaves {
                true => Failure::not_ready(&path),
                false => Failure::already_exists(format!("The resource '{path}' already exists")),
            });
        }
        // What only the service says.
        for output in [
            "id",
            "kind",
            "creationTimestamp",
            "selfLink",
            "selfLinkWithId",
            "region",
        ] {
            body.remove(output);
        }
        let value = match kind {
            Kind::Network => self.new_network(body)?,
            Kind::Subnetwork => self.new_subnetwork(call, scope, body)?,
            Kind::Router => self.new_router(call, scope, &path, body)?,
            Kind::Address | Kind::GlobalAddress => self.new_address(call, scope, body)?,
            Kind::Firewall => self.new_firewall(call, body)?,
        };
        self.add(call.moment(), kind, scope, &path, value);
        let operation = self.begin(call, "insert", &path, None);
        if kind == Kind::Network {
            self.create_automatic_subnetworks(call.moment(), &path);
        }
        Ok(operation)
    }

    /// Puts a new object where it belongs, with what every object has.
    pub(super) fn add(
        &mut self,
        moment: Moment,
        kind: Kind,
        scope: &str,
        path: &str,
        value: Fields,
    ) {
        let mut value = value;
        let id = self.next_id();
        let link = self.link(path);
        value.insert("kind".into(), json!(format!("compute#{}", kind.noun())));
        value.insert("id".into(), json!(id));
        let created = json!(time::pacific(moment.now));
        value.insert("creationTimestamp".into(), created);
        value.insert("selfLink".into(), json!(link));
        if kind == Kind::Network {
            let with_id = self.link(&format!("global/networks/{id}"));
            value.insert("selfLinkWithId".into(), json!(with_id));
        }
        if scope != "global" {
            value.insert("region".into(), json!(self.link(scope)));
        }
        self.store(moment, path, Value::Object(value));
    }

    /// Keeps an object as it now is, and whom it uses.
    fn store(&mut self, moment: Moment, path: &str, value: Value) {
        let before = self.object(path).map(|object| self.used_by(object));
        let after = self.used_by(&value);
        for used in before.into_iter().flatten() {
            self.forget_use(&used, path);
        }
        for used in after {
            self.note_use(&used, path);
        }
        let object = Object {
            value,
            ready: moment.due,
        };
        self.compute.objects.insert(path.to_owned(), object);
    }

    fn delete(&mut self, call: &Call, kind: Kind, path: &str) -> Value {
        // Automatic subnetworks leave with their network, if nobody is in them.
        let automatic = match kind {
            Kind::Network => self.automatic_subnetworks(path),
            _ => Vec::new(),
        };
        let other = |user: &&str| !automatic.iter().any(|own| own == user);
        let inside = || automatic.iter().find_map(|own| self.users(own).next());
        let user = self.users(path).find(other).or_else(inside);
        if let Some(user) = user.map(str::to_owned) {
            let (path_, user) = (self.full(path), self.full(&user));
            let noun = kind.noun();
            let message =
                format!("The {noun} resource '{path_}' is already being used by '{user}'");
            let error = ("RESOURCE_IN_USE_BY_ANOTHER_RESOURCE".to_owned(), message);
            return self.begin(call, "delete", path, Some(error));
        }
        let operation = self.begin(call, "delete", path, None);
        let due = call.moment().due;
        for path in automatic.iter().map(String::as_str).chain([path]) {
            if let Some(object) = self.compute.objects.get_mut(path) {
                object.ready = due;
            }
            if due <= call.now {
                self.remove_object(path);
            } else {
                self.compute.leaving.insert((due, path.to_owned()));
            }
        }
        operation
    }

    /// Forgets an object and whom it used.
    pub(super) fn remove_object(&mut self, path: &str) {
        if let Some(object) = self.compute.objects.remove(path) {
            for used in self.used_by(&object.value) {
                self.forget_use(&used, path);
            }
        }
    }

    /// Whom an object uses: their paths.
    fn used_by(&self, object: &Value) -> Vec<String> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut found: Vec<String> = Vec::new();
        found.extend(text(&object["network"]));
        found.extend(text(&object["subnetwork"]));
        for nat in object["nats"].as_array().into_iter().flatten() {
            for field in ["natIps", "drainNatIps"] {
                let ips = nat[field].as_array().into_iter().flatten();
                found.extend(ips.filter_map(text));
            }
            let subnetworks = nat["subnetworks"].as_array().into_iter().flatten();
            found.extend(subnetworks.filter_map(|entry| text(&entry["name"])));
        }
        found.iter().filter_map(|link| self.path_of(link)).collect()
    }
}

/// What Compute allows as a name.
pub(in super::super) fn is_name(name: &str) -> bool {
    let ends = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    name.len() <= 63
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.ends_with(ends)
        && name.chars().all(|letter| ends(letter) || letter == '-')
}

/// Puts a patch into an object: what it names is replaced, objects field by field; null removes.
pub(super) fn merge(into: &mut Value, patch: &Fields) {
    for (name, value) in patch {
        match value {
            Value::Null => {
                if let Some(object) = into.as_object_mut() {
                    object.shift_remove(name);
                }
            }
            Value::Object(fields) if into[name].is_object() => merge(&mut into[name], fields),
            value => into[name] = value.clone(),
        }
    }
}
