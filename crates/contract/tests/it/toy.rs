//! A provider of one resource, small enough to see that it is right, and wrong on demand.

use contract::Sandbox;
use contract::World;
use sdk::*;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const WORLD: World = World {
    source: "example/toy",
    provider: |journals| {
        let journals = journals.then(|| "1".to_owned());
        let host = Host::new(move |name| {
            journals
                .clone()
                .filter(|_| name == "GROMA_JOURNALS_CREATES")
        });
        Arc::new(Provider::<Ec2>::new(host))
    },
    block: |sandbox: &Sandbox| format!("  url = \"{}\"", sandbox.aws_url()),
    cloud: contract::Cloud::Aws,
};

/// The provider block.
#[derive(Model, Clone, Debug)]
pub(crate) struct Config {
    /// Where EC2 is.
    #[attr(required)]
    url: Attr<String>,
}

/// A client of EC2 that does what a test needs.
pub(crate) struct Ec2 {
    address: String,
}

impl Cloud for Ec2 {
    type Config = Config;

    async fn configure(config: Config, _: &Host) -> Result<Self, diags::Diagnostics> {
        let address = config.url.as_str().trim_start_matches("http://").to_owned();
        Ok(Self { address })
    }

    fn resources() -> Vec<Box<dyn AnyResource<Self>>> {
        vec![resource::<Net>()]
    }

    fn data_sources() -> Vec<Box<dyn AnyDataSource<Self>>> {
        Vec::new()
    }
}

impl Ec2 {
    /// Sends one request and answers with the XML that comes back.
    async fn send(&self, action: &str, parameters: &str) -> Result<String, Error> {
        let body = format!("Action={action}&Version=2016-11-15&{parameters}");
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let lost = |e: std::io::Error| Error::new(ErrorKind::Lost, "", e.to_string());
        let mut stream = TcpStream::connect(&self.address).await.map_err(lost)?;
        stream.write_all(request.as_bytes()).await.map_err(lost)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.map_err(lost)?;
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok());
        let code = between(&answer, "<Code>", "</Code>").unwrap_or_default();
        let kind = match (status.unwrap_or(0), code.as_str()) {
            (0, _) => ErrorKind::Lost,
            (200, _) => return Ok(answer),
            (_, "RequestLimitExceeded") => ErrorKind::Throttled,
            (500.., _) => ErrorKind::Unavailable,
            _ if code.ends_with(".NotFound") => ErrorKind::NotFound,
            _ => ErrorKind::Invalid,
        };
        Err(Error::new(kind, code, answer))
    }

    /// Like [`Self::send`], as often as it takes: for what may be done twice.
    async fn call(&self, action: &str, parameters: &str) -> Result<String, Error> {
        retry(Policy::default(), Retry::of, |_| {
            self.send(action, parameters)
        })
        .await
    }
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0.to_owned())
}

fn tag(xml: &str, key: &str) -> Attr<String> {
    let before = format!("<key>{key}</key>");
    let item = between(xml, &before, "</item>");
    item.and_then(|item| between(&item, "<value>", "</value>"))
        .into()
}

/// A VPC.
#[derive(Model, Clone, Debug)]
#[model(type_name = "toy_net")]
pub(crate) struct Net {
    /// The id.
    #[attr(computed)]
    id: Attr<String>,
    /// The addresses.
    #[attr(required, requires_replace)]
    cidr_block: Attr<String>,
    /// A tag.
    #[attr(optional)]
    label: Attr<String>,
    /// What is wrong on purpose.
    #[attr(optional, requires_replace)]
    bug: Attr<String>,
}

impl Resource for Net {
    type Cloud = Ec2;

    async fn create(self, cx: &Cx<'_, Ec2>) -> Applied<Self> {
        let parameters = format!(
            "CidrBlock={}&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=groma:create\
             &TagSpecification.1.Tag.1.Value={}",
            self.cidr_block.as_str(),
            cx.create_token()
        );
        let send = || cx.send("CreateVpc", &parameters);
        let made = if self.has("blind") {
            retry(Policy::default(), Retry::of, |_| send()).await?
        } else {
            let find = || self.with_token(cx);
            create_once(Policy::default(), Retry::of, find, |_| send()).await?
        };
        let mut net = Self {
            id: between(&made, "<vpcId>", "</vpcId>").into(),
            label: Attr::Null,
            ..self.clone()
        };
        let labelled = net.set_label(&self.label, cx).await;
        match self.has("leaks") {
            true => labelled?,
            false => labelled.keep(&net)?,
        }
        net.label = self.label;
        if cx.host_settles() {
            cx.settle_later();
        } else {
            net.forget_token(cx).await.keep(&net)?;
        }
        Ok(net)
    }

    async fn read(self, cx: &Cx<'_, Ec2>) -> Result<Option<Self>, Error> {
        let parameters = format!("Filter.1.Name=vpc-id&Filter.1.Value.1={}", self.id.as_str());
        let xml = cx.call("DescribeVpcs", &parameters).await?;
        let Some(id) = between(&xml, "<vpcId>", "</vpcId>") else {
            return Ok(None);
        };
        if matches!(tag(&xml, "groma:create"), Attr::Known(_)) {
            self.forget_token(cx).await?;
        }
        Ok(Some(Self {
            id: id.into(),
            cidr_block: between(&xml, "<cidrBlock>", "</cidrBlock>").into(),
            label: match self.has("blank") {
                true => Attr::Null,
                false => tag(&xml, "label"),
            },
            bug: self.bug,
        }))
    }

    async fn update(self, _: Self, cx: &Cx<'_, Ec2>) -> Applied<Self> {
        self.set_label(&self.label, cx).await?;
        Ok(self)
    }

    async fn delete(self, cx: &Cx<'_, Ec2>) -> Result<(), Error> {
        let parameters = format!("VpcId={}", self.id.as_str());
        cx.call("DeleteVpc", &parameters).await.map(|_| ())
    }

    async fn import(id: &str, _: &Cx<'_, Ec2>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Ec2>) -> Result<Option<Self>, Error> {
        if self.has("lost") {
            return Ok(None);
        }
        let found = retry(Policy::default(), Retry::of, |_| self.with_token(cx)).await?;
        let found = found.and_then(|xml| between(&xml, "<vpcId>", "</vpcId>"));
        let net = found.map(|id| Self {
            id: id.into(),
            ..self.clone()
        });
        match net {
            Some(net) => net.read(cx).await,
            None => Ok(None),
        }
    }
}

impl Net {
    fn has(&self, bug: &str) -> bool {
        matches!(&self.bug, Attr::Known(name) if name == bug)
    }

    async fn with_token(&self, cx: &Cx<'_, Ec2>) -> Result<Option<String>, Error> {
        let parameters = format!(
            "Filter.1.Name=tag:groma:create&Filter.1.Value.1={}",
            cx.create_token()
        );
        let xml = cx.send("DescribeVpcs", &parameters).await?;
        Ok(Some(xml).filter(|xml| xml.contains("<vpcId>")))
    }

    async fn set_label(&self, label: &Attr<String>, cx: &Cx<'_, Ec2>) -> Result<(), Error> {
        let id = self.id.as_str();
        match label {
            Attr::Known(label) => {
                let parameters = format!("ResourceId.1={id}&Tag.1.Key=label&Tag.1.Value={label}");
                cx.call("CreateTags", &parameters).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    async fn forget_token(&self, cx: &Cx<'_, Ec2>) -> Result<(), Error> {
        let parameters = format!("ResourceId.1={}&Tag.1.Key=groma:create", self.id.as_str());
        cx.call("DeleteTags", &parameters).await.map(|_| ())
    }
}
