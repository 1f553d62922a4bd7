//! Changes that others make, with other tools.

use serde_json::{Value, json};

use crate::rig::{Failure, Folder, Sandbox};

/// Changes what the state knows and says what; nothing where there is nothing of the kind.
pub(super) fn cause(sandbox: &Sandbox, folder: &Folder) -> Result<Vec<String>, Failure> {
    let resources = folder.resources()?;
    let find = |kind: &str| resources.iter().find(|resource| resource["type"] == kind);
    let mut done = Vec::new();
    if let Some(subnet) = find("aws_subnet") {
        done.push(untag(sandbox, subnet)?);
    }
    if let Some(nat) = find("google_compute_router_nat") {
        done.push(fewer_ports(sandbox, nat)?);
    }
    Ok(done)
}

/// Takes a tag off a subnet.
fn untag(sandbox: &Sandbox, subnet: &Value) -> Result<String, Failure> {
    let id = text(subnet, "id");
    let tags = subnet["values"]["tags"].as_object();
    let key = tags.and_then(|tags| tags.keys().find(|key| *key != "Name"));
    let key = key.ok_or("a subnet without tags")?;
    sandbox.ec2(&format!(
        "Action=DeleteTags&ResourceId.1={id}&Tag.1.Key={}",
        encode(key)
    ))?;
    Ok(format!(
        "Someone takes the tag {key} off {id}: load balancers no longer find the subnet."
    ))
}

/// Gives each node fewer ports.
fn fewer_ports(sandbox: &Sandbox, nat: &Value) -> Result<String, Failure> {
    let (project, region) = (sandbox.project(), text(nat, "region"));
    let path = format!(
        "/compute/v1/projects/{project}/regions/{region}/routers/{}",
        text(nat, "router")
    );
    let router = sandbox.rest(&format!("GET {path}"), &Value::Null)?;
    let mut nats = router["nats"].clone();
    nats[0]["minPortsPerVm"] = json!(32);
    sandbox.rest(&format!("PATCH {path}"), &json!({ "nats": nats }))?;
    let name = text(nat, "name");
    Ok(format!(
        "Someone gives the nodes behind Cloud NAT {name} 32 ports each: connections will fail under load."
    ))
}

fn text<'v>(resource: &'v Value, name: &str) -> &'v str {
    resource["values"][name].as_str().unwrap_or_default()
}

/// Percent-encodes what a form may not hold.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
