use super::*;
use crate::MemoryFiles;
use expect_test::{Expect, expect};

fn check(files: &[(&str, &str)], expected: Expect) {
    let files = MemoryFiles(
        files
            .iter()
            .map(|(path, text)| (PathBuf::from(path), text.as_bytes().to_vec()))
            .collect(),
    );
    let (config, diags) = Loader::new(&files, Path::new(".terraform")).load(Path::new("."));
    let mut out = String::new();
    for module in config.walk() {
        out.push_str(&format!(
            "{:?} in {}\n",
            module.path.to_string(),
            module.module.source_dir
        ));
    }
    for d in &diags {
        let subject = d
            .subject
            .as_ref()
            .map_or("-".to_owned(), ToString::to_string);
        out.push_str(&format!("{subject} {}: {}\n", d.summary, d.detail));
    }
    expected.assert_eq(&out);
}

const REGISTRY: &str =
    "module \"vpc\" {\n  source  = \"acme/vpc/aws\"\n  version = \"~> 1.0\"\n}\n";

fn manifest(source: &str, version: &str) -> String {
    format!(
        r#"{{"Modules":[{{"Key":"vpc","Source":"{source}","Version":"{version}","Dir":".terraform/modules/vpc"}}]}}"#
    )
}

#[test]
fn installed_modules() {
    let vpc = ("main.tf", REGISTRY);
    let inside = (
        ".terraform/modules/vpc/main.tf",
        "module \"sub\" { source = \"./sub\" }\n",
    );
    let sub = (".terraform/modules/vpc/sub/main.tf", "");
    let path = ".terraform/modules/modules.json";
    let good = manifest("registry.terraform.io/acme/vpc/aws", "1.2.0");
    check(
        &[vpc, inside, sub, (path, &good)],
        expect![[r#"
        "" in .
        "module.vpc" in .terraform/modules/vpc
        "module.vpc.module.sub" in .terraform/modules/vpc/sub
    "#]],
    );
    check(
        &[vpc],
        expect![[r#"
        "" in .
        main.tf:1,1-13 Module not installed: The module is not there yet: "groma init" installs it.
    "#]],
    );
    let other = manifest("registry.terraform.io/acme/net/aws", "1.2.0");
    check(
        &[vpc, inside, sub, (path, &other)],
        expect![[r#"
        "" in .
        main.tf:2,13-27 Module source has changed: registry.terraform.io/acme/net/aws was installed, but acme/vpc/aws is called now: "groma init" installs it.
    "#]],
    );
    let old = manifest("registry.terraform.io/acme/vpc/aws", "0.9.0");
    check(
        &[vpc, inside, sub, (path, &old)],
        expect![[r#"
        "" in .
        main.tf:2,13-27 Module version requirements have changed: Version 0.9.0 was installed, but ~> 1.0 is asked for now: "groma init" installs another one.
    "#]],
    );
    check(
        &[vpc, (path, &good)],
        expect![[r#"
        "" in .
        main.tf:2,13-27 Unreadable module directory: There is no directory .terraform/modules/vpc with files in it.
    "#]],
    );
}

#[test]
fn modules_that_call_themselves() {
    let twice = "module \"a\" { source = \"./m\" }\nmodule \"b\" { source = \"./m\" }\n";
    let back = "module \"up\" { source = \"../\" }\n";
    check(
        &[("main.tf", twice), ("m/main.tf", back)],
        expect![[r#"
        "" in .
        "module.a" in m
        "module.b" in m
        m/main.tf:1,24-29 Module calls itself: The module module.a.module.up is in ./, where one of its callers is: the calls would never end.
        m/main.tf:1,24-29 Module calls itself: The module module.b.module.up is in ./, where one of its callers is: the calls would never end.
    "#]],
    );
}

#[test]
fn files_that_cannot_be_read() {
    check(
        &[("main.tf", "module \"a\" { source = \"./gone\" }\n")],
        expect![[r#"
            "" in .
            main.tf:1,23-31 Unreadable module directory: There is no directory gone with files in it.
        "#]],
    );
    check(
        &[],
        expect![[r#"
        "" in 
        - Failed to read module directory: The directory . could not be read: entity not found.
    "#]],
    );
    check(
        &[("main.tf", "a = {\n"), ("other.txt", "x")],
        expect![[r#"
            "" in .
            main.tf:2,1-1 Missing expression: Expected the start of an expression, but found the end of the file.
        "#]],
    );
}

#[test]
fn mistakes_in_a_module_that_is_called_twice_are_told_once() {
    let twice = "module \"a\" { source = \"./m\" }\nmodule \"b\" { source = \"./m\" }\n";
    check(
        &[("main.tf", twice), ("m/main.tf", "x = 1\n")],
        expect![[r#"
            "" in .
            "module.a" in m
            "module.b" in m
            m/main.tf:1,1-2 Unsupported argument: An argument named "x" is not expected here.
        "#]],
    );
}
