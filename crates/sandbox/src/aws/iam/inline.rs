//! Policies that are part of a role.

use super::document::{self, Purpose, encoded};
use super::page::page;
use super::{Answer, Call, Iam, Operation, no_such};
use crate::aws::xml::Xml;

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("DeleteRolePolicy", delete),
    ("GetRolePolicy", get),
    ("ListRolePolicies", list),
    ("PutRolePolicy", put),
];

fn put(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    iam.role(call)?;
    let name = call.name("PolicyName", 128)?.to_owned();
    let text = call.query.required("PolicyDocument")?;
    document::check(text, Purpose::Permissions, iam, call.cx.account)?;
    iam.role_mut(call)?.inline.insert(name, text.to_owned());
    Ok(())
}

fn get(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let role = iam.role(call)?;
    let name = call.name("PolicyName", 128)?;
    let text = role.inline.get(name).ok_or_else(|| unknown(name))?;
    xml.leaf("RoleName", &role.name);
    xml.leaf("PolicyName", name);
    xml.leaf("PolicyDocument", encoded(text));
    Ok(())
}

fn list(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let names = iam.role(call)?.inline.keys().collect();
    page(call, xml, "PolicyNames", names, |xml, name| xml.text(name))
}

fn delete(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let name = call.name("PolicyName", 128)?;
    let gone = iam.role_mut(call)?.inline.remove(name);
    gone.map(drop).ok_or_else(|| unknown(name))
}

fn unknown(name: &str) -> crate::aws::fault::Fault {
    no_such(format!("The role policy with name {name} cannot be found."))
}
