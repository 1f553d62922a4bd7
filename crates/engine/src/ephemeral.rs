//! Ephemeral resources: opened when somebody needs them, renewed as long as they are open, closed when
//! nobody needs them any more. What they hold is never written anywhere.

use crate::Round;
use crate::hooks::EphemeralOp;
use crate::resources::ObjectCall;
use addrs::{AbsResourceInstance, Mode};
use cty::Value;
use dag::NodeId;
use diags::{Diagnostic, Diagnostics};
use lang::{ModuleId, Node, Program};
use providers::{CloseEphemeralRequest, Private, Provider, RenewEphemeralRequest};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OnceCell, oneshot};
use tokio::task::JoinHandle;

/// An `ephemeral` block: the module, and which resource of it.
pub(crate) type Block = (ModuleId, u32);

/// The ephemeral resources of a run.
#[derive(Default)]
pub(crate) struct Ephemerals {
    /// All blocks, each after those that it needs.
    order: Vec<(Block, NodeId)>,
    /// What nodes need; see [`Ephemerals::needed_by`].
    needed: RefCell<BTreeMap<NodeId, Rc<[Block]>>>,
    /// How many are still to come that need a block, and whether it was opened.
    users: RefCell<BTreeMap<Block, usize>>,
    opened: RefCell<BTreeMap<Block, Rc<OnceCell<()>>>>,
    open: RefCell<BTreeMap<Block, Vec<Open>>>,
    /// Renewals that nobody was told of yet.
    renewed: Renewed,
}

/// Renewals and how they ended; whoever renews is not where hooks can be called.
type Renewed = Arc<std::sync::Mutex<Vec<(AbsResourceInstance, Option<Diagnostic>)>>>;

/// An open one.
struct Open {
    addr: AbsResourceInstance,
    provider: Arc<dyn Provider>,
    kind: Arc<str>,
    private: Arc<Mutex<Private>>,
    renewals: Option<(oneshot::Sender<()>, JoinHandle<Diagnostics>)>,
}

impl Ephemerals {
    /// Those of a program; none is open.
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let is_ephemeral = |node: &Node| match node {
            Node::Resource(m, i) => program.resource(*m, *i).addr.mode == Mode::Ephemeral,
            _ => false,
        };
        if !program.graph.nodes().any(|(_, node)| is_ephemeral(node)) {
            return Self::default();
        }
        let order = program.graph.topological_order().unwrap_or_default();
        let blocks = order
            .into_iter()
            .filter_map(|id| match program.graph.get(id) {
                Some(node @ Node::Resource(m, i)) if is_ephemeral(node) => Some(((*m, *i), id)),
                _ => None,
            });
        Self {
            order: blocks.collect(),
            ..Self::default()
        }
    }

    /// Whether there are none at all.
    pub(crate) const fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The blocks, and where they are in the graph.
    pub(crate) fn blocks(&self) -> &[(Block, NodeId)] {
        &self.order
    }

    /// What a node needs directly or not, in an order in which it can be opened.
    pub(crate) fn needed_by(&self, program: &Program<'_>, node: NodeId) -> Rc<[Block]> {
        if self.is_empty() {
            return Rc::new([]);
        }
        if let Some(known) = self.needed.borrow().get(&node) {
            return known.clone();
        }
        let all: BTreeSet<NodeId> = program.graph.all_dependencies([node]);
        let needed: Rc<[Block]> = self
            .order
            .iter()
            .filter(|(_, id)| all.contains(id))
            .map(|(block, _)| *block)
            .collect();
        self.needed.borrow_mut().insert(node, needed.clone());
        needed
    }

    /// Somebody will need a block.
    pub(crate) fn add_user(&self, block: Block) {
        *self.users.borrow_mut().entry(block).or_default() += 1;
    }

    /// Somebody does not need a block any more; it is closed if that was the last one.
    pub(crate) async fn drop_user(&self, round: &Round<'_>, block: Block) -> Diagnostics {
        let last = match self.users.borrow_mut().get_mut(&block) {
            Some(left) if *left > 0 => {
                *left -= 1;
                *left == 0
            }
            _ => false,
        };
        if last {
            self.close(round, block).await
        } else {
            Diagnostics::new()
        }
    }

    /// What is set once a block was opened.
    pub(crate) fn once(&self, block: Block) -> Rc<OnceCell<()>> {
        self.opened.borrow_mut().entry(block).or_default().clone()
    }

    /// Tells of the renewals since this was last asked.
    pub(crate) fn tell_renewals(&self, round: &Round<'_>) {
        let renewed =
            std::mem::take(&mut *self.renewed.lock().unwrap_or_else(PoisonError::into_inner));
        for (addr, error) in renewed {
            round.hooks.ephemeral_start(&addr, EphemeralOp::Renew);
            round
                .hooks
                .ephemeral_done(&addr, EphemeralOp::Renew, error.as_ref());
        }
    }

    /// Opens one instance: its value, with marks, and warnings.
    pub(crate) async fn open(
        &self,
        round: &Round<'_>,
        block: Block,
        addr: &AbsResourceInstance,
        call: &ObjectCall,
        config: &Value,
    ) -> Result<(Value, Diagnostics), Diagnostics> {
        if !config.is_wholly_known() {
            round.hooks.ephemeral_deferred(addr);
            return Ok((call.defer_ephemeral(config), Diagnostics::new()));
        }
        let mut diags = call.validate(Mode::Ephemeral, config).await;
        if diags.has_errors() {
            return Err(diags);
        }
        round.hooks.ephemeral_start(addr, EphemeralOp::Open);
        let opened = call.open_ephemeral(config).await;
        let error = opened.diagnostics.iter().find(|d| d.is_error()).cloned();
        round
            .hooks
            .ephemeral_done(addr, EphemeralOp::Open, error.as_ref());
        diags.append(opened.diagnostics);
        if error.is_some() {
            return Err(diags);
        }
        let private = Arc::new(Mutex::new(opened.private));
        let renewals = opened.renew_at.map(|at| {
            let (stop, stopped) = oneshot::channel();
            let work = renew(
                call.provider.clone(),
                call.kind.clone(),
                private.clone(),
                delay(round, at),
                clock(round),
                stopped,
                {
                    let (renewed, addr) = (self.renewed.clone(), addr.clone());
                    move |error| {
                        let mut all = renewed.lock().unwrap_or_else(PoisonError::into_inner);
                        all.push((addr.clone(), error));
                    }
                },
            );
            (stop, tokio::spawn(work))
        });
        self.open.borrow_mut().entry(block).or_default().push(Open {
            addr: addr.clone(),
            provider: call.provider.clone(),
            kind: call.kind.clone(),
            private,
            renewals,
        });
        diags.append(call.check_opened(&opened.result));
        if diags.has_errors() {
            return Err(diags);
        }
        Ok((opened.result, diags))
    }

    /// Closes the instances of a block that are open.
    pub(crate) async fn close(&self, round: &Round<'_>, block: Block) -> Diagnostics {
        let open = self.open.borrow_mut().remove(&block).unwrap_or_default();
        let closed = open.into_iter().map(|one| self.close_one(round, one));
        let all = futures::future::join_all(closed).await;
        all.into_iter().flatten().collect()
    }

    async fn close_one(&self, round: &Round<'_>, one: Open) -> Diagnostics {
        let mut diags = Diagnostics::new();
        if let Some((stop, renewals)) = one.renewals {
            // A renewal that is under way ends first.
            let _ = stop.send(());
            diags.append(renewals.await.unwrap_or_default());
        }
        self.tell_renewals(round);
        round.hooks.ephemeral_start(&one.addr, EphemeralOp::Close);
        let request = CloseEphemeralRequest {
            kind: one.kind,
            private: one.private.lock().await.clone(),
        };
        let problems = one.provider.close_ephemeral(request).await;
        let error = problems.iter().find(|d| d.is_error()).cloned();
        round
            .hooks
            .ephemeral_done(&one.addr, EphemeralOp::Close, error.as_ref());
        diags.append(problems);
        for diagnostic in diags.iter_mut() {
            diagnostic
                .address
                .get_or_insert_with(|| one.addr.to_string());
        }
        diags
    }

    /// Closes all that is still open, users before what they need.
    pub(crate) async fn close_all(&self, round: &Round<'_>) -> Diagnostics {
        let mut diags = Diagnostics::new();
        for (block, _) in self.order.iter().rev() {
            diags.append(self.close(round, *block).await);
        }
        diags
    }
}

/// Renews whenever it is time, until told to stop or until it fails.
async fn renew(
    provider: Arc<dyn Provider>,
    kind: Arc<str>,
    private: Arc<Mutex<Private>>,
    first: Duration,
    clock: Option<Arc<dyn Fn() -> i64 + Send + Sync>>,
    mut stopped: oneshot::Receiver<()>,
    tell: impl Fn(Option<Diagnostic>) + Send,
) -> Diagnostics {
    let mut diags = Diagnostics::new();
    let mut wait = first;
    loop {
        tokio::select! {
            _ = &mut stopped => return diags,
            () = tokio::time::sleep(wait) => {}
        }
        let mut private = private.lock().await;
        let request = RenewEphemeralRequest {
            kind: kind.clone(),
            private: private.clone(),
        };
        let renewed = provider.renew_ephemeral(request).await;
        let failed = renewed.diagnostics.has_errors();
        tell(renewed.diagnostics.iter().find(|d| d.is_error()).cloned());
        diags.append(renewed.diagnostics);
        if failed {
            return diags;
        }
        *private = renewed.private;
        let Some(at) = renewed.renew_at else {
            return diags;
        };
        wait = clock.as_ref().map_or(SOON, |now| until(at, now()));
    }
}

/// How often something is renewed where there is no clock, and the shortest time between two renewals.
const SOON: Duration = Duration::from_secs(1);

fn until(at: i64, now: i64) -> Duration {
    u64::try_from(at.saturating_sub(now)).map_or(SOON, |s| Duration::from_secs(s).max(SOON))
}

fn clock(round: &Round<'_>) -> Option<Arc<dyn Fn() -> i64 + Send + Sync>> {
    round.surroundings.impure.as_ref().map(|i| i.now.clone())
}

/// How long it is until the first renewal.
fn delay(round: &Round<'_>, at: i64) -> Duration {
    let now = clock(round).map_or(round.surroundings.time, |now| now());
    u64::try_from(at.saturating_sub(now)).map_or(Duration::ZERO, Duration::from_secs)
}

/// An ephemeral value in a block whose object is stored.
pub(crate) fn forbidden(config: &Value, block: &schema::Block, body: &hcl::Body) -> Diagnostics {
    let mut diags = Diagnostics::new();
    if !config.all_marks().is_ephemeral() {
        return diags;
    }
    let (_, marks) = config.clone().unmark_deep_with_paths();
    for (path, _) in marks.iter().filter(|(_, marks)| marks.is_ephemeral()) {
        if block.is_write_only(path) {
            continue;
        }
        let what = match path.steps().first() {
            Some(cty::Step::Attr(name)) => format!("for {:?}", &**name),
            _ => "in resource arguments".to_owned(),
        };
        diags.push(Diagnostic::error(
            "Invalid use of ephemeral value",
            format!(
                "Ephemeral values are not valid {what}: it is not a write-only attribute, so what is in it is stored in the state."
            ),
        )
        .at(schema::range_at_path(body, path)));
    }
    diags
}
