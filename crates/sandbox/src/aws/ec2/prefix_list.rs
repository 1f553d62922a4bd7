//! Prefix lists: those of the cloud's own services.

use super::filter::Filters;
use super::{Answer, Call, Ec2, Operation};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("DescribeManagedPrefixLists", describe_managed),
    ("DescribePrefixLists", describe),
];

/// Ids, services and a range of each.
const LISTS: [(&str, &str, &str); 2] = [
    ("pl-02cd2c6b", "dynamodb", "52.94.0.0/22"),
    ("pl-63a5400a", "s3", "52.216.0.0/15"),
];

type List = (&'static str, String, &'static str);

/// The lists that a request asks for: id, name, range.
fn found(call: &Call<'_>) -> Result<Vec<List>, Fault> {
    let filters = Filters::read(call.query, "Filter")?;
    let values = |id: &str, name: &str, filter: &str| {
        Some(vec![match filter {
            "owner-id" => "AWS".to_owned(),
            "prefix-list-id" => id.to_owned(),
            "prefix-list-name" => name.to_owned(),
            _ => return None,
        }])
    };
    filters.check(|filter| values("", "", filter).is_some())?;
    let ids = call.query.texts("PrefixListId");
    if let Some(odd) = ids
        .iter()
        .find(|odd| !LISTS.iter().any(|(id, ..)| id == *odd))
    {
        let message = format!("The prefix list ID '{odd}' does not exist");
        return Err(Fault::new("InvalidPrefixListID.NotFound", message));
    }
    let region = call.cx.region;
    let named =
        LISTS.map(|(id, service, cidr)| (id, format!("com.amazonaws.{region}.{service}"), cidr));
    let wanted = named.into_iter().filter(|(id, name, _)| {
        (ids.is_empty() || ids.contains(id))
            && filters.matches(None, |filter| values(id, name, filter))
    });
    Ok(wanted.collect())
}

fn describe(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    xml.set("prefixListSet", found(call)?, |xml, (id, name, cidr)| {
        xml.leaf("prefixListId", id);
        xml.leaf("prefixListName", name);
        xml.node("cidrSet", |xml| xml.leaf("item", cidr));
    });
    Ok(())
}

fn describe_managed(_: &mut Ec2, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let (region, partition) = (call.cx.region, call.cx.partition());
    xml.set("prefixListSet", found(call)?, |xml, (id, name, _)| {
        xml.leaf("prefixListId", id);
        xml.leaf("prefixListName", name);
        xml.leaf("addressFamily", "IPv4");
        xml.leaf("state", "create-complete");
        let arn = format!("arn:{partition}:ec2:{region}:aws:prefix-list/{id}");
        xml.leaf("prefixListArn", arn);
        xml.leaf("ownerId", "AWS");
    });
    Ok(())
}
