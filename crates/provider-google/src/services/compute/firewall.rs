//! `google_compute_firewall`: what a network lets in and out.

use super::subnetwork::full_network;
use crate::Google;
use crate::created;
use crate::deletion::Deletion;
use crate::error::absent;
use crate::names::{self, needed};
use crate::operations::{self, carried_out};
use google_cloud_compute_v1::model;
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Applied, Attr, Blocks, Change, Cx, Error, Keep, Model, Problems, Resource};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// How long operations on a firewall rule usually take.
const TYPICAL: Duration = Duration::from_secs(10);

/// A rule of what a network lets in or out.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "google_compute_firewall",
    version = 1,
    legacy,
    timeouts(create = "20m", update = "20m", delete = "20m")
)]
#[model(exactly_one_of("allow", "deny"))]
pub(crate) struct Firewall {
    /// `projects/{project}/global/firewalls/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the project.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The network.
    #[attr(required, same = names::same)]
    network: Attr<String>,
    /// What it is for.
    #[attr(optional)]
    description: Attr<String>,
    /// Whether it is about traffic in (`INGRESS`) or out (`EGRESS`).
    #[attr(optional, computed, requires_replace, one_of("INGRESS", "EGRESS"))]
    direction: Attr<String>,
    /// Whether it is not enforced.
    #[attr(optional)]
    disabled: Attr<bool>,
    /// Whether its use is logged.
    #[attr(optional, computed, deprecated)]
    enable_logging: Attr<bool>,
    /// Lower numbers come first, 0 to 65535.
    #[attr(optional, default = 1000, range(0, 65535))]
    priority: Attr<i64>,
    /// Where traffic goes to.
    #[attr(optional, computed)]
    destination_ranges: Attr<BTreeSet<String>>,
    /// Where traffic comes from: ranges.
    #[attr(optional)]
    source_ranges: Attr<BTreeSet<String>>,
    /// Where traffic comes from: machines of these service accounts.
    #[attr(optional, conflicts("source_tags", "target_tags"))]
    source_service_accounts: Attr<BTreeSet<String>>,
    /// Where traffic comes from: machines with these tags.
    #[attr(
        optional,
        conflicts("source_service_accounts", "target_service_accounts")
    )]
    source_tags: Attr<BTreeSet<String>>,
    /// Which machines it is about: those of these service accounts.
    #[attr(optional, conflicts("source_tags", "target_tags"))]
    target_service_accounts: Attr<BTreeSet<String>>,
    /// Which machines it is about: those with these tags.
    #[attr(
        optional,
        conflicts("source_service_accounts", "target_service_accounts")
    )]
    target_tags: Attr<BTreeSet<String>>,
    /// When it was made (RFC 3339).
    #[attr(computed)]
    creation_timestamp: Attr<String>,
    /// The full address of the resource.
    #[attr(computed)]
    self_link: Attr<String>,
    /// What is let through.
    #[block(set)]
    allow: Blocks<Protocol>,
    /// What is kept out.
    #[block(set)]
    deny: Blocks<Protocol>,
    /// Logs of its use.
    #[block(list, max = 1)]
    log_config: Blocks<LogConfig>,
    /// What is given once, at creation.
    #[block(list, max = 1, requires_replace)]
    params: Blocks<Params>,
    #[model(flatten)]
    deletion: Deletion,
}

/// A protocol and its ports.
#[derive(Model, Clone, Debug, PartialEq)]
struct Protocol {
    /// `tcp`, `udp`, `icmp`, `esp`, `ah`, `sctp`, `ipip`, `all`, or a number.
    #[attr(required, same = same_protocol)]
    protocol: Attr<String>,
    /// Ports and ranges of ports, such as `8000-8080`; all if there are none.
    #[attr(optional)]
    ports: Attr<Vec<String>>,
}

/// Logs of its use.
#[derive(Model, Clone, Debug, PartialEq)]
struct LogConfig {
    /// Whether metadata is in the logs.
    #[attr(required, one_of("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA"))]
    metadata: Attr<String>,
}

/// What is given once, at creation.
#[derive(Model, Clone, Debug, PartialEq)]
struct Params {
    /// Resource manager tags: `tagKeys/…` to `tagValues/…`.
    #[attr(optional)]
    resource_manager_tags: Attr<BTreeMap<String, String>>,
}

impl Resource for Firewall {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let project = needed(&self.project, "project")?.to_owned();
        let doing = format!("creating firewall rule {}", self.name.as_str());
        self.id = self.path(&project).into();
        let client = cx.clients.firewalls().await?;
        let insert = client
            .insert()
            .set_project(&project)
            .set_request_id(cx.create_token());
        let sent = insert
            .set_body(self.body(&project))
            .with_idempotency(true)
            .send()
            .await;
        let made = self.clone();
        operations::created(cx, &project, &doing, TYPICAL, sent, &made).await?;
        let found = self.read(cx).await.keep(&made)?;
        Ok(found.unwrap_or(made))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|rule| self.filled(rule)))
    }

    async fn update(self, _: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let project = needed(&self.project, "project")?.to_owned();
        let doing = format!("changing firewall rule {}", self.name.as_str());
        let client = cx.clients.firewalls().await?;
        // All of it: a patch could not take the last element out of a list.
        let update = client
            .update()
            .set_project(&project)
            .set_firewall(self.name.as_str());
        let update = update
            .set_body(self.body(&project))
            .set_request_id(operations::request_id());
        let sent = update.with_idempotency(true).send().await;
        carried_out(cx, &project, &doing, TYPICAL, sent).await?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let project = needed(&self.project, "project")?;
        let doing = format!("deleting firewall rule {}", self.name.as_str());
        let client = cx.clients.firewalls().await?;
        let delete = client
            .delete()
            .set_project(project)
            .set_firewall(self.name.as_str());
        carried_out(cx, project, &doing, TYPICAL, delete.send().await).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, name] = names::import(id, "projects//global/firewalls/", "firewall rule")?;
        let mut rule = Self::empty();
        rule.project = project.or_else(|| cx.project.clone()).into();
        rule.name = name.into();
        rule.id = rule.path(rule.project.as_str()).into();
        rule.deletion.deletion_policy = "DELETE".into();
        Ok(rule)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        let ours = found.filter(|rule| created::since(cx, rule.creation_timestamp.as_deref()));
        Ok(ours.map(|rule| self.clone().filled(rule)))
    }

    fn validate(&self, problems: &mut Problems) {
        let given = |set: &Attr<BTreeSet<String>>| set.is_known_and(|set| !set.is_empty());
        let direction = self.direction.as_str();
        if direction == "EGRESS" {
            for (name, set) in [
                ("source_ranges", &self.source_ranges),
                ("source_tags", &self.source_tags),
                ("source_service_accounts", &self.source_service_accounts),
            ] {
                if given(set) && name != "source_ranges" {
                    problems.error(
                        name,
                        "Invalid combination of arguments",
                        format!("A rule about traffic out has no {name}. Remove it, or set direction to INGRESS."),
                    );
                }
            }
        }
    }

    fn plan(change: &mut Change<'_, Self, Google>) {
        // Traffic in is what a rule is about unless it says otherwise.
        if change.is_create()
            && change.planned.direction.is_unknown()
            && change.config.direction.is_null()
        {
            change.planned.direction = "INGRESS".into();
        }
        // What was switched on by a block goes with it.
        let logs = &change.planned.log_config;
        if change.config.enable_logging.is_null() && !logs.is_unknown() {
            change.planned.enable_logging = (!logs.is_empty()).into();
        }
    }
}

impl Firewall {
    fn path(&self, project: &str) -> String {
        format!("projects/{project}/global/firewalls/{}", self.name.as_str())
    }

    async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::Firewall>, Error> {
        let client = cx.clients.firewalls().await?;
        let get = client.get().set_project(needed(&self.project, "project")?);
        match get.set_firewall(self.name.as_str()).send().await {
            Ok(rule) => Ok(Some(rule)),
            Err(error) => absent(&error, || {
                format!("reading firewall rule {}", self.name.as_str())
            }),
        }
    }

    fn filled(self, now: model::Firewall) -> Self {
        let path = self.path(self.project.as_str());
        let name = |name: Option<&str>| Attr::from(name.map(str::to_owned));
        let set = |values: Vec<String>| {
            let values: BTreeSet<String> = values.into_iter().collect();
            Attr::from(Some(values).filter(|values| !values.is_empty()))
        };
        let ports = |ports: Vec<String>| Attr::from(Some(ports).filter(|ports| !ports.is_empty()));
        let logs = now.log_config.unwrap_or_default();
        let logged = logs.enable == Some(true);
        Self {
            id: path.into(),
            network: now.network.or_else(|| self.network.to_option()).into(),
            description: now.description.filter(|text| !text.is_empty()).into(),
            direction: name(now.direction.as_ref().and_then(|v| v.name())),
            disabled: match now.disabled.unwrap_or(false) {
                false if self.disabled.is_null() => Attr::Null,
                disabled => disabled.into(),
            },
            enable_logging: logged.into(),
            priority: now.priority.map(i64::from).into(),
            destination_ranges: now
                .destination_ranges
                .into_iter()
                .collect::<BTreeSet<_>>()
                .into(),
            source_ranges: set(now.source_ranges),
            source_service_accounts: set(now.source_service_accounts),
            source_tags: set(now.source_tags),
            target_service_accounts: set(now.target_service_accounts),
            target_tags: set(now.target_tags),
            creation_timestamp: now.creation_timestamp.into(),
            self_link: now.self_link.into(),
            allow: now
                .allowed
                .into_iter()
                .map(|rule| Protocol {
                    protocol: rule.ip_protocol.into(),
                    ports: ports(rule.ports),
                })
                .collect(),
            deny: now
                .denied
                .into_iter()
                .map(|rule| Protocol {
                    protocol: rule.ip_protocol.into(),
                    ports: ports(rule.ports),
                })
                .collect(),
            log_config: match logged
                && !(self.log_config.is_empty() && self.enable_logging.is_true())
            {
                true => Some(LogConfig {
                    metadata: name(logs.metadata.as_ref().and_then(|v| v.name())),
                })
                .into(),
                false => Blocks::default(),
            },
            ..self
        }
    }

    fn body(&self, project: &str) -> model::Firewall {
        use model::firewall::{Allowed, Denied};
        let list = |set: &Attr<BTreeSet<String>>| set.or_default();
        let mut body = model::Firewall::new()
            .set_name(self.name.as_str())
            .set_network(full_network(project, self.network.as_str()))
            .set_or_clear_description(self.description.to_option())
            .set_disabled(self.disabled.is_true())
            .set_or_clear_priority(
                self.priority
                    .to_option()
                    .and_then(|p| i32::try_from(p).ok()),
            )
            .set_destination_ranges(list(&self.destination_ranges))
            .set_source_ranges(list(&self.source_ranges))
            .set_source_service_accounts(list(&self.source_service_accounts))
            .set_source_tags(list(&self.source_tags))
            .set_target_service_accounts(list(&self.target_service_accounts))
            .set_target_tags(list(&self.target_tags))
            .set_allowed(self.allow.iter().map(|rule| {
                Allowed::new()
                    .set_ip_protocol(rule.protocol.as_str())
                    .set_ports(rule.ports.or_default())
            }))
            .set_denied(self.deny.iter().map(|rule| {
                Denied::new()
                    .set_ip_protocol(rule.protocol.as_str())
                    .set_ports(rule.ports.or_default())
            }));
        if let Some(direction) = self.direction.known() {
            body = body.set_direction(direction.as_str());
        }
        let logs = match self.log_config.first() {
            Some(logs) => model::FirewallLogConfig::new()
                .set_enable(true)
                .set_metadata(logs.metadata.as_str()),
            None => model::FirewallLogConfig::new().set_enable(self.enable_logging.is_true()),
        };
        body = body.set_log_config(logs);
        if let Some(params) = self.params.first() {
            let tags = params.resource_manager_tags.or_default();
            body = body.set_params(model::FirewallParams::new().set_resource_manager_tags(tags));
        }
        body
    }
}

/// Protocols have names and numbers, and no case.
fn same_protocol(a: &str, b: &str) -> bool {
    let number = |text: &str| match text.to_ascii_lowercase().as_str() {
        "icmp" => "1".to_owned(),
        "ipip" => "94".to_owned(),
        "tcp" => "6".to_owned(),
        "udp" => "17".to_owned(),
        "esp" => "50".to_owned(),
        "ah" => "51".to_owned(),
        "sctp" => "132".to_owned(),
        other => other.to_owned(),
    };
    number(a) == number(b)
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_compute_firewall",
        needs: r#"resource "google_compute_network" "n" {
            name                    = "n"
            auto_create_subnetworks = false
        }"#,
        create: r#"
            name          = "a"
            network       = google_compute_network.n.id
            source_ranges = ["10.0.0.0/8"]
            allow {
                protocol = "tcp"
                ports    = ["443"]
            }"#,
        update: &[r#"
            name          = "a"
            network       = google_compute_network.n.id
            source_ranges = ["10.0.0.0/8", "172.16.0.0/12"]
            priority      = 900
            allow {
                protocol = "tcp"
                ports    = ["443", "8443"]
            }
            log_config {
                metadata = "EXCLUDE_ALL_METADATA"
            }"#, r#"
            name        = "a"
            network     = google_compute_network.n.id
            source_tags = ["web"]
            allow {
                protocol = "icmp"
            }"#],
        replace: &[r#"
            name               = "a"
            network            = google_compute_network.n.id
            direction          = "EGRESS"
            destination_ranges = ["0.0.0.0/0"]
            deny {
                protocol = "all"
            }"#],
        import: "{id}",
    }
}
