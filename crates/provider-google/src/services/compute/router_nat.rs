//! `google_compute_router_nat`: Cloud NAT, and how many ports each machine gets.

mod ports;

use super::router::Place;
use crate::Google;
use crate::deletion::Deletion;
use crate::names::{self, needed};
use google_cloud_compute_v1::model;
use sdk::{
    Applied, Attr, Blocks, Change, Cx, Error, ErrorKind, Incomplete, Keep, Model, Problems,
    Resource,
};
use std::collections::BTreeSet;

/// Cloud NAT on a router: machines without external addresses reach the internet through it.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_compute_router_nat", legacy, timeouts(create = "20m", update = "20m", delete = "20m"), unbuilt = include_str!("router_nat.unbuilt"))]
pub(crate) struct RouterNat {
    /// `{project}/{region}/{router}/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique on the router.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The region.
    #[attr(optional, computed, requires_replace, same = names::same)]
    region: Attr<String>,
    /// The router.
    #[attr(required, requires_replace, same = names::same)]
    router: Attr<String>,
    /// `PUBLIC` for the internet, `PRIVATE` for other networks.
    #[attr(
        optional,
        requires_replace,
        default = "PUBLIC",
        one_of("PUBLIC", "PRIVATE")
    )]
    r#type: Attr<String>,
    /// Whether addresses are chosen (`AUTO_ONLY`) or listed (`MANUAL_ONLY`).
    #[attr(optional, one_of("AUTO_ONLY", "MANUAL_ONLY"))]
    nat_ip_allocate_option: Attr<String>,
    /// The addresses, where they are listed.
    #[attr(optional, computed)]
    nat_ips: Attr<BTreeSet<String>>,
    /// Addresses that take no new connections.
    #[attr(optional, computed)]
    drain_nat_ips: Attr<BTreeSet<String>>,
    /// Which ranges of the network use it.
    #[attr(
        required,
        one_of(
            "ALL_SUBNETWORKS_ALL_IP_RANGES",
            "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES",
            "LIST_OF_SUBNETWORKS"
        )
    )]
    source_subnetwork_ip_ranges_to_nat: Attr<String>,
    /// The fewest ports of a machine. 64 by itself, and then 1,024 for each node of a VPC-native cluster.
    #[attr(optional, computed)]
    min_ports_per_vm: Attr<i64>,
    /// The most ports of a machine; only with dynamic allocation.
    #[attr(optional)]
    max_ports_per_vm: Attr<i64>,
    /// Whether machines get more ports when they need them.
    #[attr(optional, computed)]
    enable_dynamic_port_allocation: Attr<bool>,
    /// Whether a port of a machine is the same for all destinations.
    #[attr(optional, computed)]
    enable_endpoint_independent_mapping: Attr<bool>,
    /// What uses it: `ENDPOINT_TYPE_VM`, `ENDPOINT_TYPE_SWG`, `ENDPOINT_TYPE_MANAGED_PROXY_LB`.
    #[attr(optional, computed, requires_replace)]
    endpoint_types: Attr<Vec<String>>,
    /// The tier of chosen addresses.
    #[attr(optional, computed, one_of("PREMIUM", "STANDARD"))]
    auto_network_tier: Attr<String>,
    /// Seconds until an idle UDP mapping ends.
    #[attr(optional, default = 30)]
    udp_idle_timeout_sec: Attr<i64>,
    /// Seconds until an idle ICMP mapping ends.
    #[attr(optional, default = 30)]
    icmp_idle_timeout_sec: Attr<i64>,
    /// Seconds until an idle TCP connection ends.
    #[attr(optional, default = 1200)]
    tcp_established_idle_timeout_sec: Attr<i64>,
    /// Seconds until a half-open TCP connection ends.
    #[attr(optional, default = 30)]
    tcp_transitory_idle_timeout_sec: Attr<i64>,
    /// Seconds before the port of a closed TCP connection is used again.
    #[attr(optional, default = 120)]
    tcp_time_wait_timeout_sec: Attr<i64>,
    /// The subnetworks, where they are listed.
    #[block(set)]
    subnetwork: Blocks<SubnetworkToNat>,
    /// Logs.
    #[block(list, max = 1)]
    log_config: Blocks<LogConfig>,
    /// Which addresses are used for which destinations.
    #[block(set)]
    rules: Blocks<Rule>,
    #[model(flatten)]
    deletion: Deletion,
}

/// A subnetwork whose ranges use it.
#[derive(Model, Clone, Debug, PartialEq)]
struct SubnetworkToNat {
    /// The subnetwork.
    #[attr(required, same = names::same)]
    name: Attr<String>,
    /// `ALL_IP_RANGES`, `PRIMARY_IP_RANGE`, `LIST_OF_SECONDARY_IP_RANGES`.
    #[attr(required)]
    source_ip_ranges_to_nat: Attr<BTreeSet<String>>,
    /// The secondary ranges, where they are listed.
    #[attr(optional)]
    secondary_ip_range_names: Attr<BTreeSet<String>>,
}

/// Logs.
#[derive(Model, Clone, Debug, PartialEq)]
struct LogConfig {
    /// Whether there are any.
    #[attr(required)]
    enable: Attr<bool>,
    /// What is in them.
    #[attr(required, one_of("ERRORS_ONLY", "TRANSLATIONS_ONLY", "ALL"))]
    filter: Attr<String>,
}

/// Which addresses are used for which destinations.
#[derive(Model, Clone, Debug, PartialEq)]
struct Rule {
    /// The number, 0 to 65000.
    #[attr(required, range(0, 65000))]
    rule_number: Attr<i64>,
    /// What it is for.
    #[attr(optional)]
    description: Attr<String>,
    /// The destinations: an expression.
    #[attr(required)]
    r#match: Attr<String>,
    /// The addresses.
    #[block(list, max = 1)]
    action: Blocks<Action>,
}

/// The addresses of a rule.
#[derive(Model, Clone, Debug, PartialEq)]
struct Action {
    /// Addresses in use.
    #[attr(optional)]
    source_nat_active_ips: Attr<BTreeSet<String>>,
    /// Addresses that take no new connections.
    #[attr(optional)]
    source_nat_drain_ips: Attr<BTreeSet<String>>,
    /// Ranges in use, of private NAT.
    #[attr(optional)]
    source_nat_active_ranges: Attr<BTreeSet<String>>,
    /// Ranges that take no new connections.
    #[attr(optional)]
    source_nat_drain_ranges: Attr<BTreeSet<String>>,
}

impl Resource for RouterNat {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let at = self.place()?;
        let doing = format!("creating Cloud NAT {}", self.name.as_str());
        self.id = self.path(&at).into();
        let body = self.body();
        let name = self.name.as_str().to_owned();
        let made = self.clone();
        let sent = at.change(cx, |router| {
            if router
                .nats
                .iter()
                .any(|nat| nat.name.as_deref() == Some(&name))
            {
                let message = format!("Router {} has a Cloud NAT {name} already.", at.router);
                return Err(Error::new(
                    ErrorKind::AlreadyExists,
                    "alreadyExists",
                    message,
                ));
            }
            router.nats.push(body);
            Ok(())
        });
        sent.await.map_err(|unchanged| Incomplete {
            state: unchanged.maybe.then(|| Box::new(made.clone())),
            error: unchanged.error.doing(doing),
        })?;
        let found = self.read(cx).await.keep(&made)?;
        Ok(found.unwrap_or(made))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let router = self.place()?.find(cx).await?;
        let nats = router.map(|router| router.nats).unwrap_or_default();
        let found = nats
            .into_iter()
            .find(|nat| nat.name.as_deref() == Some(self.name.as_str()));
        Ok(found.map(|nat| self.filled(nat)))
    }

    async fn update(self, _: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let (body, name) = (self.body(), self.name.as_str().to_owned());
        let at = self.place()?;
        let sent = at.change(cx, |router| {
            let mut nats = router.nats.iter_mut();
            match nats.find(|nat| nat.name.as_deref() == Some(&name)) {
                Some(nat) => *nat = body,
                None => router.nats.push(body),
            }
            Ok(())
        });
        sent.await.map_err(|unchanged| {
            unchanged
                .error
                .doing(format!("changing Cloud NAT {}", self.name.as_str()))
        })?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let name = self.name.as_str().to_owned();
        let sent = self.place()?;
        let sent = sent.change(cx, |router| {
            router.nats.retain(|nat| nat.name.as_deref() != Some(&name));
            Ok(())
        });
        sent.await.map_err(|unchanged| {
            unchanged
                .error
                .doing(format!("deleting Cloud NAT {}", self.name.as_str()))
        })
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, region, router, name] =
            match names::relative(id).split('/').collect::<Vec<_>>()[..] {
                [project, region, router, name] => {
                    [Some(project), Some(region), Some(router), Some(name)]
                        .map(|v| v.map(str::to_owned))
                }
                _ => {
                    let full = "projects//regions//routers//";
                    let [project, region, router, name] = names::import(id, full, "Cloud NAT")?;
                    [project, region, router, name]
                }
            };
        let mut nat = Self::empty();
        nat.project = project.or_else(|| cx.project.clone()).into();
        nat.region = region.or_else(|| cx.region.clone()).into();
        nat.router = router.into();
        nat.name = name.into();
        nat.id = nat.path(&nat.place()?).into();
        nat.deletion.deletion_policy = "DELETE".into();
        Ok(nat)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        // A part of a router has no time of its own. What is there under our name now, though it was not when the create was planned, is
        // what we asked for if it is exactly that.
        let Some(found) = self.clone().read(cx).await? else {
            return Ok(None);
        };
        let ours = found.body();
        Ok((ours.source_subnetwork_ip_ranges_to_nat
            == self.body().source_subnetwork_ip_ranges_to_nat)
            .then_some(found))
    }

    fn validate(&self, problems: &mut Problems) {
        ports::check(self, problems);
    }

    fn plan(change: &mut Change<'_, Self, Google>) {
        ports::check_drained(change);
    }
}

impl RouterNat {
    fn place(&self) -> Result<Place, Error> {
        Ok(Place {
            project: needed(&self.project, "project")?.to_owned(),
            region: names::last(needed(&self.region, "region")?).to_owned(),
            router: names::last(self.router.as_str()).to_owned(),
        })
    }

    fn path(&self, at: &Place) -> String {
        format!(
            "{}/{}/{}/{}",
            at.project,
            at.region,
            at.router,
            self.name.as_str()
        )
    }

    fn filled(self, now: model::RouterNat) -> Self {
        let name = |name: Option<&str>| Attr::from(name.map(str::to_owned));
        let number =
            |value: Option<i32>, default: i64| Attr::from(value.map_or(default, i64::from));
        let optional = |set: BTreeSet<String>| Attr::from(Some(set).filter(|set| !set.is_empty()));
        let subnetworks = now
            .subnetworks
            .into_iter()
            .map(|subnetwork| SubnetworkToNat {
                name: subnetwork.name.into(),
                source_ip_ranges_to_nat: subnetwork
                    .source_ip_ranges_to_nat
                    .iter()
                    .filter_map(|ranges| ranges.name().map(str::to_owned))
                    .collect::<BTreeSet<_>>()
                    .into(),
                secondary_ip_range_names: optional(
                    subnetwork.secondary_ip_range_names.into_iter().collect(),
                ),
            });
        let subnetwork = subnetworks.collect();
        let rules = now.rules.into_iter().map(|rule| Rule {
            rule_number: rule.rule_number.map(i64::from).into(),
            description: rule.description.filter(|text| !text.is_empty()).into(),
            r#match: rule.r#match.into(),
            action: rule
                .action
                .map(|action| Action {
                    source_nat_active_ips: optional(
                        action.source_nat_active_ips.into_iter().collect(),
                    ),
                    source_nat_drain_ips: optional(
                        action.source_nat_drain_ips.into_iter().collect(),
                    ),
                    source_nat_active_ranges: optional(
                        action.source_nat_active_ranges.into_iter().collect(),
                    ),
                    source_nat_drain_ranges: optional(
                        action.source_nat_drain_ranges.into_iter().collect(),
                    ),
                })
                .into(),
        });
        let at = self.place();
        let max = now.max_ports_per_vm.map(i64::from);
        Self {
            id: at.map_or(self.id.clone(), |at| self.path(&at).into()),
            r#type: name(now.r#type.as_ref().and_then(|v| v.name())).or("PUBLIC".into()),
            nat_ip_allocate_option: name(
                now.nat_ip_allocate_option.as_ref().and_then(|v| v.name()),
            ),
            nat_ips: same_set(&self.nat_ips, now.nat_ips),
            drain_nat_ips: same_set(&self.drain_nat_ips, now.drain_nat_ips),
            source_subnetwork_ip_ranges_to_nat: name(
                now.source_subnetwork_ip_ranges_to_nat
                    .as_ref()
                    .and_then(|v| v.name()),
            ),
            min_ports_per_vm: number(now.min_ports_per_vm, 0),
            max_ports_per_vm: match self.max_ports_per_vm.is_null()
                && !now.enable_dynamic_port_allocation.unwrap_or(false)
            {
                true => Attr::Null,
                false => max.into(),
            },
            enable_dynamic_port_allocation: now
                .enable_dynamic_port_allocation
                .unwrap_or(false)
                .into(),
            enable_endpoint_independent_mapping: now
                .enable_endpoint_independent_mapping
                .unwrap_or(false)
                .into(),
            endpoint_types: now
                .endpoint_types
                .iter()
                .filter_map(|kind| kind.name().map(str::to_owned))
                .collect::<Vec<_>>()
                .into(),
            auto_network_tier: name(now.auto_network_tier.as_ref().and_then(|v| v.name()))
                .or("".into()),
            udp_idle_timeout_sec: number(now.udp_idle_timeout_sec, 30),
            icmp_idle_timeout_sec: number(now.icmp_idle_timeout_sec, 30),
            tcp_established_idle_timeout_sec: number(now.tcp_established_idle_timeout_sec, 1200),
            tcp_transitory_idle_timeout_sec: number(now.tcp_transitory_idle_timeout_sec, 30),
            tcp_time_wait_timeout_sec: number(now.tcp_time_wait_timeout_sec, 120),
            log_config: now
                .log_config
                .map(|logs| LogConfig {
                    enable: logs.enable.unwrap_or(false).into(),
                    filter: name(logs.filter.as_ref().and_then(|v| v.name())),
                })
                .filter(|logs| logs.enable.is_true() || !self.log_config.is_empty())
                .into(),
            rules: rules.collect(),
            subnetwork,
            ..self
        }
    }

    fn body(&self) -> model::RouterNat {
        let number = |value: &Attr<i64>| value.to_option().and_then(|n| i32::try_from(n).ok());
        let set = |value: &Attr<BTreeSet<String>>| value.or_default();
        let subnetworks = self.subnetwork.iter().map(|subnetwork| {
            let ranges = set(&subnetwork.source_ip_ranges_to_nat);
            let ranges = ranges.iter().map(|ranges| {
                model::router_nat_subnetwork_to_nat::SourceIpRangesToNat::from(ranges.as_str())
            });
            model::RouterNatSubnetworkToNat::new()
                .set_name(names::relative(subnetwork.name.as_str()))
                .set_source_ip_ranges_to_nat(ranges)
                .set_secondary_ip_range_names(set(&subnetwork.secondary_ip_range_names))
        });
        let rules = self.rules.iter().map(|rule| {
            let action = rule.action.first().map(|action| {
                model::RouterNatRuleAction::new()
                    .set_source_nat_active_ips(set(&action.source_nat_active_ips))
                    .set_source_nat_drain_ips(set(&action.source_nat_drain_ips))
                    .set_source_nat_active_ranges(set(&action.source_nat_active_ranges))
                    .set_source_nat_drain_ranges(set(&action.source_nat_drain_ranges))
            });
            model::RouterNatRule::new()
                .set_or_clear_rule_number(
                    rule.rule_number
                        .to_option()
                        .and_then(|n| u32::try_from(n).ok()),
                )
                .set_or_clear_description(rule.description.to_option())
                .set_match(rule.r#match.as_str())
                .set_or_clear_action(action)
        });
        let logs = self.log_config.first().map(|logs| {
            model::RouterNatLogConfig::new()
                .set_enable(logs.enable.is_true())
                .set_filter(logs.filter.as_str())
        });
        let mut body = model::RouterNat::new()
            .set_name(self.name.as_str())
            .set_type(self.r#type.as_str())
            .set_nat_ips(set(&self.nat_ips))
            .set_drain_nat_ips(set(&self.drain_nat_ips))
            .set_source_subnetwork_ip_ranges_to_nat(
                self.source_subnetwork_ip_ranges_to_nat.as_str(),
            )
            .set_subnetworks(subnetworks)
            .set_or_clear_min_ports_per_vm(number(&self.min_ports_per_vm).filter(|n| *n > 0))
            .set_or_clear_max_ports_per_vm(number(&self.max_ports_per_vm))
            .set_or_clear_enable_dynamic_port_allocation(
                self.enable_dynamic_port_allocation.to_option(),
            )
            .set_or_clear_enable_endpoint_independent_mapping(
                self.enable_endpoint_independent_mapping.to_option(),
            )
            .set_or_clear_udp_idle_timeout_sec(number(&self.udp_idle_timeout_sec))
            .set_or_clear_icmp_idle_timeout_sec(number(&self.icmp_idle_timeout_sec))
            .set_or_clear_tcp_established_idle_timeout_sec(number(
                &self.tcp_established_idle_timeout_sec,
            ))
            .set_or_clear_tcp_transitory_idle_timeout_sec(number(
                &self.tcp_transitory_idle_timeout_sec,
            ))
            .set_or_clear_tcp_time_wait_timeout_sec(number(&self.tcp_time_wait_timeout_sec))
            .set_or_clear_log_config(logs)
            .set_rules(rules)
            .set_endpoint_types(
                self.endpoint_types
                    .or_default()
                    .iter()
                    .map(|kind| model::router_nat::EndpointTypes::from(kind.as_str())),
            );
        if let Some(option) = self.nat_ip_allocate_option.known() {
            body = body.set_nat_ip_allocate_option(option.as_str());
        }
        if let Some(tier) = self
            .auto_network_tier
            .known()
            .filter(|tier| !tier.is_empty())
        {
            body = body.set_auto_network_tier(tier.as_str());
        }
        body
    }
}

/// What the cloud lists, in the words of the configuration where they name the same.
fn same_set(own: &Attr<BTreeSet<String>>, now: Vec<String>) -> Attr<BTreeSet<String>> {
    let named = |link: String| {
        let ours = own
            .known()
            .and_then(|own| own.iter().find(|own| names::same(own, &link)));
        ours.cloned().unwrap_or(link)
    };
    now.into_iter().map(named).collect::<BTreeSet<_>>().into()
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_compute_router_nat",
        needs: r#"
            resource "google_compute_network" "n" {
                name                    = "n"
                auto_create_subnetworks = false
            }
            resource "google_compute_subnetwork" "s" {
                name          = "s"
                network       = google_compute_network.n.id
                ip_cidr_range = "10.0.0.0/20"
            }
            resource "google_compute_router" "r" {
                name    = "r"
                network = google_compute_network.n.id
            }
            resource "google_compute_address" "ip" {
                name = "ip"
            }"#,
        create: r#"
            name                               = "a"
            router                             = google_compute_router.r.name
            nat_ip_allocate_option             = "AUTO_ONLY"
            source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES""#,
        update: &[r#"
            name                               = "a"
            router                             = google_compute_router.r.name
            nat_ip_allocate_option             = "MANUAL_ONLY"
            nat_ips                            = [google_compute_address.ip.self_link]
            source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"
            min_ports_per_vm                   = 2048
            subnetwork {
                name                    = google_compute_subnetwork.s.id
                source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
            }
            log_config {
                enable = true
                filter = "ERRORS_ONLY"
            }"#],
        replace: &[r#"
            name                               = "b"
            router                             = google_compute_router.r.name
            nat_ip_allocate_option             = "AUTO_ONLY"
            source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES""#],
        import: "{id}",
        vanishes: false,
    }
}
