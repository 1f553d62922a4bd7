//! What Terraform 1.11.4 prints of the same state.

use super::*;
use addrs::{Provider, ProviderConfig, Resource};
use cty::{Marks, Type, Value};
use schema::{Attribute, AttributeType, Block};

struct Builtin(Block);

impl Blocks for Builtin {
    fn block(&self, _: &Provider, resource: &Resource) -> Option<&Block> {
        (&*resource.kind == "terraform_data").then_some(&self.0)
    }
}

fn builtin() -> Builtin {
    let names = [
        ("id", Type::String),
        ("input", Type::Dynamic),
        ("output", Type::Dynamic),
    ];
    let attributes = names.map(|(name, ty)| {
        let attribute = Attribute {
            ty: AttributeType::Plain(ty),
            optional: true,
            ..Attribute::default()
        };
        (name.into(), attribute)
    });
    Builtin(Block::new(attributes, []))
}

fn state() -> State {
    let provider = ProviderConfig {
        module: addrs::Module::root(),
        provider: Provider::builtin(),
        alias: None,
    };
    let mut state = State::default();
    let ty = builtin().0.implied_type();
    let mut add = |name: &str, id: &str, input: Value| {
        let addr = addrs::parse_resource_instance(&format!("terraform_data.{name}")).unwrap();
        let value = Value::object([
            ("id", Value::string(id)),
            ("output", input.clone().unmark_all()),
            ("input", input),
        ]);
        let object = Object::encode(&value, &ty).unwrap();
        state.set_current(&addr, &provider, Some(object.into()));
    };
    let secret = Value::string("x").with_marks(Marks::SENSITIVE);
    add(
        "a",
        "954b384b-c132-7cfe-a3c4-8a2ed863c13c",
        Value::string("one"),
    );
    add(
        "t",
        "c0f00e28-5037-bcc7-f708-af06c7e355aa",
        Value::tuple(vec![secret, Value::number(1)]),
    );
    add(
        "u",
        "b126e964-b1a8-2a2c-b264-b01f8a77b6d3",
        Value::string("one-x"),
    );
    let output = states::OutputValue {
        value: Value::string("one"),
        sensitive: false,
    };
    state.outputs.insert("o".into(), output);
    state
}

#[test]
fn states_are_shown_as_terraform_shows_them() {
    let text = super::render(&state(), &builtin(), false).unwrap();
    assert_eq!(text, include_str!("test_data/show.txt"));
}

#[test]
fn one_object_is_shown_alone() {
    let addr = addrs::parse_resource_instance("terraform_data.u").unwrap();
    let text = object(&state(), &addr, &builtin(), false).unwrap().unwrap();
    assert!(include_str!("test_data/show.txt").contains(&text));
    let addr = addrs::parse_resource_instance("terraform_data.z").unwrap();
    assert_eq!(object(&state(), &addr, &builtin(), false), Ok(None));
}

#[test]
fn objects_without_schema_are_all_reported() {
    let blocks = Builtin(Block::default());
    assert_eq!(
        super::render(&state(), &blocks, false).unwrap_err().len(),
        3
    );
}
