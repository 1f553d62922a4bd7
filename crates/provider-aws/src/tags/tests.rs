use super::*;

fn policy() -> Policy {
    let map = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    };
    Policy {
        defaults: map(&[("team", "net"), ("env", "dev")]),
        ignored: ["seen".to_owned()].into(),
        ignored_prefixes: ["k8s/".to_owned()].into(),
    }
}

fn map(text: &str) -> Map {
    let pairs = text
        .split_whitespace()
        .filter_map(|pair| pair.split_once('='));
    pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

fn text(map: &Map) -> String {
    let pairs: Vec<String> = map.iter().map(|(k, v)| format!("{k}={v}")).collect();
    pairs.join(" ")
}

#[test]
fn tags_of_others_are_not_seen() {
    let seen = policy().visible(map("Name=a aws:eks=x groma:create=t seen=1 k8s/role=2"));
    assert_eq!(text(&seen), "Name=a");
}

#[test]
fn a_resource_overrules_the_provider() {
    assert_eq!(
        text(&policy().merged(&map("env=prod Name=a"))),
        "Name=a env=prod team=net"
    );
}

#[test]
fn what_the_provider_adds_is_not_the_resources_own() {
    let all = map("Name=a env=dev team=net");
    let own = |before: Attr<Map>| text(&policy().own(&all, &before));
    assert_eq!(own(Attr::Null), "Name=a");
    // A resource that says the same as the provider still says it.
    assert_eq!(own(map("env=dev").into()), "Name=a env=dev");
    assert_eq!(
        text(&policy().own(&map("env=prod"), &Attr::Null)),
        "env=prod"
    );
}

#[test]
fn tags_all_is_planned() {
    let plan = |policy: &Policy, strict, prior: Option<&str>, tags: Option<&str>| {
        let object = |tags: Value, all: Value| Value::object([("tags", tags), ("tags_all", all)]);
        let null = || Value::null(<Map as Shape>::ty());
        let value = |text: Option<&str>| text.map_or_else(null, |text| map(text).to_value());
        let config = object(value(tags), null());
        let before = prior.map_or_else(
            || Value::null(config.ty().clone()),
            |all| object(null(), value(Some(all))),
        );
        let planned = policy.plan(strict, &config, &before, object(value(tags), null()));
        match Attr::<Map>::decode(planned.get("tags_all").unwrap()) {
            Attr::Known(all) => text(&all),
            other => format!("{other:?}"),
        }
    };
    let none = Policy::default();
    assert_eq!(
        plan(&policy(), false, None, Some("Name=a")),
        "Name=a env=dev team=net"
    );
    assert_eq!(plan(&none, false, None, None), "Unknown");
    assert_eq!(plan(&none, true, None, None), "");
    assert_eq!(plan(&none, false, Some(""), None), "");
    // The last tag is removed.
    assert_eq!(plan(&none, false, Some("Name=a"), None), "Unknown");
}

#[test]
fn tags_change() {
    let (set, gone) = changes(&map("a=1 b=2 c=3"), &map("a=1 b=3 d=4"));
    assert_eq!(
        (text(&set), gone),
        ("b=3 d=4".to_owned(), vec!["c".to_owned()])
    );
}
