//! A registry of providers and modules on loopback, as the protocols have it, with faults on demand.

use flate2::Compression;
use flate2::write::GzEncoder;
use pgp::composed::{
    ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedPublicKey,
    SignedSecretKey,
};
use pgp::crypto::hash::HashAlgorithm;
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, Password};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use zip::write::SimpleFileOptions;

/// A key that signs the checksums of packages.
pub struct Signer(SignedSecretKey);

impl Signer {
    /// A new key.
    ///
    /// # Panics
    /// If no key can be made.
    pub fn new() -> Self {
        let mut params = SecretKeyParamsBuilder::default();
        params
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .primary_user_id("Test <test@example.com>".into());
        let params = params.build().expect("the parameters are whole");
        Self(params.generate(rand::thread_rng()).expect("a key is made"))
    }

    /// The key's ID as people are shown it.
    pub fn id(&self) -> String {
        self.0.legacy_key_id().to_string().to_uppercase()
    }

    fn public(&self) -> String {
        let public = SignedPublicKey::from(self.0.clone());
        public
            .to_armored_string(ArmorOptions::default())
            .expect("a key is text")
    }

    fn sign(&self, document: &[u8]) -> Vec<u8> {
        let signature = DetachedSignature::sign_binary_data(
            rand::thread_rng(),
            &self.0.primary_key,
            &Password::empty(),
            HashAlgorithm::Sha256,
            document,
        );
        let signature = signature.expect("the key signs");
        signature.to_bytes().expect("a signature is bytes")
    }
}

impl Default for Signer {
    fn default() -> Self {
        Self::new()
    }
}

/// What is answered for a path.
#[derive(Clone)]
struct Page {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// So often it fails first.
    faults: u32,
}

#[derive(Default)]
struct Shared {
    pages: BTreeMap<String, Page>,
    versions: BTreeMap<String, Vec<Value>>,
    requests: Vec<String>,
    token: Option<String>,
}

/// A server that answers until the process ends.
pub struct Registry {
    port: u16,
    shared: Arc<Mutex<Shared>>,
}

impl Registry {
    /// Starts a server on a free port.
    ///
    /// # Panics
    /// If there is none.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        let port = listener.local_addr().expect("the port is known").port();
        let shared: Arc<Mutex<Shared>> = Arc::default();
        let registry = Self {
            port,
            shared: shared.clone(),
        };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = shared.clone();
                // A client that goes away is none of the test's business.
                thread::spawn(move || drop(answer(stream, &shared)));
            }
        });
        registry
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// CLI configuration that makes it the registry of a host.
    pub fn host_block(&self, host: &str) -> String {
        let url = self.url();
        format!(
            "host \"{host}\" {{\n  services = {{\n    \"providers.v1\" = \"{url}/v1/providers/\"\n    \"modules.v1\" = \"{url}/v1/modules/\"\n  }}\n}}\n"
        )
    }

    /// Only requests with this token are answered from now on, except for downloads.
    pub fn require(&self, token: &str) {
        self.lock().token = Some(token.to_owned());
    }

    /// Answers a path with a document.
    pub fn put(&self, path: &str, body: impl Into<Vec<u8>>) {
        self.answer_with(path, 200, &[], body.into());
    }

    /// Answers a path with a header and nothing else.
    pub fn redirect(&self, path: &str, header: &str, value: &str) {
        self.answer_with(path, 204, &[(header, value)], Vec::new());
    }

    /// Lets a path fail so often before it answers.
    pub fn fail(&self, path: &str, times: u32) {
        if let Some(page) = self.lock().pages.get_mut(path) {
            page.faults = times;
        }
    }

    /// What is answered for a path.
    pub fn page(&self, path: &str) -> Vec<u8> {
        let shared = self.lock();
        let page = shared.pages.get(path);
        page.map(|page| page.body.clone()).unwrap_or_default()
    }

    /// What was asked for, in order.
    pub fn requests(&self) -> Vec<String> {
        self.lock().requests.clone()
    }

    /// Publishes a provider (`NAMESPACE/TYPE`) whose program is a text, for a platform and for one that
    /// nobody has.
    pub fn provider(&self, name: &str, version: &str, platform: &str, signer: &Signer) {
        let (_, kind) = name.split_once('/').unwrap_or(("", name));
        let mut sums = String::new();
        let mut packages = Vec::new();
        for platform in [platform, "plan9_mips"] {
            let program = format!("terraform-provider-{kind}_v{version}");
            let zip = zip_of(&[(&program, &format!("{platform} {version}"))]);
            let file = format!("terraform-provider-{kind}_{version}_{platform}.zip");
            let sum = hex::encode(Sha256::digest(&zip));
            sums += &format!("{sum}  {file}\n");
            self.put(&format!("/files/{file}"), zip);
            packages.push((platform, file, sum));
        }
        let base = format!("/files/terraform-provider-{kind}_{version}_SHA256SUMS");
        self.put(&base, sums.as_bytes());
        self.put(&format!("{base}.sig"), signer.sign(sums.as_bytes()));
        let mut platforms = Vec::new();
        for (platform, file, sum) in packages {
            let (os, arch) = platform.split_once('_').unwrap_or((platform, ""));
            platforms.push(json!({"os": os, "arch": arch}));
            let package = json!({
                "protocols": ["5.0"], "os": os, "arch": arch, "filename": file,
                "download_url": format!("/files/{file}"),
                "shasums_url": base, "shasums_signature_url": format!("{base}.sig"),
                "shasum": sum,
                "signing_keys": {"gpg_public_keys": [{"key_id": signer.id(), "ascii_armor": signer.public()}]},
            });
            let path = format!("/v1/providers/{name}/{version}/download/{os}/{arch}");
            self.put(&path, package.to_string());
        }
        let offer = json!({"version": version, "protocols": ["5.0"], "platforms": platforms});
        let path = format!("/v1/providers/{name}/versions");
        let versions = self.offer(&path, offer);
        self.put(&path, json!({"versions": versions}).to_string());
    }

    /// Publishes a version of a module (`NAMESPACE/NAME/SYSTEM`) as an archive.
    pub fn module(&self, name: &str, version: &str, files: &[(&str, &str)]) {
        let archive = format!("/files/{}-{version}.tar.gz", name.replace('/', "-"));
        self.put(&archive, tar_of(files));
        let path = format!("/v1/modules/{name}/{version}/download");
        self.redirect(&path, "X-Terraform-Get", &archive);
        let path = format!("/v1/modules/{name}/versions");
        let versions = self.offer(&path, json!({"version": version}));
        self.put(
            &path,
            json!({"modules": [{"versions": versions}]}).to_string(),
        );
    }

    /// Publishes a version of a module that is somewhere else.
    pub fn module_at(&self, name: &str, version: &str, location: &str) {
        let path = format!("/v1/modules/{name}/{version}/download");
        self.redirect(&path, "X-Terraform-Get", location);
        let path = format!("/v1/modules/{name}/versions");
        let versions = self.offer(&path, json!({"version": version}));
        self.put(
            &path,
            json!({"modules": [{"versions": versions}]}).to_string(),
        );
    }

    fn offer(&self, path: &str, version: Value) -> Vec<Value> {
        let mut shared = self.lock();
        let versions = shared.versions.entry(path.to_owned()).or_default();
        versions.push(version);
        versions.clone()
    }

    fn answer_with(&self, path: &str, status: u16, headers: &[(&str, &str)], body: Vec<u8>) {
        let headers = headers.iter().map(|(n, v)| ((*n).into(), (*v).into()));
        let page = Page {
            status,
            headers: headers.collect(),
            body,
            faults: 0,
        };
        self.lock().pages.insert(path.to_owned(), page);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers one request.
fn answer(mut stream: TcpStream, shared: &Mutex<Shared>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut token = None;
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("authorization")
        {
            token = value.trim().strip_prefix("Bearer ").map(str::to_owned);
        }
    }
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let page = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.requests.push(target);
        let refused = shared.token.is_some() && shared.token != token;
        let empty = |status| Page {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            faults: 0,
        };
        match shared.pages.get_mut(&path) {
            _ if refused && !path.starts_with("/files/") => empty(401),
            Some(page) if page.faults > 0 => {
                page.faults -= 1;
                empty(503)
            }
            Some(page) => page.clone(),
            None => empty(404),
        }
    };
    write!(
        stream,
        "HTTP/1.1 {} Status\r\nConnection: close\r\n",
        page.status
    )?;
    for (name, value) in &page.headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    if page.status != 204 {
        write!(stream, "Content-Length: {}\r\n", page.body.len())?;
    }
    stream.write_all(b"\r\n")?;
    stream.write_all(&page.body)?;
    stream.shutdown(std::net::Shutdown::Write)?;
    // The client reads to the end before the connection goes.
    reader.read_to_end(&mut Vec::new()).map(drop)
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = SimpleFileOptions::default().unix_permissions(0o755);
        zip.start_file(*name, options).expect("memory takes it");
        zip.write_all(text.as_bytes()).expect("memory takes it");
    }
    zip.finish().expect("memory takes it").into_inner()
}

fn tar_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, text.as_bytes())
            .expect("memory takes it");
    }
    let gzip = tar.into_inner().expect("memory takes it");
    gzip.finish().expect("memory takes it")
}
