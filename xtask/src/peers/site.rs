//! Where the comparison takes place: a cloud on loopback, a provider from a mirror, a folder.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use conformance::Program;

use super::Stop;

/// Is a moto server of our own, ended when dropped.
pub(crate) struct Cloud {
    server: Child,
    port: u16,
}

impl Cloud {
    /// Starts a server on a free port and waits until it answers.
    pub(crate) fn start() -> Result<Self, Stop> {
        let name: OsString = "moto_server".into();
        let program = Program::find(&name).ok_or_else(|| {
            Stop::Skip("moto_server is not on PATH (pip install moto[server])".into())
        })?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let server = Command::new(program.path())
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .env("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let cloud = Self { server, port };
        let start = Instant::now();
        while cloud.post("/moto-api/reset", None, "").is_err() {
            if start.elapsed() > Duration::from_secs(60) {
                return Err(Stop::Fail("moto_server does not answer after 60 s".into()));
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(cloud)
    }

    /// Returns the URL of all its APIs.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Forgets everything that was created.
    pub(crate) fn reset(&self) -> Result<(), Stop> {
        self.post("/moto-api/reset", None, "").map(drop)
    }

    /// Sets a tag behind the programs' backs.
    pub(crate) fn set_tag(&self, id: &str, key: &str, value: &str) -> Result<(), Stop> {
        let body = format!(
            "Action=CreateTags&Version=2016-11-15&ResourceId.1={id}&Tag.1.Key={key}&Tag.1.Value={value}"
        );
        self.post("/", Some("ec2"), &body).map(drop)
    }

    fn post(&self, path: &str, service: Option<&str>, body: &str) -> Result<String, Stop> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let authorization = service.map_or(String::new(), |service| format!(
            "Authorization: AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n"
        ));
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n{authorization}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        if answer.split_whitespace().nth(1) == Some("200") {
            Ok(answer)
        } else {
            Err(Stop::Fail(format!("POST {path} {body}: {answer}")))
        }
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        // Nothing to do about a server that is already gone.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Is one program in its own copy of the example.
pub(crate) struct Site<'a> {
    program: &'a Program,
    dir: PathBuf,
    scratch: PathBuf,
    endpoint: String,
}

impl<'a> Site<'a> {
    /// Copies the example and initialises it from the mirror.
    pub(crate) fn new(
        program: &'a Program,
        root: &Path,
        name: &str,
        cloud: &Cloud,
    ) -> Result<Self, Stop> {
        let site = Self {
            program,
            dir: root.join(name),
            scratch: root.join(format!("{name}.scratch")),
            endpoint: cloud.endpoint(),
        };
        fs::create_dir_all(&site.dir)?;
        fs::create_dir_all(&site.scratch)?;
        fs::write(
            site.scratch.join("rc"),
            format!(
                "provider_installation {{\n  filesystem_mirror {{\n    path = \"{}\"\n  }}\n}}\n",
                mirror()?.display()
            ),
        )?;
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/eks-network");
        for entry in fs::read_dir(example)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "tf") {
                fs::copy(&path, site.dir.join(path.file_name().unwrap_or_default()))?;
            }
        }
        site.run(&["init", "-input=false", "-no-color"])?;
        Ok(site)
    }

    /// Returns a command of the program here, ready to run.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = self.program.command(&self.dir, &self.scratch);
        command
            .args(words)
            .env("TF_CLI_CONFIG_FILE", self.scratch.join("rc"))
            .env("TF_VAR_endpoint", &self.endpoint)
            .env("AWS_EC2_METADATA_DISABLED", "true");
        command
    }

    /// Runs a command that must succeed and returns what it prints.
    pub(crate) fn run(&self, words: &[&str]) -> Result<String, Stop> {
        let output = self.command(words).output()?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(Stop::Fail(format!(
            "{} {}: {}\n{}{}",
            self.program.path().display(),
            words.join(" "),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )))
    }

    /// Plans into a file and returns the plan as JSON.
    pub(crate) fn plan(&self, flags: &[&str]) -> Result<serde_json::Value, Stop> {
        let mut words = vec!["plan", "-input=false", "-no-color", "-out=plan"];
        words.extend(flags);
        self.run(&words)?;
        let text = self.run(&["show", "-json", "plan"])?;
        conformance::parse_exact(&text).map_err(|error| Stop::Fail(error.to_string()))
    }

    /// Applies the plan made last.
    pub(crate) fn apply(&self) -> Result<(), Stop> {
        self.run(&["apply", "-input=false", "-no-color", "plan"])
            .map(drop)
    }

    /// Takes over the state of another site.
    pub(crate) fn adopt_state(&self, other: &Site<'_>) -> Result<(), Stop> {
        fs::copy(
            other.dir.join("terraform.tfstate"),
            self.dir.join("terraform.tfstate"),
        )?;
        Ok(())
    }
}

/// Returns the folder of provider binaries: `GROMA_PEERS_MIRROR`, or where this project's
/// machines have it.
pub(crate) fn mirror() -> Result<PathBuf, Stop> {
    let dir = std::env::var_os("GROMA_PEERS_MIRROR")
        .map_or_else(|| PathBuf::from("/opt/tf-plugins"), PathBuf::from);
    if dir.join("registry.terraform.io/hashicorp/aws").is_dir() {
        return Ok(dir);
    }
    Err(Stop::Skip(format!(
        "no hashicorp/aws in {} (GROMA_PEERS_MIRROR names a filesystem mirror)",
        dir.display()
    )))
}
