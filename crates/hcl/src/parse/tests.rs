use super::*;
use crate::dump;
use expect_test::{Expect, expect};

fn check(source: &str, expected: Expect) {
    let (body, diags) = parse("t.tf", source);
    let mut out = dump::body(&body);
    for d in &diags {
        let subject = d
            .subject
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        out.push_str(&format!("{}: {}\n", subject, d.summary));
    }
    expected.assert_eq(&out);
}

#[test]
fn values() {
    check(
        r#"a = 1
b = -2.5e3
c = "x\n\u00e9$${y}%%{z}$$"
d = "${x}"
e = "a${ b ~}  c"
f = [1, true, null,]
g = {a = 1, "b": 2
 (c) = 3
 d.e = 4 }
h = (1)
i = 123456789012345678901234567890.5
"#,
        expect![[r#"
            a = 1  @1:1-1:6
            b = (Neg 2500)  @2:1-2:11
            c = "x\né${y}%{z}$$"  @3:1-3:28
            d = (wrap x)  @4:1-4:11
            e = (template "a" b "c")  @5:1-5:18
            f = (tuple 1 true null(any))  @6:1-6:21
            g = (object ["a" 1] ["b" 2] [(parens c) 3] [d.e 4])  @7:1-9:11
            h = (parens 1)  @10:1-10:8
            i = 123456789012345678901234567890.5  @11:1-11:37
        "#]],
    );
}

#[test]
fn operators_bind_as_strong_as_they_should() {
    check(
        "a = 1 + 2 * 3 - 4 / 5 % 6\nb = a || b && c == d < e + f\nc = !a && -b.c\nd = a ? b : c ? d : e\ne = a ? b ? c : d : e\n",
        expect![[r#"
            a = (Sub (Add 1 (Mul 2 3)) (Rem (Div 4 5) 6))  @1:1-1:26
            b = (Or a (And b (Eq c (Less d (Add e f)))))  @2:1-2:29
            c = (And (Not a) (Neg b.c))  @3:1-3:15
            d = (? a b (? c d e))  @4:1-4:22
            e = (? a (? b c d) e)  @5:1-5:22
        "#]],
    );
}

#[test]
fn traversals() {
    check(
        r#"a = a.b["c"].d[0].e[f.g]
b = a.0.b
c = a.*.b.c[0]
d = a[*].b[0].c
e = a[*].b[*].c
f = a[*].b.*.c[1]
g = f(x).y[1]
h = [1][0]
i = a [0] .b
"#,
        expect![[r#"
            a = a.b["c"].d[0].e[f.g]  @1:1-1:25
            b = a[0].b  @2:1-2:10
            c = (rel (splat Attr a [.b.c])[0])  @3:1-3:15
            d = (splat Full a [.b[0].c])  @4:1-4:16
            e = (splat Full a [] (splat Full (rel $.b) [.c]))  @5:1-5:16
            f = (splat Full a [] (rel (splat Attr (rel $.b) [.c])[1]))  @6:1-6:18
            g = (rel (f x).y[1])  @7:1-7:14
            h = (rel (tuple 1)[0])  @8:1-8:11
            i = a[0].b  @9:1-9:13
        "#]],
    );
}

#[test]
fn calls_and_for() {
    check(
        r#"a = f()
b = max(1, 2, [3]...)
c = provider::aws::arn(
  1,
  2,
)
d = [for x in y : x.a if x.b]
e = {for k, v in y : k => v...}
f = [
  for x in
    y :
  x
]
"#,
        expect![[r#"
            a = (f)  @1:1-1:8
            b = (max 1 2 (tuple 3) ...)  @2:1-2:22
            c = (provider::aws::arn 1 2)  @3:1-6:2
            d = (for _ x in y x.a if x.b)  @7:1-7:30
            e = (for k v in y k => v ...)  @8:1-8:32
            f = (for _ x in y x)  @9:1-13:2
        "#]],
    );
}

#[test]
fn templates() {
    check(
        r#"a = "%{ if x }y%{ else }z%{ endif }"
b = "%{ for k, v in x ~}  ${k} %{~ endfor }"
c = <<EOT
one ${two}
  three
EOT
d = <<-EOT
    x
      y ${z}

    EOT
e = <<EOT
EOT
"#,
        expect![[r#"
            a = (template (if x ("y") ("z")))  @1:1-1:37
            b = (template (for k v in x (k)))  @2:1-2:45
            c = (template "one " two "\n  three\n")  @3:1-6:4
            d = (template "x\n  y " z "\n\n")  @7:1-11:8
            e = ""  @12:1-13:4
        "#]],
    );
}

#[test]
fn blocks() {
    check(
        "\u{feff}a \"b\" c {\r\n  x = 1 # y\r\n  d {}\r\n  e { f = 2 }\r\n}\r\n// z\n/* a\n b */ g = 3",
        expect![[r#"
            g = 3  @8:7-8:12
            a ["b", "c"]  @t.tf:1,1-8
              x = 1  @2:3-2:8
              d []  @t.tf:3,3-4
              e []  @t.tf:4,3-4
                f = 2  @4:7-4:12
        "#]],
    );
}

#[test]
fn every_broken_item_is_reported_once() {
    check(
        r#"locals {
  a =
  b = [1 2
  c = 3
  d = f(1
  e = 1 g = 2
  e = 2
  h "x"
  "i" = 1
  j = 'x'
  k = "\q"
  l = "%{ if x }"
  m = {
    a b
    c = 1
  }
  n = 4
}
}
o = 5
p {
"#,
        expect![[r#"
            o = 5  @20:1-20:6
            locals []  @t.tf:1,1-7
              c = 3  @4:3-4:8
              e = 1  @6:3-6:8
              k = ""  @11:3-11:11
              n = 4  @17:3-17:8
            p []  @t.tf:21,1-2
            t.tf:10,7-8: Invalid character
            t.tf:2,6-3,1: Invalid expression
            t.tf:3,10-11: Missing item separator
            t.tf:6,3-4: Missing argument separator
            t.tf:6,9-10: Missing newline after argument
            t.tf:7,3-4: Attribute redefined
            t.tf:8,8-9,1: Invalid block definition
            t.tf:9,3-4: Invalid argument name
            t.tf:11,8-10: Invalid escape sequence
            t.tf:12,8-17: Unexpected end of template
            t.tf:14,7-8: Missing key/value separator
            t.tf:19,1-2: Argument or block definition required
            t.tf:21,3-4: Unclosed configuration block
        "#]],
    );
}

#[test]
fn deep_nesting_is_an_error() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{a=", "}"),
        ("f(", ")"),
        ("!", ""),
        ("\"${", "}\""),
        ("a[", "]"),
        ("a ? b : ", ""),
    ] {
        let source = format!("x = {}1{}\n", open.repeat(10_000), close.repeat(10_000));
        let (_, diags) = parse("t.tf", &source);
        assert_eq!(
            diags.iter().next().map(|d| &*d.summary),
            Some("Too deep nesting"),
            "{open}"
        );
    }
    let (_, diags) = parse("t.tf", &"a {\n".repeat(10_000));
    assert!(diags.has_errors());
}

#[test]
fn long_chains_work() {
    let source = format!("x = 1{}\n", " + 1".repeat(100_000));
    let (body, diags) = parse("t.tf", &source);
    assert!(diags.is_empty());
    drop(body);
}

const SAMPLE: &str = r#"resource "a" "b" {
  c = "x${d.e["f"]}%{ if g ~} h %{ else }i%{ endif }"
  j = [for k, v in l : k => v... if m]
  n = { o = 1, "p" : 2, (q) = -3.5e2 }
  r = <<-EOT
    s ${t[*].u.v[0]}
  EOT
  w { x = y ? z : !core::a(b, c...) } # é
  /* d */
}
"#;

proptest::proptest! {
    #[test]
    fn parsing_never_panics(source in ".*") {
        let _ = parse("t", &source);
        let _ = parse_expression("t", &source, Pos { line: 1, column: 1, byte: 0 });
        let _ = parse_template("t", &source, Pos { line: 3, column: 5, byte: 40 });
        crate::format(&source);
    }

    #[test]
    fn parsing_mutated_text_never_panics(
        edits in proptest::collection::vec((0usize..400, "[\\[\\](){}\"$%~.=,:?!<\\-\\n a0*/é#E]{0,3}"), 1..8),
    ) {
        let mut chars: Vec<char> = SAMPLE.chars().collect();
        for (at, new) in edits {
            let at = at % chars.len();
            chars.splice(at..(at + 1).min(chars.len()), new.chars());
        }
        let source: String = chars.into_iter().collect();
        let (body, diags) = parse("t", &source);
        for d in &diags {
            let range = d.subject.as_ref().expect("syntax errors have a place");
            proptest::prop_assert!(range.start <= range.end);
        }
        dump::body(&body);
        let once = crate::format(&source);
        if !diags.has_errors() {
            proptest::prop_assert_eq!(crate::format(&once), once);
        }
    }
}

#[test]
fn what_is_not_closed_is_told_once() {
    check(
        "a {\n  b = \"x\n  c = \"y\"\n}\n",
        expect![[r#"
            a []  @t.tf:1,1-2
            t.tf:2,9-3,1: Invalid multi-line string
            t.tf:3,10-4,1: Invalid multi-line string
            t.tf:4,2-5,1: Invalid multi-line string
            t.tf:2,9-3,1: Unterminated template string
        "#]],
    );
    check(
        "a {\n  b = [1,",
        expect![[r#"
        a []  @t.tf:1,1-2
        t.tf:2,10-10: Missing expression
    "#]],
    );
    check(
        "a {\n  b = 1\n",
        expect![[r#"
        a []  @t.tf:1,1-2
          b = 1  @2:3-2:8
        t.tf:1,3-4: Unclosed configuration block
    "#]],
    );
}
