//! `google_compute_subnetwork`: a range of addresses of a network in one region.

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

/// How long operations on a subnetwork usually take.
const TYPICAL: Duration = Duration::from_secs(20);

/// A range of addresses of a network in one region, with further ranges for Pods and Services.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_compute_subnetwork", legacy, timeouts(create = "20m", update = "20m", delete = "20m"), unbuilt = include_str!("subnetwork.unbuilt"))]
pub(crate) struct Subnetwork {
    /// `projects/{project}/regions/{region}/subnetworks/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the region.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The region.
    #[attr(optional, computed, requires_replace, same = names::same)]
    region: Attr<String>,
    /// The network.
    #[attr(required, requires_replace, same = names::same)]
    network: Attr<String>,
    /// The primary range. It can be widened in place; anything else needs a new subnetwork.
    #[attr(optional, computed, validate = is_cidr)]
    ip_cidr_range: Attr<String>,
    /// What it is for.
    #[attr(optional, requires_replace)]
    description: Attr<String>,
    /// Whether machines without external addresses reach the APIs of Google.
    #[attr(optional, computed)]
    private_ip_google_access: Attr<bool>,
    /// The same for IPv6.
    #[attr(optional, computed)]
    private_ipv6_google_access: Attr<String>,
    /// What uses the range: `PRIVATE` for machines, `REGIONAL_MANAGED_PROXY`, `PRIVATE_SERVICE_CONNECT` …
    #[attr(optional, computed)]
    purpose: Attr<String>,
    /// Of a range for proxies: `ACTIVE` or `BACKUP`.
    #[attr(optional, one_of("ACTIVE", "BACKUP"))]
    role: Attr<String>,
    /// `IPV4_ONLY`, `IPV4_IPV6` or `IPV6_ONLY`.
    #[attr(optional, computed, one_of("IPV4_ONLY", "IPV4_IPV6", "IPV6_ONLY"))]
    stack_type: Attr<String>,
    /// Whether IPv6 addresses are `EXTERNAL` or `INTERNAL`.
    #[attr(optional, one_of("EXTERNAL", "INTERNAL"))]
    ipv6_access_type: Attr<String>,
    /// Whether a list without secondary ranges takes all away; else it leaves them alone.
    #[attr(optional)]
    send_secondary_ip_range_if_empty: Attr<bool>,
    /// When it was made (RFC 3339).
    #[attr(computed)]
    creation_timestamp: Attr<String>,
    /// Changes with the subnetwork.
    #[attr(computed, deprecated)]
    fingerprint: Attr<String>,
    /// The address of the gateway.
    #[attr(computed)]
    gateway_address: Attr<String>,
    /// The IPv6 range.
    #[attr(computed)]
    ipv6_cidr_range: Attr<String>,
    /// The kind of IPv6 endpoint.
    #[attr(computed)]
    ipv6_gce_endpoint: Attr<String>,
    /// The external IPv6 range.
    #[attr(optional, computed, requires_replace)]
    external_ipv6_prefix: Attr<String>,
    /// The internal IPv6 range.
    #[attr(optional, computed, requires_replace)]
    internal_ipv6_prefix: Attr<String>,
    /// The state of a range for proxies.
    #[attr(computed)]
    state: Attr<String>,
    /// The full address of the resource.
    #[attr(computed)]
    self_link: Attr<String>,
    /// The number of the subnetwork.
    #[attr(computed)]
    subnetwork_id: Attr<i64>,
    /// Further ranges, such as those of Pods and Services.
    #[block(list, computed)]
    secondary_ip_range: Blocks<SecondaryRange>,
    /// Flow logs.
    #[block(list, max = 1)]
    log_config: Blocks<LogConfig>,
    /// What is given once, at creation.
    #[block(list, max = 1, requires_replace)]
    params: Blocks<Params>,
    #[model(flatten)]
    deletion: Deletion,
}

/// A further range.
#[derive(Model, Clone, Debug, PartialEq)]
struct SecondaryRange {
    /// The name by which clusters choose it.
    #[attr(required, validate = names::check)]
    range_name: Attr<String>,
    /// The range.
    #[attr(optional, computed, validate = is_cidr)]
    ip_cidr_range: Attr<String>,
    /// The reserved internal range that it is.
    #[attr(optional, zero, same = names::same)]
    reserved_internal_range: Attr<String>,
}

/// Flow logs.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(at_least_one_of("aggregation_interval", "flow_sampling", "metadata", "filter_expr"))]
struct LogConfig {
    /// Over how long flows are summed up.
    #[attr(
        optional,
        default = "INTERVAL_5_SEC",
        one_of(
            "INTERVAL_5_SEC",
            "INTERVAL_30_SEC",
            "INTERVAL_1_MIN",
            "INTERVAL_5_MIN",
            "INTERVAL_10_MIN",
            "INTERVAL_15_MIN"
        )
    )]
    aggregation_interval: Attr<String>,
    /// Which part of the flows is kept, 0 to 1.
    #[attr(optional, default = 0.5, range(0.0, 1.0))]
    flow_sampling: Attr<f64>,
    /// What is written besides the flow.
    #[attr(
        optional,
        default = "INCLUDE_ALL_METADATA",
        one_of("EXCLUDE_ALL_METADATA", "INCLUDE_ALL_METADATA", "CUSTOM_METADATA")
    )]
    metadata: Attr<String>,
    /// Which of it, where that is `CUSTOM_METADATA`.
    #[attr(optional)]
    metadata_fields: Attr<BTreeSet<String>>,
    /// Which flows are kept: an expression.
    #[attr(optional, default = "true")]
    filter_expr: Attr<String>,
}

/// What is given once, at creation.
#[derive(Model, Clone, Debug, PartialEq)]
struct Params {
    /// Resource manager tags: `tagKeys/…` to `tagValues/…`.
    #[attr(optional, requires_replace)]
    resource_manager_tags: Attr<BTreeMap<String, String>>,
}

impl Resource for Subnetwork {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let (project, region) = self.place()?;
        let doing = format!("creating subnetwork {}", self.name.as_str());
        self.id = self.path(&project, &region).into();
        let client = cx.clients.subnetworks().await?;
        let insert = client.insert().set_project(&project).set_region(&region);
        let body = model::Subnetwork::from(&self)
            .set_network(full_network(&project, self.network.as_str()));
        let insert = insert.set_request_id(cx.create_token()).set_body(body);
        let sent = insert.with_idempotency(true).send().await;
        let made = self.clone();
        operations::created(cx, &project, &doing, TYPICAL, sent, &made).await?;
        let found = self.read(cx).await.keep(&made)?;
        Ok(found.unwrap_or(made))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        Ok(found.map(|subnetwork| self.filled(subnetwork)))
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        if self.ip_cidr_range != prior.ip_cidr_range {
            self.expand(cx).await?;
        }
        if self.private_ip_google_access != prior.private_ip_google_access {
            self.set_private_access(cx).await?;
        }
        self.patch(&prior, cx).await?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let (project, region) = self.place()?;
        let doing = format!("deleting subnetwork {}", self.name.as_str());
        let client = cx.clients.subnetworks().await?;
        let delete = client.delete().set_project(&project).set_region(&region);
        let sent = delete.set_subnetwork(self.name.as_str()).send().await;
        carried_out(cx, &project, &doing, TYPICAL, sent).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, region, name] =
            names::import(id, "projects//regions//subnetworks/", "subnetwork")?;
        let mut subnetwork = Self::empty();
        subnetwork.project = project.or_else(|| cx.project.clone()).into();
        subnetwork.region = region.or_else(|| cx.region.clone()).into();
        subnetwork.name = name.into();
        let (project, region) = subnetwork.place()?;
        subnetwork.id = subnetwork.path(&project, &region).into();
        subnetwork.deletion.deletion_policy = "DELETE".into();
        Ok(subnetwork)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.find(cx).await?;
        let ours = found.filter(|found| created::since(cx, found.creation_timestamp.as_deref()));
        Ok(ours.map(|found| self.clone().filled(found)))
    }

    fn validate(&self, problems: &mut Problems) {
        if self.ip_cidr_range.is_null()
            && !self.stack_type.is_known_and(|stack| stack == "IPV6_ONLY")
            && !self.stack_type.is_unknown()
        {
            problems.error(
                "ip_cidr_range",
                "Missing required argument",
                "A subnetwork has a primary range unless its stack_type is IPV6_ONLY. Set ip_cidr_range, such as \"10.0.0.0/20\".",
            );
        }
    }

    fn plan(change: &mut Change<'_, Self, Google>) {
        // A list without secondary ranges takes them away only where that is asked for.
        let keeps = change.config.secondary_ip_range.is_empty()
            && !change.config.secondary_ip_range.is_unknown()
            && change.config.send_secondary_ip_range_if_empty.is_true();
        if keeps {
            change.planned.secondary_ip_range = Blocks::default();
        }
        let Some(prior) = &change.prior else {
            return;
        };
        let (was, will) = (
            prior.ip_cidr_range.clone(),
            change.planned.ip_cidr_range.clone(),
        );
        let widened =
            matches!((was.known(), will.known()), (Some(was), Some(will)) if widens(was, will));
        if was != will && !was.as_str().is_empty() && !widened {
            change.requires_replace("ip_cidr_range");
        }
    }
}

impl Subnetwork {
    /// The project and the name of the region.
    fn place(&self) -> Result<(String, String), Error> {
        let region = names::last(needed(&self.region, "region")?).to_owned();
        Ok((needed(&self.project, "project")?.to_owned(), region))
    }

    fn path(&self, project: &str, region: &str) -> String {
        format!(
            "projects/{project}/regions/{region}/subnetworks/{}",
            self.name.as_str()
        )
    }

    async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::Subnetwork>, Error> {
        let (project, region) = self.place()?;
        let client = cx.clients.subnetworks().await?;
        let get = client.get().set_project(&project).set_region(&region);
        match get.set_subnetwork(self.name.as_str()).send().await {
            Ok(subnetwork) => Ok(Some(subnetwork)),
            Err(error) => absent(&error, || {
                format!("reading subnetwork {}", self.name.as_str())
            }),
        }
    }

    async fn expand(&self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let (project, region) = self.place()?;
        let doing = format!("widening subnetwork {}", self.name.as_str());
        let body = model::SubnetworksExpandIpCidrRangeRequest::new();
        let body = body.set_ip_cidr_range(self.ip_cidr_range.as_str());
        let client = cx.clients.subnetworks().await?;
        let expand = client
            .expand_ip_cidr_range()
            .set_project(&project)
            .set_region(&region);
        let expand = expand.set_subnetwork(self.name.as_str()).set_body(body);
        let expand = expand
            .set_request_id(operations::request_id())
            .with_idempotency(true);
        carried_out(cx, &project, &doing, TYPICAL, expand.send().await).await
    }

    async fn set_private_access(&self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let (project, region) = self.place()?;
        let doing = format!(
            "changing the access of subnetwork {} to Google",
            self.name.as_str()
        );
        let body = model::SubnetworksSetPrivateIpGoogleAccessRequest::new();
        let body = body.set_private_ip_google_access(self.private_ip_google_access.is_true());
        let client = cx.clients.subnetworks().await?;
        let set = client
            .set_private_ip_google_access()
            .set_project(&project)
            .set_region(&region);
        let set = set
            .set_subnetwork(self.name.as_str())
            .set_body(body)
            .with_idempotency(true);
        carried_out(cx, &project, &doing, TYPICAL, set.send().await).await
    }

    /// Changes what a patch can change, with only the changed attributes in it.
    async fn patch(&self, prior: &Self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        let mut body = model::Subnetwork::new();
        if self.secondary_ip_range != prior.secondary_ip_range {
            body = body.set_secondary_ip_ranges(
                self.secondary_ip_range
                    .iter()
                    .map(model::SubnetworkSecondaryRange::from),
            );
        }
        if self.log_config != prior.log_config {
            body = body.set_log_config(log_config(self.log_config.first()));
        }
        if self.role != prior.role {
            body = body.set_role(self.role.as_str());
        }
        if self.stack_type != prior.stack_type {
            body = body.set_stack_type(self.stack_type.as_str());
        }
        if self.ipv6_access_type != prior.ipv6_access_type && self.ipv6_access_type.is_known() {
            body = body.set_ipv_6_access_type(self.ipv6_access_type.as_str());
        }
        if self.private_ipv6_google_access != prior.private_ipv6_google_access {
            body = body.set_private_ipv_6_google_access(self.private_ipv6_google_access.as_str());
        }
        if self.purpose != prior.purpose {
            body = body.set_purpose(self.purpose.as_str());
        }
        if body == model::Subnetwork::new() && self.secondary_ip_range == prior.secondary_ip_range {
            return Ok(());
        }
        let (project, region) = self.place()?;
        let doing = format!("changing subnetwork {}", self.name.as_str());
        // What it looks like now; the fingerprint says that nobody else changed it meanwhile.
        let now = self.find(cx).await?;
        let body = body.set_or_clear_fingerprint(now.and_then(|now| now.fingerprint));
        let client = cx.clients.subnetworks().await?;
        let patch = client.patch().set_project(&project).set_region(&region);
        let patch = patch.set_subnetwork(self.name.as_str()).set_body(body);
        let patch = patch
            .set_request_id(operations::request_id())
            .with_idempotency(true);
        carried_out(cx, &project, &doing, TYPICAL, patch.send().await).await
    }

    fn filled(self, now: model::Subnetwork) -> Self {
        let (project, region) = (
            self.project.as_str(),
            now.region.as_deref().map(names::last),
        );
        let region = region.unwrap_or(self.region.as_str()).to_owned();
        let path = self.path(project, &region);
        let text = |value: Option<&str>| Attr::from(value.map(str::to_owned));
        let empty = |value: Option<String>| Attr::from(value.unwrap_or_default());
        let ranges = now.secondary_ip_ranges.into_iter().map(|range| {
            let name = range.range_name.unwrap_or_default();
            let own = self
                .secondary_ip_range
                .iter()
                .find(|own| own.range_name.as_str() == name);
            SecondaryRange {
                range_name: name.into(),
                ip_cidr_range: range.ip_cidr_range.into(),
                reserved_internal_range: match own.map(|own| &own.reserved_internal_range) {
                    Some(own) if own.is_known() => own.clone(),
                    _ => empty(range.reserved_internal_range),
                },
            }
        });
        let logs = now.log_config.filter(|logs| logs.enable != Some(false));
        Self {
            id: path.into(),
            secondary_ip_range: ranges.collect(),
            network: now.network.or_else(|| self.network.to_option()).into(),
            region: match self.region {
                Attr::Known(own) if names::last(&own) == region => own.into(),
                _ => region.into(),
            },
            ip_cidr_range: now.ip_cidr_range.into(),
            description: now.description.filter(|text| !text.is_empty()).into(),
            private_ip_google_access: now.private_ip_google_access.unwrap_or(false).into(),
            private_ipv6_google_access: text(
                now.private_ipv_6_google_access
                    .as_ref()
                    .and_then(|v| v.name()),
            ),
            purpose: text(now.purpose.as_ref().and_then(|v| v.name())),
            role: text(now.role.as_ref().and_then(|v| v.name())),
            stack_type: text(now.stack_type.as_ref().and_then(|v| v.name())),
            ipv6_access_type: text(now.ipv_6_access_type.as_ref().and_then(|v| v.name())),
            creation_timestamp: now.creation_timestamp.into(),
            fingerprint: now
                .fingerprint
                .map(|bytes| names::fingerprint(&bytes))
                .into(),
            gateway_address: now.gateway_address.into(),
            ipv6_cidr_range: empty(now.ipv_6_cidr_range),
            ipv6_gce_endpoint: text(now.ipv_6_gce_endpoint.as_ref().and_then(|v| v.name()))
                .or("".into()),
            external_ipv6_prefix: empty(now.external_ipv_6_prefix),
            internal_ipv6_prefix: empty(now.internal_ipv_6_prefix),
            state: text(now.state.as_ref().and_then(|v| v.name())).or("".into()),
            self_link: now.self_link.into(),
            subnetwork_id: now.id.and_then(|id| i64::try_from(id).ok()).into(),
            log_config: logs.map(LogConfig::from).into(),
            ..self
        }
    }
}

/// Whether a range contains another one and is wider.
fn widens(was: &str, will: &str) -> bool {
    let parse = |text: &str| text.parse::<ipnet::IpNet>().ok();
    matches!((parse(was), parse(will)), (Some(was), Some(will)) if will.contains(&was) && will != was)
}

fn is_cidr(text: &str) -> Result<(), String> {
    match text.parse::<ipnet::IpNet>() {
        Ok(net) if net.trunc() == net => Ok(()),
        Ok(net) => Err(format!(
            "{text:?} has bits set beyond its prefix. Did you mean \"{}\"?",
            net.trunc()
        )),
        Err(_) => Err(format!("{text:?} is not a range such as \"10.0.0.0/20\".")),
    }
}

/// The address of a network by which other resources name it.
pub(super) fn full_network(project: &str, network: &str) -> String {
    match network.contains('/') {
        true => names::relative(network).to_owned(),
        false => format!("projects/{project}/global/networks/{network}"),
    }
}

fn log_config(config: Option<&LogConfig>) -> model::SubnetworkLogConfig {
    let Some(config) = config else {
        return model::SubnetworkLogConfig::new().set_enable(false);
    };
    #[expect(clippy::cast_possible_truncation, reason = "the API has 32 bits")]
    let sampling = config.flow_sampling.to_option().map(|part| part as f32);
    model::SubnetworkLogConfig::new()
        .set_enable(true)
        .set_aggregation_interval(config.aggregation_interval.as_str())
        .set_or_clear_flow_sampling(sampling)
        .set_metadata(config.metadata.as_str())
        .set_metadata_fields(config.metadata_fields.or_default())
        .set_or_clear_filter_expr(config.filter_expr.to_option())
}

impl From<model::SubnetworkLogConfig> for LogConfig {
    fn from(now: model::SubnetworkLogConfig) -> Self {
        let name = |name: Option<&str>| Attr::from(name.map(str::to_owned));
        let fields: BTreeSet<String> = now.metadata_fields.into_iter().collect();
        // 32 bits of the API, as few digits as tell them apart.
        let sampling = now
            .flow_sampling
            .and_then(|part| part.to_string().parse::<f64>().ok());
        Self {
            aggregation_interval: name(now.aggregation_interval.as_ref().and_then(|v| v.name())),
            flow_sampling: sampling.into(),
            metadata: name(now.metadata.as_ref().and_then(|v| v.name())),
            metadata_fields: Some(fields).filter(|fields| !fields.is_empty()).into(),
            filter_expr: now.filter_expr.into(),
        }
    }
}

impl From<&SecondaryRange> for model::SubnetworkSecondaryRange {
    fn from(range: &SecondaryRange) -> Self {
        let reserved = range.reserved_internal_range.to_option();
        Self::new()
            .set_range_name(range.range_name.as_str())
            .set_or_clear_ip_cidr_range(range.ip_cidr_range.to_option())
            .set_or_clear_reserved_internal_range(reserved.filter(|text| !text.is_empty()))
    }
}

impl From<&Subnetwork> for model::Subnetwork {
    fn from(subnetwork: &Subnetwork) -> Self {
        let logs = subnetwork.log_config.first();
        let params = subnetwork.params.first().map(|params| {
            model::SubnetworkParams::new()
                .set_resource_manager_tags(params.resource_manager_tags.or_default())
        });
        let text = |value: &Attr<String>| value.to_option().filter(|text| !text.is_empty());
        let mut body = Self::new()
            .set_name(subnetwork.name.as_str())
            .set_or_clear_description(text(&subnetwork.description))
            .set_or_clear_ip_cidr_range(text(&subnetwork.ip_cidr_range))
            .set_or_clear_private_ip_google_access(subnetwork.private_ip_google_access.to_option())
            .set_secondary_ip_ranges(
                subnetwork
                    .secondary_ip_range
                    .iter()
                    .map(model::SubnetworkSecondaryRange::from),
            )
            .set_or_clear_log_config(logs.map(|logs| log_config(Some(logs))))
            .set_or_clear_external_ipv_6_prefix(text(&subnetwork.external_ipv6_prefix))
            .set_or_clear_internal_ipv_6_prefix(text(&subnetwork.internal_ipv6_prefix))
            .set_or_clear_params(params);
        if let Some(purpose) = subnetwork.purpose.known() {
            body = body.set_purpose(purpose.as_str());
        }
        if let Some(role) = subnetwork.role.known() {
            body = body.set_role(role.as_str());
        }
        if let Some(stack) = subnetwork.stack_type.known() {
            body = body.set_stack_type(stack.as_str());
        }
        if let Some(access) = subnetwork.ipv6_access_type.known() {
            body = body.set_ipv_6_access_type(access.as_str());
        }
        if let Some(access) = subnetwork.private_ipv6_google_access.known() {
            body = body.set_private_ipv_6_google_access(access.as_str());
        }
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_contains() {
        assert!(widens("10.0.16.0/20", "10.0.0.0/16") && !widens("10.0.0.0/16", "10.0.0.0/20"));
        assert!(!widens("10.0.0.0/20", "10.0.0.0/20") && !widens("10.1.0.0/20", "10.0.0.0/16"));
    }

    contract::contract! { crate::testing::WORLD, "google_compute_subnetwork",
        needs: r#"resource "google_compute_network" "n" {
            name                    = "n"
            auto_create_subnetworks = false
        }"#,
        create: r#"
            name          = "a"
            network       = google_compute_network.n.id
            ip_cidr_range = "10.0.0.0/20""#,
        update: &[r#"
            name                     = "a"
            network                  = google_compute_network.n.id
            ip_cidr_range            = "10.0.0.0/19"
            private_ip_google_access = true
            secondary_ip_range {
                range_name    = "pods"
                ip_cidr_range = "10.4.0.0/16"
            }
            log_config {
                flow_sampling = 0.3
            }"#],
        replace: &[r#"
            name          = "a"
            network       = google_compute_network.n.id
            ip_cidr_range = "10.8.0.0/20""#],
        import: "{id}",
    }
}
