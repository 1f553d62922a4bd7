//! A provider whose objects exist outside of the state: in memory, for as long as the test runs.

use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use engine::ProviderFactory;
use futures::FutureExt;
use futures::future::ready;
use providers::*;
use schema::{Attribute, AttributeType, Block};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// `cloud_thing` and `cloud_other` (`name`, computed `id`), and the data source `cloud_probe`, which finds a
/// thing's `id` by its `name` or fails.
///
/// The ephemeral resource `cloud_token` opens to an `id` that nobody may store, unless its name is `bad`.
/// The function `shout` makes a text louder. Creates carry tokens as those of groma's own providers do.
#[derive(Clone, Default)]
pub struct Cloud(Arc<Mutex<Inner>>);

/// What there is, and how it behaves.
#[derive(Default)]
pub struct Inner {
    /// Names by id.
    pub objects: BTreeMap<String, String>,
    /// Calls that plan, change or read an object, as text.
    pub calls: Vec<String>,
    /// Created objects ask to be read once they are safe.
    pub settles: bool,
    /// Reads fail.
    pub unreadable: bool,
    /// Creates do their work, but nobody is told of it.
    pub silent: bool,
    tokens: u32,
}

impl Cloud {
    /// Looks at it, or changes it.
    pub fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The calls since the last time this was asked, a line each.
    pub fn calls(&self) -> String {
        let calls = self.with(|inner| std::mem::take(&mut inner.calls));
        calls.iter().map(|call| format!("{call}\n")).collect()
    }
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.map_or_else(String::new, |t| t.to_string())
}

fn object(id: &str, name: &str) -> Value {
    Value::object([("id", Value::string(id)), ("name", Value::string(name))])
}

fn nothing() -> Value {
    Value::null(Type::object([("id", Type::String), ("name", Type::String)]))
}

fn failed(what: &str) -> Diagnostics {
    Diagnostic::error(what, "The cloud says no.").into()
}

fn shown(private: &[u8]) -> String {
    if private.is_empty() {
        String::new()
    } else {
        format!(" {}", String::from_utf8_lossy(private))
    }
}

impl ProviderFactory for Cloud {
    fn provider(
        &self,
        source: &addrs::Provider,
    ) -> BoxFuture<'_, Result<Arc<dyn Provider>, Diagnostics>> {
        let provider: Arc<dyn Provider> = if source.is_builtin() {
            Arc::new(engine::BuiltinProvider::new("."))
        } else {
            Arc::new(self.clone())
        };
        ready(Ok(provider)).boxed()
    }
}

impl Cloud {
    fn do_plan(&self, request: &PlanRequest) -> PlanResponse {
        let id = if request.prior.is_null() {
            Value::unknown(Type::String)
        } else {
            request.prior.get("id").cloned().unwrap_or_else(nothing)
        };
        let planned = if request.proposed.is_null() {
            nothing()
        } else {
            let name = request.proposed.get("name").cloned();
            Value::object([("id", id), ("name", name.unwrap_or_else(nothing))])
        };
        let private = self.with(|inner| {
            inner.calls.push(format!(
                "plan {}{}",
                text(&request.proposed, "name"),
                shown(&request.prior_private)
            ));
            if !request.prior.is_null() {
                return request.prior_private.to_vec();
            }
            let before = String::from_utf8_lossy(&request.prior_private);
            let token = before.split('"').find(|t| t.starts_with("token-"));
            let token = token.map_or_else(
                || {
                    inner.tokens += 1;
                    format!("token-{}", inner.tokens)
                },
                str::to_owned,
            );
            format!(r#"{{"groma":{{"create":{{"token":"{token}"}}}}}}"#).into_bytes()
        });
        PlanResponse {
            planned,
            requires_replace: Vec::new(),
            planned_private: private.into(),
            legacy: false,
            diagnostics: Diagnostics::new(),
        }
    }

    fn do_apply(&self, request: &ApplyRequest) -> ApplyResponse {
        let name = text(&request.planned, "name");
        self.with(|inner| {
            let private = shown(&request.planned_private);
            let answer = |state, private: &str| ApplyResponse {
                state,
                private: private.as_bytes().into(),
                legacy: false,
                diagnostics: Diagnostics::new(),
            };
            if request.planned.is_null() {
                let id = text(&request.prior, "id");
                inner.calls.push(format!("delete {id}"));
                inner.objects.remove(&id);
                return answer(nothing(), "");
            }
            if !request.prior.is_null() {
                let id = text(&request.prior, "id");
                inner.calls.push(format!("update {id} {name}"));
                inner.objects.insert(id.clone(), name.clone());
                return answer(object(&id, &name), "");
            }
            inner.calls.push(format!("create {name}{private}"));
            let id = format!("id-{}", private.split('"').nth(7).unwrap_or("none"));
            inner.objects.insert(id.clone(), name.clone());
            if inner.silent {
                return ApplyResponse {
                    state: nothing(),
                    private: request.planned_private.clone(),
                    legacy: false,
                    diagnostics: failed("Connection lost"),
                };
            }
            let settle = if inner.settles {
                r#"{"groma":{"settle":true}}"#
            } else {
                ""
            };
            answer(object(&id, &name), settle)
        })
    }

    fn do_read(&self, request: &ReadRequest) -> ReadResponse {
        let id = text(&request.state, "id");
        self.with(|inner| {
            inner
                .calls
                .push(format!("read {id}{}", shown(&request.private)));
            let diagnostics = if inner.unreadable {
                failed("Cannot read")
            } else {
                Diagnostics::new()
            };
            let state = inner
                .objects
                .get(&id)
                .map_or_else(nothing, |name| object(&id, name));
            ReadResponse {
                state,
                private: [].into(),
                diagnostics,
            }
        })
    }

    fn do_import(&self, request: &ImportRequest) -> ImportResponse {
        self.with(|inner| inner.calls.push(format!("import {}", request.id)));
        let mut objects = Vec::new();
        let mut diagnostics = Diagnostics::new();
        if request.id == "bad" {
            diagnostics = failed("Bad id");
        } else {
            let state = Value::object([
                ("id", Value::string(&*request.id)),
                ("name", Value::null(Type::String)),
            ]);
            objects.push(ImportedObject {
                kind: request.kind.clone(),
                state,
                private: [].into(),
            });
        }
        ImportResponse {
            objects,
            diagnostics,
        }
    }

    fn do_move(&self, request: &MoveRequest) -> MoveResponse {
        let json = String::from_utf8_lossy(&request.source_json).into_owned();
        self.with(|inner| {
            inner
                .calls
                .push(format!("move {} {json}", request.source_kind));
        });
        let id = json
            .split('"')
            .find(|t| t.starts_with("id-"))
            .unwrap_or_default();
        let name = json.split('"').rev().nth(1).unwrap_or_default();
        MoveResponse {
            state: object(id, name),
            private: [].into(),
            diagnostics: Diagnostics::new(),
        }
    }

    fn do_probe(&self, request: &ReadDataRequest) -> ReadDataResponse {
        let name = text(&request.config, "name");
        let found = self.with(|inner| {
            inner.calls.push(format!("probe {name}"));
            let mut objects = inner.objects.iter();
            objects.find(|(_, n)| **n == name).map(|(id, _)| id.clone())
        });
        match found {
            Some(id) => ReadDataResponse {
                state: object(&id, &name),
                diagnostics: Diagnostics::new(),
            },
            None => ReadDataResponse {
                state: nothing(),
                diagnostics: failed("No such thing"),
            },
        }
    }
}

fn block(optional_name: bool) -> Arc<ResourceSchema> {
    let attribute = |optional, required, computed| Attribute {
        ty: AttributeType::Plain(Type::String),
        optional,
        required,
        computed,
        ..Attribute::default()
    };
    let block = Block::new(
        [
            ("id".into(), attribute(false, false, true)),
            (
                "name".into(),
                attribute(optional_name, !optional_name, false),
            ),
        ],
        [],
    );
    Arc::new(ResourceSchema { version: 0, block })
}

fn shout() -> FunctionSignature {
    FunctionSignature {
        params: vec![FunctionParameter {
            name: "text".into(),
            ty: Type::String,
            allow_null: false,
            allow_unknown: false,
            description: "".into(),
        }],
        variadic: None,
        returns: Type::String,
        summary: "".into(),
        description: "".into(),
    }
}

impl Provider for Cloud {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        let schema = ProviderSchema {
            resources: BTreeMap::from([
                ("cloud_thing".into(), block(true)),
                ("cloud_other".into(), block(true)),
            ])
            .into(),
            data_sources: BTreeMap::from([("cloud_probe".into(), block(false))]).into(),
            ephemeral: BTreeMap::from([("cloud_token".into(), block(false))]).into(),
            functions: BTreeMap::from([("shout".into(), shout())]),
            move_state: true,
            ..ProviderSchema::default()
        };
        ready(Ok(Arc::new(schema))).boxed()
    }

    fn validate_provider<'a>(&'a self, _: &'a Value) -> BoxFuture<'a, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn validate(&self, _: Mode, _: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn configure(&self, _: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        let decoded = cty::json::decode(&request.json, nothing().ty());
        let response = match decoded {
            Ok(state) => UpgradeResponse {
                state,
                diagnostics: Diagnostics::new(),
            },
            Err(_) => UpgradeResponse {
                state: nothing(),
                diagnostics: failed("Not understood"),
            },
        };
        ready(response).boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        ready(self.do_read(&request)).boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        ready(self.do_plan(&request)).boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        ready(self.do_apply(&request)).boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        ready(self.do_import(&request)).boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        ready(self.do_move(&request)).boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        ready(self.do_probe(&request)).boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        let name = text(&request.config, "name");
        self.with(|inner| inner.calls.push(format!("open {name}")));
        ready(OpenEphemeralResponse {
            result: object(&format!("secret of {name}"), &name),
            renew_at: None,
            private: name.as_bytes().into(),
            diagnostics: if name == "bad" {
                failed("No token")
            } else {
                Diagnostics::new()
            },
        })
        .boxed()
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        ready(RenewEphemeralResponse {
            renew_at: None,
            private: request.private,
            diagnostics: Diagnostics::new(),
        })
        .boxed()
    }

    fn close_ephemeral(&self, request: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        let call = format!("close{}", shown(&request.private));
        self.with(|inner| inner.calls.push(call));
        ready(Diagnostics::new()).boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        let text = request.args[0].as_str().map(|t| t.to_uppercase());
        let answer = match text {
            Some(text) if text.is_empty() => Err((Some(0), "there is nothing to shout".to_owned())),
            Some(text) => Ok(Value::string(text)),
            None => Err((None, format!("{} needs a text", request.name))),
        };
        ready(answer).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}
