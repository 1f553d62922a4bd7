//! Identity providers (OpenID Connect), as service accounts of clusters need them.

use super::tags::{self, Tags};
use super::{Answer, Call, Iam, Operation, exists, no_such, validation};
use crate::aws::fault::Fault;
use crate::aws::xml::Xml;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};

/// A provider.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Provider {
    /// Without `https://`.
    url: String,
    clients: Vec<String>,
    thumbprints: Vec<String>,
    created: Instant,
    tags: Tags,
}

const ARN: &str = "OpenIDConnectProviderArn";

pub(super) const OPERATIONS: &[(&str, Operation)] = &[
    ("AddClientIDToOpenIDConnectProvider", add_client),
    ("CreateOpenIDConnectProvider", create),
    ("DeleteOpenIDConnectProvider", |iam, call, _| {
        // Of one that is gone already, too.
        iam.providers.remove(call.query.required(ARN)?);
        Ok(())
    }),
    ("GetOpenIDConnectProvider", get),
    ("ListOpenIDConnectProviderTags", |iam, call, xml| {
        tags::list(call, &iam.provider(call)?.tags, xml)
    }),
    ("ListOpenIDConnectProviders", |iam, _, xml| {
        let arns = iam.providers.keys();
        xml.list("OpenIDConnectProviderList", "member", arns, |xml, arn| {
            xml.leaf("Arn", arn);
        });
        Ok(())
    }),
    ("RemoveClientIDFromOpenIDConnectProvider", |iam, call, _| {
        let client = call.query.required("ClientID")?.to_owned();
        iam.provider(call)?.clients.retain(|known| *known != client);
        Ok(())
    }),
    ("TagOpenIDConnectProvider", |iam, call, _| {
        tags::add(call, &mut iam.provider(call)?.tags)
    }),
    ("UntagOpenIDConnectProvider", |iam, call, _| {
        tags::remove(call, &mut iam.provider(call)?.tags);
        Ok(())
    }),
    ("UpdateOpenIDConnectProviderThumbprint", |iam, call, _| {
        let list = texts(call, "ThumbprintList");
        iam.provider(call)?.thumbprints = list;
        Ok(())
    }),
];

impl Iam {
    /// The ARNs of all providers.
    pub(crate) fn provider_arns(&self) -> impl Iterator<Item = &String> {
        self.providers.keys()
    }

    fn provider(&mut self, call: &Call<'_>) -> Result<&mut Provider, Fault> {
        let arn = call.query.required(ARN)?;
        let found = self.providers.get_mut(arn);
        found.ok_or_else(|| no_such(format!("OpenIDConnect Provider not found for arn {arn}")))
    }
}

fn texts(call: &Call<'_>, name: &str) -> Vec<String> {
    let texts = call.query.texts(name).into_iter();
    texts.map(str::to_owned).collect()
}

fn create(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let url = call.query.required("Url")?;
    let host = url.strip_prefix("https://").filter(|host| !host.is_empty());
    let host = host.ok_or_else(|| validation("Invalid Open ID Connect Provider URL".to_owned()))?;
    let host = host.trim_end_matches('/').to_owned();
    let tags = tags::asked(call)?;
    let arn = call.arn(&format!("oidc-provider/{host}"));
    if iam.providers.contains_key(&arn) {
        return Err(exists(format!(
            "Provider with url https://{host} already exists."
        )));
    }
    let mut thumbprints = texts(call, "ThumbprintList");
    if thumbprints.is_empty() {
        thumbprints.push(call.ids.text(b"0123456789abcdef", 40));
    }
    let provider = Provider {
        url: host,
        clients: texts(call, "ClientIDList"),
        thumbprints,
        created: call.now(),
        tags,
    };
    xml.leaf(ARN, &arn);
    tags::write(&provider.tags, xml);
    iam.providers.insert(arn, provider);
    Ok(())
}

fn get(iam: &mut Iam, call: &mut Call<'_>, xml: &mut Xml) -> Answer {
    let provider = iam.provider(call)?;
    xml.leaf("Url", &provider.url);
    xml.list("ClientIDList", "member", &provider.clients, |xml, id| {
        xml.text(id);
    });
    xml.list(
        "ThumbprintList",
        "member",
        &provider.thumbprints,
        |xml, print| xml.text(print),
    );
    xml.leaf("CreateDate", provider.created.iso());
    tags::write(&provider.tags, xml);
    Ok(())
}

fn add_client(iam: &mut Iam, call: &mut Call<'_>, _: &mut Xml) -> Answer {
    let client = call.query.required("ClientID")?.to_owned();
    let provider = iam.provider(call)?;
    if !provider.clients.contains(&client) {
        provider.clients.push(client);
    }
    Ok(())
}
