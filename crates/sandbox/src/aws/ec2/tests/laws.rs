//! Whatever is asked, in whatever order: every answer is well-formed, and what is there fits together.

use crate::Ids;
use crate::aws::ec2::{Ec2, operations};
use crate::aws::testing::Cloud;
use std::collections::BTreeMap;

/// Names of parameters, those of lists with their numbers.
const NAMES: &[&str] = &[
    "AddSubnetIds.1",
    "AllocationId",
    "AllocationId.1",
    "AssociationId",
    "AssociationId.1",
    "Attribute",
    "AvailabilityZone",
    "CidrBlock",
    "CidrIp",
    "ClientToken",
    "ConnectivityType",
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "EnableDnsSupport.Value",
    "Filter.1.Name",
    "Filter.1.Value.1",
    "FromPort",
    "GatewayId",
    "GroupDescription",
    "GroupId",
    "GroupId.1",
    "GroupName",
    "InternetGatewayId",
    "IpPermissions.1.FromPort",
    "IpPermissions.1.Groups.1.GroupId",
    "IpPermissions.1.IpProtocol",
    "IpPermissions.1.IpRanges.1.CidrIp",
    "IpPermissions.1.ToPort",
    "IpProtocol",
    "Ipv6CidrBlock",
    "Ipv6Native",
    "MapPublicIpOnLaunch.Value",
    "MaxResults",
    "NatGatewayId",
    "NetworkInterfaceId",
    "NextToken",
    "Options.DefaultRouteTableAssociation",
    "PrivateIpAddress",
    "PrivateIpAddressCount",
    "PrivateIpAddresses.1.PrivateIpAddress",
    "PublicIp",
    "RemoveSubnetIds.1",
    "ResourceId.1",
    "RouteTableId",
    "SecondaryAllocationId.1",
    "SecondaryPrivateIpAddressCount",
    "SecurityGroupId.1",
    "SecurityGroupRuleId.1",
    "SubnetId",
    "SubnetId.1",
    "SubnetIds.1",
    "SubnetIds.2",
    "Tag.1.Key",
    "Tag.1.Value",
    "ToPort",
    "TransitGatewayAttachmentId",
    "TransitGatewayId",
    "TransitGatewayRouteTableId",
    "VpcId",
    "VpcId.1",
];

/// Parameters with which little works.
const RARE: &[&str] = &[
    "Attribute",
    "CidrIp",
    "ClientToken",
    "DestinationIpv6CidrBlock",
    "Filter",
    "GroupId.1",
    "Ipv6",
    "MaxResults",
    "NextToken",
    "Private",
    "Public",
    "RemoveSubnetIds",
    "Secondary",
    "SubnetIds.2",
];

/// Values beside the ids of what there is.
const VALUES: &[&str] = &[
    "",
    "-1",
    "0.0.0.0/0",
    "10.0.0.0/16",
    "10.0.0.0/24",
    "10.0.0.5",
    "10.0.1.0/28",
    "10.9.0.0/16",
    "2001:db8::/64",
    "5",
    "80",
    "99999999999",
    "::/0",
    "a",
    "disable",
    "enable",
    "local",
    "odd\u{1}<&>é",
    "private",
    "state",
    "tcp",
    "true",
    "us-east-1a",
    "vpc-1",
];

/// One of them.
fn pick<'a>(ids: &mut Ids, from: &[&'a str]) -> &'a str {
    from[usize::try_from(ids.next() % from.len() as u64).unwrap()]
}

/// Ids in answers, by what they start with.
type Known = BTreeMap<String, Vec<String>>;

fn remember(answer: &str, known: &mut Known) {
    for word in answer.split(['<', '>']) {
        let prefix = word
            .rsplit_once("-0")
            .filter(|(_, digits)| digits.len() == 16);
        if let Some((prefix, _)) = prefix {
            let ids = known.entry(prefix.to_owned()).or_default();
            ids.push(word.to_owned());
            if ids.len() > 6 {
                ids.remove(0);
            }
        }
    }
}

/// A value for a parameter: mostly one that suits it.
fn value(ids: &mut Ids, name: &str, known: &Known) -> String {
    let prefix = match name.trim_end_matches(['.', '1', '2']).trim_end_matches('s') {
        "AllocationId" | "SecondaryAllocationId" => "eipalloc",
        "GatewayId" | "InternetGatewayId" => "igw",
        "GroupId" | "SecurityGroupId" | "IpPermissions.1.Groups.1.GroupId" => "sg",
        "NatGatewayId" => "nat",
        "NetworkInterfaceId" => "eni",
        "RouteTableId" => "rtb",
        "SecurityGroupRuleId" => "sgr",
        "SubnetId" | "AddSubnetId" | "RemoveSubnetId" => "subnet",
        "TransitGatewayAttachmentId" => "tgw-attach",
        "TransitGatewayId" => "tgw",
        "TransitGatewayRouteTableId" => "tgw-rtb",
        "VpcId" => "vpc",
        "AssociationId" => pick(ids, &["rtbassoc", "eipassoc", "vpc-cidr-assoc"]),
        "ResourceId" => pick(ids, &["vpc", "subnet", "nat", "sg", "sgr"]),
        _ => "",
    };
    let suits: &[&str] = match name {
        "CidrBlock" => &["10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/28"],
        "DestinationCidrBlock" => &["0.0.0.0/0", "10.9.0.0/16", "192.0.2.0/24"],
        "AvailabilityZone" => &["us-east-1a", "us-east-1b"],
        "GroupName" | "GroupDescription" => &["a", "b", "c"],
        "ConnectivityType" => &["private", "public"],
        name if name.ends_with("IpProtocol") => &["tcp", "-1", "icmp"],
        name if name.ends_with("Port") => &["80", "443"],
        name if name.ends_with("CidrIp") => &["10.0.0.0/8", "0.0.0.0/0"],
        name if name.ends_with(".Value") => &["true", "false"],
        name if name.starts_with("Options.") => &["enable", "disable"],
        _ => VALUES,
    };
    let odd = ids.next().is_multiple_of(16);
    if prefix.is_empty() {
        return pick(ids, if odd { VALUES } else { suits }).to_owned();
    }
    match known.get(prefix).filter(|_| !ids.next().is_multiple_of(8)) {
        Some(of) => of[usize::try_from(ids.next() % of.len() as u64).unwrap()].clone(),
        None => pick(ids, VALUES).to_owned(),
    }
}

#[test]
fn what_is_there_fits_together() {
    let names: Vec<&str> = operations().collect();
    let (mut made, mut refused) = (0, 0);
    for seed in 0..6 {
        let mut ids = Ids::new(seed);
        let mut known = Known::new();
        let mut cloud = Cloud::new();
        for _ in 0..1500 {
            let action = pick(&mut ids, &names);
            // What is made often makes the next thing possible.
            let deletes = action.starts_with("Delete") || action.starts_with("D");
            if deletes && !ids.next().is_multiple_of(3) {
                continue;
            }
            let mut form = format!("Action={action}");
            for name in NAMES {
                // The names that an operation does not know do no harm.
                let rare = RARE.iter().any(|rare| name.starts_with(rare));
                if ids.next() % if rare { 16 } else { 8 } < if rare { 1 } else { 7 } {
                    let value = value(&mut ids, name, &known).replace('&', "%26");
                    form.push_str(&format!("&{name}={value}"));
                }
            }
            let answer = cloud.query("ec2", &form);
            let mut reader = quick_xml::Reader::from_str(&answer);
            loop {
                match reader.read_event() {
                    Ok(quick_xml::events::Event::Eof) => break,
                    Ok(_) => {}
                    Err(error) => panic!("{error}: {form}: {answer}"),
                }
            }
            match answer.contains("<Error>") {
                true => refused += 1,
                false => made += 1,
            }
            remember(&answer, &mut known);
            if let Some(ec2) = cloud.account.ec2.get("us-east-1") {
                check(ec2, &form);
            }
        }
    }
    assert!(
        made > 1000 && refused > 1000,
        "{made} made, {refused} refused"
    );
}

/// Every reference leads somewhere, and counts are right.
fn check(ec2: &Ec2, form: &str) {
    for (id, interface) in &ec2.interfaces {
        assert!(ec2.subnets.contains_key(&interface.subnet), "{id}: {form}");
        assert!(
            interface
                .groups
                .iter()
                .all(|group| ec2.groups.contains_key(group)),
            "{id}: {form}"
        );
        for allocation in interface
            .addresses
            .iter()
            .filter_map(|of| of.allocation.as_ref())
        {
            assert_eq!(ec2.addresses[allocation].interface(), Some(id), "{form}");
        }
    }
    for (id, address) in &ec2.addresses {
        if let Some(interface) = address.interface() {
            let mut of = ec2.interfaces[interface].addresses.iter();
            assert!(
                of.any(|private| private.allocation.as_ref() == Some(id)),
                "{id}: {form}"
            );
        }
    }
    for (id, subnet) in &ec2.subnets {
        assert!(ec2.vpcs.contains_key(&subnet.vpc), "{id}: {form}");
        let of = ec2.interfaces.values().filter(|of| of.subnet == *id);
        let count: usize = of.map(|of| of.addresses.len()).sum();
        assert_eq!(subnet.interfaces(), count, "{id}: {form}");
    }
    for vpc in ec2.vpcs.keys() {
        let tables = ec2
            .route_tables
            .values()
            .filter(|of| of.vpc == *vpc && of.is_main());
        assert_eq!(tables.count(), 1, "main tables of {vpc}: {form}");
    }
    for (id, group) in &ec2.groups {
        assert!(
            group
                .rules
                .iter()
                .all(|rule| ec2.rules.get(rule).is_some_and(|rule| rule.group == *id)),
            "{id}: {form}"
        );
    }
    for (id, rule) in &ec2.rules {
        assert!(ec2.groups[&rule.group].rules.contains(id), "{id}: {form}");
    }
    for id in ec2.tags.keys() {
        assert!(ec2.exists(id), "tags of {id}: {form}");
    }
}
