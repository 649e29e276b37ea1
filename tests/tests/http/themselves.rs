//! What the process says about itself.

use super::door::{ADMIN, DISPATCHER, Door, registration};

#[test]
fn every_documented_route_is_there() {
    let door = Door::open();
    let document = door.ask("GET", "/openapi.json").send().done();
    let mut routes = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let concrete = path.replace("{id}", "none").replace("{code}", "none");
            let answer = door
                .ask(&method.to_uppercase(), &concrete)
                .token(ADMIN)
                .send();
            assert_ne!(answer.status, 405, "{method} {path}");
            assert_ne!(answer.body["code"], "no-such-route", "{method} {path}");
            assert!(answer.status < 500, "{method} {path}: {}", answer.text);
            routes += 1;
        }
    }
    assert!(routes >= 35, "{routes}");
}

#[test]
fn the_page_is_chinese_and_stands_alone() {
    let door = Door::bare();
    let page = door.ask("GET", "/").send();
    assert_eq!(
        (page.status, page.media_type.as_str()),
        (200, "text/html; charset=utf-8")
    );
    assert!(page.text.contains("登记诉求") && page.text.contains("lang=\"zh-CN\""));
}

#[test]
fn metrics_count_commands_and_never_name_a_case() {
    let door = Door::open();
    let handed = door.handed_in("one", &registration());
    door.get(&format!("/v1/cases/{}", handed.number), DISPATCHER)
        .done();
    let metrics = door.ask("GET", "/metrics").send().text;
    assert!(
        metrics.contains("fengqiao_commands_total{command=\"register\",outcome=\"done\"} 1"),
        "{metrics}"
    );
    assert!(metrics.trim_end().ends_with("# EOF"));
    assert_eq!(metrics.matches("# EOF").count(), 1);
    for secret in [handed.number.as_str(), "王小明", "13800138000"] {
        assert!(!metrics.contains(secret));
    }
}

#[test]
fn rules_in_force_show_where_each_number_comes_from() {
    let door = Door::open();
    let rules = door.get("/v1/rules?place=990101001001", DISPATCHER).done();
    let clocks = rules["clocks"].as_array().unwrap();
    assert!(!clocks.is_empty());
    assert!(
        clocks
            .iter()
            .all(|clock| clock["rule"]["provenance"]["source"].is_string()),
        "{rules}"
    );
}

#[test]
fn divisions_and_units_are_found_by_place_and_name() {
    let door = Door::open();
    let village = door.ask("GET", "/v1/divisions/990101001001").send().done();
    let path: Vec<_> = village["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["name"].as_str().unwrap())
        .collect();
    assert_eq!(path, ["甲省", "乙市", "丙县", "丁镇", "戊村"]);
    let found = door
        .ask("GET", "/v1/divisions?name=%E4%B8%99&limit=5")
        .send()
        .done();
    assert_eq!(found["rows"][0]["code"], "990101000000");
    let units = door
        .ask("GET", "/v1/units?division=990101000000&name=%E4%BD%8F")
        .send()
        .done();
    assert_eq!(units["rows"][0]["id"], "housing");
}
