//! `groma console`

use crate::sandbox::Sandbox;
use expect_test::expect;

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
