//! Who asks which service where: the credential scope of a signature, which is not verified.

use super::query::Query;
use crate::Request;

/// The credential scope of a request: `AKID/20260101/us-east-1/ec2/aws4_request`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The access key id; empty if the request is not signed.
    pub(crate) access_key: String,
    /// The region.
    pub(crate) region: String,
    /// The service that the signature is for.
    scope: Option<String>,
}

impl Caller {
    /// Reads it from the Authorization header, or from the query of a presigned URL.
    pub(crate) fn of(request: &Request) -> Self {
        let header = request.headers.get("authorization");
        let credential = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once("Credential="))
            .and_then(|(_, rest)| rest.split([',', ' ']).next())
            .or_else(|| request.parameter("X-Amz-Credential"))
            .unwrap_or_default();
        let mut parts = credential.split('/');
        let access_key = parts.next().unwrap_or_default().to_owned();
        let region = parts.nth(1).filter(|region| !region.is_empty());
        Self {
            access_key,
            region: region.unwrap_or("us-east-1").to_owned(),
            scope: parts.next().map(str::to_owned),
        }
    }

    /// The query service that is asked: that of the signature, else that of the API version.
    pub(crate) fn service(&self, query: &Query) -> &str {
        match (&self.scope, query.text("Version")) {
            (Some(scope), _) => scope,
            (None, Some("2016-11-15")) => "ec2",
            (None, Some("2010-05-08")) => "iam",
            (None, Some("2011-06-15")) => "sts",
            _ => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderMap;

    fn request(authorization: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", authorization.parse().unwrap());
        Request {
            method: http::Method::POST,
            path: "/".to_owned(),
            query: Vec::new(),
            headers,
            body: bytes::Bytes::new(),
        }
    }

    #[test]
    fn the_scope_is_read() {
        let caller = Caller::of(&request(
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0",
        ));
        assert_eq!(
            (caller.access_key.as_str(), caller.region.as_str()),
            ("AKIA", "eu-west-1")
        );
        assert_eq!(caller.service(&Query::default()), "ec2");
    }

    #[test]
    fn a_strange_header_is_no_scope() {
        for header in ["", "Bearer x", "Credential=", "Credential=a/b"] {
            let caller = Caller::of(&request(header));
            assert_eq!(caller.region, "us-east-1", "{header}");
            assert_eq!(caller.service(&Query::default()), "", "{header}");
        }
    }
}
