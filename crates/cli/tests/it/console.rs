//! `groma console`

use crate::sandbox::Sandbox;
use expect_test::expect;
use std::process::Command;

const MAIN: &str = r#"
variable "v" {
  default = "x"
}
variable "needed" {}
resource "terraform_data" "a" {
  count = 2
  input = "${var.v}${count.index}"
}
"#;

#[test]
fn the_last_result_is_shown() {
    let sandbox = Sandbox::new(&[("main.tf", MAIN)]);
    let check = |input: &str, expected: expect_test::Expect| {
        expected.assert_eq(&sandbox.feed("console", input));
    };
    check(
        "1\n{ a = [\n  var.v,\n] }\n",
        expect![[r#"
        {
          "a" = [
            "x",
          ]
        }
    "#]],
    );
    check(
        "type(tolist([1]))",
        expect![[r#"
        list(number)
    "#]],
    );
    check(
        "var.needed",
        expect![[r#"
        (known after apply)
    "#]],
    );
    check(
        "var.nosuch\n1\n",
        expect![[r#"

            Error: Reference to undeclared input variable

              on <console-input> line 1:
               1: var.nosuch

            No input variable named "nosuch" has been declared in this module. This input
            variable can be declared with a variable "nosuch" {} block.
            exit code 1
        "#]],
    );
    check("exit\nnonsense(\n", expect![""]);
}

#[test]
fn resources_have_their_stored_values() {
    let sandbox = Sandbox::new(&[("main.tf", MAIN)]);
    assert_eq!(
        sandbox.feed("console", "terraform_data.a[1].output"),
        "(known after apply)\n"
    );
    sandbox.run("apply -auto-approve -var needed=1");
    assert_eq!(
        sandbox.feed("console", "terraform_data.a[*].output"),
        "[\n  \"x0\",\n  \"x1\",\n]\n"
    );
    assert_eq!(
        sandbox.feed(
            "console -plan -var v=y -var needed=1",
            "terraform_data.a[1].input"
        ),
        "\"y1\"\n"
    );
}

/// Types into a terminal of its own: takes an expression back and changes it, gives an open one up, errs, and leaves.
const TALK: &str = r#"
import os, pty, re, select, sys, time

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "console"])
seen = ""

def until(prompt):
    global seen
    end = time.monotonic() + 30
    while True:
        text = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", "\r" + seen)
        text = text.replace("\r", "\n").rstrip(" \n")
        if text.endswith("\n" + prompt):
            break
        if time.monotonic() > end or not select.select([terminal], [], [], 30)[0]:
            sys.exit("no %r after %r" % (prompt, seen))
        seen += os.read(terminal, 4096).decode()
    seen = ""
    for line in text.split("\n"):
        line = line.strip()
        if line and not line.startswith((">", ":")):
            print(line)

until(">")
for keys, prompt in [("1 + 1\r", ">"), ("\x1b[A0\r", ">"), ("[\r", ":"), ("\x03", ">"), ("nosuch.x\r", ">")]:
    os.write(terminal, keys.encode())
    until(prompt)
os.write(terminal, b"\x04")
print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"#;

#[test]
fn a_person_can_call_back_what_was_typed() {
    let sandbox = Sandbox::new(&[("talk.py", TALK)]);
    let output = Command::new("python3")
        .args(["talk.py", env!("CARGO_BIN_EXE_groma")])
        .current_dir(sandbox.path(""))
        .env("TERM", "xterm")
        .env("NO_COLOR", "1")
        .output();
    let Ok(output) = output else {
        return eprintln!("SKIP: no python3 on PATH, which holds the terminal");
    };
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    // How the keys are echoed depends on how fast they come.
    let seen: Vec<&str> = text
        .lines()
        .filter(|line| ["2", "11", "exit 0"].contains(line) || line.contains("Error"))
        .collect();
    let expected = [
        "2",
        "11",
        "Error: Reference to undeclared resource",
        "exit 0",
    ];
    assert_eq!(seen, expected, "{text}");
}
