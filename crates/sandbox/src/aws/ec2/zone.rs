//! Regions, their availability zones, and attributes of the account.

use super::describe::View;
use super::filter::Filters;
use super::{Answer, Call, Ec2, Operation};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("DescribeAccountAttributes", describe_account),
    ("DescribeAvailabilityZones", describe_zones),
    ("DescribeRegions", describe_regions),
];

/// The zones of each region.
const LETTERS: [char; 4] = ['a', 'b', 'c', 'd'];

/// The regions that an account has without opting in, and some that it can opt in to.
const REGIONS: &[(&str, bool)] = &[
    ("af-south-1", false),
    ("ap-east-1", false),
    ("ap-northeast-1", true),
    ("ap-northeast-2", true),
    ("ap-northeast-3", true),
    ("ap-south-1", true),
    ("ap-southeast-1", true),
    ("ap-southeast-2", true),
    ("ca-central-1", true),
    ("eu-central-1", true),
    ("eu-central-2", false),
    ("eu-north-1", true),
    ("eu-south-1", false),
    ("eu-west-1", true),
    ("eu-west-2", true),
    ("eu-west-3", true),
    ("me-south-1", false),
    ("sa-east-1", true),
    ("us-east-1", true),
    ("us-east-2", true),
    ("us-west-1", true),
    ("us-west-2", true),
];

/// The names of the zones of a region.
pub(super) fn names(region: &str) -> impl Iterator<Item = String> {
    LETTERS
        .iter()
        .map(move |letter| format!("{region}{letter}"))
}

/// The id of a zone: `use1-az1` for `us-east-1a`.
pub(super) fn id(zone: &str) -> String {
    let letter = zone.chars().last().unwrap_or('a');
    let region = zone.strip_suffix(letter).unwrap_or(zone);
    let number = LETTERS
        .iter()
        .position(|of| *of == letter)
        .map_or(1, |at| at + 1);
    let mut short = String::new();
    for part in region.split('-') {
        match part {
            "northeast" => short.push_str("ne"),
            "northwest" => short.push_str("nw"),
            "southeast" => short.push_str("se"),
            "southwest" => short.push_str("sw"),
            "north" | "east" | "south" | "west" | "central" | "gov" => short.push_str(&part[..1]),
            part => short.push_str(part),
        }
    }
    format!("{short}-az{number}")
}

/// The zone that a request names, by name or id; some zone if it names none.
pub(super) fn chosen(call: &mut Call<'_>) -> Result<String, Fault> {
    let region = call.cx.region;
    let (name, wanted) = (
        call.query.text("AvailabilityZone"),
        call.query.text("AvailabilityZoneId"),
    );
    let (parameter, value, found) = match (name, wanted) {
        (Some(name), _) => (
            "availabilityZone",
            name,
            names(region).find(|zone| zone == name),
        ),
        (None, Some(wanted)) => (
            "availabilityZoneId",
            wanted,
            names(region).find(|zone| id(zone) == wanted),
        ),
        (None, None) => {
            let at = call.ids.next() as usize % LETTERS.len();
            return Ok(format!("{region}{}", LETTERS[at]));
        }
    };
    found.ok_or_else(|| {
        let all: Vec<String> = match parameter {
            "availabilityZone" => names(region).collect(),
            _ => names(region).map(|zone| id(&zone)).collect(),
        };
        Fault::new(
            "InvalidParameterValue",
            format!(
                "Value ({value}) for parameter {parameter} is invalid. Subnets can currently only be created in the following availability zones: {}.",
                all.join(", ")
            ),
        )
    })
}

fn describe_zones(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let view = View::new(ec2, call.cx);
    let region = call.cx.region;
    let filters = Filters::read(call.query, "Filter")?;
    let values = |zone: &str, filter: &str| {
        Some(vec![match filter {
            "group-name" => format!("{region}-zg-1"),
            "region-name" => region.to_owned(),
            "opt-in-status" => "opt-in-not-required".to_owned(),
            "state" => "available".to_owned(),
            "zone-id" => id(zone),
            "zone-name" => zone.to_owned(),
            "zone-type" => "availability-zone".to_owned(),
            "message" | "parent-zone-id" | "parent-zone-name" => return Some(Vec::new()),
            _ => return None,
        }])
    };
    filters.check(|name| values("", name).is_some())?;
    let (by_name, by_id) = (call.query.texts("ZoneName"), call.query.texts("ZoneId"));
    let all: Vec<String> = names(region).collect();
    let unknown = |name: &&str| !all.iter().any(|zone| zone == name || id(zone) == **name);
    if let Some(odd) = by_name.iter().chain(&by_id).find(|name| unknown(name)) {
        let message = format!("Invalid availability zone: [{odd}]");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let wanted = all.iter().filter(|zone| {
        (by_name.is_empty() || by_name.contains(&zone.as_str()))
            && (by_id.is_empty() || by_id.contains(&id(zone).as_str()))
            && filters.matches(None, |name| values(zone, name))
    });
    xml.set("availabilityZoneInfo", wanted, |xml, zone| {
        xml.leaf("zoneName", zone);
        xml.leaf("zoneId", id(zone));
        xml.leaf("zoneState", "available");
        xml.leaf("zoneType", "availability-zone");
        xml.leaf("regionName", view.cx.region);
        xml.leaf("groupName", format_args!("{region}-zg-1"));
        xml.leaf("networkBorderGroup", region);
        xml.leaf("optInStatus", "opt-in-not-required");
        xml.set("messageSet", [(); 0], |_, ()| {});
    });
    Ok(())
}

fn describe_regions(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let all = call.query.flag("AllRegions")? == Some(true);
    let named = call.query.texts("RegionName");
    let unknown = |name: &&&str| !REGIONS.iter().any(|(region, _)| *region == **name);
    if let Some(odd) = named.iter().find(unknown) {
        let message = format!("Invalid region: [{odd}]");
        return Err(Fault::new("InvalidParameterValue", message));
    }
    let status = |by_default: bool| {
        if by_default {
            "opt-in-not-required"
        } else {
            "not-opted-in"
        }
    };
    let endpoint = |region: &str| format!("ec2.{region}.amazonaws.com");
    let filters = Filters::read(call.query, "Filter")?;
    let values = |region: &str, by_default: bool, filter: &str| {
        Some(vec![match filter {
            "endpoint" => endpoint(region),
            "opt-in-status" => status(by_default).to_owned(),
            "region-name" => region.to_owned(),
            _ => return None,
        }])
    };
    filters.check(|name| values("", true, name).is_some())?;
    let wanted = REGIONS.iter().filter(|(region, by_default)| {
        (all || *by_default)
            && (named.is_empty() || named.contains(region))
            && filters.matches(None, |name| values(region, *by_default, name))
    });
    xml.set("regionInfo", wanted, |xml, (region, by_default)| {
        xml.leaf("regionName", region);
        xml.leaf("regionEndpoint", endpoint(region));
        xml.leaf("optInStatus", status(*by_default));
    });
    Ok(())
}

fn describe_account(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    const ATTRIBUTES: &[(&str, &str)] = &[
        ("default-vpc", "none"),
        ("max-elastic-ips", "5"),
        ("max-instances", "20"),
        ("supported-platforms", "VPC"),
        ("vpc-max-elastic-ips", "5"),
        ("vpc-max-security-groups-per-interface", "5"),
    ];
    let named = call.query.texts("AttributeName");
    let wanted = |(name, _): &&(&str, &str)| named.is_empty() || named.contains(name);
    let attributes = ATTRIBUTES.iter().filter(wanted);
    xml.set("accountAttributeSet", attributes, |xml, (name, value)| {
        xml.leaf("attributeName", name);
        xml.set("attributeValueSet", [value], |xml, value| {
            xml.leaf("attributeValue", value);
        });
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_of_zones() {
        for (zone, id) in [
            ("us-east-1a", "use1-az1"),
            ("eu-central-1c", "euc1-az3"),
            ("ap-southeast-2b", "apse2-az2"),
            ("us-gov-west-1d", "usgw1-az4"),
            ("é", "-az1"),
        ] {
            assert_eq!(super::id(zone), id);
        }
    }
}
