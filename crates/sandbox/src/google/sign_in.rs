//! Tokens for those who sign in: the OAuth endpoint that a key's `token_uri` can name, and the metadata server that
//! `GCE_METADATA_HOST` can name. Nobody is turned away.

use super::Project;
use crate::{Request, Response};
use http::StatusCode;
use serde_json::json;

impl Project {
    /// Answers a request for a token, or about who is asking.
    pub(super) fn answer_sign_in(&mut self, request: &Request) -> Option<(String, Response)> {
        let path = request.path.trim_end_matches('/');
        if path == "/token" || path == "/oauth2/v4/token" {
            return Some(("oauth2.token".to_owned(), self.token()));
        }
        let rest = path.strip_prefix("/computeMetadata/v1")?;
        let account = format!("{}-compute@developer.gserviceaccount.com", self.number);
        let text = match rest.trim_start_matches('/') {
            "instance/service-accounts/default/token" => {
                return Some(("metadata.token".to_owned(), self.token()));
            }
            "instance/service-accounts/default/email" => account,
            "instance/service-accounts/default/scopes" => {
                "https://www.googleapis.com/auth/cloud-platform".to_owned()
            }
            "instance/service-accounts/default" | "instance/service-accounts" => {
                let about = json!({"aliases": ["default"], "email": account,
                    "scopes": ["https://www.googleapis.com/auth/cloud-platform"]});
                return Some((
                    "metadata.account".to_owned(),
                    Response::json(StatusCode::OK, &about),
                ));
            }
            "project/project-id" => self.id.clone(),
            "project/numeric-project-id" => self.number.clone(),
            "universe/universe-domain" => "googleapis.com".to_owned(),
            "" => "instance/\nproject/\nuniverse/\n".to_owned(),
            _ => return None,
        };
        let response = Response {
            status: StatusCode::OK,
            content_type: "application/text",
            headers: vec![("metadata-flavor", "Google".to_owned())],
            body: text.into(),
        };
        Some(("metadata.get".to_owned(), response))
    }

    fn token(&mut self) -> Response {
        let token = format!("ya29.{:016x}{:016x}", self.ids.next(), self.ids.next());
        let body = json!({"access_token": token, "expires_in": 3599, "token_type": "Bearer"});
        let mut response = Response::json(StatusCode::OK, &body);
        let flavor = ("metadata-flavor", "Google".to_owned());
        response.headers.push(flavor);
        response
    }
}
