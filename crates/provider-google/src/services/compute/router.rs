//! `google_compute_router`: a Cloud Router.

use super::subnetwork::full_network;
use crate::Google;
use crate::created;
use crate::deletion::Deletion;
use crate::error::absent;
use crate::names::{self, needed};
use crate::operations::{self, carried_out};
use google_cloud_compute_v1::model;
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Applied, Attr, Blocks, Cx, Error, Keep, Model, Resource};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long operations on a router usually take.
pub(super) const TYPICAL: Duration = Duration::from_secs(15);

/// A Cloud Router: exchanges routes by BGP, and carries Cloud NAT.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(type_name = "google_compute_router", legacy, timeouts(create = "20m", update = "20m", delete = "20m"), unbuilt = include_str!("router.unbuilt"))]
pub(crate) struct Router {
    /// `projects/{project}/regions/{region}/routers/{name}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The name, unique in the region.
    #[attr(required, requires_replace, validate = names::check)]
    name: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace)]
    project: Attr<String>,
    /// The region.
    #[attr(optional, computed, requires_replace, same = names::same)]
    region: Attr<String>,
    /// The network.
    #[attr(optional, requires_replace, same = names::same)]
    network: Attr<String>,
    /// What it is for.
    #[attr(optional)]
    description: Attr<String>,
    /// Whether it is for encrypted interconnects.
    #[attr(optional, requires_replace)]
    encrypted_interconnect_router: Attr<bool>,
    /// When it was made (RFC 3339).
    #[attr(computed)]
    creation_timestamp: Attr<String>,
    /// The full address of the resource.
    #[attr(computed)]
    self_link: Attr<String>,
    /// How it speaks BGP.
    #[block(list, max = 1)]
    bgp: Blocks<Bgp>,
    /// What is given once, at creation.
    #[block(list, max = 1, requires_replace)]
    params: Blocks<Params>,
    #[model(flatten)]
    deletion: Deletion,
}

/// How it speaks BGP.
#[derive(Model, Clone, Debug, PartialEq)]
struct Bgp {
    /// The number of our autonomous system.
    #[attr(required, range(1, 4_294_967_294))]
    asn: Attr<i64>,
    /// Whether it announces what Google would (`DEFAULT`) or what is listed (`CUSTOM`).
    #[attr(optional, default = "DEFAULT", one_of("DEFAULT", "CUSTOM"))]
    advertise_mode: Attr<String>,
    /// Groups of routes to announce: `ALL_SUBNETS`.
    #[attr(optional)]
    advertised_groups: Attr<Vec<String>>,
    /// Ranges to announce.
    #[block(set)]
    advertised_ip_ranges: Blocks<AdvertisedRange>,
    /// Seconds between two signs of life, 20 to 60.
    #[attr(optional, default = 20, range(20, 60))]
    keepalive_interval: Attr<i64>,
    /// The range of BGP identifiers.
    #[attr(optional, computed)]
    identifier_range: Attr<String>,
}

/// A range to announce.
#[derive(Model, Clone, Debug, PartialEq)]
struct AdvertisedRange {
    /// The range.
    #[attr(required)]
    range: Attr<String>,
    /// What it is.
    #[attr(optional)]
    description: Attr<String>,
}

/// What is given once, at creation.
#[derive(Model, Clone, Debug, PartialEq)]
struct Params {
    /// Resource manager tags: `tagKeys/…` to `tagValues/…`.
    #[attr(optional)]
    resource_manager_tags: Attr<BTreeMap<String, String>>,
}

impl Resource for Router {
    type Cloud = Google;

    async fn create(mut self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let at = self.place()?;
        let doing = format!("creating router {}", at.router);
        self.id = at.path().into();
        let client = cx.clients.routers().await?;
        let insert = client
            .insert()
            .set_project(&at.project)
            .set_region(&at.region);
        let insert = insert
            .set_request_id(cx.create_token())
            .set_body(self.body(&at.project));
        let sent = insert.with_idempotency(true).send().await;
        let made = self.clone();
        operations::created(cx, &at.project, &doing, TYPICAL, sent, &made).await?;
        let found = self.read(cx).await.keep(&made)?;
        Ok(found.unwrap_or(made))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.place()?.find(cx).await?;
        Ok(found.map(|router| self.filled(router)))
    }

    async fn update(self, _: Self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let at = self.place()?;
        let ours = self.body(&at.project);
        // Its NATs, interfaces and peers belong to other resources: they stay.
        at.change(cx, |now| {
            now.description = ours.description.clone();
            now.bgp = ours.bgp.clone();
            Ok(())
        })
        .await
        .map_err(Error::from)?;
        let changed = self.clone();
        let found = self.read(cx).await.keep(&changed)?;
        Ok(found.unwrap_or(changed))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? {
            return Ok(());
        }
        let at = self.place()?;
        let _turn = cx.turns.take(&at.path()).await;
        let doing = format!("deleting router {}", at.router);
        let client = cx.clients.routers().await?;
        let delete = client
            .delete()
            .set_project(&at.project)
            .set_region(&at.region);
        let sent = delete.set_router(&at.router).send().await;
        carried_out(cx, &at.project, &doing, TYPICAL, sent).await
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, region, name] = names::import(id, "projects//regions//routers/", "router")?;
        let mut router = Self::empty();
        router.project = project.or_else(|| cx.project.clone()).into();
        router.region = region.or_else(|| cx.region.clone()).into();
        router.name = name.into();
        router.id = router.place()?.path().into();
        router.deletion.deletion_policy = "DELETE".into();
        Ok(router)
    }

    async fn find_created(&self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let found = self.place()?.find(cx).await?;
        let ours = found.filter(|router| created::since(cx, router.creation_timestamp.as_deref()));
        Ok(ours.map(|router| self.clone().filled(router)))
    }
}

/// Where a router is.
pub(super) struct Place {
    pub(super) project: String,
    pub(super) region: String,
    pub(super) router: String,
}

impl Place {
    pub(super) fn path(&self) -> String {
        format!(
            "projects/{}/regions/{}/routers/{}",
            self.project, self.region, self.router
        )
    }

    /// The router as it is.
    pub(super) async fn find(&self, cx: &Cx<'_, Google>) -> Result<Option<model::Router>, Error> {
        let client = cx.clients.routers().await?;
        let get = client
            .get()
            .set_project(&self.project)
            .set_region(&self.region);
        match get.set_router(&self.router).send().await {
            Ok(router) => Ok(Some(router)),
            Err(error) => absent(&error, || format!("reading router {}", self.router)),
        }
    }

    /// Changes the router: reads it, changes what was read, writes all of it. One after the other within this process: a router
    /// has no fingerprint by which the cloud would notice that two changes crossed.
    pub(super) async fn change(
        &self,
        cx: &Cx<'_, Google>,
        change: impl FnOnce(&mut model::Router) -> Result<(), Error>,
    ) -> Result<(), Unchanged> {
        let _turn = cx.turns.take(&self.path()).await;
        let doing = format!("changing router {}", self.router);
        let Some(mut router) = self.find(cx).await? else {
            let message = format!("There is no router {} in {}.", self.router, self.region);
            return Err(Error::new(sdk::ErrorKind::NotFound, "", message)
                .doing(doing)
                .into());
        };
        change(&mut router)?;
        let client = cx.clients.routers().await?;
        // All of it: a patch could not take the last NAT away.
        let update = client
            .update()
            .set_project(&self.project)
            .set_region(&self.region);
        let update = update.set_router(&self.router).set_body(router);
        let update = update
            .set_request_id(operations::request_id())
            .with_idempotency(true);
        let sent = update.send().await;
        let maybe = match &sent {
            Ok(_) => true,
            Err(error) => crate::error::from_gax(error).kind == sdk::ErrorKind::Lost,
        };
        carried_out(cx, &self.project, &doing, TYPICAL, sent)
            .await
            .map_err(|error| Unchanged { error, maybe })
    }
}

/// Why a router was not changed.
pub(super) struct Unchanged {
    pub(super) error: Error,
    /// It may have been changed all the same.
    pub(super) maybe: bool,
}

impl From<Error> for Unchanged {
    fn from(error: Error) -> Self {
        Self {
            error,
            maybe: false,
        }
    }
}

impl From<Unchanged> for Error {
    fn from(unchanged: Unchanged) -> Self {
        unchanged.error
    }
}

impl Router {
    fn place(&self) -> Result<Place, Error> {
        Ok(Place {
            project: needed(&self.project, "project")?.to_owned(),
            region: names::last(needed(&self.region, "region")?).to_owned(),
            router: self.name.as_str().to_owned(),
        })
    }

    fn filled(self, now: model::Router) -> Self {
        let name = |name: Option<&str>| Attr::from(name.map(str::to_owned));
        let region = now.region.as_deref().map(names::last).map(str::to_owned);
        let keepalive = now.bgp.as_ref().and_then(|bgp| bgp.keepalive_interval);
        let own = self.bgp.first();
        let bgp = now.bgp.map(|bgp| {
            let groups: Vec<String> = bgp
                .advertised_groups
                .iter()
                .filter_map(|group| group.name().map(str::to_owned))
                .collect();
            Bgp {
                asn: bgp.asn.map(i64::from).into(),
                advertise_mode: name(bgp.advertise_mode.as_ref().and_then(|v| v.name()))
                    .or("DEFAULT".into()),
                advertised_groups: match groups.is_empty()
                    && own.is_none_or(|own| own.advertised_groups.is_null())
                {
                    true => Attr::Null,
                    false => groups.into(),
                },
                advertised_ip_ranges: bgp
                    .advertised_ip_ranges
                    .into_iter()
                    .map(|range| AdvertisedRange {
                        range: range.range.into(),
                        description: range.description.filter(|text| !text.is_empty()).into(),
                    })
                    .collect(),
                keepalive_interval: i64::from(keepalive.unwrap_or(20)).into(),
                identifier_range: bgp.identifier_range.unwrap_or_default().into(),
            }
        });
        let path = self.place().map(|at| at.path());
        Self {
            id: path.map_or(self.id, Attr::from),
            region: match (&self.region, region) {
                (Attr::Known(own), Some(now)) if names::last(own) == now => own.clone().into(),
                (_, now) => now.into(),
            },
            network: now.network.or_else(|| self.network.to_option()).into(),
            description: now.description.filter(|text| !text.is_empty()).into(),
            encrypted_interconnect_router: now
                .encrypted_interconnect_router
                .filter(|on| *on || self.encrypted_interconnect_router.is_known())
                .into(),
            creation_timestamp: now.creation_timestamp.into(),
            self_link: now.self_link.into(),
            // A router without BGP may be shown with an empty block.
            bgp: bgp.filter(|bgp| bgp.asn.is_known()).into(),
            ..self
        }
    }

    fn body(&self, project: &str) -> model::Router {
        let bgp = self.bgp.first().map(|bgp| {
            let ranges = bgp.advertised_ip_ranges.iter().map(|range| {
                model::RouterAdvertisedIpRange::new()
                    .set_range(range.range.as_str())
                    .set_or_clear_description(range.description.to_option())
            });
            model::RouterBgp::new()
                .set_or_clear_asn(bgp.asn.to_option().and_then(|n| u32::try_from(n).ok()))
                .set_advertise_mode(bgp.advertise_mode.as_str())
                .set_advertised_groups(
                    bgp.advertised_groups
                        .or_default()
                        .iter()
                        .map(|group| model::router_bgp::AdvertisedGroups::from(group.as_str())),
                )
                .set_advertised_ip_ranges(ranges)
                .set_or_clear_keepalive_interval(
                    bgp.keepalive_interval
                        .to_option()
                        .and_then(|n| u32::try_from(n).ok()),
                )
                .set_or_clear_identifier_range(
                    bgp.identifier_range
                        .to_option()
                        .filter(|text| !text.is_empty()),
                )
        });
        let params = self.params.first().map(|params| {
            model::RouterParams::new()
                .set_resource_manager_tags(params.resource_manager_tags.or_default())
        });
        let network = self
            .network
            .known()
            .map(|network| full_network(project, network));
        model::Router::new()
            .set_name(self.name.as_str())
            .set_or_clear_network(network)
            .set_or_clear_description(self.description.to_option())
            .set_or_clear_encrypted_interconnect_router(
                self.encrypted_interconnect_router.to_option(),
            )
            .set_or_clear_bgp(bgp)
            .set_or_clear_params(params)
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_compute_router",
        needs: r#"resource "google_compute_network" "n" {
            name                    = "n"
            auto_create_subnetworks = false
        }"#,
        create: r#"
            name    = "a"
            network = google_compute_network.n.id"#,
        update: &[r#"
            name        = "a"
            network     = google_compute_network.n.id
            description = "for NAT"
            bgp {
                asn            = 64514
                advertise_mode = "CUSTOM"
                advertised_ip_ranges {
                    range = "10.0.0.0/8"
                }
            }"#],
        replace: &[r#"
            name    = "b"
            network = google_compute_network.n.id"#],
        import: "{id}",
    }
}
