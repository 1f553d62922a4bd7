//! What a cluster tells of itself.

use super::super::values::{Enabled, choice, enabled};
use google_cloud_container_v1::model;
use google_cloud_container_v1::model::notification_config::{Filter, PubSub};
use sdk::{Attr, Blocks, Model};

/// What is logged.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Logging {
    /// `SYSTEM_COMPONENTS`, `WORKLOADS`, `APISERVER`, `SCHEDULER`, `CONTROLLER_MANAGER`, …; none = nothing is logged.
    #[attr(required, same = same_set)]
    enable_components: Attr<Vec<String>>,
}

/// The order says nothing.
fn same_set(one: &Vec<String>, other: &Vec<String>) -> bool {
    let sorted = |list: &Vec<String>| {
        let mut list = list.clone();
        list.sort_unstable();
        list
    };
    sorted(one) == sorted(other)
}

impl Logging {
    pub(super) fn to_api(&self) -> model::LoggingConfig {
        let components = self.enable_components.or_default();
        let components = model::LoggingComponentConfig::new()
            .set_enable_components(components.iter().map(String::as_str));
        model::LoggingConfig::new().set_component_config(components)
    }

    pub(super) fn from_api(config: &model::LoggingConfig) -> Self {
        let components = config.component_config.iter();
        let names = components.flat_map(|c| &c.enable_components);
        let names = names.filter_map(|c| c.name().map(str::to_owned));
        Self {
            enable_components: names.collect::<Vec<_>>().into(),
        }
    }
}

/// What is measured.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Monitoring {
    /// `SYSTEM_COMPONENTS`, `APISERVER`, `SCHEDULER`, `POD`, `DEPLOYMENT`, …; none = nothing is measured.
    #[attr(optional, computed, same = same_set)]
    enable_components: Attr<Vec<String>>,
    /// What is measured of traffic.
    #[block(list, max = 1, computed)]
    advanced_datapath_observability_config: Blocks<Datapath>,
    /// Managed Service for Prometheus.
    #[block(list, max = 1, computed)]
    managed_prometheus: Blocks<Prometheus>,
}

/// What is measured of traffic.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Datapath {
    /// Whether there are metrics.
    #[attr(required)]
    enable_metrics: Attr<bool>,
    /// Whether flows can be observed.
    #[attr(required)]
    enable_relay: Attr<bool>,
}

/// Managed Service for Prometheus.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Prometheus {
    /// Whether it collects.
    #[attr(required)]
    enabled: Attr<bool>,
    /// What is collected of applications by itself.
    #[block(list, max = 1)]
    auto_monitoring_config: Blocks<AutoMonitoring>,
}

/// What is collected of applications by itself.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct AutoMonitoring {
    /// `ALL` or `NONE`.
    #[attr(required, one_of("ALL", "NONE"))]
    scope: Attr<String>,
}

impl Monitoring {
    pub(super) fn to_api(&self) -> model::MonitoringConfig {
        let components = self.enable_components.known().map(|components| {
            model::MonitoringComponentConfig::new()
                .set_enable_components(components.iter().map(String::as_str))
        });
        let datapath = self.advanced_datapath_observability_config.first();
        let datapath = datapath.map(|datapath| {
            model::AdvancedDatapathObservabilityConfig::new()
                .set_enable_metrics(datapath.enable_metrics.is_true())
                .set_enable_relay(datapath.enable_relay.is_true())
        });
        let prometheus = self.managed_prometheus.first().map(|prometheus| {
            let scope = prometheus.auto_monitoring_config.first();
            let scope =
                scope.map(|a| model::AutoMonitoringConfig::new().set_scope(a.scope.as_str()));
            model::ManagedPrometheusConfig::new()
                .set_enabled(prometheus.enabled.is_true())
                .set_or_clear_auto_monitoring_config(scope)
        });
        model::MonitoringConfig::new()
            .set_or_clear_component_config(components)
            .set_or_clear_advanced_datapath_observability_config(datapath)
            .set_or_clear_managed_prometheus_config(prometheus)
    }

    pub(super) fn from_api(config: &model::MonitoringConfig) -> Self {
        let components = config.component_config.iter();
        let names = components.flat_map(|c| &c.enable_components);
        let names = names.filter_map(|c| c.name().map(str::to_owned));
        let datapath = config.advanced_datapath_observability_config.clone();
        let datapath = datapath.unwrap_or_default();
        let prometheus = config.managed_prometheus_config.clone().unwrap_or_default();
        let auto = prometheus.auto_monitoring_config.as_ref();
        Self {
            enable_components: names.collect::<Vec<_>>().into(),
            advanced_datapath_observability_config: Some(Datapath {
                enable_metrics: datapath.enable_metrics.into(),
                enable_relay: datapath.enable_relay.unwrap_or(false).into(),
            })
            .into(),
            managed_prometheus: Some(Prometheus {
                enabled: prometheus.enabled.into(),
                auto_monitoring_config: auto
                    .filter(|auto| auto.scope.name() != Some("SCOPE_UNSPECIFIED"))
                    .map(|auto| AutoMonitoring {
                        scope: choice(auto.scope.name()),
                    })
                    .into(),
            })
            .into(),
        }
    }
}

/// Who is told what happens to the cluster.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Notification {
    /// Pub/Sub.
    #[block(list, min = 1, max = 1)]
    pubsub: Blocks<Topic>,
}

/// Where messages go.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Topic {
    /// Whether there are messages.
    #[attr(required)]
    enabled: Attr<bool>,
    /// The topic: `projects/{project}/topics/{name}`.
    #[attr(optional, zero)]
    topic: Attr<String>,
    /// Which messages.
    #[block(list, max = 1)]
    filter: Blocks<Events>,
}

/// Which messages.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct Events {
    /// `UPGRADE_AVAILABLE_EVENT`, `UPGRADE_EVENT`, `SECURITY_BULLETIN_EVENT`, `UPGRADE_INFO_EVENT`.
    #[attr(required)]
    event_type: Attr<Vec<String>>,
}

impl Notification {
    pub(super) fn to_api(&self) -> model::NotificationConfig {
        let pubsub = self.pubsub.first().map(|topic| {
            let filter = topic.filter.first().map(|events| {
                let kinds = events.event_type.or_default();
                Filter::new().set_event_type(kinds.iter().map(String::as_str))
            });
            PubSub::new()
                .set_enabled(topic.enabled.is_true())
                .set_topic(topic.topic.as_str())
                .set_or_clear_filter(filter)
        });
        model::NotificationConfig::new().set_or_clear_pubsub(pubsub)
    }

    pub(super) fn from_api(config: &model::NotificationConfig) -> Self {
        let pubsub = config.pubsub.clone().unwrap_or_default();
        let filter = pubsub.filter.map(|filter| {
            let kinds = filter.event_type.iter();
            let kinds = kinds.filter_map(|kind| kind.name().map(str::to_owned));
            Events {
                event_type: kinds.collect::<Vec<_>>().into(),
            }
        });
        Self {
            pubsub: Some(Topic {
                enabled: pubsub.enabled.into(),
                topic: pubsub.topic.into(),
                filter: filter.into(),
            })
            .into(),
        }
    }
}

/// What new node pools are like.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct PoolDefaults {
    /// What their machines are like.
    #[block(list, max = 1, computed)]
    pub(super) node_config_defaults: Blocks<NodeDefaults>,
}

/// What the machines of new node pools are like.
#[derive(Model, Clone, Debug, PartialEq)]
pub(super) struct NodeDefaults {
    /// `TRUE` or `FALSE`: whether the kubelet answers on its read-only port.
    #[attr(optional, computed, one_of("TRUE", "FALSE"))]
    insecure_kubelet_readonly_port_enabled: Attr<String>,
    /// How much the logging agent does: `DEFAULT` or `MAX_THROUGHPUT`.
    #[attr(optional, computed, one_of("DEFAULT", "MAX_THROUGHPUT"))]
    logging_variant: Attr<String>,
    /// Image streaming.
    #[block(list, max = 1, computed)]
    gcfs_config: Blocks<Enabled>,
}

impl PoolDefaults {
    fn nodes(&self) -> Option<&NodeDefaults> {
        self.node_config_defaults.first()
    }

    pub(super) fn logging(&self) -> Option<model::NodePoolLoggingConfig> {
        let variant = self.nodes()?.logging_variant.to_option()?;
        Some(super::super::node_config::logging(&variant))
    }

    pub(super) fn kubelet(&self) -> Option<model::NodeKubeletConfig> {
        let open = self
            .nodes()?
            .insecure_kubelet_readonly_port_enabled
            .to_option()?;
        Some(
            model::NodeKubeletConfig::new()
                .set_insecure_kubelet_readonly_port_enabled(open == "TRUE"),
        )
    }

    pub(super) fn gcfs(&self) -> Option<model::GcfsConfig> {
        let on = enabled(&self.nodes()?.gcfs_config)?;
        Some(model::GcfsConfig::new().set_enabled(on))
    }

    pub(super) fn to_api(&self) -> model::NodePoolDefaults {
        let nodes = model::NodeConfigDefaults::new()
            .set_or_clear_logging_config(self.logging())
            .set_or_clear_node_kubelet_config(self.kubelet())
            .set_or_clear_gcfs_config(self.gcfs());
        model::NodePoolDefaults::new().set_node_config_defaults(nodes)
    }

    pub(super) fn from_api(defaults: &model::NodePoolDefaults) -> Self {
        let nodes = defaults.node_config_defaults.clone().unwrap_or_default();
        let variant = nodes
            .logging_config
            .and_then(|logging| logging.variant_config);
        let variant = variant.as_ref().and_then(|variant| variant.variant.name());
        let kubelet = nodes.node_kubelet_config;
        let open = kubelet.and_then(|k| k.insecure_kubelet_readonly_port_enabled);
        Self {
            node_config_defaults: Some(NodeDefaults {
                insecure_kubelet_readonly_port_enabled: match open {
                    Some(true) => "TRUE".into(),
                    _ => "FALSE".into(),
                },
                logging_variant: variant.unwrap_or("DEFAULT").into(),
                gcfs_config: Enabled::block(nodes.gcfs_config.is_some_and(|g| g.enabled)),
            })
            .into(),
        }
    }
}
