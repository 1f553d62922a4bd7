//! A cloud of boxes in memory, and a provider for it.

use cty::Value;
use providers::Provider as _;
use sdk::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// The provider block.
#[derive(Model, Clone, Debug)]
pub(crate) struct Config {
    /// Put on every box.
    #[attr(optional)]
    default_label: Attr<String>,
}

/// What exists.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) boxes: BTreeMap<String, Box>,
    /// The calls in order.
    pub(crate) calls: Vec<String>,
    /// The next call of this name fails.
    pub(crate) fail: Option<&'static str>,
    /// Tokens of creates, by id.
    pub(crate) tokens: BTreeMap<String, String>,
}

/// The configured provider.
pub(crate) struct Shelf {
    label: Attr<String>,
    store: Arc<Mutex<Store>>,
}

thread_local! {
    static STORE: Arc<Mutex<Store>> = Arc::default();
}

impl Shelf {
    fn call(&self, name: &'static str) -> Result<std::sync::MutexGuard<'_, Store>, Error> {
        let mut store = self.store.lock().unwrap();
        store.calls.push(name.to_owned());
        if store.fail == Some(name) {
            store.fail = None;
            return Err(Error::new(
                ErrorKind::Other,
                "Broken",
                format!("{name} failed"),
            ));
        }
        Ok(store)
    }
}

impl Cloud for Shelf {
    type Config = Config;

    async fn configure(config: Config, _: &Host) -> Result<Self, diags::Diagnostics> {
        Ok(Self {
            label: config.default_label,
            store: STORE.with(Clone::clone),
        })
    }

    fn resources() -> Vec<std::boxed::Box<dyn AnyResource<Self>>> {
        vec![resource::<Box>()]
    }

    fn data_sources() -> Vec<std::boxed::Box<dyn AnyDataSource<Self>>> {
        vec![data_source::<Count>()]
    }
}

/// A box.
///
/// It holds things.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(
    type_name = "shelf_box",
    version = 2,
    legacy,
    timeouts(create = "30m"),
    unbuilt = "colour\tO\tstring\nweight\tC\tnumber\n"
)]
#[model(exactly_one_of("size", "volume"))]
pub(crate) struct Box {
    /// The id.
    #[attr(optional, computed)]
    pub(crate) id: Attr<String>,
    /// The name.
    #[attr(required, requires_replace, validate = short)]
    pub(crate) name: Attr<String>,
    /// The size.
    #[attr(optional, range(1, 9))]
    size: Attr<i64>,
    /// The volume.
    #[attr(optional, one_of("small", "large"), same = same_case)]
    volume: Attr<String>,
    /// The type.
    #[attr(optional, default = "plain")]
    r#type: Attr<String>,
    /// A comment, stored empty.
    #[attr(optional, zero)]
    comment: Attr<String>,
    /// How often it was changed.
    #[attr(computed, unknown_on_update)]
    revision: Attr<i64>,
    /// Where it stands.
    #[attr(computed)]
    place: Attr<String>,
    #[attr(optional, sensitive)]
    words: Attr<BTreeSet<String>>,
    #[block(list, max = 1, computed)]
    lid: Blocks<Lid>,
    #[block(set)]
    item: Blocks<Item>,
    #[model(flatten)]
    labels: Labels,
}

/// A lid.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Lid {
    #[attr(optional, computed)]
    locked: Attr<bool>,
}

/// Something in it.
#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Item {
    #[attr(required)]
    name: Attr<String>,
    #[attr(computed)]
    number: Attr<i64>,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub(crate) struct Labels {
    #[attr(optional)]
    label: Attr<String>,
    #[attr(computed)]
    label_all: Attr<String>,
}

fn short(name: &str) -> Result<(), String> {
    match name.len() {
        0..=8 => Ok(()),
        _ => Err("At most 8 characters are allowed.".to_owned()),
    }
}

fn same_case(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

impl Box {
    fn filled(mut self) -> Self {
        if self.lid.is_empty() {
            self.lid = Some(Lid {
                locked: false.into(),
            })
            .into();
        }
        for (at, item) in self.item.iter_mut().enumerate() {
            item.number = (at as i64).into();
        }
        self
    }
}

impl Resource for Box {
    type Cloud = Shelf;

    async fn create(self, cx: &Cx<'_, Shelf>) -> Applied<Self> {
        let id = format!("box-{}", self.name.as_str());
        let made = Self {
            id: id.clone().into(),
            revision: 1.into(),
            place: "left".into(),
            ..self.filled()
        };
        let mut store = cx.call("create")?;
        store.boxes.insert(id.clone(), made.clone());
        store.tokens.insert(id, cx.create_token().to_owned());
        drop(store);
        if cx.host_settles() {
            cx.settle_later();
        }
        drop(cx.call("lock").keep(&made)?);
        Ok(made)
    }

    async fn read(self, cx: &Cx<'_, Shelf>) -> Result<Option<Self>, Error> {
        Ok(cx.call("read")?.boxes.get(self.id.as_str()).cloned())
    }

    async fn update(self, prior: Self, cx: &Cx<'_, Shelf>) -> Applied<Self> {
        let changed = Self {
            revision: prior.revision.map(|r| r + 1),
            ..self.filled()
        };
        let id = changed.id.as_str().to_owned();
        cx.call("update")?.boxes.insert(id, changed.clone());
        Ok(changed)
    }

    async fn delete(self, cx: &Cx<'_, Shelf>) -> Result<(), Error> {
        let gone = cx.call("delete")?.boxes.remove(self.id.as_str());
        gone.map(|_| ())
            .ok_or_else(|| Error::new(ErrorKind::NotFound, "NoBox", "there is no such box"))
    }

    async fn import(id: &str, _: &Cx<'_, Shelf>) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            ..Self::empty()
        })
    }

    async fn find_created(&self, cx: &Cx<'_, Shelf>) -> Result<Option<Self>, Error> {
        let store = cx.call("find")?;
        let made = store
            .tokens
            .iter()
            .find(|(_, token)| *token == cx.create_token());
        Ok(made.and_then(|(id, _)| store.boxes.get(id).cloned()))
    }

    fn plan(change: &mut Change<'_, Self, Shelf>) {
        let label = change.planned.labels.label.clone();
        change.planned.labels.label_all = match label {
            Attr::Null => change.cloud.label.clone(),
            other => other,
        };
    }

    fn upgrade(version: i64, mut state: serde_json::Value) -> Result<serde_json::Value, Error> {
        if version == 0 {
            let name = state["title"].take();
            state["name"] = name;
        }
        Ok(state)
    }
}

/// How many boxes there are.
#[derive(Model, Clone, Debug)]
#[model(type_name = "shelf_count")]
pub(crate) struct Count {
    /// The count.
    #[attr(computed)]
    count: Attr<i64>,
}

impl DataSource for Count {
    type Cloud = Shelf;

    async fn read(self, cx: &Cx<'_, Shelf>) -> Result<Self, Error> {
        let count = cx.call("count")?.boxes.len() as i64;
        Ok(Self {
            count: count.into(),
        })
    }
}

/// A configured provider and what is in its cloud.
pub(crate) struct World {
    pub(crate) provider: Provider<Shelf>,
    pub(crate) store: Arc<Mutex<Store>>,
}

/// A provider whose host journals creates, with an empty cloud.
pub(crate) async fn world(label: Option<&str>) -> World {
    let store = STORE.with(Clone::clone);
    *store.lock().unwrap() = Store::default();
    let host = Host::new(|name| (name == "GROMA_JOURNALS_CREATES").then(|| "1".to_owned()));
    let provider = Provider::<Shelf>::new(host);
    let config = Config {
        default_label: label.map(str::to_owned).into(),
    };
    let request = providers::ConfigureRequest {
        config: config.encode(),
        terraform_version: "1.11.4".into(),
    };
    let diags = provider.configure(request).await;
    assert!(diags.is_empty(), "{diags:?}");
    World { provider, store }
}

/// A box from JSON; what is left out is null.
pub(crate) async fn value(world: &World, json: &str) -> Value {
    let request = providers::UpgradeRequest {
        kind: "shelf_box".into(),
        version: 1,
        json: json.as_bytes().into(),
        flatmap: None,
    };
    let response = world.provider.upgrade(request).await;
    assert!(
        response.diagnostics.is_empty(),
        "{:?}",
        response.diagnostics
    );
    response.state
}

/// What is not null in a value, as JSON; unknown as `"?"`.
pub(crate) fn text(value: &Value) -> String {
    if !value.is_known() {
        return "?".to_owned();
    }
    if let Some(object) = value.ty().as_object().filter(|_| !value.is_null()) {
        let parts = object.iter().filter_map(|(name, _)| {
            let part = value.get(name)?;
            (!part.is_null() && part.len() != Some(0)).then(|| format!("{name}={}", text(part)))
        });
        return format!("{{{}}}", parts.collect::<Vec<_>>().join(" "));
    }
    if let Some(elements) = value.as_slice() {
        return format!(
            "[{}]",
            elements.iter().map(text).collect::<Vec<_>>().join(" ")
        );
    }
    cty::json::encode_simple(value).unwrap_or_else(|_| "?".to_owned())
}
