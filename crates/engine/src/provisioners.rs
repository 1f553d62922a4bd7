//! Provisioners: programs that run for an object after it was created or before it is destroyed, here
//! or, over ssh, there.

mod communicator;
mod connection;
mod file;
mod local_exec;
mod process;
mod remote_exec;
mod schemas;

use crate::Round;
use addrs::AbsResourceInstance;
use configs::{OnFailure, Provisioner, ProvisionerWhen};
use connection::Connection;
use cty::{Marks, Value};
use diags::{Diagnostic, Diagnostics};
use hcl::Body;
use lang::{Evaluator, ModuleInst, RepetitionData};
pub(crate) use schemas::{check_kind, connection};

/// The provisioners of one instance.
pub(crate) struct Provisioning<'a> {
    pub(crate) round: &'a Round<'a>,
    pub(crate) evaluator: &'a Evaluator<'a>,
    pub(crate) inst: &'a ModuleInst,
    /// What `count` and `each` stand for.
    pub(crate) data: &'a RepetitionData,
    pub(crate) addr: &'a AbsResourceInstance,
    pub(crate) provisioners: &'a [Provisioner],
    /// The connection of those that have none of their own.
    pub(crate) connection: Option<&'a Body>,
    /// The object, which they know as `self`.
    pub(crate) object: &'a Value,
}

/// Why a provisioner has failed.
type Problem = Box<Diagnostic>;

/// Whether there is anything to run.
pub(crate) fn any(provisioners: &[Provisioner], when: ProvisionerWhen) -> bool {
    provisioners.iter().any(|p| p.when == when)
}

impl Provisioning<'_> {
    /// Runs those for an occasion in order, up to the first that fails and may not.
    pub(crate) async fn run(&self, when: ProvisionerWhen) -> Result<(), Diagnostics> {
        for provisioner in self.provisioners.iter().filter(|p| p.when == when) {
            let (config, connection) = self.evaluate(provisioner)?;
            self.round
                .hooks
                .provision_start(self.addr, &provisioner.kind);
            let result = self.run_one(provisioner, config, &connection).await;
            let error = result.as_ref().err();
            self.round
                .hooks
                .provision_done(self.addr, &provisioner.kind, error.is_none());
            match result {
                Err(problem) if provisioner.on_failure == OnFailure::Fail => {
                    let problem = problem.at(body_range(&provisioner.body).clone());
                    return Err(problem.about(self.addr).into());
                }
                Err(problem) => tracing::warn!(
                    "{} failed for {}, which it may: {}",
                    provisioner.kind,
                    self.addr,
                    problem.summary
                ),
                Ok(()) => {}
            }
        }
        Ok(())
    }

    /// The arguments, with marks, and the connection, without.
    fn evaluate(&self, provisioner: &Provisioner) -> Result<(Value, Value), Diagnostics> {
        let schema = check_kind(provisioner)?;
        let decode = |body: &Body, block: &schema::Block| -> Result<Value, Diagnostics> {
            let object = Some(self.object);
            let (result, _) = self
                .evaluator
                .evaluate(self.inst, self.data, object, |env| {
                    Ok(schema::decode(body, block, env))
                });
            let (value, diags) = result?;
            if diags.has_errors() {
                Err(diags)
            } else {
                Ok(value)
            }
        };
        let config = decode(&provisioner.body, schema)?;
        let of_resource = self
            .connection
            .map(|body| decode(body, schemas::connection()))
            .transpose()?;
        let own = provisioner.connection.as_ref();
        let own = own
            .map(|body| decode(body, schemas::connection()))
            .transpose()?;
        Ok((config, schemas::merged(of_resource, own).unmark_all()))
    }

    async fn run_one(
        &self,
        provisioner: &Provisioner,
        config: Value,
        connection: &Value,
    ) -> Result<(), Problem> {
        let hidden = suppressed(config.all_marks());
        let config = config.unmark_all();
        let output = |text: &str| {
            for line in text.lines() {
                let line = line.trim_end();
                if !line.is_empty() {
                    let shown = hidden.as_deref().unwrap_or(line);
                    self.round
                        .hooks
                        .provision_output(self.addr, &provisioner.kind, shown);
                }
            }
        };
        let run = Run {
            round: self.round,
            config: &config,
            output: &output,
            hidden: hidden.is_some(),
        };
        match &*provisioner.kind {
            "local-exec" => local_exec::run(&run).await,
            "remote-exec" => remote_exec::run(&run, Connection::new(connection)?).await,
            _ => file::run(&run, Connection::new(connection)?).await,
        }
    }
}

/// One provisioner that runs.
struct Run<'a> {
    round: &'a Round<'a>,
    config: &'a Value,
    /// Shows lines of output.
    output: &'a dyn Fn(&str),
    /// Whether neither arguments nor output may be shown.
    hidden: bool,
}

impl Run<'_> {
    /// An argument that is a text.
    fn text(&self, name: &str) -> Option<String> {
        let value = self.config.get(name)?;
        value.as_str().map(ToString::to_string)
    }

    /// An argument that is a list of texts.
    fn texts(&self, name: &str) -> Option<Vec<String>> {
        let list = self.config.get(name).filter(|list| !list.is_null())?;
        let texts = list.elements();
        let texts = texts.filter_map(|(_, text)| text.as_str().map(ToString::to_string));
        Some(texts.collect())
    }
}

/// What is said in place of output.
fn suppressed(marks: Marks) -> Option<String> {
    let mut why = Vec::new();
    if marks.is_sensitive() {
        why.push("sensitive");
    }
    if marks.is_ephemeral() {
        why.push("ephemeral");
    }
    let why = why.join(", ");
    (!why.is_empty()).then(|| format!("(output suppressed due to {why} value in config)"))
}

/// A connection that does not say where the object is.
pub(crate) fn without_host(
    resource: &configs::Resource,
    provisioner: &Provisioner,
) -> Option<Diagnostic> {
    let says_host = |body: &Body| {
        let Body::Native(body) = body;
        body.attributes.iter().any(|a| &*a.name == "host")
    };
    let mut bodies = provisioner.connection.iter().chain(&resource.connection);
    let first = bodies.clone().next()?;
    (!bodies.any(says_host)).then(|| {
        Diagnostic::error(
            "Missing required argument",
            "The argument \"host\" is required, but no definition was found.",
        )
        .at(body_range(first).clone())
    })
}

/// Where in a block something that is wrong with the whole of it is reported.
pub(crate) fn body_range(body: &Body) -> &diags::SourceRange {
    let Body::Native(body) = body;
    &body.missing_range
}
