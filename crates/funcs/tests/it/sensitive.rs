//! Errors never show what is sensitive.

use crate::functions::{evaluate, scope};

#[test]
fn errors_do_not_show_sensitive_values() {
    let scope = scope();
    for source in [
        r#"parseint(sensitive("s3cr3t"), 10)"#,
        r#"cidrhost(sensitive("s3cr3t"), 1)"#,
        r#"formatdate("YYYY", sensitive("s3cr3t"))"#,
        r#"formatdate(sensitive("s3cr3t"), "2020-01-01T00:00:00Z")"#,
        r#"timeadd("2020-01-01T00:00:00Z", sensitive("s3cr3t"))"#,
        r#"file(sensitive("s3cr3t"))"#,
        r#"csvdecode(sensitive("s3cr3t,s3cr3t"))"#,
        r#"yamldecode(sensitive("!s3cr3t x"))"#,
        r#"regex(sensitive("(s3cr3t"), "")"#,
        r#"format(sensitive("%!s3cr3t"), 1)"#,
        r#"tobool(sensitive("s3cr3t"))"#,
        r#"tonumber(sensitive("s3cr3t"))"#,
        r#"lookup({}, sensitive("s3cr3t"))"#,
        r#"uuidv5(sensitive("s3cr3t"), "")"#,
        r#"textencodebase64("", sensitive("s3cr3t"))"#,
        r#"templatestring(local.tpl, {s3cr3t = sensitive("s3cr3t")})"#,
        r#"templatefile("files/wrap.tftpl", sensitive({"s3cr3t!" = 1}))"#,
        r#"rsadecrypt(sensitive("s3cr3t"), "")"#,
    ] {
        let diags = evaluate(source, &scope).expect_err(source);
        for d in &diags {
            let shown = format!("{} {}", d.summary, d.detail);
            assert!(!shown.contains("s3cr3t"), "{source}: {shown}");
        }
    }
}
