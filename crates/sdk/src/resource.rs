//! What the author of a resource writes.

use crate::private::CreateToken;
use crate::{Applied, Error, Model, Problems};
use cty::Path;
use std::future::Future;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// A managed resource type: its model, and what it does in the cloud.
///
/// A failure of [`create`](Self::create) or [`update`](Self::update) that comes after something was made keeps what exists:
/// `.await.keep(&self)?`. A plain `?` says that nothing was made.
pub trait Resource: Model {
    /// The clients and settings of the configured provider.
    type Cloud: Send + Sync + 'static;

    /// Makes the object. Where the provider decides, the attributes are unknown; all must be set in the result.
    fn create(self, cx: &Cx<'_, Self::Cloud>) -> impl Future<Output = Applied<Self>> + Send;

    /// The object as it is now, from what was last known; `None`: it is gone.
    fn read(
        self,
        cx: &Cx<'_, Self::Cloud>,
    ) -> impl Future<Output = Result<Option<Self>, Error>> + Send;

    /// Changes the object from `prior` to this. Not called for types all of whose arguments need a new object.
    fn update(
        self,
        prior: Self,
        _cx: &Cx<'_, Self::Cloud>,
    ) -> impl Future<Output = Applied<Self>> + Send {
        let _ = prior;
        async { Ok(self) }
    }

    /// Destroys the object. One that is already gone is no error.
    fn delete(self, cx: &Cx<'_, Self::Cloud>) -> impl Future<Output = Result<(), Error>> + Send;

    /// What a person's id stands for: enough of the object for [`read`](Self::read). Without it the type cannot be imported.
    fn import(
        id: &str,
        _cx: &Cx<'_, Self::Cloud>,
    ) -> impl Future<Output = Result<Self, Error>> + Send {
        let id = id.to_owned();
        async move {
            let message = format!(
                "{} has no id that it could be imported by (given: {id:?}).",
                Self::TYPE_NAME
            );
            Err(Error::invalid(message))
        }
    }

    /// The object that an interrupted create with [`Cx::create_token`] made, if it made one: by client token, by tag, or by a
    /// name together with evidence that it was not there before. Asked before a create is repeated.
    fn find_created(
        &self,
        _cx: &Cx<'_, Self::Cloud>,
    ) -> impl Future<Output = Result<Option<Self>, Error>> + Send {
        async { Ok(None) }
    }

    /// Checks what the rules of single attributes cannot. Attributes may be unknown.
    fn validate(&self, _problems: &mut Problems) {}

    /// Changes the planned object by rules across attributes. Not called when the object is to be destroyed.
    fn plan(_change: &mut Change<'_, Self, Self::Cloud>) {}

    /// Brings the JSON of an object stored by an older version to the current one. Attributes that are not in the schema are dropped
    /// afterwards, missing ones become null.
    fn upgrade(_version: i64, state: serde_json::Value) -> Result<serde_json::Value, Error> {
        Ok(state)
    }
}

/// A data source.
pub trait DataSource: Model {
    /// The clients and settings of the configured provider.
    type Cloud: Send + Sync + 'static;

    /// Reads it; the configuration is wholly known.
    fn read(self, cx: &Cx<'_, Self::Cloud>) -> impl Future<Output = Result<Self, Error>> + Send;

    /// Checks what the rules of single attributes cannot.
    fn validate(&self, _problems: &mut Problems) {}
}

/// A change that is being planned.
pub struct Change<'a, M, C> {
    /// The object as it is; `None`: there is none.
    pub prior: Option<M>,
    /// The configuration.
    pub config: M,
    /// The object as it will be; to be changed. Where the configuration gives a value it must stay.
    pub planned: M,
    /// The configured provider.
    pub cloud: &'a C,
    /// What is wrong.
    pub problems: Problems,
    pub(crate) replace: Vec<Path>,
}

impl<M, C> Change<'_, M, C> {
    /// A new object is needed because of this attribute or nested block.
    pub fn requires_replace(&mut self, attribute: &str) {
        self.replace.push(Path::root().attr(attribute));
    }

    /// Whether an object is to be made, not changed.
    pub const fn is_create(&self) -> bool {
        self.prior.is_none()
    }
}

/// The context of one call: the configured provider (by dereference), and what is special about the call.
pub struct Cx<'a, C> {
    cloud: &'a C,
    timeout: Duration,
    token: Option<CreateToken>,
    host_journals: bool,
    settle: AtomicBool,
}

impl<'a, C> Cx<'a, C> {
    /// A context for a call outside of an operation: tests, finding things.
    pub const fn new(cloud: &'a C, timeout: Duration) -> Self {
        Self {
            cloud,
            timeout,
            token: None,
            host_journals: false,
            settle: AtomicBool::new(false),
        }
    }

    pub(crate) fn of_create(mut self, token: Option<CreateToken>, host_journals: bool) -> Self {
        self.token = token;
        self.host_journals = host_journals;
        self
    }

    pub(crate) fn settles(&self) -> bool {
        self.settle.load(Ordering::Relaxed)
    }

    /// The configured provider, for longer than this context.
    pub const fn cloud(&self) -> &'a C {
        self.cloud
    }

    /// How long the operation may take: the `timeouts` block, else the type's default.
    pub const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// By what the object of this create can be found again; empty outside of a create.
    pub fn create_token(&self) -> &str {
        self.token.as_ref().map_or("", |token| &token.token)
    }

    /// When this create was first planned, in seconds since the Unix epoch; 0 outside of a create.
    pub fn create_planned_at(&self) -> u64 {
        self.token.as_ref().map_or(0, |token| token.time)
    }

    /// Whether the host will ask once more ([`Resource::read`]) when the new object is safely stored. Then a create leaves on the
    /// object what it is found by, and calls [`settle_later`](Self::settle_later); else it must clean up itself.
    pub const fn host_settles(&self) -> bool {
        self.host_journals
    }

    /// Asks for that read. In a read: the marks are still there (the clean-up failed), ask again next time.
    pub fn settle_later(&self) {
        self.settle.store(true, Ordering::Relaxed);
    }
}

impl<C> Deref for Cx<'_, C> {
    type Target = C;

    fn deref(&self) -> &C {
        self.cloud
    }
}
