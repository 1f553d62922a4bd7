use super::*;

fn block(actions: &[&str]) -> StatementBlock {
    StatementBlock {
        actions: set(actions).into(),
        effect: "Allow".into(),
        ..StatementBlock::empty()
    }
}

fn set(values: &[&str]) -> BTreeSet<String> {
    values.iter().map(|v| (*v).to_owned()).collect()
}

fn of(kind: &str, identifiers: &[&str]) -> Principals {
    Principals {
        identifiers: set(identifiers).into(),
        r#type: kind.into(),
    }
}

fn condition(test: &str, variable: &str, values: &[&str]) -> Condition {
    Condition {
        test: test.into(),
        values: values
            .iter()
            .map(|v| (*v).to_owned())
            .collect::<Vec<_>>()
            .into(),
        variable: variable.into(),
    }
}

fn document(statement: Vec<StatementBlock>) -> PolicyDocument {
    PolicyDocument {
        statement: statement.into(),
        version: CURRENT.into(),
        ..PolicyDocument::empty()
    }
}

fn written(document: &PolicyDocument) -> String {
    match document.document() {
        Ok(document) => document.into_value().to_string(),
        Err(error) => error.to_string(),
    }
}

const SOURCE: &str = r#"{"Version":"2008-10-17","Id":"P","Statement":[{"Sid":"one","Effect":"Allow","Action":"a:b","Resource":"*"},{"Effect":"Deny","Action":["z:b","a:b"]}]}"#;

// The expected texts are what the provider of HashiCorp writes for the same blocks.
#[test]
fn blocks_are_written_as_hashicorp_does() {
    let mut one = block(&["s3:Get"]);
    one.sid = "one".into();
    one.resources = set(&["arn:&{aws:username}"]).into();
    one.condition = vec![
        condition("StringLike", "s3:prefix", &["one"]),
        condition(
            "StringLike",
            "s3:prefix",
            &["", "home/", "&{aws:username}/"],
        ),
        condition("Bool", "x", &["true"]),
        condition("Null", "x", &[]),
    ]
    .into();
    let mut two = block(&["z:b", "a:b", "m:x"]);
    two.principals = vec![
        of("AWS", &["arn:q"]),
        of("AWS", &["arn:a", "arn:z", "arn:m"]),
        of("Service", &["ec2.amazonaws.com"]),
    ]
    .into();
    let mut three = block(&["x:y"]);
    three.principals = vec![of("Federated", &["d", "a"]), of("Federated", &["b", "c"])].into();
    three.not_principals = vec![of("AWS", &["*"])].into();
    let mut four = block(&["x:y"]);
    four.principals = vec![of("*", &["*"])].into();
    let expected = concat!(
        r#"{"Version":"2012-10-17","Statement":["#,
        r#"{"Sid":"one","Effect":"Allow","Action":"s3:Get","Resource":"arn:${aws:username}","#,
        r#""Condition":{"Bool":{"x":"true"},"Null":{"x":[]},"StringLike":{"s3:prefix":["","home/","${aws:username}/","one"]}}},"#,
        r#"{"Effect":"Allow","Action":["z:b","m:x","a:b"],"Principal":{"AWS":["arn:z","arn:m","arn:a","arn:q"],"Service":"ec2.amazonaws.com"}},"#,
        r#"{"Effect":"Allow","Action":"x:y","Principal":{"Federated":["c","b","d","a"]},"NotPrincipal":{"AWS":"*"}},"#,
        r#"{"Effect":"Allow","Action":"x:y","Principal":"*"}]}"#
    );
    assert_eq!(written(&document(vec![one, two, three, four])), expected);
}

#[test]
fn documents_are_merged() {
    let mut one = block(&["s3:Get"]);
    one.sid = "one".into();
    let mut merged = document(vec![one]);
    merged.source_policy_documents = vec![SOURCE.to_owned(), String::new()].into();
    merged.override_policy_documents =
        vec![r#"{"Id":"over","Statement":[{"Sid":"new","Effect":"Allow","NotPrincipal":{"AWS":["a","b"]},"Action":["o:o"]}]}"#.to_owned()].into();
    let expected = concat!(
        r#"{"Version":"2012-10-17","Id":"over","Statement":[{"Sid":"one","Effect":"Allow","Action":"s3:Get"},"#,
        r#"{"Effect":"Deny","Action":["z:b","a:b"]},"#,
        r#"{"Sid":"new","Effect":"Allow","Action":["o:o"],"NotPrincipal":{"AWS":["b","a"]}}]}"#
    );
    assert_eq!(written(&merged), expected);
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let mut twice = document(Vec::new());
    twice.source_policy_documents = vec![SOURCE.to_owned(), SOURCE.to_owned()].into();
    assert!(written(&twice).contains("Document 2 of source_policy_documents: the sid \"one\""));
    let mut none = document(Vec::new());
    none.override_policy_documents = vec![r#"{"Statement":{}}"#.to_owned()].into();
    assert!(written(&none).contains("Statement is no list"));
    let mut old = document(vec![StatementBlock {
        resources: set(&["&{aws:username}"]).into(),
        ..block(&["a:b"])
    }]);
    old.version = "2008-10-17".into();
    assert!(written(&old).contains("2008-10-17 do not know"));
}

#[test]
fn an_id_is_a_checksum() {
    assert_eq!(
        hash::of("{\n  \"Version\": \"2012-10-17\"\n}"),
        1_132_004_489
    );
}
