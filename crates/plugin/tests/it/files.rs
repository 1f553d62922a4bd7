//! A provider whose objects are files.

use addrs::Mode;
use cty::{Path, Step, Type, Value};
use diags::{AttributeStep, Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::ready;
use groma_plugin::About;
use providers::*;
use schema::{Attribute, AttributeType, Block};
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

pub(crate) const ABOUT: About = About {
    program: "terraform-provider-files",
    program_version: "1.0.0",
    address: "example.com/test/files",
    version: "1.0.0",
};

pub(crate) struct Files {
    schema: Arc<ProviderSchema>,
    dir: Mutex<PathBuf>,
    stopped: Notify,
}

fn attribute(name: &str, ty: Type, flags: &str) -> (Arc<str>, Attribute) {
    let attribute = Attribute {
        ty: AttributeType::Plain(ty),
        required: flags.contains('r'),
        optional: flags.contains('o'),
        computed: flags.contains('c'),
        description: "Says what it is.".into(),
        ..Attribute::default()
    };
    (name.into(), attribute)
}

fn block(attributes: impl IntoIterator<Item = (Arc<str>, Attribute)>) -> Arc<ResourceSchema> {
    Arc::new(ResourceSchema {
        version: 1,
        block: Block::new(attributes, []),
    })
}

impl Files {
    pub(crate) fn new() -> Self {
        let text = || {
            block([
                attribute("name", Type::String, "r"),
                attribute("content", Type::String, "o"),
                attribute("size", Type::Number, "c"),
                attribute("id", Type::String, "c"),
            ])
        };
        let token = block([
            attribute("secret", Type::String, "c"),
            attribute("name", Type::String, "r"),
        ]);
        let parameter = FunctionParameter {
            name: "text".into(),
            ty: Type::String,
            allow_null: false,
            allow_unknown: false,
            description: "What to shout.".into(),
        };
        let shout = FunctionSignature {
            params: vec![parameter],
            variadic: None,
            returns: Type::String,
            summary: "Shouts.".into(),
            description: "Shouts.".into(),
        };
        let schema = ProviderSchema {
            provider: block([attribute("dir", Type::String, "r")]),
            resources: [("files_text".into(), text())].into_iter().collect(),
            data_sources: [("files_text".into(), text())].into_iter().collect(),
            ephemeral: [("files_token".into(), token)].into_iter().collect(),
            functions: [("shout".into(), shout)].into(),
            schema_optional: true,
            move_state: true,
            ..ProviderSchema::default()
        };
        Self {
            schema: Arc::new(schema),
            dir: Mutex::default(),
            stopped: Notify::new(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.lock().expect("lock").join(name)
    }

    fn ty(&self) -> Type {
        self.schema
            .resources
            .get("files_text")
            .expect("type")
            .block
            .implied_type()
    }

    /// Adds a line to the file that says what happened to ephemeral resources, if somebody made it.
    fn log(&self, what: &str, name: &str) {
        let file = std::fs::OpenOptions::new()
            .append(true)
            .open(self.path("ephemeral.log"));
        if let Ok(mut file) = file {
            writeln!(file, "{what} {name}").expect("a line");
        }
    }

    fn load(&self, name: &str) -> Value {
        match std::fs::read_to_string(self.path(name)) {
            Ok(content) => object(
                name,
                Value::string(content.as_str()),
                Value::number(content.len() as i64),
            ),
            Err(_) => Value::null(self.ty()),
        }
    }
}

fn object(name: &str, content: Value, size: Value) -> Value {
    Value::object([
        ("name", Value::string(name)),
        ("content", content),
        ("size", size),
        ("id", Value::string(name)),
    ])
}

fn text(value: &Value, name: &str) -> String {
    value
        .get(name)
        .and_then(Value::as_str)
        .map(|s| s.to_string())
        .unwrap_or_default()
}

/// The name in the private bytes of an open ephemeral resource.
fn named(private: &[u8]) -> &str {
    let text = std::str::from_utf8(private).unwrap_or_default();
    text.strip_prefix("opened ").unwrap_or_default()
}

fn problem(summary: &str) -> Diagnostics {
    Diagnostic::error(summary, "It is as it is.").into()
}

impl Provider for Files {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schema.clone())).boxed()
    }

    fn validate_provider<'a>(&'a self, config: &'a Value) -> BoxFuture<'a, Diagnostics> {
        let diags = if text(config, "dir") == "nowhere" {
            let steps = [AttributeStep::Name("dir".to_owned())];
            Diagnostic::error("No such directory", "Choose another one.")
                .at_attribute(steps)
                .into()
        } else {
            Diagnostics::new()
        };
        ready(diags).boxed()
    }

    fn validate(&self, _: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        let diags = if text(&request.config, "name").contains('/') {
            let steps = [AttributeStep::Name("name".to_owned())];
            Diagnostic::error("Invalid name", "A name has no slash.")
                .at_attribute(steps)
                .into()
        } else {
            Diagnostics::new()
        };
        ready(diags).boxed()
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        *self.dir.lock().expect("lock") = text(&request.config, "dir").into();
        ready(Diagnostics::new()).boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        let response = match cty::json::decode(&request.json, &self.ty()) {
            Ok(state) => UpgradeResponse {
                state,
                diagnostics: Diagnostics::new(),
            },
            Err(e) => UpgradeResponse {
                state: Value::null(self.ty()),
                diagnostics: problem(&e.to_string()),
            },
        };
        ready(response).boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        let state = self.load(&text(&request.state, "name"));
        ready(ReadResponse {
            state,
            private: request.private,
            diagnostics: Diagnostics::new(),
        })
        .boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        let mut planned = request.proposed.clone();
        let mut requires_replace = Vec::new();
        if !planned.is_null() {
            let same = |name| request.prior.get(name) == request.proposed.get(name);
            if !request.prior.is_null() && !same("name") {
                requires_replace.push(Path(vec![Step::Attr("name".into())]));
            }
            if request.prior.is_null() || !same("name") || !same("content") {
                let content = planned.get("content").cloned().expect("content");
                let name = planned.get("name").cloned().expect("name");
                let unknown = |ty| Value::unknown(ty);
                let id = if same("name") {
                    request.prior.get("id").cloned()
                } else {
                    None
                };
                planned = Value::object([
                    ("name", name),
                    ("content", content),
                    ("size", unknown(Type::Number)),
                    ("id", id.unwrap_or_else(|| unknown(Type::String))),
                ]);
            }
        }
        let response = PlanResponse {
            planned,
            requires_replace,
            planned_private: b"planned"[..].into(),
            legacy: false,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    /// What some contents ask for is odd.
    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        match &*text(&request.planned, "content") {
            "abort" => std::process::abort(),
            "panic" => return async { panic!("no such luck") }.boxed(),
            "wait" => {
                return async {
                    tracing::info!(object = "waiting", "waits to be stopped");
                    std::fs::write(self.path("waiting"), "").expect("file");
                    self.stopped.notified().await;
                    ApplyResponse {
                        state: request.prior,
                        private: request.planned_private,
                        legacy: false,
                        diagnostics: problem("Stopped"),
                    }
                }
                .boxed();
            }
            _ => {}
        }
        let answer = |state, diagnostics| ApplyResponse {
            state,
            private: b"applied"[..].into(),
            legacy: false,
            diagnostics,
        };
        let response = if request.planned.is_null() {
            let gone = std::fs::remove_file(self.path(&text(&request.prior, "name")));
            answer(
                request.planned,
                gone.map_or_else(|e| problem(&e.to_string()), |()| Diagnostics::new()),
            )
        } else {
            let (name, content) = (
                text(&request.planned, "name"),
                text(&request.planned, "content"),
            );
            match std::fs::write(self.path(&name), &content) {
                Ok(()) => {
                    let size = Value::number(content.len() as i64);
                    let content = request.planned.get("content").cloned().expect("content");
                    answer(object(&name, content, size), Diagnostics::new())
                }
                Err(e) => answer(request.prior, problem(&e.to_string())),
            }
        };
        ready(response).boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        let null = Value::null(Type::String);
        let state = object(&request.id, null, Value::null(Type::Number));
        let objects = vec![ImportedObject {
            kind: request.kind,
            state,
            private: b"imported"[..].into(),
        }];
        ready(ImportResponse {
            objects,
            diagnostics: Diagnostics::new(),
        })
        .boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        let state = object(
            &request.source_provider,
            Value::string("moved"),
            Value::number(5),
        );
        let response = MoveResponse {
            state,
            private: request.source_private,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        let state = self.load(&text(&request.config, "name"));
        let diagnostics = if state.is_null() {
            problem("No such file")
        } else {
            Diagnostics::new()
        };
        ready(ReadDataResponse { state, diagnostics }).boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        let name = request.config.get("name").cloned().expect("name");
        self.log("open", &text(&request.config, "name"));
        let private = format!("opened {}", text(&request.config, "name"));
        let private = private.into_bytes().into();
        let response = OpenEphemeralResponse {
            result: Value::object([("name", name), ("secret", Value::string("hush"))]),
            renew_at: Some(1_700_000_000),
            private,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        self.log("renew", named(&request.private));
        let response = RenewEphemeralResponse {
            renew_at: None,
            private: request.private,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn close_ephemeral(&self, request: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        self.log("close", named(&request.private));
        let diags = if request.private.starts_with(b"opened ") {
            Diagnostics::new()
        } else {
            problem("Lost")
        };
        ready(diags).boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        let text = request.args[0]
            .as_str()
            .map(|s| s.to_uppercase())
            .unwrap_or_default();
        let result = if text.is_empty() {
            Err((Some(0), "there is nothing to shout".to_owned()))
        } else {
            Ok(Value::string(text.as_str()))
        };
        ready(result).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        self.stopped.notify_waiters();
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}
