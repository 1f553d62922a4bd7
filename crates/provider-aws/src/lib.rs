//! The provider for Amazon Web Services: names, arguments and behaviour are those of hashicorp/aws 5.
//!
//! [`Aws`] is the configured provider: settings and clients. Resource types are in `services`, one file each; what they share is
//! here: [`describe`] (reads that join), [`create`] (creates that happen once), [`tags`], [`error`].

mod clients;
mod config;
mod create;
mod credentials;
mod describe;
mod error;
mod http;
mod names;
#[cfg(test)]
mod schemas;
mod services;
mod tags;
#[cfg(test)]
mod testing;

pub use config::{
    AssumeRole, AssumeRoleWithWebIdentity, Config, DefaultTags, Endpoints, IgnoreTags,
};

use clients::Clients;
use cty::Value;
use diags::{Diagnostic, Diagnostics};
use sdk::{AnyDataSource, AnyResource, Cloud, Error, Host, Problems};
use std::sync::Arc;
use tokio::sync::OnceCell;

/// The provider, for hosts.
pub fn provider(host: Host) -> sdk::Provider<Aws> {
    sdk::Provider::new(host)
}

/// The configured provider.
#[derive(Debug)]
pub struct Aws {
    clients: Arc<Clients>,
    region: String,
    account: OnceCell<String>,
    knows_account: bool,
    /// What holds for all tags.
    pub(crate) policy: tags::Policy,
    /// Reads of EC2 objects.
    pub(crate) reads: describe::Reads,
    /// Tags of EC2 objects.
    pub(crate) ec2_tags: create::Ec2Tags,
    /// Reads of IAM that join.
    pub(crate) iam_reads: services::iam::Reads,
    /// Reads of EKS that join.
    pub(crate) eks_reads: services::eks::Reads,
}

impl Aws {
    /// EC2; requests are repeated when they fail in passing.
    pub(crate) fn ec2(&self) -> &aws_sdk_ec2::Client {
        self.clients.ec2()
    }

    /// EC2; each request is sent once: for creates without a client token.
    pub(crate) fn ec2_once(&self) -> &aws_sdk_ec2::Client {
        self.clients.ec2_once()
    }

    /// EKS.
    pub(crate) fn eks(&self) -> &aws_sdk_eks::Client {
        self.clients.eks()
    }

    /// IAM.
    pub(crate) fn iam(&self) -> &aws_sdk_iam::Client {
        self.clients.iam()
    }

    /// STS.
    pub(crate) fn sts(&self) -> &aws_sdk_sts::Client {
        self.clients.sts()
    }

    /// The region.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// The partition that the region belongs to.
    pub(crate) fn partition(&self) -> &'static Partition {
        partition_of(&self.region)
    }

    /// The ARN of something in this region.
    pub(crate) fn arn(&self, service: &str, account: &str, resource: &str) -> String {
        let (partition, region) = (self.partition().id, &self.region);
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }

    /// The id of the account; empty if it is not to be asked for. STS is asked once, by whoever needs it first.
    pub(crate) async fn account_id(&self) -> Result<&str, Error> {
        if !self.knows_account {
            return Ok("");
        }
        let ask = || async {
            let answer = self.sts().get_caller_identity().send().await;
            let answer = answer.map_err(|e| error::of(e).doing("asking STS for the account"))?;
            Ok(answer.account.unwrap_or_default())
        };
        self.account.get_or_try_init(ask).await.map(String::as_str)
    }

    /// Refuses to work in accounts that the configuration does not want.
    async fn check_account(&self, config: &Config) -> Result<(), Diagnostics> {
        let (allowed, forbidden) = (&config.allowed_account_ids, &config.forbidden_account_ids);
        if !allowed.is_known_and(|ids| !ids.is_empty())
            && !forbidden.is_known_and(|ids| !ids.is_empty())
        {
            return Ok(());
        }
        let account = self.account_id().await.map_err(Diagnostic::from)?;
        let is_in = |ids: &sdk::Attr<std::collections::BTreeSet<String>>| {
            ids.is_known_and(|ids| ids.contains(account))
        };
        let refused =
            (allowed.is_known_and(|ids| !ids.is_empty()) && !is_in(allowed)) || is_in(forbidden);
        if refused {
            let detail = format!(
                "The credentials belong to the account {account:?}, in which allowed_account_ids or forbidden_account_ids \
                 does not let anything be done."
            );
            return Err(Diagnostic::error("AWS account not allowed", detail).into());
        }
        Ok(())
    }
}

impl Cloud for Aws {
    type Config = Config;

    fn validate(config: &Config, problems: &mut Problems) {
        config::check(config, problems);
    }

    async fn configure(config: Config, host: &Host) -> Result<Self, Diagnostics> {
        let (clients, region) = clients::connect(&config, host).await?;
        let clients = Arc::new(clients);
        let ec2 = {
            let clients = clients.clone();
            move || clients.ec2().clone()
        };
        let (iam, eks) = (clients.clone(), clients.clone());
        let aws = Self {
            iam_reads: services::iam::Reads::new(move || iam.iam().clone()),
            eks_reads: services::eks::Reads::new(move || eks.eks().clone()),
            clients,
            region,
            account: OnceCell::new(),
            knows_account: !config.skip_requesting_account_id.is_true(),
            policy: tags::Policy::new(&config),
            reads: describe::Reads::new(ec2.clone()),
            ec2_tags: create::Ec2Tags::new(ec2),
        };
        aws.check_account(&config).await?;
        Ok(aws)
    }

    fn resources() -> Vec<Box<dyn AnyResource<Self>>> {
        services::resources()
    }

    fn data_sources() -> Vec<Box<dyn AnyDataSource<Self>>> {
        services::data_sources()
    }

    fn plan(&self, kind: &str, config: &Value, prior: &Value, planned: Value) -> Value {
        let planned = services::fill(kind, planned);
        let strict = services::is_strict(kind);
        self.policy.plan(strict, config, prior, planned)
    }

    fn data(&self, answer: Value) -> Value {
        services::without_empty_blocks(answer)
    }
}

/// A partition of AWS: regions under one roof.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Partition {
    /// Its name in ARNs.
    pub(crate) id: &'static str,
    /// What the names of its hosts end with.
    pub(crate) dns_suffix: &'static str,
    /// The same, backwards.
    pub(crate) reverse_dns_prefix: &'static str,
    /// What the names of its regions begin with.
    regions: &'static str,
}

/// The first is where every other region belongs.
const PARTITIONS: &[Partition] = &[
    Partition {
        id: "aws",
        dns_suffix: "amazonaws.com",
        reverse_dns_prefix: "com.amazonaws",
        regions: "",
    },
    Partition {
        id: "aws-cn",
        dns_suffix: "amazonaws.com.cn",
        reverse_dns_prefix: "cn.com.amazonaws",
        regions: "cn-",
    },
    Partition {
        id: "aws-us-gov",
        dns_suffix: "amazonaws.com",
        reverse_dns_prefix: "com.amazonaws",
        regions: "us-gov-",
    },
    Partition {
        id: "aws-iso",
        dns_suffix: "c2s.ic.gov",
        reverse_dns_prefix: "gov.ic.c2s",
        regions: "us-iso-",
    },
    Partition {
        id: "aws-iso-b",
        dns_suffix: "sc2s.sgov.gov",
        reverse_dns_prefix: "gov.sgov.sc2s",
        regions: "us-isob-",
    },
    Partition {
        id: "aws-iso-e",
        dns_suffix: "cloud.adc-e.uk",
        reverse_dns_prefix: "uk.adc-e.cloud",
        regions: "eu-isoe-",
    },
    Partition {
        id: "aws-iso-f",
        dns_suffix: "csp.hci.ic.gov",
        reverse_dns_prefix: "gov.ic.hci.csp",
        regions: "us-isof-",
    },
    Partition {
        id: "aws-eusc",
        dns_suffix: "amazonaws.eu",
        reverse_dns_prefix: "eu.amazonaws",
        regions: "eusc-",
    },
];

fn partition_of(region: &str) -> &'static Partition {
    let mut special = PARTITIONS.iter().skip(1);
    special
        .find(|p| region.starts_with(p.regions))
        .unwrap_or(&PARTITIONS[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_have_partitions() {
        for (region, partition) in [
            ("eu-central-1", "aws"),
            ("us-gov-west-1", "aws-us-gov"),
            ("cn-north-1", "aws-cn"),
            ("us-isob-east-1", "aws-iso-b"),
            ("us-iso-east-1", "aws-iso"),
        ] {
            assert_eq!(partition_of(region).id, partition, "{region}");
        }
    }
}
