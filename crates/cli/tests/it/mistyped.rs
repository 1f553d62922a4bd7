//! Command lines that are almost right.

use crate::sandbox::Sandbox;
use expect_test::expect;

#[test]
fn the_right_word_is_suggested() {
    let sandbox = Sandbox::new(&[]);
    let text = ["plann", "plan -outt=x", "state mov a b", "apply a b"]
        .map(|line| sandbox.run(line))
        .concat();
    expect![[r#"
        groma has no command named "plann". Did you mean "plan"?

        To see all of groma's top-level commands, run:
          groma -help

        exit code 1

        Error: Failed to parse command-line flags

        There is no flag "-outt" here. Did you mean "-out"? Run the command with -help
        to see those there are.
        exit code 1
        groma has no command named "mov". Did you mean "move"?

        To see all of groma's top-level commands, run:
          groma -help

        exit code 1

        Error: Too many command line arguments

        The command does not expect "b". A flag and its value are written as
        -name=value.
        exit code 1
    "#]]
    .assert_eq(&text);
}

#[test]
fn what_is_typed_counts_more_than_the_environment() {
    let sandbox = Sandbox::new(&[("main.tf", "output \"x\" {\n  value = [1]\n}\n")]);
    sandbox.run("apply -auto-approve");
    let with = |args: &str, line: &str| sandbox.run_with(&[("TF_CLI_ARGS_output", args)], line);
    assert_eq!(with("-json", "output x"), "[\n  1\n]\n");
    assert_eq!(with("-json", "output -json=false x"), "[\n  1,\n]\n");
    assert_eq!(
        with("-state=nowhere", "output -state terraform.tfstate x"),
        "[\n  1,\n]\n"
    );
}
