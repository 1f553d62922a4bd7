use super::*;
use num_integer::Integer;
use proptest::prelude::*;

fn n(text: &str) -> Number {
    Number::parse(text).unwrap_or_else(|| panic!("{text} is a number"))
}

#[test]
fn reads_and_shows_what_terraform_does() {
    let third = format!("0.{}5", "3".repeat(154));
    for (text, shown) in [
        ("0", "0"),
        ("+5", "5"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "9223372036854775808"),
        ("100000000000000000000", "100000000000000000000"),
        ("1e30", "1000000000000000000000000000000"),
        ("1e-10", "0.0000000001"),
        (
            "123456789012345678901234567890123456789.123456789",
            "123456789012345678901234567890123456789.123456789",
        ),
        ("1p3", "8"),
        ("inf", "+Inf"),
        ("-Inf", "-Inf"),
        (".5", "0.5"),
        ("1.", "1"),
        ("-0.10", "-0.1"),
        ("1.0", "1"),
        ("9.99e3", "9990"),
        (&third, &third),
    ] {
        assert_eq!(n(text).to_string(), *shown, "{text}");
    }
    for text in [
        "", ".", "+", "-", "e5", "1e", "1e+", "0x10", " 1", "1_000", "1.2.3", "nan", "1e5x", "--1",
        "١",
    ] {
        assert!(Number::parse(text).is_none(), "{text}");
    }
}

#[test]
fn huge_exponents_cost_nothing() {
    assert!(Number::parse("1e999999999").is_none());
    assert!(Number::parse("1e80000").is_none());
    assert!(Number::parse("1e99999999999999999999999").is_none());
    assert!(Number::parse("1p99999999999999999999999").is_none());
    assert!(n("1e-99999999999999999999999").is_zero());
    assert!(n("0e99999999999999999999999").is_zero());
    assert_eq!(n(&format!("0.{}1e50000", "0".repeat(49_999))), Number::ONE);
    let large = n("1e70000");
    assert!(large.mul(&large).unwrap().is_infinite());
    assert!(
        Number::ONE
            .div(&large)
            .unwrap()
            .div(&large)
            .unwrap()
            .is_zero()
    );
}

#[test]
fn computes_what_terraform_does() {
    let third = format!("0.{}5", "3".repeat(154));
    let cases: &[(&str, Option<Number>, &str)] = &[
        ("0.1+0.2", n("0.1").add(&n("0.2")), "0.3"),
        ("1/3", n("1").div(&n("3")), &third),
        ("2/3*3", n("2").div(&n("3")).unwrap().mul(&n("3")), "2"),
        ("5%3", n("5").rem(&n("3")), "2"),
        ("-5%3", n("-5").rem(&n("3")), "-2"),
        ("5.5%0.1", n("5.5").rem(&n("0.1")), "0"),
        ("1/0", n("1").div(&n("0")), "+Inf"),
        ("-1/0", n("-1").div(&n("0")), "-Inf"),
        ("5%0", n("5").rem(&n("0")), "5"),
        (
            "floor",
            Some(n("1e40").add(&n("0.5")).unwrap().floor()),
            "10000000000000000000000000000000000000000",
        ),
        (
            "max+1",
            n("9223372036854775807").add(&n("1")),
            "9223372036854775808",
        ),
        ("0.1*3", n("0.1").mul(&n("3")), "0.3"),
        ("10/4", n("10").div(&n("4")), "2.5"),
        ("log(10,3)", n("10").log(&n("3")), "2.095903274289385"),
        ("pow(2,62)", n("2").pow(&n("62")), "4611686018427388000"),
        (
            "pow(2,62)+0",
            n("2").pow(&n("62")).unwrap().add(&n("0")),
            "4611686018427387904",
        ),
        (
            "pow(2,100)",
            n("2").pow(&n("100")),
            "1267650600228229400000000000000",
        ),
        ("pow(2,0.5)", n("2").pow(&n("0.5")), "1.4142135623730951"),
        (
            "pow(2,0.5)*1",
            n("2").pow(&n("0.5")).unwrap().mul(&n("1")),
            "1.4142135623730951454746218587388284504413604736328125",
        ),
    ];
    for (name, got, want) in cases {
        assert_eq!(
            got.as_ref().map(ToString::to_string).as_deref(),
            Some(*want),
            "{name}"
        );
    }
    // length([1]) / length([1, 2, 3])
    let short = Number::from(1).div(&Number::from(3)).unwrap();
    assert_eq!(short.to_string(), "0.33333333333333333334");
    assert_eq!(Number::from(1).div(&n("3")).unwrap().to_string(), third);
    assert!(n("0").div(&n("0")).is_none());
    assert!(n("inf").div(&n("-inf")).is_none());
    assert!(n("inf").sub(&n("inf")).is_none());
    assert!(n("inf").mul(&n("0")).is_none());
}

#[test]
fn rounds_to_integers() {
    for (text, floor, ceil, trunc) in [
        ("1.5", "1", "2", "1"),
        ("-1.5", "-2", "-1", "-1"),
        ("1e-300", "0", "1", "0"),
        ("-1e-300", "-1", "0", "0"),
        ("7", "7", "7", "7"),
    ] {
        assert_eq!(
            (n(text).floor(), n(text).ceil(), n(text).trunc()),
            (n(floor), n(ceil), n(trunc)),
            "{text}"
        );
    }
    assert_eq!(n("1.5").abs(), n("-1.5").abs());
}

#[test]
fn equal_numbers_are_equal_whatever_they_were_made_from() {
    let float = Number::from(4_611_686_018_427_387_904.0);
    let int = Number::from(4_611_686_018_427_387_904_i64);
    assert_eq!(float, int);
    assert_eq!(float.cmp(&int), Ordering::Equal);
    assert_eq!(float.to_i64(), Some(1 << 62));
    assert_eq!(n("18446744073709551615").to_u64(), Some(u64::MAX));
    assert_eq!(n("18446744073709551616").to_u64(), None);
    assert_eq!(n("0.1").to_i64(), None);
    assert_ne!(n("0.1"), Number::from(0.1));
    assert_eq!(n("0.1").to_f64(), 0.1);
    assert_eq!(n("0.5").to_f64_exact(), Some(0.5));
    assert_eq!(n("0.1").to_f64_exact(), None);
    assert_eq!(Number::from(0.1).to_string(), "0.1");
    assert!(Number::from_f64(f64::NAN).is_none());
}

#[test]
fn ten_digits_as_go_prints() {
    for (text, want) in [
        ("0", "0"),
        ("100000", "100000"),
        ("1234567890", "1234567890"),
        ("12345678901", "1.23456789e+10"),
        ("0.0001", "0.0001"),
        ("0.00001", "1e-05"),
        ("-0.1", "-0.1"),
        ("1e100", "1e+100"),
        ("99999999999", "1e+11"),
    ] {
        assert_eq!(n(text).ten_digits(), want, "{text}");
    }
}

fn wide(i: i128) -> Number {
    Number::from_bigint(i.into())
}

fn any_number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        (-1000i64..1000).prop_map(Number::from),
        any::<f64>().prop_filter_map("NaN", Number::from_f64),
        ("-?[0-9]{1,60}(\\.[0-9]{0,200})?", -300i64..300).prop_map(|(m, e)| n(&format!("{m}e{e}"))),
        Just(Number::INFINITY),
        Just(Number::NEG_INFINITY),
    ]
}

proptest! {
    #[test]
    fn f64_round_trips(f in any::<f64>().prop_filter("NaN", |f| !f.is_nan())) {
        prop_assert_eq!(Number::from(f).to_f64(), f);
        let text = format!("{f:?}");
        if f.is_finite() {
            prop_assert_eq!(n(&text).to_f64(), f);
            prop_assert_eq!(n(&Number::from(f).to_string()).to_f64(), f);
        }
    }

    #[test]
    fn shown_reads_back(a in any_number()) {
        let shown = a.to_string();
        let back = n(&shown.replace("Inf", "inf"));
        if a.precision() == FULL {
            prop_assert_eq!(&back, &a);
        }
        prop_assert_eq!(back.to_f64(), a.to_f64());
    }

    #[test]
    fn integers_agree_with_machine_arithmetic(a in any::<i64>(), b in any::<i64>()) {
        let (x, y) = (Number::from(a), Number::from(b));
        let (a, b) = (i128::from(a), i128::from(b));
        prop_assert_eq!(x.add(&y), Some(wide(a + b)));
        prop_assert_eq!(x.sub(&y), Some(wide(a - b)));
        prop_assert_eq!(x.mul(&y), Some(wide(a * b)));
        prop_assert_eq!(x.cmp(&y), a.cmp(&b));
        prop_assert_eq!(x.neg(), wide(-a));
        if b != 0 {
            prop_assert_eq!(x.rem(&y), Some(wide(a % b)));
            prop_assert_eq!(x.div(&y).unwrap().trunc(), wide(a / b));
            prop_assert_eq!(x.div(&y).unwrap().floor(), wide(Integer::div_floor(&a, &b)));
        }
    }

    #[test]
    fn order_is_total_and_hash_agrees(a in any_number(), b in any_number(), c in any_number()) {
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        if !a.is_infinite() && !b.is_infinite() {
            prop_assert_eq!(a.add(&b), b.add(&a));
            prop_assert_eq!(a.mul(&b), b.mul(&a));
            prop_assert!(a.sub(&a).unwrap().is_zero());
        }
        let hash = |n: &Number| {
            let mut hasher = std::hash::DefaultHasher::new();
            n.hash(&mut hasher);
            hasher.finish()
        };
        if a == b {
            prop_assert_eq!(hash(&a), hash(&b));
        }
    }
}
