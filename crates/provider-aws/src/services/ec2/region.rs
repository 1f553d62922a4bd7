//! `data.aws_region`: a region.

use crate::Aws;
use sdk::{Attr, Cx, DataSource, Error, Model, Problems};

/// Reads a region: by its name, by its endpoint, else the provider's.
#[derive(Model, Clone, Debug)]
#[model(type_name = "aws_region")]
pub(crate) struct Region {
    /// Where it is.
    #[attr(computed)]
    description: Attr<String>,
    /// The host of EC2 there.
    #[attr(optional, computed)]
    endpoint: Attr<String>,
    /// The name.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name.
    #[attr(optional, computed)]
    name: Attr<String>,
}

/// Where the regions are, by name.
const REGIONS: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (Sao Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-iso-east-1", "US ISO East"),
    ("us-iso-west-1", "US ISO WEST"),
    ("us-isob-east-1", "US ISOB East (Ohio)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

fn endpoint(region: &str) -> String {
    format!("ec2.{region}.{}", crate::partition_of(region).dns_suffix)
}

impl DataSource for Region {
    type Cloud = Aws;

    async fn read(self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let name = match (super::text(&self.name), super::text(&self.endpoint)) {
            (Some(name), _) => name,
            (None, None) => cx.region().to_owned(),
            (None, Some(host)) => {
                let found = REGIONS.iter().find(|(name, _)| endpoint(name) == host);
                let found = found.ok_or_else(|| {
                    Error::invalid(format!("No region has the endpoint {host:?}.")).at("endpoint")
                });
                found?.0.to_owned()
            }
        };
        let known = REGIONS.iter().find(|(region, _)| *region == name);
        // The provider's own region need not be in the table.
        if known.is_none() && name != cx.region() {
            return Err(Error::invalid(format!("There is no region {name:?}.")).at("name"));
        }
        Ok(Self {
            description: known.map_or("", |(_, text)| *text).into(),
            endpoint: endpoint(&name).into(),
            id: name.as_str().into(),
            name: name.into(),
        })
    }

    fn validate(&self, problems: &mut Problems) {
        if let (Some(name), Some(host)) = (self.name.known(), self.endpoint.known())
            && endpoint(name) != *host
        {
            let detail = format!(
                "The endpoint of {name} is {:?}. Leave out one of the two.",
                endpoint(name)
            );
            problems.error("endpoint", "Conflicting configuration arguments", detail);
        }
    }
}
