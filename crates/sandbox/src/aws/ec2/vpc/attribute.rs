//! Attributes of VPCs.

use super::Vpc;
use crate::aws::ec2::describe::Described;
use crate::aws::ec2::{Answer, Call, Ec2, done, only_one};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

pub(super) fn describe(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    let name = call.query.required("Attribute")?;
    let vpc = Vpc::find(ec2, id)?;
    let value = match name {
        "enableDnsSupport" => vpc.dns_support,
        "enableDnsHostnames" => vpc.dns_hostnames,
        "enableNetworkAddressUsageMetrics" => vpc.usage_metrics,
        _ => {
            let message =
                format!("Value ({name}) for parameter attribute is invalid. Unknown attribute.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
    };
    xml.leaf("vpcId", id);
    xml.node(name, |xml| xml.leaf("value", value));
    Ok(())
}

pub(super) fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("VpcId")?;
    let support = call.query.flag("EnableDnsSupport.Value")?;
    let hostnames = call.query.flag("EnableDnsHostnames.Value")?;
    let metrics = call.query.flag("EnableNetworkAddressUsageMetrics.Value")?;
    only_one(&[support, hostnames, metrics].map(|given| given.is_some()))?;
    let vpc = ec2.vpc_mut(id)?;
    vpc.dns_support = support.unwrap_or(vpc.dns_support);
    vpc.dns_hostnames = hostnames.unwrap_or(vpc.dns_hostnames);
    vpc.usage_metrics = metrics.unwrap_or(vpc.usage_metrics);
    done(xml)
}
