//! The trait. Every call that fails in transport is answered with a diagnostic and the best that is known.

use super::RemoteProvider;
use addrs::Mode;
use cty::{Type, Value};
use diags::Diagnostics;
use futures::FutureExt;
use providers::*;
use std::sync::Arc;

fn null() -> Value {
    Value::null(Type::Dynamic)
}

/// Without an answer, the old object is the best that is known.
impl Provider for RemoteProvider {
    fn schema(&self) -> BoxFuture<'_, Result<Arc<ProviderSchema>, Diagnostics>> {
        async { self.schemas().await.cloned() }.boxed()
    }

    fn validate_provider<'a>(&'a self, config: &'a Value) -> BoxFuture<'a, Diagnostics> {
        async {
            self.do_validate_provider(config)
                .await
                .unwrap_or_else(|d| d)
        }
        .boxed()
    }

    fn validate(&self, mode: Mode, request: ValidateRequest) -> BoxFuture<'_, Diagnostics> {
        async move { self.do_validate(mode, &request).await.unwrap_or_else(|d| d) }.boxed()
    }

    fn configure(&self, request: ConfigureRequest) -> BoxFuture<'_, Diagnostics> {
        async move { self.do_configure(&request).await.unwrap_or_else(|d| d) }.boxed()
    }

    fn upgrade(&self, request: UpgradeRequest) -> BoxFuture<'_, UpgradeResponse> {
        async move {
            let failed = |diagnostics| UpgradeResponse {
                state: null(),
                diagnostics,
            };
            self.do_upgrade(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn read(&self, request: ReadRequest) -> BoxFuture<'_, ReadResponse> {
        async move {
            match self.do_read(&request).await {
                Ok(response) => response,
                Err(diagnostics) => ReadResponse {
                    state: request.state,
                    private: request.private,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn plan(&self, request: PlanRequest) -> BoxFuture<'_, PlanResponse> {
        async move {
            self.do_plan(&request)
                .await
                .unwrap_or_else(|diagnostics| PlanResponse {
                    planned: null(),
                    requires_replace: Vec::new(),
                    planned_private: [].into(),
                    legacy: false,
                    diagnostics,
                })
        }
        .boxed()
    }

    fn apply(&self, request: ApplyRequest) -> BoxFuture<'_, ApplyResponse> {
        async move {
            match self.do_apply(&request).await {
                Ok(response) => response,
                Err(diagnostics) => ApplyResponse {
                    state: request.prior,
                    private: request.planned_private,
                    legacy: false,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn import(&self, request: ImportRequest) -> BoxFuture<'_, ImportResponse> {
        async move {
            let failed = |diagnostics| ImportResponse {
                objects: Vec::new(),
                diagnostics,
            };
            self.do_import(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn move_state(&self, request: MoveRequest) -> BoxFuture<'_, MoveResponse> {
        async move {
            let failed = |diagnostics| MoveResponse {
                state: null(),
                private: [].into(),
                diagnostics,
            };
            self.do_move(request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn read_data(&self, request: ReadDataRequest) -> BoxFuture<'_, ReadDataResponse> {
        async move {
            let failed = |diagnostics| ReadDataResponse {
                state: null(),
                diagnostics,
            };
            self.do_read_data(&request).await.unwrap_or_else(failed)
        }
        .boxed()
    }

    fn open_ephemeral(
        &self,
        request: OpenEphemeralRequest,
    ) -> BoxFuture<'_, OpenEphemeralResponse> {
        async move {
            self.do_open(&request)
                .await
                .unwrap_or_else(|diagnostics| OpenEphemeralResponse {
                    result: null(),
                    renew_at: None,
                    private: [].into(),
                    diagnostics,
                })
        }
        .boxed()
    }

    fn renew_ephemeral(
        &self,
        request: RenewEphemeralRequest,
    ) -> BoxFuture<'_, RenewEphemeralResponse> {
        async move {
            match self.do_renew(&request).await {
                Ok(response) => response,
                Err(diagnostics) => RenewEphemeralResponse {
                    renew_at: None,
                    private: request.private,
                    diagnostics,
                },
            }
        }
        .boxed()
    }

    fn close_ephemeral(&self, request: CloseEphemeralRequest) -> BoxFuture<'_, Diagnostics> {
        async move {
            self.do_close_ephemeral(&request)
                .await
                .unwrap_or_else(|d| d)
        }
        .boxed()
    }

    fn call_function(
        &self,
        request: CallFunctionRequest,
    ) -> BoxFuture<'_, Result<Value, (Option<usize>, String)>> {
        async move { self.do_call_function(&request).await }.boxed()
    }

    fn stop(&self) -> BoxFuture<'_, ()> {
        async {
            if let Some(plugin) = self.process.get() {
                plugin.stop().await;
            }
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            if let Some(plugin) = self.process.get() {
                plugin.close().await;
            }
        }
        .boxed()
    }
}
