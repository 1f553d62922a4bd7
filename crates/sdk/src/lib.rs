//! The kit for authors of providers: a resource is one readable file.
//!
//! A resource type is a struct that derives [`Model`] (schema, documentation, rules of planning) and implements [`Resource`]
//! (create, read, update, delete). A provider is a [`Cloud`] (its configuration, its clients, its tables of types); [`Provider`]
//! makes of it what hosts know. Planning, validation, upgrading, import and the tokens by which interrupted creates are found
//! again are the same for all types and live here; so is what talks to a cloud well: [`Batch`], [`Waiter`], [`retry`] and [`Limiter`].

extern crate self as sdk;

mod attr;
mod batch;
mod checks;
pub mod durations;
mod error;
pub mod ids;
mod jitter;
mod limit;
mod model;
mod planning;
mod private;
mod provider;
mod resource;
mod retry;
mod shape;
mod spec;
mod unbuilt;
pub mod validators;
mod wait;

pub use attr::{Attr, Blocks};
pub use batch::{Batch, Joining, Writes};
pub use checks::Problems;
pub use error::{Applied, Error, ErrorKind, Incomplete, Keep};
pub use limit::Limiter;
pub use model::{Model, Parts, decode_blocks, encode_blocks};
pub use planning::with;
pub use private::CreateToken;
pub use provider::{
    AnyDataSource, AnyResource, Cloud, Environment, Host, Provider, data_source, resource,
};
pub use resource::{Change, Cx, DataSource, Resource};
pub use retry::{Policy, Retry, create_once, retry};
pub use shape::Shape;
pub use spec::{AttrSpec, BlockSpec, Check, Rule, Same, Spec};
pub use unbuilt::{add_unbuilt, parse_type};
pub use wait::{Probe, Transient, WaitError, Waiter};

/// What derived code uses.
#[doc(hidden)]
pub mod derived {
    pub use cty::{Type, Value};
    pub use schema::Nesting;
    pub use std::sync::{Arc, OnceLock};
}
