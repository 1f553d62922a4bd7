//! The domain names that reverse lookups of addresses give.

use super::Address;
use crate::aws::ec2::describe::{Described, not_found};
use crate::aws::ec2::{Answer, Call, Ec2};
use crate::aws::xml::Xml;

pub(super) fn describe(ec2: &Ec2, call: &Call<'_>, xml: &mut Xml) -> Answer {
    let ids = call.query.texts("AllocationId");
    for id in &ids {
        Address::find(ec2, id)?;
    }
    let wanted = ec2.addresses.iter().filter(|(id, address)| {
        let named = ids.is_empty() || ids.contains(&id.as_str());
        named && address.domain_name.is_some()
    });
    xml.set("addressSet", wanted, |xml, (id, address)| {
        write(id, address, xml);
    });
    Ok(())
}

pub(super) fn modify(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let name = call.query.required("DomainName")?.to_owned();
    set(ec2, call, Some(name), xml)
}

pub(super) fn reset(ec2: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    set(ec2, call, None, xml)
}

fn set(ec2: &mut Ec2, call: &Call<'_>, name: Option<String>, xml: &mut Xml) -> Answer {
    let id = call.query.required("AllocationId")?;
    let address = ec2.addresses.get_mut(id);
    let address = address.ok_or_else(|| not_found::<Address>(&[id]))?;
    address.domain_name = name;
    xml.node("address", |xml| write(id, address, xml));
    Ok(())
}

fn write(id: &str, address: &Address, xml: &mut Xml) {
    xml.leaf("publicIp", address.ip);
    xml.leaf("allocationId", id);
    if let Some(name) = &address.domain_name {
        xml.leaf("ptrRecord", format_args!("{}.", name.trim_end_matches('.')));
    }
}
