//! Extend, suspend, resume, recompute, and the choice of a deadline.

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::Advice;
use fengqiao_core::clock::{ClockState, Mark, PlacedRule};
use fengqiao_core::clocks::Timing;
use fengqiao_core::command::{Command, NamedSpec};
use fengqiao_core::docket::Verdict;
use fengqiao_core::matter::MatterKind;
use fengqiao_core::profile::{CloseOn, Rules};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::office::*;

fn clock(office: &Office, name: &str) -> fengqiao_core::clock::Clock {
    let mut clocks = office.c1().docket.clocks.iter();
    clocks.rfind(|c| c.name.as_str() == name).unwrap().clone()
}

fn extend(office: &Office, name: &str, by: &str) -> Command {
    Command::Extend {
        clock: clock(office, name).id,
        by: spec(by),
        text: text(),
    }
}

fn approve(office: &Office) -> Command {
    Command::Decide {
        approval: office.c1().docket.approvals.last().unwrap().id,
        verdict: Verdict::Approved,
        text: None,
    }
}

fn suspend(until: &str) -> Command {
    Command::Suspend {
        review_at: until.parse().unwrap(),
        text: text(),
    }
}

fn petition() -> Office {
    let mut petition = registration();
    petition.matter.kind = MatterKind::Petition;
    let mut office = Office::new();
    office.take_in("c1", petition, &Advice::default()).unwrap();
    office.given(hub(), dispatch("roads"))
}

#[test]
fn an_extension_is_asked_granted_by_a_second_person_and_told() {
    let office = handling();
    let before = clock(&office, "report").deadline;
    let ask = extend(&office, "report", "5wd");
    let office = check(office, &handler("roads"), ask.clone(), &["approval-asked"]);
    assert_eq!(clock(&office, "report").deadline, before);
    let yes = approve(&office);
    let office = check(
        office,
        &hub(),
        yes,
        &["approval-decided", "clock-extended", "told"],
    );
    let after = clock(&office, "report");
    assert!(after.deadline.due > before.due);
    assert_eq!(after.extensions, 1);
    let again = extend(&office, "report", "5wd");
    refuses(office, &handler("roads"), again, "extension-too-long");
}

#[test]
fn an_extension_that_the_rule_does_not_allow_is_not_even_asked() {
    let office = handling();
    let too_long = extend(&office, "report", "11wd");
    refuses(
        office.clone(),
        &handler("roads"),
        too_long,
        "extension-too-long",
    );
    let fixed = extend(&office, "contact", "1h");
    refuses(office.clone(), &handler("roads"), fixed, "not-extendable");
    let signed = extend(&office, "sign", "1h");
    refuses(office.clone(), &handler("roads"), signed, "clock-over");
    let stranger = extend(&office, "report", "1wd");
    refuses(
        office.clone(),
        &handler("water"),
        stranger.clone(),
        "not-yours",
    );
    refuses(office.clone().after("20cd"), &hub(), stranger, "clock-over");
    let nothing = Command::Extend {
        clock: 999,
        by: spec("1wd"),
        text: text(),
    };
    refuses(office.clone(), &hub(), nothing, "not-found");
    let silent = Command::Extend {
        clock: clock(&office, "report").id,
        by: spec("1wd"),
        text: no_text(),
    };
    refuses(office.clone(), &hub(), silent, "text-missing");
    let day = extend(&office, "report", "same-day");
    refuses(office, &hub(), day, "clock");
    let over = closed();
    let report = extend(&over, "report", "1wd");
    refuses(over, &hub(), report, "wrong-stage");
}

#[test]
fn an_extension_approved_after_the_expiry_comes_too_late() {
    let office = handling();
    let ask = extend(&office, "report", "5wd");
    let office = office.given(handler("roads"), ask).after("20cd");
    let yes = approve(&office);
    refuses(office, &hub(), yes, "clock-over");
}

#[test]
fn a_local_rule_never_lengthens_what_the_law_limits() {
    // The law gives a petition 60 days and once 30 more; the local 15 working days may be extended within that only.
    let mut office = Office::new();
    for placed in &mut office.rules_mut().clocks {
        if placed.rule.name.as_str() == "handle-total"
            && let Some(extend) = &mut placed.rule.extend
            && placed.division.is_some()
        {
            extend.by = spec("1year");
        }
    }
    let mut registered = registration();
    registered.matter.kind = MatterKind::Petition;
    office
        .take_in("c1", registered, &Advice::default())
        .unwrap();
    let office = office.given(hub(), dispatch("roads"));
    assert_eq!(clock(&office, "handle-total").rule.provenance.mark, Mark::A);
    let too_far = extend(&office, "handle-total", "100cd");
    refuses(office.clone(), &hub(), too_far, "extension-too-long");
    let within = extend(&office, "handle-total", "60cd");
    check(office, &hub(), within, &["approval-asked"]);
}

#[test]
fn a_pause_does_not_lead_past_what_the_law_limits() {
    let office = petition().given(hub(), suspend("2024-12-01T00:00:00Z"));
    let start = clock(&office, "handle-total").deadline.start;
    let law = calendar()
        .deadline(start, spec("60cd"), fengqiao_calendar::Roll::Law)
        .unwrap();
    let office = office.after("200cd").given(hub(), Command::Resume {});
    assert_eq!(clock(&office, "handle-total").deadline.due, law.due);
}

#[test]
fn a_local_rule_that_calls_itself_law_moves_within_the_kernels_law() {
    let mut office = Office::new();
    for placed in &mut office.rules_mut().clocks {
        if placed.rule.name.as_str() == "handle-total"
            && let Some(extend) = &mut placed.rule.extend
            && placed.division.is_some()
        {
            extend.by = spec("1year");
            placed.rule.provenance.mark = Mark::L;
        }
    }
    let mut registered = registration();
    registered.matter.kind = MatterKind::Petition;
    office
        .take_in("c1", registered, &Advice::default())
        .unwrap();
    let office = office.given(hub(), dispatch("roads"));
    let total = clock(&office, "handle-total");
    let law = calendar()
        .deadline(
            total.deadline.start,
            spec("60cd"),
            fengqiao_calendar::Roll::Law,
        )
        .unwrap();
    assert!(total.deadline.due < law.due, "the local rule holds");
    let too_far = extend(&office, "handle-total", "100cd");
    refuses(office.clone(), &hub(), too_far, "extension-too-long");
    let office = office.given(hub(), suspend("2024-12-01T00:00:00Z"));
    let office = office.after("200cd").given(hub(), Command::Resume {});
    assert_eq!(clock(&office, "handle-total").deadline.due, law.due);
}

#[test]
fn the_hub_suspends_and_the_lead_asks_for_it() {
    let review = "2024-03-20T08:00:00Z";
    let office = check(
        handling(),
        &hub(),
        suspend(review),
        &["suspended", "clock-paused", "clock-started", "told"],
    );
    assert!(matches!(
        clock(&office, "report").state,
        ClockState::Paused { .. }
    ));
    assert_eq!(clock(&office, "contact").state, ClockState::Running);
    let due = clock(&office, "review").deadline.due;
    assert!(due >= review.parse::<Timestamp>().unwrap());
    refuses(office.clone(), &hub(), suspend(review), "suspended");
    refuses(office.clone(), &handler("roads"), report(), "suspended");

    let before = clock(&office, "report").deadline.due;
    let office = check(
        office.after("7cd"),
        &handler("roads"),
        Command::Resume {},
        &["resumed", "clock-resumed"],
    );
    assert!(clock(&office, "report").deadline.due > before);
    refuses(office, &hub(), Command::Resume {}, "not-suspended");

    let office = check(
        handling(),
        &handler("roads"),
        suspend(review),
        &["approval-asked"],
    );
    let yes = approve(&office);
    check(office, &hub(), yes, &["suspended", "clock-paused"]);
}

#[test]
fn a_suspension_has_a_reason_and_a_date_to_come() {
    refuses(
        handling(),
        &hub(),
        suspend("2024-03-01T00:00:00Z"),
        "review-in-past",
    );
    refuses(
        handling(),
        &hub(),
        suspend("2099-03-01T00:00:00Z"),
        "field-invalid",
    );
    let silent = Command::Suspend {
        review_at: "2024-04-01T00:00:00Z".parse().unwrap(),
        text: no_text(),
    };
    refuses(handling(), &hub(), silent, "text-missing");
    let later = || suspend("2024-04-01T00:00:00Z");
    refuses(reported(), &hub(), later(), "wrong-stage");
    refuses(handling(), &handler("water"), later(), "not-yours");
}

#[test]
fn a_review_that_comes_round_gives_the_hub_a_task() {
    let mut office = handling()
        .given(hub(), suspend("2024-03-20T08:00:00Z"))
        .after("30cd");
    office.notice_breaches();
    let tasks = office.c1().docket.tasks.iter();
    assert!(tasks.clone().any(|t| t.code.as_str() == "review"));
    assert!(office.c1().suspended_until.is_some());
}

#[test]
fn what_is_suspended_runs_again_when_the_case_moves() {
    let office = handling().given(hub(), suspend("2024-04-01T00:00:00Z"));
    let up = Command::HandUp {
        to: division(COUNTY),
        lead: None,
        reason: code("too-hard"),
    };
    let office = check(
        office,
        &hub(),
        up,
        &["resumed", "clock-resumed", "stage-moved"],
    );
    assert!(office.c1().suspended_until.is_none());
}

#[test]
fn a_newer_calendar_that_changes_nothing_records_nothing() {
    let mut office = handling();
    let recompute = |clock| Command::Recompute { clock };
    let report = clock(&office, "report").id;
    let events = office
        .send(&Actor::Kernel, "c1", &recompute(report))
        .unwrap();
    assert!(events.is_empty());
    let sign = clock(&office, "sign").id;
    refuses(
        office.clone(),
        &Actor::Kernel,
        recompute(sign),
        "clock-over",
    );
    refuses(office.clone(), &Actor::Kernel, recompute(999), "not-found");
    refuses(office, &hub(), recompute(report), "not-yours");
}

#[test]
fn a_change_of_hands_does_not_restart_a_report_clock_of_law() {
    let mut office = Office::new();
    for placed in &mut office.rules_mut().clocks {
        if placed.rule.name.as_str() == "report" {
            placed.rule.provenance.mark = Mark::L;
        }
    }
    office
        .take_in("c1", registration(), &Advice::default())
        .unwrap();
    let office = office.given(hub(), dispatch("roads"));
    let first = clock(&office, "report").deadline;
    let up = Command::HandUp {
        to: division(COUNTY),
        lead: Some(unit("water")),
        reason: code("too-hard"),
    };
    let office = office.after("24h").given(hub(), up);
    assert_eq!(clock(&office, "report").deadline, first);
    assert_eq!(clock(&office, "report").owner, Some(unit("water")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Whatever local rules and words are added, the deadline never ends later than the law's alone.
    #[test]
    fn the_shortest_holds_and_the_laws_is_never_lengthened(
        local in proptest::collection::vec((1u32..200, 0usize..4), 0..6),
        named in proptest::option::of(1u32..200),
        day in 0i64..700,
    ) {
        let words = |n: u32, kind: usize| match kind {
            0 => format!("{n}h"),
            1 => format!("{n}cd"),
            2 => format!("{n}wd"),
            _ => format!("{n}min"),
        };
        let mut rules: Rules = rules(CloseOn::Reply);
        rules.clocks.retain(|r| r.division.is_none());
        let mut matter = matter();
        matter.kind = MatterKind::Petition;
        let start: Timestamp = "2023-01-02T02:00:00Z".parse().unwrap();
        let start = start + jiff::SignedDuration::from_hours(24 * day);
        let choose = |rules: &Rules, specs: &[NamedSpec]| {
            let timing = Timing { calendar: calendar(), rules, matter: Some(&matter) };
            timing.choose("handle-total", specs, start).unwrap().unwrap()
        };
        let (_, law) = choose(&rules, &[]);
        for (n, kind) in &local {
            rules.clocks.push(PlacedRule {
                division: Some(division(COUNTY)),
                rule: clock_rule("handle-total", &words(*n, *kind)),
            });
        }
        let specs: Vec<_> = named.into_iter().map(|n| NamedSpec {
            name: code("handle-total"),
            spec: spec(&words(n, 1)),
            provenance: assumed(),
        }).collect();
        let (_, chosen) = choose(&rules, &specs);
        prop_assert!(chosen.due <= law.due);
    }
}
