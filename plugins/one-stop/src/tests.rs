//! The rules as the centre's desk would tell them.

use fengqiao_sdk::guard::{ActorRole, Verdict};
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::testing::{self, Fixture};

use crate::OneStop;
use crate::config::Config;

mod coming;
mod handing_over;

const CITY: &str = "990101000000";
const TOWN: &str = "990101001000";
/// 2024-01-01 09:00 in China, a Monday.
const MONDAY: i64 = 1_704_070_800_000;

fn clock(name: &str, spec: &str) -> serde_json::Value {
    serde_json::json!({ "name": name, "spec": spec, "provenance": assumed() })
}

fn assumed() -> serde_json::Value {
    serde_json::json!({ "mark": "A", "source": "t" })
}

fn mode(word: &str, presence: &str) -> serde_json::Value {
    serde_json::json!({ "word": word, "presence": presence, "provenance": assumed() })
}

fn document() -> serde_json::Value {
    let mut on_call = mode("随叫", "on-call");
    on_call["clock"] = clock("arrive-on-call", "30min");
    serde_json::json!({
        "centre": { "unit": "centre", "role": "dispatcher" },
        "catalogues": ["own", "partner"],
        "intake": {
            "form": "ticks", "title": "勾选表", "at-most": { "value": 2, "provenance": assumed() },
            "ticks": [["papers", "材料齐全"], ["hard", "疑难"]]
        },
        "papers": { "mark": "papers", "flag": "papers-missing", "told-by": "clerk", "provenance": assumed() },
        "residency": { "catalogue": "residents", "mode": [
            mode("常驻", "present"), on_call, mode("轮班", "by-shift"), mode("预约", "by-appointment"), mode("引导", "guided")
        ] },
        "spot": { "flag": "spot", "clocks": [{ "name": "report", "spec": "2h", "provenance": assumed() }] },
        "whistle": { "kind": "whistle", "flag": "whistled", "provenance": assumed() },
        "hard": { "marks": ["hard"], "provenance": assumed() },
        "hand-over": { "kind": "hand-over", "label": "移交", "flag": "asked-first", "clock": clock("hand-over", "2h"), "provenance": assumed() },
        "appointment": { "kind": "appointment", "label": "预约", "fix-by": ["lead"], "fix": clock("fix", "1wd"), "keep": clock("keep", "3wd"), "changes": { "value": 2, "provenance": assumed() } },
        "emergency": { "mark": "emergency", "route": "110", "provenance": assumed() }
    })
}

fn config() -> Config {
    serde_json::from_value(document()).unwrap()
}

fn install() {
    Fixture::default()
        .unit("centre", CITY, &[])
        .unit("legal", CITY, &["法律"])
        .unit("lawyers", CITY, &["法律"])
        .unit("caller", CITY, &["仲裁", "见证"])
        .unit("shift", CITY, &["公证", "见证"])
        .unit("booked", CITY, &["心理"])
        .unit("away", CITY, &["鉴定"])
        .unit("land", CITY, &["土地"])
        .unit("mediators", CITY, &["调解"])
        .unit("town", TOWN, &["属地"])
        .unit("citizens", CITY, &["政务"])
        .catalogue(
            "residents",
            &["unit"],
            &["unit", "mode", "days"],
            &[
                &["lawyers", "引导", ""],
                &["legal", "常驻", ""],
                &["mediators", "常驻", ""],
                &["shift", "轮班", "周一;周四"],
                &["caller", "随叫", ""],
                &["booked", "预约", ""],
                &["away", "引导", ""],
            ],
        )
        .catalogue(
            "own",
            &["category", "item"],
            &[
                "category", "item", "lead", "tier", "whistle", "papers", "flags",
            ],
            &[
                &["法律", "咨询", "法律", "simple", "", "", ""],
                &["法律", "援助", "法律", "simple", "", "身份证;申请表", ""],
                &["公证", "遗嘱", "公证", "simple", "", "", ""],
                &["公证", "见证", "见证", "", "", "", ""],
                &["仲裁", "劳动", "仲裁", "simple", "", "", ""],
                &["心理", "疏导", "心理", "", "", "", ""],
                &["鉴定", "伤残", "鉴定", "", "", "", ""],
                &["纠纷", "邻里", "调解", "", "", "", "mediation"],
                &["纠纷", "土地", "调解", "", "属地;土地", "", "mediation"],
            ],
        )
        .catalogue(
            "partner",
            &["category", "item"],
            &["category", "item", "lead"],
            &[&["政务", "社保", "政务"]],
        )
        .install();
}

fn about(category: &str, marks: &[&str]) -> Case {
    install();
    let mut case = testing::case();
    case.as_of = MONDAY;
    let mut matter = testing::matter("dispute", Some(category));
    matter.marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
    case.matter = Some(matter);
    case
}

/// Asked first at this unit.
fn at(unit: &str, mut case: Case) -> Case {
    case.source.as_mut().unwrap().first_receiver = Some(unit.to_owned());
    case
}

fn ask(case: &Case) -> Answer {
    OneStop::triage(&config(), case).unwrap()
}

#[track_caller]
fn accepted(case: &Case) -> Acceptance {
    match ask(case) {
        Answer::Accept(acceptance) => acceptance,
        other => panic!("没有派单：{other:?}"),
    }
}

#[test]
fn what_is_simple_is_done_on_the_spot() {
    let acceptance = accepted(&about("法律/咨询", &[]));
    assert_eq!(acceptance.lead, "legal");
    assert_eq!(acceptance.level.as_deref(), Some(CITY));
    assert_eq!(acceptance.flags, ["spot"]);
    let limits = acceptance.clocks.iter();
    let limits: Vec<_> = limits
        .map(|own| (own.name.as_str(), own.spec.as_str()))
        .collect();
    assert_eq!(limits, [("report", "2h")]);
}

#[test]
fn what_is_not_simple_takes_its_time() {
    let acceptance = accepted(&about("纠纷/邻里", &[]));
    assert_eq!(acceptance.flags, ["mediation"]);
    assert_eq!(acceptance.clocks.len(), 0);
}

#[test]
fn without_its_papers_it_waits_for_them() {
    let flags = |marks: &[&str]| accepted(&about("法律/援助", marks)).flags;
    assert_eq!(flags(&["papers"]), ["spot"]);
    assert_eq!(flags(&[]), ["papers-missing"]);
}

#[test]
fn a_unit_that_is_there_goes_before_one_that_is_not() {
    assert_eq!(accepted(&about("法律/咨询", &[])).lead, "legal");
    for (category, lead) in [("仲裁/劳动", "caller"), ("鉴定/伤残", "away")] {
        let acceptance = accepted(&about(category, &[]));
        assert_eq!(
            (acceptance.lead.as_str(), acceptance.flags.len()),
            (lead, 0)
        );
    }
}

#[test]
fn on_its_days_a_unit_by_shift_goes_before_one_on_call_and_behind_it_on_others() {
    let mut case = about("公证/见证", &[]);
    assert_eq!(accepted(&case).lead, "shift");
    case.as_of += 86_400_000;
    assert_eq!(accepted(&case).lead, "caller");
}

#[test]
fn a_unit_by_shift_is_there_on_its_days() {
    let mut case = about("公证/遗嘱", &[]);
    assert_eq!(accepted(&case).flags, ["spot"]);
    case.as_of += 86_400_000;
    assert_eq!(accepted(&case).flags, [""; 0]);
}

#[test]
fn a_town_or_a_department_is_whistled_for() {
    let acceptance = accepted(&about("纠纷/土地", &[]));
    assert_eq!(acceptance.lead, "mediators");
    assert_eq!(acceptance.flags, ["mediation", "whistled"]);
    let mut ticked = about("法律/咨询", &[]);
    ticked.matter.as_mut().unwrap().portfolios = vec!["土地".to_owned(), "没有的".to_owned()];
    assert_eq!(accepted(&ticked).flags, ["whistled"]);
}

#[test]
fn what_is_hard_the_centre_takes_itself() {
    for category in ["纠纷/土地", "没有的/事项"] {
        let acceptance = accepted(&about(category, &["hard"]));
        assert_eq!(
            (acceptance.lead.as_str(), acceptance.flags.len()),
            ("centre", 0)
        );
    }
}

#[test]
fn what_no_catalogue_knows_is_decided_at_the_centres_desk() {
    for category in ["没有的/事项", "法律", ""] {
        let Answer::NeedHuman(need) = ask(&about(category, &[])) else {
            panic!("{category}")
        };
        assert_eq!(
            (need.desk.as_str(), need.role.as_str()),
            (CITY, "dispatcher")
        );
    }
}

#[test]
fn an_emergency_is_referred_at_once() {
    let answer = ask(&about("法律/咨询", &["emergency"]));
    assert_eq!(answer, Answer::Refer("110".to_owned()));
}

#[test]
fn the_form_has_no_more_boxes_than_may_be_ticked() {
    let rules = OneStop::profile(&config()).unwrap();
    assert_eq!(rules.limits.ticks, Some(2));
    assert_eq!(rules.forms[0].fields.len(), 2);
    let mut many = document();
    many["intake"]["ticks"] = serde_json::json!([["a", "a"], ["b", "b"], ["c", "c"]]);
    let many: Config = serde_json::from_value(many).unwrap();
    assert!(matches!(
        OneStop::profile(&many),
        Err(PluginError::BadConfig(_))
    ));
}

#[test]
fn a_mode_on_call_says_until_when() {
    let mut endless = document();
    endless["residency"]["mode"] = serde_json::json!([mode("随叫", "on-call")]);
    let endless: Config = serde_json::from_value(endless).unwrap();
    assert!(matches!(
        OneStop::profile(&endless),
        Err(PluginError::BadConfig(_))
    ));
}

/// What follows when this unit gets the lead of a case.
fn when_led_by(unit: &str, case: Case) -> Vec<serde_json::Value> {
    let document = serde_json::json!({ "assignment": { "unit": unit, "role": "lead" } });
    after("assigned", &document, case)
}

fn after(event: &str, document: &serde_json::Value, case: Case) -> Vec<serde_json::Value> {
    let happened = testing::happened(event, &document.to_string());
    let reaction = testing::reaction(Subject::Case("C1".to_owned()), case, vec![happened]);
    let proposals = OneStop::react(&config(), &reaction).unwrap();
    let commands = proposals.iter();
    commands
        .map(|proposal| serde_json::to_value(&proposal.command).unwrap())
        .collect()
}

#[test]
fn everybody_who_must_come_is_whistled_for_once() {
    let mut case = about("纠纷/土地", &[]);
    case.history.as_mut().unwrap().flags = vec!["whistled".to_owned()];
    let addressees = |case: Case| {
        let commands = when_led_by("mediators", case);
        let addressees = commands.iter().map(|own| own["addressee"].clone());
        addressees.collect::<Vec<_>>()
    };
    assert_eq!(addressees(case.clone()), ["town", "land"]);
    case.proceedings = Some(vec![testing::proceeding(1, "whistle", "concluded")]);
    assert_eq!(addressees(case), [""; 0]);
}

#[test]
fn whoever_lacks_papers_is_told_all_of_them_at_once() {
    let flag = |flag: &str| {
        after(
            "flagged",
            &serde_json::json!({ "flag": flag }),
            about("法律/援助", &[]),
        )
    };
    let tasks = flag("papers-missing");
    assert_eq!(
        (&tasks[0]["code"], &tasks[0]["role"]),
        (&"ask-papers".into(), &"clerk".into())
    );
    assert!(
        tasks[0]["note"]
            .as_str()
            .unwrap()
            .contains("身份证、申请表")
    );
    assert_eq!(flag("other").len(), 0);
}

fn refused(case: &Case, code: &str, document: &serde_json::Value) -> Option<String> {
    let official = ActorRole::Official("unit-handler".to_owned());
    let wanted = testing::move_by(official, code, &document.to_string());
    match OneStop::guard(&config(), case, &wanted).unwrap() {
        Verdict::Refuse(refusal) => Some(refusal.code),
        _ => None,
    }
}
