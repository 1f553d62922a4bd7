//! Attributes of subnets: what is launched in them gets it.

use crate::aws::ec2::{Answer, Call, Ec2, done, only_one};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use serde::{Deserialize, Serialize};

/// What is launched in a subnet gets it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Launch {
    pub(super) public_ip: bool,
    pub(super) dns64: bool,
    ipv6_address: bool,
    hostname: String,
    a_record: bool,
    aaaa_record: bool,
}

impl Launch {
    /// That of a new subnet, with IPv6 alone or not.
    pub(super) fn of(native: bool) -> Self {
        Self {
            public_ip: false,
            dns64: false,
            ipv6_address: native,
            hostname: if native { "resource-name" } else { "ip-name" }.to_owned(),
            a_record: false,
            aaaa_record: false,
        }
    }

    pub(super) fn write(&self, xml: &mut Xml) {
        xml.leaf("mapPublicIpOnLaunch", self.public_ip);
        xml.leaf("mapCustomerOwnedIpOnLaunch", false);
        xml.leaf("assignIpv6AddressOnCreation", self.ipv6_address);
        xml.leaf("enableDns64", self.dns64);
        xml.node("privateDnsNameOptionsOnLaunch", |xml| {
            xml.leaf("hostnameType", &self.hostname);
            xml.leaf("enableResourceNameDnsARecord", self.a_record);
            xml.leaf("enableResourceNameDnsAAAARecord", self.aaaa_record);
        });
    }
}

pub(super) fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let id = call.query.required("SubnetId")?;
    let flag = |name: &str| call.query.flag(&format!("{name}.Value"));
    let public_ip = flag("MapPublicIpOnLaunch")?;
    let ipv6_address = flag("AssignIpv6AddressOnCreation")?;
    let dns64 = flag("EnableDns64")?;
    let a_record = flag("EnableResourceNameDnsARecordOnLaunch")?;
    let aaaa_record = flag("EnableResourceNameDnsAAAARecordOnLaunch")?;
    let customer_owned = flag("MapCustomerOwnedIpOnLaunch")?;
    let hostname = call.query.text("PrivateDnsHostnameTypeOnLaunch");
    let flags = [
        public_ip,
        ipv6_address,
        dns64,
        a_record,
        aaaa_record,
        customer_owned,
    ];
    let mut given: Vec<bool> = flags.iter().map(Option::is_some).collect();
    given.push(hostname.is_some());
    given.push(call.query.has("EnableLniAtDeviceIndex"));
    given.push(call.query.has("DisableLniAtDeviceIndex"));
    only_one(&given)?;
    if customer_owned == Some(true) || call.query.has("EnableLniAtDeviceIndex") {
        let message = format!("The subnet '{id}' is not on an Outpost");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    if hostname.is_some_and(|hostname| !matches!(hostname, "ip-name" | "resource-name")) {
        let message = "Invalid value for parameter privateDnsHostnameTypeOnLaunch. Valid values are ip-name and resource-name";
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let subnet = ec2.subnet_mut(id)?;
    if subnet.ipv6.is_empty() && (ipv6_address == Some(true) || dns64 == Some(true)) {
        let message = format!("The subnet '{id}' has no IPv6 CIDR block");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let launch = &mut subnet.launch;
    launch.public_ip = public_ip.unwrap_or(launch.public_ip);
    launch.ipv6_address = ipv6_address.unwrap_or(launch.ipv6_address);
    launch.dns64 = dns64.unwrap_or(launch.dns64);
    launch.a_record = a_record.unwrap_or(launch.a_record);
    launch.aaaa_record = aaaa_record.unwrap_or(launch.aaaa_record);
    if let Some(hostname) = hostname {
        hostname.clone_into(&mut launch.hostname);
    }
    done(xml)
}
