//! Changing a cluster: one update per changed thing, each waited for.

use super::request::{list, logging};
use super::{Cluster, VpcConfig};
use crate::services::eks::{self, Changed};
use crate::{Aws, error};
use aws_sdk_eks::operation::update_cluster_config::builders::UpdateClusterConfigFluentBuilder;
use aws_sdk_eks::types;
use sdk::{Cx, Error, Keep};
use std::future::Future;
use std::time::Duration;

/// How long a change usually takes; another version takes longer.
const CONFIG: Duration = Duration::from_secs(3 * 60);
const VERSION: Duration = Duration::from_secs(9 * 60);

impl Cluster {
    /// Brings the cluster from `prior` to this.
    pub(super) async fn change(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        self.change_version(prior, cx).await?;
        for call in self.changes(prior, cx) {
            let send = || async {
                let answer = call.clone().send().await;
                answer.map(|answer| answer.update).map_err(error::of)
            };
            self.carry_out(send, CONFIG, cx).await?;
        }
        if prior.encryption_config.is_empty() && !self.encryption_config.is_empty() {
            let call = cx
                .eks()
                .associate_encryption_config()
                .cluster_name(self.id.as_str())
                .set_encryption_config(self.encryption_request());
            let send = || async {
                let answer = call.clone().send().await;
                answer.map(|answer| answer.update).map_err(error::of)
            };
            self.carry_out(send, CONFIG, cx).await?;
        }
        Ok(())
    }

    async fn change_version(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Result<(), Error> {
        let Some(version) = self
            .version
            .known()
            .filter(|_| self.version != prior.version)
        else {
            return Ok(());
        };
        let call = cx
            .eks()
            .update_cluster_version()
            .name(self.id.as_str())
            .version(version)
            .set_force(self.force_update_version.is_true().then_some(true));
        let send = || async {
            let answer = call.clone().send().await;
            answer.map(|answer| answer.update).map_err(error::of)
        };
        self.carry_out(send, VERSION, cx).await
    }

    /// Sends an update as soon as no other is under way, and waits for it.
    async fn carry_out<F, Fut>(
        &self,
        send: F,
        typical: Duration,
        cx: &Cx<'_, Aws>,
    ) -> Result<(), Error>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<Option<types::Update>, Error>>,
    {
        let name = self.id.as_str();
        let doing = format!("updating the EKS cluster {name}");
        let update = match eks::change(cx, send).await {
            // It was carried out, but the answer got lost.
            Err(error) if is_no_change(&error) => return Ok(()),
            other => other.doing(doing)?,
        };
        eks::wait_update(cx, name, Changed::Cluster, update, typical).await
    }

    /// The updates of the configuration that are needed: EKS takes one kind of change at a time.
    fn changes(&self, prior: &Self, cx: &Cx<'_, Aws>) -> Vec<UpdateClusterConfigFluentBuilder> {
        let call = || cx.eks().update_cluster_config().name(self.id.as_str());
        let mut calls = Vec::new();
        let mode = |cluster: &Self| {
            let access = cluster.access_config.first();
            access.and_then(|access| access.authentication_mode.to_option())
        };
        if let Some(wanted) = mode(self).filter(|wanted| mode(prior).as_ref() != Some(wanted)) {
            let request = types::UpdateAccessConfigRequest::builder()
                .authentication_mode(types::AuthenticationMode::from(wanted.as_str()));
            calls.push(call().access_config(request.build()));
        }
        if self.compute_config != prior.compute_config
            || self.balancing_request() != prior.balancing_request()
            || self.storage_config != prior.storage_config
        {
            calls.push(
                call()
                    .set_compute_config(self.compute_request())
                    .set_kubernetes_network_config(self.balancing_request())
                    .set_storage_config(self.storage_request()),
            );
        }
        let logs = |cluster: &Self| cluster.enabled_cluster_log_types.or_default();
        if logs(self) != logs(prior) {
            calls.push(call().logging(logging(&self.enabled_cluster_log_types)));
        }
        if self.upgrade_request() != prior.upgrade_request() && self.upgrade_request().is_some() {
            calls.push(call().set_upgrade_policy(self.upgrade_request()));
        }
        if let (Some(is), Some(was)) = (self.vpc_config.first(), prior.vpc_config.first()) {
            let requests = network_changes(is, was).into_iter();
            calls.extend(requests.map(|request| call().resources_vpc_config(request)));
        }
        let shift = |cluster: &Self| {
            let shift = cluster.zonal_shift_config.first();
            shift.is_some_and(|shift| shift.enabled.is_true())
        };
        if shift(self) != shift(prior) {
            let request = types::ZonalShiftConfigRequest::builder().enabled(shift(self));
            calls.push(call().zonal_shift_config(request.build()));
        }
        calls
    }
}

fn is_no_change(error: &Error) -> bool {
    error.code == "InvalidParameterException"
        && (error.message.contains("No changes needed")
            || error.message.contains("already at the desired"))
}

/// Endpoints, subnets and groups are changed one after the other.
fn network_changes(is: &VpcConfig, was: &VpcConfig) -> Vec<types::VpcConfigRequest> {
    let request = types::VpcConfigRequest::builder;
    let mut requests = Vec::new();
    if is.endpoint_private_access != was.endpoint_private_access
        || is.endpoint_public_access != was.endpoint_public_access
        || (is.public_access_cidrs.is_known() && is.public_access_cidrs != was.public_access_cidrs)
    {
        let cidrs = list(&is.public_access_cidrs).filter(|cidrs| !cidrs.is_empty());
        requests.push(
            request()
                .set_endpoint_private_access(is.endpoint_private_access.to_option())
                .set_endpoint_public_access(is.endpoint_public_access.to_option())
                .set_public_access_cidrs(cidrs)
                .build(),
        );
    }
    if is.subnet_ids != was.subnet_ids {
        requests.push(request().set_subnet_ids(list(&is.subnet_ids)).build());
    }
    if is.security_group_ids.or_default() != was.security_group_ids.or_default() {
        let groups = is.security_group_ids.or_default().into_iter().collect();
        requests.push(request().set_security_group_ids(Some(groups)).build());
    }
    requests
}
