//! Instance types: some families, in every zone.

use super::filter::Filters;
use super::{Answer, Call, Ec2, Operation, zone};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("DescribeInstanceTypeOfferings", describe_offerings),
    ("DescribeInstanceTypes", describe),
];

/// Families: architecture, and GiB of memory for each of their virtual processors.
const FAMILIES: [(&str, &str, u32); 14] = [
    ("c5", "x86_64", 2),
    ("c6i", "x86_64", 2),
    ("c7g", "arm64", 2),
    ("c7i", "x86_64", 2),
    ("m5", "x86_64", 4),
    ("m6g", "arm64", 4),
    ("m6i", "x86_64", 4),
    ("m7g", "arm64", 4),
    ("m7i", "x86_64", 4),
    ("r5", "x86_64", 8),
    ("r6i", "x86_64", 8),
    ("r7g", "arm64", 8),
    ("t3", "x86_64", 2),
    ("t4g", "arm64", 2),
];

/// Sizes: virtual processors, network interfaces, addresses of each.
const SIZES: [(&str, u32, u32, u32); 5] = [
    ("medium", 1, 2, 4),
    ("large", 2, 3, 10),
    ("xlarge", 4, 4, 15),
    ("2xlarge", 8, 4, 15),
    ("4xlarge", 16, 8, 30),
];

/// An instance type.
struct InstanceType {
    name: String,
    architecture: &'static str,
    processors: u32,
    memory: u32,
    interfaces: u32,
    addresses: u32,
}

/// All instance types, by name.
fn all() -> Vec<InstanceType> {
    let mut types = Vec::new();
    for (family, architecture, memory) in FAMILIES {
        let burstable = family.starts_with('t');
        for (size, processors, interfaces, addresses) in SIZES {
            let small = size == "medium";
            if small && architecture != "arm64" && !burstable || burstable && processors > 8 {
                continue;
            }
            let processors = if burstable && small { 2 } else { processors };
            types.push(InstanceType {
                name: format!("{family}.{size}"),
                architecture,
                processors,
                memory: memory
                    * processors
                    * 1024
                    * if burstable && !small && processors > 2 {
                        2
                    } else {
                        1
                    },
                interfaces,
                addresses,
            });
        }
    }
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types
}

fn describe(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let filters = Filters::read(call.query, "Filter")?;
    let named = call.query.texts("InstanceType");
    let types = all();
    let unknown: Vec<&str> = named
        .iter()
        .copied()
        .filter(|name| !types.iter().any(|of| of.name == *name))
        .collect();
    if !unknown.is_empty() {
        let message = format!(
            "The following supplied instance types do not exist: [{}]",
            unknown.join(", ")
        );
        return Err(Fault::new("InvalidInstanceType", message));
    }
    let values = |of: &InstanceType, filter: &str| {
        Some(vec![match filter {
            "current-generation" => "true".to_owned(),
            "bare-metal" => "false".to_owned(),
            "instance-type" => of.name.clone(),
            "memory-info.size-in-mib" => of.memory.to_string(),
            "processor-info.supported-architecture" => of.architecture.to_owned(),
            "vcpu-info.default-vcpus" => of.processors.to_string(),
            _ => return None,
        }])
    };
    filters.check(|filter| values(&types[0], filter).is_some())?;
    let wanted = types.iter().filter(|of| {
        (named.is_empty() || named.contains(&of.name.as_str()))
            && filters.matches(None, |filter| values(of, filter))
    });
    xml.set("instanceTypeSet", wanted, |xml, of| {
        xml.leaf("instanceType", &of.name);
        xml.leaf("currentGeneration", true);
        xml.leaf("bareMetal", false);
        xml.leaf("hypervisor", "nitro");
        xml.node("processorInfo", |xml| {
            xml.node("supportedArchitectures", |xml| {
                xml.leaf("item", of.architecture);
            });
        });
        xml.node("vCpuInfo", |xml| xml.leaf("defaultVCpus", of.processors));
        xml.node("memoryInfo", |xml| xml.leaf("sizeInMiB", of.memory));
        xml.leaf("instanceStorageSupported", false);
        xml.node("networkInfo", |xml| {
            xml.leaf("maximumNetworkInterfaces", of.interfaces);
            xml.leaf("ipv4AddressesPerInterface", of.addresses);
            xml.leaf("ipv6AddressesPerInterface", of.addresses);
            xml.leaf("ipv6Supported", true);
        });
        xml.leaf("burstablePerformanceSupported", of.name.starts_with('t'));
    });
    Ok(())
}

fn describe_offerings(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let filters = Filters::read(call.query, "Filter")?;
    let kind = call.query.text("LocationType").unwrap_or("region");
    let region = call.cx.region;
    let locations: Vec<String> = match kind {
        "region" => vec![region.to_owned()],
        "availability-zone" => zone::names(region).collect(),
        "availability-zone-id" => zone::names(region).map(|zone| zone::id(&zone)).collect(),
        kind => {
            let message = format!("Value ({kind}) for parameter LocationType is invalid.");
            return Err(Fault::new("InvalidParameterValue", message));
        }
    };
    let values = |name: &str, location: &str, filter: &str| {
        Some(vec![match filter {
            "instance-type" => name.to_owned(),
            "location" => location.to_owned(),
            _ => return None,
        }])
    };
    filters.check(|filter| values("", "", filter).is_some())?;
    let types = all();
    let offers = types
        .iter()
        .flat_map(|of| locations.iter().map(move |at| (&of.name, at)));
    let wanted =
        offers.filter(|(name, at)| filters.matches(None, |filter| values(name, at, filter)));
    xml.set(
        "instanceTypeOfferingSet",
        wanted,
        |xml, (name, location)| {
            xml.leaf("instanceType", name);
            xml.leaf("locationType", kind);
            xml.leaf("location", location);
        },
    );
    Ok(())
}
