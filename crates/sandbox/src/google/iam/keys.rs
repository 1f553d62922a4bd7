//! Keys of service accounts, and tokens in their name. The keys open nothing.

use super::super::call::Call;
use super::super::failure::Failure;
use super::super::{Answer, Project, time};
use super::unknown_account;
use crate::clock::Instant;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A key of an account.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Key {
    id: String,
    created: Instant,
    disabled: bool,
    managed: bool,
}

impl Key {
    fn shown(&self, project: &str, email: &str) -> Value {
        let year = 365 * 86_400_000;
        let end = if self.managed {
            self.created.0 + year
        } else {
            253_402_300_799_000
        };
        let mut shown = json!({
            "name": format!("projects/{project}/serviceAccounts/{email}/keys/{}", self.id),
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": if self.managed { "SYSTEM_MANAGED" } else { "USER_MANAGED" },
            "validAfterTime": time::utc(self.created),
            "validBeforeTime": time::utc(Instant(end)),
        });
        if self.disabled {
            shown["disabled"] = json!(true);
        }
        shown
    }
}

impl Project {
    /// Answers a request below an account's `keys`.
    pub(super) fn answer_keys(
        &mut self,
        call: &Call,
        email: &str,
        rest: &[&str],
    ) -> (String, Answer) {
        let id = format!(
            "{:016x}{:016x}{:08x}",
            self.ids.next(),
            self.ids.next(),
            self.ids.next() >> 32
        );
        let project = self.id.clone();
        let Some(account) = self.iam.accounts.get_mut(email) else {
            return (super::super::unknown(), Err(unknown_account()));
        };
        let missing = || Failure::not_found("Service account key does not exist.");
        let (verb, answer) = match (call.method().as_str(), rest, call.verb.as_str()) {
            ("GET", [], "") => {
                let keys = account.keys.values().map(|key| key.shown(&project, email));
                ("list", Ok(json!({"keys": keys.collect::<Vec<_>>()})))
            }
            ("POST", [], "") => {
                let key = Key {
                    id: id.clone(),
                    created: call.now,
                    disabled: false,
                    managed: false,
                };
                let mut shown = key.shown(&project, email);
                let credentials = json!({
                    "type": "service_account",
                    "project_id": project,
                    "private_key_id": id,
                    "client_email": email,
                    "client_id": account.unique_id,
                });
                shown["privateKeyType"] = json!("TYPE_GOOGLE_CREDENTIALS_FILE");
                shown["privateKeyData"] = json!(base64(credentials.to_string().as_bytes()));
                account.keys.insert(id, key);
                ("create", Ok(shown))
            }
            ("GET", [id], "") => {
                let key = account.keys.get(*id).map(|key| key.shown(&project, email));
                ("get", key.ok_or_else(missing))
            }
            ("DELETE", [id], "") => {
                let key = account.keys.remove(*id).map(|_| json!({}));
                ("delete", key.ok_or_else(missing))
            }
            ("POST", [id], verb @ ("enable" | "disable")) => {
                let key = account.keys.get_mut(*id).map(|key| {
                    key.disabled = verb == "disable";
                    json!({})
                });
                (verb, key.ok_or_else(missing))
            }
            _ => ("", Err(call.no_such_method())),
        };
        (format!("iam.serviceAccounts.keys.{verb}"), answer)
    }

    /// A token in the name of an account.
    pub(super) fn generate_token(&mut self, call: &Call, email: &str, verb: &str) -> Answer {
        let token = format!("ya29.{:016x}{:016x}", self.ids.next(), self.ids.next());
        let account = self.iam.accounts.get(email).ok_or_else(unknown_account)?;
        if account.disabled {
            let message = "The service account is disabled.";
            return Err(Failure::permission_denied(message));
        }
        if verb == "generateIdToken" {
            return Ok(json!({"token": token}));
        }
        if call.body["scope"].as_array().is_none_or(Vec::is_empty) {
            return Err(Failure::invalid_argument("Scope must be provided."));
        }
        let lifetime = call.body["lifetime"].as_str().unwrap_or("3600s");
        let seconds = lifetime
            .trim_end_matches('s')
            .parse::<u64>()
            .unwrap_or(3600);
        let end = Instant(call.now.0.saturating_add(seconds.saturating_mul(1000)));
        Ok(json!({"accessToken": token, "expireTime": time::utc(end)}))
    }
}

/// Bytes in base64.
pub(in super::super) fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for at in 0..4 {
            let letter = letters[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at > chunk.len() {
                '='
            } else {
                char::from(letter)
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_right() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ];
        for (text, expected) in cases {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
