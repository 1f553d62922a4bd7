//! What the kit keeps beside an object: bytes that a host stores and gives back.
//!
//! A JSON object. What is ours stands under `groma`; all else, another program's, is kept as it is.

use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// How a create is recognised again after a crash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateToken {
    /// A UUID. The client token or request id of the create call, or the value of a tag on what it makes.
    pub token: String,
    /// When it was planned, in seconds since the Unix epoch: what is older was not made by it.
    pub time: u64,
    /// An earlier run began this create, and nobody knows how it ended.
    pub resumed: bool,
}

/// The bytes, taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Private {
    pub(crate) others: Map<String, Json>,
    pub(crate) create: Option<CreateToken>,
    pub(crate) settle: bool,
}

impl Private {
    /// Reads the bytes. What is not a JSON object is nothing.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let Ok(Json::Object(mut others)) = serde_json::from_slice(bytes) else {
            return Self::default();
        };
        let ours = others.remove("groma").unwrap_or(Json::Null);
        let create = ours.get("create").and_then(|create| {
            Some(CreateToken {
                token: create.get("token")?.as_str()?.to_owned(),
                time: create.get("time").and_then(Json::as_u64).unwrap_or(0),
                resumed: create.get("resumed").and_then(Json::as_bool) == Some(true),
            })
        });
        Self {
            others,
            create,
            settle: ours.get("settle").and_then(Json::as_bool) == Some(true),
        }
    }

    /// The bytes; none if there is nothing to keep.
    pub(crate) fn encode(&self) -> Arc<[u8]> {
        let mut all = self.others.clone();
        let mut ours = Map::new();
        if let Some(create) = &self.create {
            let mut text = json!({"token": create.token, "time": create.time});
            if create.resumed {
                text["resumed"] = Json::Bool(true);
            }
            ours.insert("create".to_owned(), text);
        }
        if self.settle {
            ours.insert("settle".to_owned(), Json::Bool(true));
        }
        if !ours.is_empty() {
            all.insert("groma".to_owned(), Json::Object(ours));
        }
        if all.is_empty() {
            return [].into();
        }
        Json::Object(all).to_string().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_anothers() {
        let bytes = br#"{"schema_version":"1","groma":{"create":{"token":"t","time":7,"resumed":true},"settle":true}}"#;
        let private = Private::decode(bytes);
        assert!(
            private.settle
                && private
                    .create
                    .as_ref()
                    .is_some_and(|c| c.resumed && c.time == 7)
        );
        assert_eq!(Private::decode(&private.encode()), private);
        let bare = Private {
            create: None,
            settle: false,
            ..private
        };
        assert_eq!(&*bare.encode(), br#"{"schema_version":"1"}"#);
        assert!(Private::decode(b"\xff\x00").encode().is_empty());
    }
}
