//! The enabled services of projects: listed once for all who ask at the same time, enabled in one go.

use crate::clients::Clients;
use crate::error::from_gax;
use google_cloud_gax::options::RequestOptionsBuilder;
use google_cloud_gax::paginator::ItemPaginator;
use sdk::{Batch, Error, ErrorKind, Joining, Keep, Probe, Waiter};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// How long enabling usually takes.
const TYPICAL: Duration = Duration::from_secs(20);

/// The most services that one request enables.
const MOST: usize = 20;

/// The most of a page of a list.
const PAGE: i32 = 200;

/// A project and a service of it.
type Key = (String, String);

/// Which services are enabled.
pub(crate) struct Enabled {
    reads: Batch<String, Arc<BTreeSet<String>>, Error>,
    enables: Batch<Key, Result<(), Error>, Error>,
}

impl Enabled {
    pub(crate) fn new(clients: Arc<Clients>) -> Self {
        let of = clients.clone();
        let reads = Batch::new(Joining::default(), move |projects: Vec<String>| {
            let clients = of.clone();
            async move {
                let one = |project: String| {
                    let clients = clients.clone();
                    async move {
                        let listed = list(&clients, &project).await?;
                        Ok::<_, Error>((project, Arc::new(listed)))
                    }
                };
                let all = futures::future::try_join_all(projects.into_iter().map(one)).await?;
                Ok(all.into_iter().collect())
            }
        });
        let joining = Joining {
            most: MOST,
            in_flight: 1,
            ..Joining::default()
        };
        let enables = Batch::new(joining, move |keys: Vec<Key>| {
            let clients = clients.clone();
            async move { Ok(enable_all(&clients, keys).await) }
        });
        Self { reads, enables }
    }

    /// Whether a service is enabled.
    pub(super) async fn has(&self, project: &str, service: &str) -> Result<bool, Error> {
        let services = self.reads.get(project.to_owned()).await?;
        Ok(services.is_some_and(|services| services.contains(service)))
    }

    /// Enables a service, and waits until it is.
    pub(super) async fn enable(
        &self,
        project: &str,
        service: &str,
        timeout: Duration,
    ) -> Result<(), Error> {
        let key = (project.to_owned(), service.to_owned());
        let enabled = self.enables.get(key).await?;
        enabled.unwrap_or_else(|| Err(Error::invalid("The service was not enabled.")))?;
        let what = format!("service {service} to be enabled");
        let waiter = Waiter::new(what, timeout).typical(TYPICAL);
        let listed = waiter.until(|| async move {
            Ok::<_, Error>(match self.has(project, service).await? {
                true => Probe::Done(()),
                false => Probe::Pending("not listed".to_owned()),
            })
        });
        listed.await.map_err(Error::from)
    }
}

impl std::fmt::Debug for Enabled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enabled").finish_non_exhaustive()
    }
}

async fn list(clients: &Clients, project: &str) -> Result<BTreeSet<String>, Error> {
    let doing = |error: &_| {
        from_gax(error).doing(format!("listing the services that {project} has enabled"))
    };
    let services = clients.services().await?;
    let mut items = services
        .list_services()
        .set_parent(format!("projects/{project}"))
        .set_filter("state:ENABLED")
        .set_page_size(PAGE)
        .by_item();
    let mut names = BTreeSet::new();
    while let Some(service) = items.next().await {
        let service = service.map_err(|error| doing(&error))?;
        names.insert(crate::names::last(&service.name).to_owned());
    }
    Ok(names)
}

/// Enables services, of each project together. If one is wrong, each alone.
async fn enable_all(clients: &Clients, keys: Vec<Key>) -> BTreeMap<Key, Result<(), Error>> {
    let mut by_project: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (project, service) in keys {
        by_project.entry(project).or_default().push(service);
    }
    let mut results = BTreeMap::new();
    for (project, services) in by_project {
        let together = enable(clients, &project, &services).await;
        let refused = |error: &Error| matches!(error.kind, ErrorKind::Invalid | ErrorKind::Denied);
        let alone = services.len() > 1 && together.as_ref().is_err_and(refused);
        for service in services {
            let result = match alone {
                true => enable(clients, &project, std::slice::from_ref(&service)).await,
                false => together.clone(),
            };
            results.insert((project.clone(), service), result);
        }
    }
    results
}

async fn enable(clients: &Clients, project: &str, services: &[String]) -> Result<(), Error> {
    let usage = clients.services().await?;
    let enable = usage
        .batch_enable_services()
        .set_parent(format!("projects/{project}"))
        .set_service_ids(services.to_vec());
    let operation = enable.with_idempotency(true).send().await;
    let operation = operation.map_err(|error| from_gax(&error))?;
    finish(clients, operation.name, operation.done).await
}

/// Waits until an operation is done.
pub(super) async fn finish(clients: &Clients, name: String, done: bool) -> Result<(), Error> {
    if done {
        return Ok(());
    }
    let usage = clients.services().await?;
    let waiter = Waiter::new(format!("operation {name}"), Duration::from_secs(1200));
    let waiter = waiter.typical(TYPICAL);
    let name = name.as_str();
    let operation = waiter.until(|| async move {
        let get = usage.get_operation().set_name(name).send().await;
        let operation = get.map_err(|error| from_gax(&error))?;
        Ok::<_, Error>(match operation.done {
            true => Probe::Done(operation),
            false => Probe::Pending("RUNNING".to_owned()),
        })
    });
    let operation = operation.await.map_err(Error::from);
    let operation = operation.doing("waiting for Service Usage")?;
    match operation.error() {
        Some(status) => {
            let code = google_cloud_gax::error::rpc::Code::from(status.code);
            Err(Error::new(ErrorKind::Invalid, code.name(), &status.message))
        }
        None => Ok(()),
    }
}
