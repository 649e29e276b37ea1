//! Windows are whole days in China, whatever the machine's zone.

use fengqiao_metrics::{Window, WindowError};

use super::cohort::instant;

fn window(text: &str) -> Window {
    text.parse().unwrap()
}

#[test]
fn a_month_begins_and_ends_at_midnight_in_china() {
    let may = window("2024-05");
    assert!(may.contains(instant("2024-04-30T16:00:00Z")));
    assert!(!may.contains(instant("2024-04-30T15:59:59Z")));
    assert!(may.contains(instant("2024-05-31T15:59:59Z")));
    assert!(!may.contains(instant("2024-05-31T16:00:00Z")));
}

#[test]
fn a_window_is_written_as_it_is_read() {
    for text in ["2024", "2024-02", "2024-02-28/2024-03-01"] {
        assert_eq!(window(text).to_string(), text);
        let json = serde_json::to_string(&window(text)).unwrap();
        assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), window(text));
    }
}

#[test]
fn the_window_before_has_the_same_form() {
    let before = |text: &str| window(text).before().unwrap().to_string();
    assert_eq!(before("2024"), "2023");
    assert_eq!(before("2024-01"), "2023-12");
    assert_eq!(before("2024-03-01/2024-03-07"), "2024-02-23/2024-02-29");
}

#[test]
fn what_is_no_window_is_refused_with_an_example() {
    for text in [
        "",
        "24",
        "2024-13",
        "2024-5",
        "2024-02-30/2024-03-01",
        "5月",
        "2024-05-01",
        "+024",
    ] {
        let refused = text.parse::<Window>().unwrap_err();
        assert!(refused.to_string().contains("2026-05"), "{text}: {refused}");
    }
    let backwards = "2024-03-02/2024-03-01".parse::<Window>().unwrap_err();
    assert!(matches!(backwards, WindowError::Backwards { .. }));
}
