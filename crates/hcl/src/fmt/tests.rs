use super::format;

/// `before.tf` as `terraform fmt` lays it out.
#[test]
fn formats_like_terraform() {
    expect_test::expect_file!["after.tf"].assert_eq(&format(include_str!("before.tf")));
}

#[test]
fn formatting_twice_changes_nothing() {
    let once = format(include_str!("before.tf"));
    assert_eq!(format(&once), once);
}

#[test]
fn text_with_syntax_errors_stays() {
    assert_eq!(format("a=\nb = 1"), "a=\nb = 1");
}
