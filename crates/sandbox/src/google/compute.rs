//! Compute Engine, as far as networks need it.
//!
//! Objects are kept by their path below the project (`regions/us-central1/subnetworks/s`), so a collection is a range of
//! keys. Who uses whom is kept beside them, by path.

mod addresses;
mod firewalls;
mod groups;
mod kind;
mod listing;
mod networks;
mod operations;
pub(super) mod places;
mod reading;
mod routers;
mod routes;
mod subnetworks;
mod writing;

pub(super) use subnetworks::ranges_of;
pub(super) use writing::is_name;

use super::call::Call;
use super::failure::Failure;
use super::{Answer, Project};
use crate::clock::Instant;
use http::Method;
use kind::Kind;
use operations::Operations;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What exists.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Compute {
    objects: BTreeMap<String, Object>,
    /// Who uses an object: path -> paths.
    uses: BTreeMap<String, BTreeSet<String>>,
    /// What is being deleted, by when it is gone.
    leaving: BTreeSet<(Instant, String)>,
    operations: Operations,
}

/// One object.
#[derive(Debug, Serialize, Deserialize)]
struct Object {
    value: Value,
    /// When its creation, change or deletion ends: until then nothing else can be done with it.
    ready: Instant,
}

impl Project {
    /// Answers a request below `compute/v1/projects/P`.
    pub(super) fn answer_compute(&mut self, call: &Call, parts: &[&str]) -> (String, Answer) {
        let method = call.method();
        let get = *method == Method::GET;
        match *parts {
            [] if get => (
                "compute.projects.get".to_owned(),
                Ok(self.compute_project()),
            ),
            ["regions"] if get => ("compute.regions.list".to_owned(), self.list_regions(call)),
            ["regions", region] if get => ("compute.regions.get".to_owned(), self.region(region)),
            ["zones"] if get => ("compute.zones.list".to_owned(), self.list_zones(call)),
            ["zones", zone] if get => ("compute.zones.get".to_owned(), self.zone(zone)),
            ["global", "routes", ref rest @ ..] if get => self.answer_routes(call, rest),
            ["global", "operations", ref rest @ ..] => {
                self.answer_operations(call, "global", "global", rest)
            }
            [places @ "regions", place, "operations", ref rest @ ..]
            | [places @ "zones", place, "operations", ref rest @ ..] => {
                let service = if places == "zones" { "zone" } else { "region" };
                self.answer_operations(call, service, &format!("{places}/{place}"), rest)
            }
            ["zones", zone, "machineTypes", ref rest @ ..] if get => {
                self.answer_machine_types(call, zone, rest)
            }
            [
                "zones",
                zone,
                collection @ ("instanceGroupManagers" | "instanceGroups"),
                ref rest @ ..,
            ] if get => self.answer_groups(call, zone, collection, rest),
            ["aggregated", collection] if get => self.answer_aggregated(call, collection),
            ["global", collection, ref rest @ ..] => {
                self.answer_collection(call, "global", collection, rest)
            }
            ["regions", region, collection, ref rest @ ..] => {
                self.answer_collection(call, &format!("regions/{region}"), collection, rest)
            }
            _ => ("unknown".to_owned(), Err(call.no_such_method())),
        }
    }

    fn answer_aggregated(&self, call: &Call, collection: &str) -> (String, Answer) {
        if let "instanceGroupManagers" | "instanceGroups" = collection {
            let name = format!("compute.{collection}.aggregatedList");
            return (name, self.aggregated_groups(call, collection));
        }
        match Kind::aggregated(collection) {
            Some(kind) => {
                let name = format!("compute.{}.aggregatedList", kind.collection());
                (name, self.aggregated_list(call, kind))
            }
            None => ("unknown".to_owned(), Err(call.no_such_method())),
        }
    }

    fn answer_collection(
        &mut self,
        call: &Call,
        scope: &str,
        collection: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let Some(kind) = Kind::at(scope, collection) else {
            return ("unknown".to_owned(), Err(call.no_such_method()));
        };
        let method = call.method().as_str();
        let verb = match (method, rest) {
            ("GET", []) => "list",
            ("POST", []) => "insert",
            ("GET", [_]) => "get",
            ("DELETE", [_]) => "delete",
            ("PATCH", [_]) => "patch",
            ("PUT", [_]) => "update",
            ("POST" | "GET" | "PATCH", [_, verb]) => verb,
            _ => "",
        };
        let name = format!("compute.{}.{verb}", kind.service());
        let known_place = match scope.strip_prefix("regions/") {
            Some(region) => places::is_region(region),
            None => true,
        };
        if !known_place {
            let region = scope.trim_start_matches("regions/");
            let why = "Unknown region.";
            return (
                name,
                Err(Failure::field("region", &Value::from(region), why)),
            );
        }
        let path = |name: &str| format!("{scope}/{collection}/{name}");
        let answer = match (verb, rest) {
            ("list", _) => self.list(call, kind, scope),
            ("get", [name]) => self.get(&path(name)),
            (_, []) if verb != "insert" => Err(call.no_such_method()),
            (_, rest) => self.write(call, kind, scope, verb, rest.first().copied()),
        };
        (name, answer)
    }

    /// Removes what has been deleted, once that has ended.
    pub(super) fn remove_what_left(&mut self, now: Instant) {
        while let Some((at, _)) = self.compute.leaving.first()
            && *at <= now
            && let Some((_, path)) = self.compute.leaving.pop_first()
        {
            self.remove_object(&path);
        }
    }

    /// The whole address of an object.
    pub(super) fn link(&self, path: &str) -> String {
        format!("https://www.googleapis.com/compute/v1/{}", self.full(path))
    }

    /// The path with its project.
    fn full(&self, path: &str) -> String {
        format!("projects/{}/{path}", self.id)
    }

    /// The path below the project that a reference means: a whole address, or a part of one.
    pub(super) fn path_of(&self, reference: &str) -> Option<String> {
        let path = match reference.split_once("projects/") {
            Some((_, rest)) => {
                let (project, path) = rest.split_once('/')?;
                (project == self.id || project == self.number).then_some(path)?
            }
            None => reference.trim_start_matches('/'),
        };
        let places = ["global/", "regions/", "zones/"];
        places
            .iter()
            .any(|place| path.starts_with(place))
            .then(|| path.to_owned())
    }

    /// The object that a field refers to: its path and itself.
    pub(super) fn referred(
        &self,
        field: &str,
        reference: &str,
        kind: &str,
        now: Instant,
    ) -> Result<(String, &Value), Failure> {
        let path = self.path_of(reference);
        let found = path.and_then(|path| {
            let collection = path.rsplit('/').nth(1)?;
            (collection == kind).then_some(())?;
            let object = self.compute.objects.get(&path)?;
            Some((path, object))
        });
        let Some((path, object)) = found else {
            let noun = kind.trim_end_matches('s').trim_end_matches("se");
            let why = format!("The referenced {noun} resource cannot be found.");
            return Err(Failure::field(field, &Value::from(reference), &why));
        };
        if object.ready > now {
            return Err(Failure::not_ready(&self.full(&path)));
        }
        Ok((path, &object.value))
    }

    /// An object that exists, by its path.
    pub(super) fn object(&self, path: &str) -> Option<&Value> {
        self.compute.objects.get(path).map(|object| &object.value)
    }

    /// All objects with such paths.
    fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        self.compute
            .objects
            .range(prefix.to_owned()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(path, object)| (path.as_str(), &object.value))
    }

    /// Who uses an object.
    pub(super) fn users<'a>(&'a self, path: &str) -> impl Iterator<Item = &'a str> {
        let users = self.compute.uses.get(path).into_iter().flatten();
        users.map(String::as_str)
    }

    /// Notes that one object uses another.
    pub(super) fn note_use(&mut self, used: &str, user: &str) {
        let users = self.compute.uses.entry(used.to_owned()).or_default();
        users.insert(user.to_owned());
    }

    /// Notes that it no longer does.
    pub(super) fn forget_use(&mut self, used: &str, user: &str) {
        if let Some(users) = self.compute.uses.get_mut(used) {
            users.remove(user);
            if users.is_empty() {
                self.compute.uses.remove(used);
            }
        }
    }
}
