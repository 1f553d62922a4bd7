//! `google_project_service`: that an API is enabled in a project.

use super::enabled::finish;
use crate::Google;
use crate::deletion::Deletion;
use crate::error::from_gax;
use crate::names::{self, needed};
use google_cloud_gax::options::RequestOptionsBuilder;
use sdk::{Applied, Attr, Cx, Error, Incomplete, Model, Resource};

/// That an API is enabled in a project.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "google_project_service",
    legacy,
    timeouts(create = "20m", read = "10m", update = "20m", delete = "20m")
)]
pub(crate) struct ProjectService {
    /// `{project}/{service}`.
    #[attr(optional, computed)]
    id: Attr<String>,
    /// The project.
    #[attr(optional, computed, requires_replace, same = same)]
    project: Attr<String>,
    /// The service, such as `compute.googleapis.com`.
    #[attr(required, requires_replace, validate = check)]
    service: Attr<String>,
    /// Whether the services that need this one are disabled with it.
    #[attr(optional)]
    disable_dependent_services: Attr<bool>,
    /// Whether destroying disables the service. Otherwise it is left enabled.
    #[attr(optional)]
    disable_on_destroy: Attr<bool>,
    #[model(flatten)]
    deletion: Deletion,
}

/// Projects are named with and without `projects/`.
#[expect(clippy::ptr_arg, reason = "the derive gives what the attribute holds")]
fn same(one: &String, other: &String) -> bool {
    names::last(one) == names::last(other)
}

fn check(service: &str) -> Result<(), String> {
    match service.contains('.') && !service.contains(['/', ' ']) {
        true => Ok(()),
        false => Err(format!(
            "{service:?} is no service. Expected a name like compute.googleapis.com."
        )),
    }
}

impl Resource for ProjectService {
    type Cloud = Google;

    async fn create(self, cx: &Cx<'_, Google>) -> Applied<Self> {
        let doing = format!("enabling {}", self.service.as_str());
        let project = self.project()?;
        let service = self.service.as_str();
        let enable = async {
            match cx.enabled.has(&project, service).await? {
                true => Ok(()),
                false => cx.enabled.enable(&project, service, cx.timeout()).await,
            }
        };
        let enabled: Result<(), Error> = enable.await;
        if let Err(error) = enabled {
            let error = error.doing(doing);
            // It may have come to be enabled all the same.
            let is_off = cx.enabled.has(&project, service).await == Ok(false);
            let state = (!is_off).then(|| Box::new(self.identified(&project)));
            return Err(Incomplete { state, error });
        }
        Ok(self.identified(&project))
    }

    async fn read(self, cx: &Cx<'_, Google>) -> Result<Option<Self>, Error> {
        let project = self.project()?;
        let enabled = cx.enabled.has(&project, self.service.as_str()).await?;
        Ok(enabled.then(|| self.identified(&project)))
    }

    async fn delete(self, cx: &Cx<'_, Google>) -> Result<(), Error> {
        if self.deletion.forgets()? || !self.disable_on_destroy.is_true() {
            return Ok(());
        }
        let project = self.project()?;
        let service = self.service.as_str();
        if !cx.enabled.has(&project, service).await? {
            return Ok(());
        }
        let doing = |error: Error| error.doing(format!("disabling {service}"));
        let usage = cx.clients.services().await.map_err(doing)?;
        let disable = usage
            .disable_service()
            .set_name(format!("projects/{project}/services/{service}"))
            .set_disable_dependent_services(self.disable_dependent_services.is_true());
        let operation = disable.with_idempotency(true).send().await;
        let operation = match operation {
            Ok(operation) => operation,
            // An answer that was lost, or somebody else.
            Err(error) => {
                let error = from_gax(&error);
                let gone = error.kind == sdk::ErrorKind::Conflict
                    && !cx.enabled.has(&project, service).await?;
                return gone.then_some(()).ok_or_else(|| doing(error));
            }
        };
        finish(&cx.clients, operation.name, operation.done)
            .await
            .map_err(doing)
    }

    async fn import(id: &str, cx: &Cx<'_, Google>) -> Result<Self, Error> {
        let [project, service] = names::import(id, "projects//services/", "service of a project")?;
        let mut enabled = Self::empty();
        enabled.project = project.or_else(|| cx.project.clone()).into();
        enabled.service = service.into();
        enabled.deletion.deletion_policy = "DELETE".into();
        Ok(enabled)
    }
}

impl ProjectService {
    fn project(&self) -> Result<String, Error> {
        Ok(names::last(needed(&self.project, "project")?).to_owned())
    }

    fn identified(self, project: &str) -> Self {
        let id = format!("{project}/{}", self.service.as_str()).into();
        Self { id, ..self }
    }
}

#[cfg(test)]
mod tests {
    contract::contract! { crate::testing::WORLD, "google_project_service",
        create: r#"
            service            = "redis.googleapis.com"
            disable_on_destroy = true"#,
        update: &[r#"
            service                    = "redis.googleapis.com"
            disable_on_destroy         = true
            disable_dependent_services = true"#],
        replace: &[r#"
            service            = "run.googleapis.com"
            disable_on_destroy = true"#],
        import: "{id}",
        not_imported: &["disable_on_destroy", "disable_dependent_services"],
    }
}
