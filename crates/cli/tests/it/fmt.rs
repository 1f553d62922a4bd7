//! `groma fmt`

use crate::sandbox::Sandbox;
use expect_test::expect;

#[test]
fn files_are_listed_shown_and_written() {
    let sandbox = Sandbox::new(&[
        ("a.tf", "a=1\nbb  =  2\n"),
        ("good.tf", "a = 1\n"),
        ("sub/b.tfvars", "x=1\n"),
        (".hidden/c.tf", "x=1\n"),
        ("d.txt", "x=1\n"),
    ]);
    assert_eq!(sandbox.run("fmt -check"), "a.tf\nexit code 3\n");
    assert_eq!(
        sandbox.run("fmt -check -recursive -list=false"),
        "exit code 3\n"
    );
    expect![[r#"
        a.tf
        --- old/a.tf
        +++ new/a.tf
        @@ -1,2 +1,2 @@
        -a=1
        -bb  =  2
        +a  = 1
        +bb = 2
        sub/b.tfvars
        --- old/sub/b.tfvars
        +++ new/sub/b.tfvars
        @@ -1 +1 @@
        -x=1
        +x = 1
    "#]]
    .assert_eq(&sandbox.run("fmt -diff -recursive"));
    assert_eq!(sandbox.read("a.tf"), "a  = 1\nbb = 2\n");
    assert_eq!(sandbox.run("fmt -recursive -check"), "");
}

#[test]
fn standard_input_is_printed() {
    let sandbox = Sandbox::new(&[]);
    assert_eq!(sandbox.feed("fmt -", "a=1\n"), "a = 1\n");
    assert_eq!(sandbox.feed("fmt -check -", "a=1\n"), "exit code 3\n");
}

#[test]
fn what_cannot_be_read_is_reported() {
    let sandbox = Sandbox::new(&[("bad.tf", "x = {\n"), ("a.tf", "a=1\n"), ("c.txt", "")]);
    let text = sandbox.run("fmt");
    assert!(text.starts_with("a.tf\n\nError: "), "{text}");
    assert!(text.ends_with("exit code 2\n"), "{text}");
    assert!(
        sandbox
            .run("fmt none")
            .contains("No file or directory at none")
    );
    assert!(sandbox.run("fmt c.txt").contains("Only .tf, .tfvars,"));
}
