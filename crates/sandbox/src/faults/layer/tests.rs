use super::*;

fn layer(json: serde_json::Value) -> Layer {
    Layer::new(Faults::parse(json.to_string().as_bytes()).unwrap())
}

/// The effects of so many calls, a letter each.
fn effects(layer: &Layer, cloud: Cloud, operation: &str, calls: usize) -> String {
    (0..calls)
        .map(|_| match layer.next(cloud, operation).effect {
            None => '.',
            Some(Effect::Answer("throttled", _)) => 't',
            Some(Effect::Answer("failed", _)) => 'e',
            Some(Effect::Answer(..)) => 'r',
            Some(Effect::DropBefore) => 'b',
            Some(Effect::DropAfter) => 'a',
        })
        .collect()
}

#[test]
fn rates_hold_and_repeat() {
    let rules = serde_json::json!({"seed": 7, "rules": [
        {"operations": "ec2:*", "throttle": 0.3, "errors": 0.1, "drop_before": 0.05, "drop_after": 0.05}
    ]});
    let seen = effects(&layer(rules.clone()), Cloud::Aws, "ec2:CreateVpc", 10_000);
    let share = |letter| seen.matches(letter).count() as f64 / 10_000.0;
    for (letter, rate) in [('t', 0.3), ('e', 0.1), ('b', 0.05), ('a', 0.05), ('.', 0.5)] {
        assert!(
            (share(letter) - rate).abs() < 0.02,
            "{letter}: {}",
            share(letter)
        );
    }
    let again = layer(rules);
    // Other operations have a row of their own.
    assert_ne!(
        effects(&again, Cloud::Aws, "ec2:DeleteVpc", 100),
        seen[..100]
    );
    assert_eq!(
        effects(&again, Cloud::Aws, "ec2:CreateVpc", 100),
        seen[..100]
    );
    again.restart();
    assert_eq!(
        effects(&again, Cloud::Aws, "ec2:CreateVpc", 100),
        seen[..100]
    );
    assert_eq!(
        effects(&again, Cloud::Aws, "eks:CreateCluster", 100),
        ".".repeat(100)
    );
}

#[test]
fn certain_calls_fail() {
    let layer = layer(serde_json::json!({"rules": [
        {"errors": 1.0, "operations": "ec2:DeleteVpc"},
        {"operations": "ec2:DeleteVpc", "fail": {"nth": 2, "with": "throttle"}},
        {"operations": "ec2:Create*", "fail": {"nth": 2, "times": 2}},
        {"operations": "ec2:CreateVpc", "fail": {"nth": 2, "with": "drop_after"}},
        {"operations": "eks:*", "fail": {"nth": 1, "with": {"answer": {"code": "ResourceInUseException", "status": 409}}}},
    ]}));
    // The first rule's failure goes before the second's.
    assert_eq!(effects(&layer, Cloud::Aws, "ec2:CreateVpc", 4), ".ee.");
    assert_eq!(effects(&layer, Cloud::Aws, "ec2:DeleteVpc", 3), "ete");
    assert_eq!(effects(&layer, Cloud::Aws, "ec2:DescribeVpcs", 2), "..");
    let refused = layer.next(Cloud::Aws, "eks:CreateCluster").effect;
    let Some(Effect::Answer("refused", answer)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(answer.status, 409);
    let kind = ("x-amzn-errortype", "ResourceInUseException".to_owned());
    assert_eq!(answer.headers[0], kind);
}

#[test]
fn latencies_add_up() {
    let layer = layer(serde_json::json!({"rules": [
        {"latency_ms": 20},
        {"operations": "compute.*", "latency_ms": [100, 200]},
    ]}));
    assert_eq!(
        layer.next(Cloud::Aws, "ec2:CreateVpc").delay,
        Duration::from_millis(20)
    );
    let delays: Vec<_> = (0..50)
        .map(|_| layer.next(Cloud::Google, "compute.networks.get").delay)
        .collect();
    let (least, most) = (Duration::from_millis(120), Duration::from_millis(220));
    assert!(delays.iter().all(|delay| (least..=most).contains(delay)));
    assert!(delays.iter().any(|delay| *delay != delays[0]));
}

#[test]
fn errors_have_the_form_of_their_service() {
    let told = |cloud, operation| {
        let answer = answer::throttled(cloud, operation);
        let body = String::from_utf8(answer.body.to_vec()).unwrap();
        format!("{} {body}", answer.status.as_u16())
    };
    let cases = [
        (
            Cloud::Aws,
            "ec2:CreateVpc",
            "503 <?xml",
            "<Code>RequestLimitExceeded</Code>",
        ),
        (
            Cloud::Aws,
            "iam:GetRole",
            "400 <ErrorResponse>",
            "<Code>Throttling</Code>",
        ),
        (
            Cloud::Aws,
            "eks:ListClusters",
            "429 {",
            "\"message\":\"Rate exceeded\"",
        ),
        (
            Cloud::Google,
            "compute.networks.get",
            "403 {",
            "\"reason\":\"rateLimitExceeded\"",
        ),
        (
            Cloud::Google,
            "container.clusters.get",
            "429 {",
            "\"status\":\"RESOURCE_EXHAUSTED\"",
        ),
    ];
    for (cloud, operation, start, part) in cases {
        let text = told(cloud, operation);
        assert!(text.starts_with(start) && text.contains(part), "{text}");
    }
}

#[test]
fn rules_that_make_no_sense_are_refused() {
    for (json, why) in [
        (r#"{"rules":[{"throttle":1.5}]}"#, "0 to 1"),
        (r#"{"rules":[{"throttle":0.6,"errors":0.6}]}"#, "0 to 1"),
        (r#"{"rules":[{"fail":{"nth":0}}]}"#, "call 1"),
        (r#"{"rules":[{"trottle":0.5}]}"#, "trottle"),
        ("no", "not understood"),
    ] {
        let error = Faults::parse(json.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
