//! `groma sandbox`

use crate::sandbox::Sandbox;
use expect_test::expect;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

/// A sandbox that was started, ended when dropped.
struct Started {
    child: Child,
    address: String,
}

impl Started {
    fn new(dir: &Sandbox, line: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_groma"))
            .args(line.split_whitespace())
            .current_dir(dir.path("."))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let address = stdout
            .lines()
            .find_map(|line| {
                let line = line.unwrap();
                line.strip_prefix("export GROMA_SANDBOX=http://")
                    .map(str::to_owned)
            })
            .unwrap();
        Self { child, address }
    }

    fn port(&self) -> &str {
        self.address.rsplit(':').next().unwrap()
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        answer
    }

    /// Ends as Ctrl-C does.
    fn stop(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_command_finds_the_sandbox_and_its_code_counts() {
    let groma = env!("CARGO_BIN_EXE_groma");
    let script = format!(
        "echo $AWS_ACCESS_KEY_ID $GOOGLE_PROJECT; echo $GOOGLE_COMPUTE_CUSTOM_ENDPOINT | sed s,:[0-9][0-9]*/,:PORT/,\n\
         {groma} sandbox reset; {groma} sandbox requests -json; exit 3\n"
    );
    let dir = Sandbox::new(&[("try.sh", &script)]);
    expect![[r#"
        sandbox demo-project
        http://127.0.0.1:PORT/compute/v1/
        The sandbox is empty.
        []
        exit code 3
    "#]]
    .assert_eq(&dir.run("sandbox run -pending=500ms -- sh try.sh"));
    expect![[r#"

        Error: Cannot run the command

        no-such-program: No such file or directory (os error 2).
        exit code 1
    "#]]
    .assert_eq(&dir.run("sandbox run -- no-such-program"));
}

#[test]
fn a_sandbox_tells_what_it_was_asked() {
    let dir = Sandbox::new(&[(
        "faults.json",
        r#"{"rules": [{"operations": "eks:*", "fail": {"nth": 2}}, {"operations": "eks:*", "fail": {"nth": 3, "with": "drop_before"}}]}"#,
    )]);
    let started = Started::new(
        &dir,
        "sandbox start -aws-port=0 -google-port=0 -faults=faults.json -state=objects",
    );
    for _ in 0..3 {
        started.get("/clusters");
    }
    let port = started.port();
    let shown = dir.run(&format!("sandbox requests -aws-port={port}"));
    let lines: Vec<&str> = shown.lines().skip(1).collect();
    expect![[r#"
        aws     500  eks:ListClusters  (failed)
        aws     ---  eks:ListClusters  (dropped before)"#]]
    .assert_eq(&lines.join("\n"));
    dir.run(&format!("sandbox requests -clear -aws-port={port}"));
    expect!["{}\n"]
        .assert_eq(&dir.run(&format!("sandbox requests -counts -json -aws-port={port}")));
    dir.run(&format!("sandbox reset -aws-port={port}"));
    started.stop();
    assert!(
        dir.read("objects")
            .starts_with("{\"format\":\"groma sandbox\"")
    );
}

#[test]
fn what_cannot_be_is_told() {
    let dir = Sandbox::new(&[
        ("faults.json", r#"{"rules": [{"throttle": 2}]}"#),
        ("objects", "{}"),
    ]);
    expect![[r#"

        Error: Invalid faults

        the rates of the rule for "*" must be 0 to 1, and together not more than 1.
        exit code 1
    "#]]
    .assert_eq(&dir.run("sandbox run -faults=faults.json -- true"));
    expect![[r#"

        Error: Cannot start the sandbox

        objects is not a state file of a sandbox: it stays as it is. Name another
        file, or one that does not exist yet.
        exit code 1
    "#]]
    .assert_eq(&dir.run("sandbox start -state=objects"));
    expect![[r#"

        Error: No sandbox answers

        127.0.0.1:1: Connection refused (os error 111). Start one with "groma sandbox
        start", or say where it is with -aws-port or with the environment variable
        GROMA_SANDBOX.
        exit code 1
    "#]]
    .assert_eq(&dir.run("sandbox reset -aws-port=1"));
}
