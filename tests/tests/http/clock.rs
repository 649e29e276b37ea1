//! A demonstration's time, and the directory that is one for good.

use std::process::{Command, Output};

use serde_json::json;

use super::door::{DISPATCHER, Door, binary, registration};

#[test]
fn time_goes_forward_and_never_back() {
    let door = Door::bare();
    let moved = door.move_clock("2024-02-02T10:00:00+08:00").done();
    assert_eq!(moved["now"], "2024-02-02T02:00:00Z");
    let back = door.move_clock("2024-02-02T09:59:59+08:00");
    assert_eq!(back.problem(), (409, "time-goes-forward"));
    assert_eq!(
        door.ask("GET", "/v1/time").send().done()["now"],
        "2024-02-02T02:00:00Z"
    );
}

#[test]
fn a_clock_that_runs_out_on_the_way_does_so_at_its_own_time() {
    let door = Door::open();
    door.move_clock("2024-02-02T10:00:00+08:00").done();
    let handed = door.handed_in("one", &registration());
    let path = format!("/v1/cases/{}", handed.number);
    let due = door.get(&format!("{path}/clocks"), DISPATCHER).done()["rows"][0]["due"]
        .as_str()
        .unwrap()
        .to_owned();
    let moved = door.move_clock("2024-06-02T10:00:00+08:00").done();
    assert!(
        moved["breached"]
            .as_u64()
            .is_some_and(|breached| breached > 0),
        "{moved}"
    );
    let events = door.get(&path, DISPATCHER).done();
    let breach = events["events"]
        .as_array()
        .unwrap()
        .iter()
        .find(|recorded| recorded["event"]["event"] == "clock-breached");
    let breach = breach.expect("the clock ran out");
    assert_eq!(breach["event"]["at"], json!(due));
    assert_eq!(breach["at"], "2024-02-17T16:00:00Z");
}

#[test]
fn a_demonstrations_directory_is_never_served_for_real() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    drop(fengqiao_tests::kernel::Kernel::start(&binary(), &data, &[]).unwrap());
    let refused = serve(&["--data", data.to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("DEMONSTRATION")
    );
    assert!(refused.stdout.is_empty());
}

#[test]
fn a_demonstration_listens_on_loopback_only() {
    let folder = tempfile::tempdir().unwrap();
    let refused = serve(&[
        "--data",
        folder.path().to_str().unwrap(),
        "--listen",
        "0.0.0.0:0",
        "--demo",
    ]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("127.0.0.1")
    );
}

fn serve(arguments: &[&str]) -> Output {
    Command::new(binary())
        .arg("serve")
        .args(arguments)
        .output()
        .unwrap()
}
