//! Tests of the comparison: every expectation can fail, and says in words how.

use serde_json::json;

use super::*;
use crate::jurisdiction::Jurisdiction;

const DIVISIONS: &str = "code,name,level,parent\n990101000000,一区,county,990100000000\n990101001000,一街道,township,990101000000\n";

fn names() -> Names {
    let unit = |id: &str, name: &str| {
        let text = format!("id = \"{id}\"\nname = \"{name}\"\ndivision = \"990101000000\"");
        toml::from_str(&text).unwrap()
    };
    let jurisdiction = Jurisdiction {
        name: "one".into(),
        folder: "one".into(),
        title: "一区".into(),
        division: "990101000000".into(),
        bindings: Vec::new(),
        units: vec![unit("u1", "一局"), unit("u2", "二局"), unit("u3", "三局")],
        units_toml: String::new(),
        divisions: String::new(),
        grids: String::new(),
        counting: None,
        months: Vec::new(),
        catalogues: Vec::new(),
        registers: Vec::new(),
        principals: Vec::new(),
        channels: Vec::new(),
        cases: Vec::new(),
    };
    Names::new(&jurisdiction, DIVISIONS)
}

fn case() -> Value {
    json!({
        "case": "C1", "version": 7, "stage": "handling", "stage-label": "处置", "division": "990101001000",
        "lead": "u1", "reworks": 0, "urges": 1, "flags": ["joint"],
        "assignments": [
            { "id": 3, "unit": "u1", "role": "lead", "state": "active" },
            { "id": 4, "unit": "u2", "role": "assist", "state": "active" },
            { "id": 5, "unit": "u3", "role": "assist", "state": "replaced" },
        ],
        "clocks": [
            { "id": 6, "name": "sign", "state": "met", "due": "2024-02-03T02:00:00Z" },
            { "id": 7, "name": "report", "state": "running", "due": "2024-02-08T15:59:59.999Z" },
        ],
        "proceedings": [{ "id": 8, "kind": "mediation", "state": "consent", "addressee": "u2" }],
        "approvals": [{ "id": 9, "role": "dispatcher", "verdict": null }],
        "tasks": [{ "id": 10, "code": "needs-dispatch", "desk": "990101001000", "done-at": null }],
        "outcome": { "closed": null, "solved": null, "satisfied": { "value": "no" } },
    })
}

fn found(expect: &str) -> Option<String> {
    let expect: Expect = toml::from_str(expect).unwrap();
    let case = case();
    let citizen = json!({ "notice": "识做", "timeline": [{ "what": "受理" }, { "what": "分流" }] });
    let warning = json!({ "id": 1, "kind": "warning", "state": "first", "about": "C1" });
    let dockets = [(
        "u1".to_owned(),
        json!({ "proceedings": [warning], "approvals": [] }),
    )];
    let found = Found {
        case: View(&case),
        id: "C1",
        citizen: &citizen,
        handler_sees_reporter: Some(false),
        dockets: &dockets,
    };
    difference(&expect, &found, &names())
}

#[test]
fn what_is_as_expected_has_no_difference() {
    let expect = r#"
        stage = "handling"
        lead = "一局"
        assists = ["二局"]
        supervises = []
        level = "一街道"
        task = "needs-dispatch"
        desk = "一街道"
        flags = ["joint"]
        urges = 1
        reworks = 0
        handler-sees-reporter = false
        citizen-sees = ["受理", "分流"]
        told = ["识做"]
        due = { report = "2024-02-08", sign = "2024-02-03 10:00" }
        clocks = { sign = "met", contact = "none" }
        proceedings = { mediation = "consent", order = "none" }
        addressed = { "二局" = "consent", "三局" = "none" }
        warnings = { "一局" = "first" }
        waits = { "本案" = "dispatcher", "一局" = "none" }
        outcome = { closed = "none", satisfied = "no" }
    "#;
    assert_eq!(found(expect), None);
}

#[test]
fn every_expectation_can_fail() {
    for (expect, word) in [
        ("stage = \"closed\"", "环节"),
        ("lead = \"二局\"", "主办单位"),
        ("assists = [\"二局\", \"三局\"]", "协办单位"),
        ("supervises = [\"三局\"]", "督办单位"),
        ("level = \"一区\"", "办理层级"),
        ("ended = \"110\"", "终结原因"),
        ("task = \"objection\"", "待办"),
        ("desk = \"一区\"", "待办所在区划"),
        ("task = \"objection\"\ndesk = \"一街道\"", "待办"),
        ("flags = [\"joint\", \"hazard\"]", "标记"),
        ("urges = 2", "催办次数"),
        ("reworks = 1", "重办次数"),
        ("handler-sees-reporter = true", "诉求人"),
        ("citizen-sees = [\"分流\", \"受理\"]", "“受理”没有看到"),
        ("told = [\"搞掂\"]", "被告知"),
        ("due = { report = \"2024-02-09\" }", "2024-02-08"),
        ("due = { contact = \"2024-02-09\" }", "没有这个时限"),
        ("clocks = { sign = \"breached\" }", "时限 sign"),
        ("proceedings = { mediation = \"agreed\" }", "程序 mediation"),
        ("addressed = { \"二局\" = \"agreed\" }", "发给二局的程序"),
        ("warnings = { \"一局\" = \"second\" }", "警示"),
        ("waits = { \"一局\" = \"supervisor\" }", "待批准"),
        ("outcome = { satisfied = \"yes\" }", "满意"),
        (
            "common-problem = { division = \"一区\", kind = \"common-problem\", state = \"found\" }",
            "共性问题",
        ),
    ] {
        let difference = found(expect).unwrap_or_default();
        assert!(difference.contains(word), "{expect}: {difference}");
    }
}
