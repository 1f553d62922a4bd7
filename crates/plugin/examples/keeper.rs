//! A provider whose objects are files: they outlive it and whoever drives it, and no two are told apart by
//! anything but the names the files were given when they were made. It keeps no token of a create, so that
//! only who drives it can know that one was under way.
//!
//! `KEEPER_DIR` is where the files are, `KEEPER_DELAY` how many milliseconds a call takes, half of them
//! before and half of them after its work.

use addrs::Mode;
use cty::{Type, Value};
use diags::{Diagnostic, Diagnostics};
use futures::FutureExt;
use futures::future::ready;
use groma_plugin::About;
use providers::*;
use schema::{Attribute, AttributeType, Block};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

const ABOUT: About = About {
    program: "terraform-provider-keeper",
    program_version: "1.0.0",
    address: "example.com/test/keeper",
    version: "1.0.0",
};

#[allow(clippy::disallowed_methods, reason = "this is a program of its own")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn main() -> ExitCode {
    groma_plugin::main(&ABOUT, std::env::args_os().skip(1), variable, || {
        let delay = variable("KEEPER_DELAY").and_then(|text| text.parse().ok());
        Keeper {
            dir: variable("KEEPER_DIR").unwrap_or_default().into(),
            half: Duration::from_millis(delay.unwrap_or(0)) / 2,
            schema: schema(),
        }
    })
}

struct Keeper {
    dir: PathBuf,
    half: Duration,
    schema: Arc<ProviderSchema>,
}

fn schema() -> Arc<ProviderSchema> {
    let text = |computed: bool| Attribute {
        ty: AttributeType::Plain(Type::String),
        required: !computed,
        computed,
        ..Attribute::default()
    };
    let block = |attributes: Vec<(Arc<str>, Attribute)>| {
        Arc::new(ResourceSchema {
            version: 0,
            block: Block::new(attributes, []),
        })
    };
    let object = block(vec![
        ("id".into(), text(true)),
        ("name".into(), text(false)),
    ]);
    Arc::new(ProviderSchema {
        provider: block(Vec::new()),
        resources: [("keeper_object".into(), object)].into_iter().collect(),
        ..ProviderSchema::default()
    })
}

fn ty() -> Type {
    Type::object([("id", Type::String), ("name", Type::String)])
}

fn object(id: Value, name: &str) -> Value {
    Value::object([("id", id), ("name", Value::string(name))])
}

fn text(value: &Value, name: &str) -> String {
    let text = value.get(name).and_then(Value::as_str);
    text.map_or_else(String::new, |text| text.to_string())
}

fn problem(summary: &str) -> Diagnostics {
    Diagnostic::error(summary, "The keeper of files says so.").into()
}

/// Makes a file with a name that no other has. It has its content from the first moment on.
fn make(dir: &Path, name: &str) -> std::io::Result<String> {
    let mut file = tempfile::Builder::new().prefix(".").tempfile_in(dir)?;
    file.write_all(name.as_bytes())?;
    let own = file.path().file_name().unwrap_or_default();
    let id = format!("object-{}", own.to_string_lossy().trim_start_matches('.'));
    file.persist_noclobber(dir.join(&id))?;
    Ok(id)
}

impl Keeper {
    fn load(&self, id: &str) -> Value {
        match std::fs::read_to_string(self.dir.join(id)) {
            Ok(name) => object(Value::string(id), &name),
            Err(_) => Value::null(ty()),
        }
    }

    /// The object afterwards, or why it could not be done.
    fn carry_out(&self, request: &ApplyRequest) -> std::io::Result<Value> {
        let id = text(&request.prior, "id");
        if request.planned.is_null() {
            std::fs::remove_file(self.dir.join(id))?;
            return Ok(request.planned.clone());
        }
        let name = text(&request.planned, "name");
        if request.prior.is_null() {
            let id = make(&self.dir, &name)?;
            return Ok(object(Value::string(id.as_str()), &name));
        }
        std::fs::write(self.dir.join(&id), &name)?;
        Ok(object(Value::string(id.as_str()), &name))
    }
}

impl Provider for Keeper {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        ready(Ok(self.schema.clone())).boxed()
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
        let (state, diagnostics) = match cty::json::decode(&request.json, &ty()) {
            Ok(state) => (state, Diagnostics::new()),
            Err(e) => (Value::null(ty()), problem(&e.to_string())),
        };
        ready(UpgradeResponse { state, diagnostics }).boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        let response = ReadResponse {
            state: self.load(&text(&request.state, "id")),
            private: request.private,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        let planned = if request.proposed.is_null() {
            request.proposed
        } else {
            let known = request.prior.get("id").cloned();
            let id = known.unwrap_or_else(|| Value::unknown(Type::String));
            object(id, &text(&request.proposed, "name"))
        };
        let response = PlanResponse {
            planned,
            requires_replace: Vec::new(),
            planned_private: [].into(),
            legacy: false,
            diagnostics: Diagnostics::new(),
        };
        ready(response).boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        async move {
            tokio::time::sleep(self.half).await;
            let (state, diagnostics) = match self.carry_out(&request) {
                Ok(state) => (state, Diagnostics::new()),
                Err(e) => (request.prior, problem(&e.to_string())),
            };
            tokio::time::sleep(self.half).await;
            ApplyResponse {
                state,
                private: [].into(),
                legacy: false,
                diagnostics,
            }
        }
        .boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        let state = self.load(&request.id);
        let (objects, diagnostics) = if state.is_null() {
            (Vec::new(), problem("No such file"))
        } else {
            let object = ImportedObject {
                kind: request.kind,
                state,
                private: [].into(),
            };
            (vec![object], Diagnostics::new())
        };
        let response = ImportResponse {
            objects,
            diagnostics,
        };
        ready(response).boxed()
    }

    fn move_state(&self, _: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        let response = MoveResponse {
            state: Value::null(ty()),
            private: [].into(),
            diagnostics: problem("Nothing can be moved here"),
        };
        ready(response).boxed()
    }

    fn read_data(&self, _: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        let response = ReadDataResponse {
            state: Value::null(Type::Dynamic),
            diagnostics: problem("There are no data sources"),
        };
        ready(response).boxed()
    }

    fn open_ephemeral(&self, _: OpenEphemeralRequest) -> BoxFuture<'_, OpenEphemeralResponse> {
        let response = OpenEphemeralResponse {
            result: Value::null(Type::Dynamic),
            renew_at: None,
            private: [].into(),
            diagnostics: problem("Nothing is ephemeral"),
        };
        ready(response).boxed()
    }

    fn renew_ephemeral(&self, _: RenewEphemeralRequest) -> BoxFuture<'_, RenewEphemeralResponse> {
        let response = RenewEphemeralResponse {
            renew_at: None,
            private: [].into(),
            diagnostics: problem("Nothing is ephemeral"),
        };
        ready(response).boxed()
    }

    fn close_ephemeral(&self, _: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        ready(Diagnostics::new()).boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        let none = format!("there is no function {}", request.name);
        ready(Err((None, none))).boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}
