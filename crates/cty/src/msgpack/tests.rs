use super::*;
use crate::arbitrary::{Shape, constrained, constraint};
use crate::{Marks, Refinement, Type, Value};
use proptest::prelude::*;

fn hex(value: &Value, ty: &Type) -> String {
    encode(value, ty)
        .unwrap()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn n(text: &str) -> Value {
    Value::number(crate::Number::parse(text).unwrap())
}

#[test]
fn writes_what_terraform_does() {
    let refined = |ty: Type, r: Refinement| Value::unknown_refined(ty, r);
    let strings = Type::list(Type::String);
    let cases = [
        (n("1"), Type::Number, "01"),
        (n("-33"), Type::Number, "d0df"),
        (n("200"), Type::Number, "ccc8"),
        (n("0.5"), Type::Number, "cb3fe0000000000000"),
        (n("0.1"), Type::Number, "a3302e31"),
        (n("9223372036854775807"), Type::Number, "cf7fffffffffffffff"),
        (
            n("12345678901234567890"),
            Type::Number,
            "b43132333435363738393031323334353637383930",
        ),
        (
            Value::number(f64::INFINITY),
            Type::Number,
            "cb7ff0000000000000",
        ),
        (Value::null(Type::String), Type::String, "c0"),
        (Value::unknown(Type::String), Type::String, "d40000"),
        (
            Value::string("x"),
            Type::Dynamic,
            "92c40822737472696e6722a178",
        ),
        (
            Value::unknown(Type::String),
            Type::Dynamic,
            "92c40822737472696e6722d40000",
        ),
        (Value::null(Type::Dynamic), Type::Dynamic, "c0"),
        (Value::dynamic(), Type::Dynamic, "d40000"),
        (
            refined(Type::String, Refinement::starts_with("pre-")),
            Type::String,
            "c7090c8201c202a47072652d",
        ),
        (
            refined(Type::Bool, Refinement::not_null()),
            Type::Bool,
            "c7030c8101c2",
        ),
        (
            refined(Type::Number, Refinement::range(1, 2)),
            Type::Number,
            "c70b0c8301c2039201c3049202c3",
        ),
        (
            refined(strings.clone(), Refinement::length(1, Some(2))),
            strings,
            "c7070c8301c205010602",
        ),
        (
            Value::object([("b", Value::bool(true)), ("a", n("1"))]),
            Type::object([("a", Type::Number), ("b", Type::Bool)]),
            "82a16101a162c3",
        ),
    ];
    for (value, ty, want) in cases {
        assert_eq!(hex(&value, &ty), want, "{value:?}");
        assert_eq!(decode(&encode(&value, &ty).unwrap(), &ty).unwrap(), value);
    }
}

#[test]
fn long_prefixes_are_cut() {
    let value = Value::unknown_refined(Type::String, Refinement::starts_with(&"é".repeat(2000)));
    let bytes = encode(&value, &Type::String).unwrap();
    assert!(bytes.len() < 300);
    let back = decode(&bytes, &Type::String).unwrap();
    assert_eq!(back.refinement().unwrap().prefix.len(), 252);
}

#[test]
fn reads_all_forms_of_numbers() {
    for (bytes, want) in [
        (
            &[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..],
            "18446744073709551615",
        ),
        (&[0xca, 0x3f, 0, 0, 0], "0.5"),
        (
            &[0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe],
            "-2",
        ),
        (&[0xa3, b'1', b'e', b'2'], "100"),
        (&[0xd9, 1, b'7'], "7"),
    ] {
        assert_eq!(decode(bytes, &Type::Number).unwrap(), n(want));
    }
    assert!(decode(&[0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0], &Type::Number).is_err());
}

#[test]
fn reads_extensions() {
    // Any code of a short one.
    assert_eq!(
        decode(&[0xd4, 99, 7], &Type::Bool).unwrap(),
        Value::unknown(Type::Bool)
    );
    assert_eq!(
        decode(&[0xc7, 0, 12], &Type::Bool).unwrap(),
        Value::unknown(Type::Bool)
    );
    // Keys that nobody knows yet.
    let future = [0xc7, 6, 12, 0x82, 99, 0x91, 0x01, 1, 0xc2];
    assert_eq!(
        decode(&future, &Type::Bool).unwrap(),
        Value::unknown_refined(Type::Bool, Refinement::not_null())
    );
    assert_eq!(
        decode(&[0xc7, 3, 12, 0x81, 1, 0xc3], &Type::Bool).unwrap(),
        Value::null(Type::Bool)
    );
    let message = |bytes: &[u8], ty: &Type| decode(bytes, ty).unwrap_err().to_string();
    assert_eq!(
        message(&[0xd5, 1, 0, 0], &Type::Bool),
        "unsupported extension type 0x01 with len 2"
    );
    assert_eq!(
        message(&[0xc7, 4, 12, 0x81, 2, 0xa1, b'x'], &Type::Bool),
        "invalid unknown value: refinement 2 does not apply to bool"
    );
    assert_eq!(
        decode(&[0xc7, 4, 12, 0x81, 2, 0xa1, b'x'], &Type::Dynamic).unwrap(),
        Value::dynamic()
    );
}

#[test]
fn says_what_is_wrong_and_where() {
    let object = Type::object([("a", Type::list(Type::Bool)), ("b", Type::Bool)]);
    for (bytes, ty, want) in [
        (
            &[0x82, 0xa1, b'a', 0x91, 1, 0xa1, b'b', 0xc2][..],
            &object,
            ".a[0]: bool is required",
        ),
        (
            &[0x81, 0xa1, b'a', 0x90],
            &object,
            "an object with 2 attributes is required (1 given)",
        ),
        (
            &[0x82, 0xa1, b'z', 0x90],
            &object,
            ".z: unsupported attribute",
        ),
        (
            &[0x82, 0xa1, b'b', 0xc2, 0xa1, b'b', 0xc2],
            &object,
            "an attribute is given twice and another is missing",
        ),
        (
            &[0xdd, 0xff, 0xff, 0xff, 0xff],
            &Type::list(Type::Bool),
            "[0]: unexpected end of input",
        ),
        (&[], &Type::Bool, "unexpected end of input"),
        (
            &[0x91],
            &Type::Dynamic,
            "dynamic value array must have exactly two elements",
        ),
    ] {
        assert_eq!(decode(bytes, ty).unwrap_err().to_string(), want);
    }
    let secret = Value::bool(true).with_marks(Marks::SENSITIVE);
    assert_eq!(
        encode(&secret, &Type::Bool).unwrap_err().to_string(),
        "value has marks, so it cannot be serialized"
    );
}

#[test]
fn depth_is_bounded() {
    let layer = [
        0x92, 0xc4, 9, b'"', b'd', b'y', b'n', b'a', b'm', b'i', b'c', b'"',
    ];
    let bytes: Vec<u8> = layer
        .iter()
        .copied()
        .cycle()
        .take(layer.len() * 100_000)
        .collect();
    assert!(decode(&bytes, &Type::Dynamic).is_err());
    let unknown_key = [&[0xc8, 4, 0, 12, 0x81, 99][..], &[0x91; 1022]].concat();
    assert!(decode(&unknown_key, &Type::Bool).is_err());
}

proptest! {
    #[test]
    fn values_round_trip((ty, value) in constrained(Shape { unknown: true, marks: false })) {
        let bytes = encode(&value, &ty).unwrap();
        let back = decode(&bytes, &ty).unwrap();
        prop_assert_eq!(encode(&back, &ty).unwrap(), bytes.clone());
        prop_assert!(back == value || hex(&value, &ty).contains("2e") || back.ty() == value.ty());
    }

    #[test]
    fn anything_is_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..64), ty in constraint()) {
        let _ = decode(&bytes, &ty);
    }

    #[test]
    fn damage_is_harmless(
        (ty, value) in constrained(Shape { unknown: true, marks: false }),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = encode(&value, &ty).unwrap();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode(&bytes, &ty);
        bytes.truncate(at);
        prop_assert!(decode(&bytes, &ty).is_err());
    }
}
