//! `data.aws_availability_zones`: the zones of the region.

use crate::Aws;
use crate::error;
use aws_sdk_ec2::types::{AvailabilityZone, Filter as Ec2Filter};
use sdk::{Attr, Blocks, Cx, DataSource, Error, Keep, Model};
use std::collections::BTreeSet;

/// Reads the zones of the region.
#[derive(Model, Clone, Debug)]
#[model(type_name = "aws_availability_zones", timeouts(read = "20m"))]
pub(crate) struct AvailabilityZones {
    /// Whether zones that the account did not ask for are included.
    #[attr(optional)]
    all_availability_zones: Attr<bool>,
    /// Zones to leave out, by name.
    #[attr(optional)]
    exclude_names: Attr<BTreeSet<String>>,
    /// Zones to leave out, by id.
    #[attr(optional)]
    exclude_zone_ids: Attr<BTreeSet<String>>,
    #[block(set)]
    filter: Blocks<Filter>,
    /// The groups of the zones.
    #[attr(computed)]
    group_names: Attr<BTreeSet<String>>,
    /// The region.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The names.
    #[attr(computed)]
    names: Attr<Vec<String>>,
    /// The state that the zones have.
    #[attr(
        optional,
        one_of("available", "information", "impaired", "unavailable", "constrained")
    )]
    state: Attr<String>,
    /// The ids, in the order of the names.
    #[attr(computed)]
    zone_ids: Attr<Vec<String>>,
}

/// Which zones.
#[derive(Model, Clone, Debug)]
pub(crate) struct Filter {
    /// The name of a filter of EC2.
    #[attr(required)]
    name: Attr<String>,
    /// The values, any of which is right.
    #[attr(required)]
    values: Attr<BTreeSet<String>>,
}

impl DataSource for AvailabilityZones {
    type Cloud = Aws;

    async fn read(mut self, cx: &Cx<'_, Aws>) -> Result<Self, Error> {
        let mut filters: Vec<Ec2Filter> = self.filter.iter().map(Filter::to_ec2).collect();
        if let Some(state) = super::text(&self.state) {
            filters.push(Ec2Filter::builder().name("state").values(state).build());
        }
        let call = cx
            .ec2()
            .describe_availability_zones()
            .set_all_availability_zones(self.all_availability_zones.to_option())
            .set_filters((!filters.is_empty()).then_some(filters));
        let answer = call
            .send()
            .await
            .map_err(error::of)
            .doing("reading the availability zones")?;
        let mut zones = answer.availability_zones.unwrap_or_default();
        zones.retain(|zone| {
            let is_in = |set: &Attr<BTreeSet<String>>, text: Option<&str>| {
                set.is_known_and(|set| text.is_some_and(|text| set.contains(text)))
            };
            !is_in(&self.exclude_names, zone.zone_name())
                && !is_in(&self.exclude_zone_ids, zone.zone_id())
        });
        zones.sort_by(|a, b| a.zone_name.cmp(&b.zone_name));
        let all = |of: fn(&AvailabilityZone) -> Option<&str>| {
            zones
                .iter()
                .map(move |zone| of(zone).unwrap_or_default().to_owned())
        };
        self.group_names = all(AvailabilityZone::group_name)
            .collect::<BTreeSet<_>>()
            .into();
        self.names = all(AvailabilityZone::zone_name).collect::<Vec<_>>().into();
        self.zone_ids = all(AvailabilityZone::zone_id).collect::<Vec<_>>().into();
        self.id = cx.region().into();
        Ok(self)
    }
}

impl Filter {
    fn to_ec2(&self) -> Ec2Filter {
        let values = self.values.or_default().into_iter().collect();
        Ec2Filter::builder()
            .name(self.name.as_str())
            .set_values(Some(values))
            .build()
    }
}
