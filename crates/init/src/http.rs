//! Asking servers, patiently: what fails for a moment is asked again after a while.

use crate::cli_config::Token;
use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, ResponseExt};
use url::Url;

/// No answer that is read into memory is longer.
const LONGEST: u64 = 16 << 20;

/// A client of HTTP servers.
pub(crate) struct Http {
    agent: OnceLock<Agent>,
    retries: u32,
    /// How long to wait before the first retry; twice that before the next, and so on.
    pause: Duration,
    timeout: Duration,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Where it came from in the end.
    pub(crate) url: Url,
    /// `X-Terraform-Get`, if there is one.
    pub(crate) location: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// What there is of a file, and how much there will be if the server says so.
pub(crate) type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Sync);

impl Http {
    pub(crate) const fn new(retries: u32, pause: Duration, timeout: Duration) -> Self {
        Self {
            agent: OnceLock::new(),
            retries,
            pause,
            timeout,
        }
    }

    /// The client proper. It is made late, since the certificates of the system are read for it.
    fn agent(&self) -> &Agent {
        self.agent.get_or_init(|| {
            let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let tls = TlsConfig::builder()
                .root_certs(RootCerts::PlatformVerifier)
                .unversioned_rustls_crypto_provider(crypto)
                .build();
            Agent::config_builder()
                .http_status_as_error(false)
                .timeout_connect(Some(self.timeout))
                .timeout_recv_response(Some(self.timeout))
                .user_agent(concat!("groma/", env!("CARGO_PKG_VERSION")))
                .tls_config(tls)
                .build()
                .into()
        })
    }

    /// Asks for a document. The error says what went wrong, without a full stop.
    pub(crate) fn get(&self, url: &Url, token: Option<&Token>) -> Result<Answer, String> {
        self.patiently(url, || {
            let mut response = self.call(url, token)?;
            let location = header(&response, "x-terraform-get");
            let status = response.status().as_u16();
            let from = Url::parse(&response.get_uri().to_string());
            let body = response.body_mut().with_config().limit(LONGEST);
            let body = body.read_to_vec().map_err(|e| Trouble::passing(&e))?;
            Ok(Answer {
                status,
                url: from.unwrap_or_else(|_| url.clone()),
                location,
                body,
            })
        })
    }

    /// Gets a document that must be there.
    pub(crate) fn get_ok(&self, url: &Url, token: Option<&Token>) -> Result<Answer, String> {
        let answer = self.get(url, token)?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(status_text(url, status)),
        }
    }

    /// Writes what is at a URL into a file.
    pub(crate) fn download(
        &self,
        url: &Url,
        token: Option<&Token>,
        file: &mut File,
        progress: Progress<'_>,
    ) -> Result<(), String> {
        self.patiently(url, || {
            file.set_len(0).map_err(Trouble::lasting)?;
            file.rewind().map_err(Trouble::lasting)?;
            let response = self.call(url, token)?;
            let status = response.status().as_u16();
            if !(200..300).contains(&status) {
                return Err(Trouble::lasting(status_text(url, status)));
            }
            let body = response.into_body();
            let whole = body.content_length();
            let mut body = body.into_with_config().limit(u64::MAX).reader();
            let (mut buffer, mut there) = (vec![0; 1 << 16], 0);
            loop {
                let read = match body.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => read,
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                    Err(e) => return Err(Trouble::passing(&e)),
                };
                file.write_all(&buffer[..read]).map_err(Trouble::lasting)?;
                there += read as u64;
                progress(there, whole);
            }
            match whole {
                Some(whole) if whole != there => Err(Trouble::passing(
                    &"the connection ended before the end of the file",
                )),
                _ => file.flush().map_err(Trouble::lasting),
            }
        })
    }

    fn call(
        &self,
        url: &Url,
        token: Option<&Token>,
    ) -> Result<ureq::http::Response<ureq::Body>, Trouble> {
        let mut request = self.agent().get(url.as_str());
        if let Some(Token(token)) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|e| match e {
            ureq::Error::BadUri(_) | ureq::Error::TooManyRedirects => Trouble::lasting(e),
            e => Trouble::passing(&e),
        })?;
        match response.status().as_u16() {
            status @ (429 | 500 | 502..=504) => Err(Trouble::passing(&status_text(url, status))),
            _ => Ok(response),
        }
    }

    fn patiently<T>(
        &self,
        url: &Url,
        mut attempt: impl FnMut() -> Result<T, Trouble>,
    ) -> Result<T, String> {
        let mut pause = self.pause;
        for left in (0..=self.retries).rev() {
            match attempt() {
                Ok(done) => return Ok(done),
                Err(trouble) if trouble.passing && left > 0 => {
                    tracing::debug!(url = shown(url), why = trouble.why, "asking again");
                    std::thread::sleep(pause);
                    pause *= 2;
                }
                Err(trouble) => {
                    let (url, why) = (shown(url), trouble.why.replace(url.as_str(), &shown(url)));
                    return match why.contains(&url) {
                        true => Err(why),
                        false => Err(format!("GET {url}: {why}")),
                    };
                }
            }
        }
        Err(format!("GET {}: no attempt was made", shown(url)))
    }
}

/// Why an attempt failed, and whether another may not.
struct Trouble {
    why: String,
    passing: bool,
}

impl Trouble {
    fn lasting(why: impl ToString) -> Self {
        Self {
            why: why.to_string(),
            passing: false,
        }
    }

    fn passing(why: &dyn ToString) -> Self {
        Self {
            why: why.to_string(),
            passing: true,
        }
    }
}

fn header(response: &ureq::http::Response<ureq::Body>, name: &str) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// What the queries of addresses hold that is no secret.
const HARMLESS: [&str; 4] = ["archive", "depth", "ref", "terraform-get"];

/// A URL as it may be shown: without a password, and without what its query may hold of signatures and keys.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // A URL with a password has a host, so that it can have another one.
        let _ = url.set_password(Some("redacted"));
    }
    let pairs = url.query_pairs().into_owned();
    let pairs: Vec<(String, String)> = pairs
        .map(|(name, value)| match HARMLESS.contains(&&*name) {
            true => (name, value),
            false => (name, "redacted".to_owned()),
        })
        .collect();
    if !pairs.is_empty() {
        url.query_pairs_mut().clear().extend_pairs(pairs);
    }
    url.into()
}

/// What a status says about a URL.
pub(crate) fn status_text(url: &Url, status: u16) -> String {
    let url = shown(url);
    let name = ureq::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("unknown status");
    format!("{url} answered {status} {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_shown_without_secrets() {
        let shown = |text: &str| shown(&Url::parse(text).unwrap());
        assert_eq!(
            shown("https://me:word@h/a.zip?ref=v1&X-Amz-Signature=s"),
            "https://me:redacted@h/a.zip?ref=v1&X-Amz-Signature=redacted"
        );
        assert_eq!(shown("https://h/a.zip"), "https://h/a.zip");
    }
}
