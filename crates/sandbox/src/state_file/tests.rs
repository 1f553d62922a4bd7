use super::*;

#[test]
fn other_files_are_left_alone() {
    let dir = std::env::temp_dir().join(format!("groma-sandbox-{}", uuid::Uuid::new_v4()));
    std::fs::create_dir(&dir).unwrap();
    let path = dir.join("state.json");
    assert!(load(&path).unwrap().is_none());
    for (text, why) in [
        (
            "{\"version\": 4, \"serial\": 1}",
            "not a state file of a sandbox",
        ),
        ("no json", "not a state file of a sandbox"),
        (
            "{\"format\": \"groma sandbox\", \"version\": 9}",
            "version 9",
        ),
        (
            "{\"format\": \"groma sandbox\", \"version\": 1}",
            "is damaged",
        ),
    ] {
        std::fs::write(&path, text).unwrap();
        let error = load(&path).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
    std::fs::write(&path, "").unwrap();
    assert!(load(&path).unwrap().is_none());
    std::fs::remove_dir_all(dir).unwrap();
}
