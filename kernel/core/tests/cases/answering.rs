//! Report, send back, reply, rate, follow up.

use fengqiao_core::advice::Advice;
use fengqiao_core::command::{Command, Delivery, FollowUpResult, Naming, ReleaseHow};
use fengqiao_core::docket::Verdict;
use fengqiao_core::ids::Level;
use fengqiao_core::matter::AssignmentRole;
use fengqiao_core::profile::{CloseOn, Satisfied};
use fengqiao_core::stage::StageName;

use crate::office::*;

fn follow_up(result: FollowUpResult) -> Command {
    Command::FollowUp {
        result,
        by: code("phone"),
        text: None,
    }
}

fn replied_closing_on(close_on: CloseOn) -> Office {
    let mut office = Office::closing_on(close_on);
    office
        .take_in("c1", registration(), &Advice::default())
        .unwrap();
    office
        .given(hub(), dispatch("roads"))
        .given(handler("roads"), Command::Sign {})
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
}

#[test]
fn a_report_needs_words_and_stops_the_leads_clocks() {
    let office = check(
        handling(),
        &handler("roads"),
        report(),
        &["reported", "stage-moved", "clock-met", "clock-started"],
    );
    assert_eq!(office.stage(), StageName::Reported);
    let silent = Command::Report {
        text: no_text(),
        evidence: vec![],
        solved: None,
    };
    refuses(handling(), &handler("roads"), silent, "text-missing");
    refuses(dispatched(), &handler("roads"), report(), "wrong-stage");
    refuses(handling(), &hub(), report(), "not-yours");
    refuses(handling(), &handler("water"), report(), "not-yours");
}

#[test]
fn some_categories_are_reported_with_a_photo() {
    let mut on_site = registration();
    on_site.matter.category = Some(code("illegal-building"));
    let mut office = Office::new();
    let advice = triage_of(COUNTY, accept_with("roads"));
    office.take_in("c1", on_site, &advice).unwrap();
    let office = office.given(handler("roads"), Command::Sign {});
    refuses(
        office.clone(),
        &handler("roads"),
        report(),
        "evidence-missing",
    );
    let with_photo = Command::Report {
        text: text(),
        evidence: vec![photo(1)],
        solved: None,
    };
    check(office, &handler("roads"), with_photo, &["reported"]);
}

#[test]
fn the_lead_reports_when_every_assist_is_done_or_excused() {
    let assist = Command::Assign {
        appointment: appointment("water", AssignmentRole::Assist),
    };
    let office = handling().given(hub(), assist);
    refuses(office.clone(), &handler("roads"), report(), "assists-open");
    let done = Command::Release {
        assignment: office.c1().assignments[1].id,
        how: ReleaseHow::Done,
        text: no_text(),
    };
    let office = office.given(handler("water"), done);
    check(office, &handler("roads"), report(), &["reported"]);
}

#[test]
fn a_report_sent_back_owes_a_new_one() {
    let send_back = |text| Command::SendBack { text };
    let office = check(
        reported(),
        &hub(),
        send_back(text()),
        &["sent-back", "stage-moved", "clock-started"],
    );
    assert_eq!(office.stage(), StageName::Handling);
    assert!(office.c1().reports[0].sent_back);
    let mut clocks = office.c1().docket.clocks.iter();
    let report = clocks.rfind(|c| c.name.as_str() == "report").unwrap();
    assert!(report.state.is_live());
    refuses(reported(), &hub(), send_back(no_text()), "text-missing");
    refuses(replied(), &hub(), send_back(text()), "wrong-stage");
    refuses(
        reported(),
        &handler("roads"),
        send_back(text()),
        "not-yours",
    );
}

#[test]
fn a_case_is_reported_at_most_thirty_two_times() {
    let mut office = handling();
    for _ in 0..31 {
        office.send(&handler("roads"), "c1", &report()).unwrap();
        office
            .send(&hub(), "c1", &Command::SendBack { text: text() })
            .unwrap();
    }
    office.send(&handler("roads"), "c1", &report()).unwrap();
    let office = office.given(hub(), Command::SendBack { text: text() });
    refuses(office, &handler("roads"), report(), "too-many");
}

#[test]
fn a_reply_is_delivered_or_says_why_not() {
    let office = check(
        reported(),
        &hub(),
        reply(),
        &["replied", "stage-moved", "clock-met", "clock-started"],
    );
    assert_eq!(office.stage(), StageName::Replied);
    let silent = Command::Reply {
        text: no_text(),
        delivery: Delivery::Delivered { way: code("sms") },
    };
    refuses(reported(), &hub(), silent, "text-missing");
    refuses(handling(), &handler("roads"), reply(), "wrong-stage");
    refuses(reported(), &handler("water"), reply(), "not-yours");
    let lost = Command::Reply {
        text: text(),
        delivery: Delivery::Undeliverable {
            ground: code("no-such-number"),
        },
    };
    check(reported(), &hub(), lost, &["replied", "clock-cancelled"]);
}

#[test]
fn a_profile_may_close_on_the_reply() {
    let office = replied_closing_on(CloseOn::Reply);
    assert_eq!(office.stage(), StageName::Closed);
    assert!(office.c1().outcome.satisfied.is_none());
    let office = check(office, &citizen(), rate("unsatisfied"), &["rated"]);
    let satisfied = office.c1().outcome.satisfied.as_ref().unwrap();
    assert_eq!(satisfied.value, Satisfied::No);
    assert_eq!(office.stage(), StageName::Closed);
}

#[test]
fn a_rating_is_given_once_by_the_scale_and_may_close() {
    let office = check(
        replied(),
        &citizen(),
        rate("satisfied"),
        &["rated", "clock-met", "closed", "stage-moved"],
    );
    assert_eq!(office.stage(), StageName::Closed);
    refuses(office, &citizen(), rate("satisfied"), "already-rated");
    refuses(replied(), &citizen(), rate("five-stars"), "unknown-grade");
    refuses(reported(), &citizen(), rate("satisfied"), "wrong-stage");
    refuses(replied(), &hub(), rate("satisfied"), "not-yours");
}

#[test]
fn a_rating_window_that_ends_waives_the_rating_and_closes() {
    let mut office = replied().after("7cd");
    office.notice_breaches();
    assert_eq!(office.stage(), StageName::Closed);
    assert!(office.c1().waived.contains(&code("rating")));
    refuses(office, &citizen(), rate("satisfied"), "already-rated");
}

#[test]
fn a_follow_up_that_says_solved_may_close() {
    let office = replied_closing_on(CloseOn::FollowUp);
    assert_eq!(office.stage(), StageName::Replied);
    let office = check(
        office,
        &hub(),
        follow_up(FollowUpResult::Solved),
        &["followed-up", "clock-met", "closed"],
    );
    assert_eq!(office.stage(), StageName::Closed);
    refuses(
        reported(),
        &hub(),
        follow_up(FollowUpResult::Solved),
        "wrong-stage",
    );
    refuses(
        replied(),
        &handler("roads"),
        follow_up(FollowUpResult::Solved),
        "not-yours",
    );
}

#[test]
fn a_follow_up_that_says_unsolved_waits_for_rework_or_another_word() {
    let office = replied_closing_on(CloseOn::FollowUp);
    let office = check(
        office,
        &hub(),
        follow_up(FollowUpResult::Unsolved),
        &["followed-up", "task-raised"],
    );
    assert_eq!(office.stage(), StageName::Replied);
    refuses(office.clone(), &hub(), Command::Close {}, "not-closable");
    check(
        office,
        &hub(),
        Command::Rework { text: text() },
        &["reworked", "task-done", "stage-moved"],
    );
}

#[test]
fn nobody_reached_counts_when_the_time_for_it_is_over() {
    let office = replied_closing_on(CloseOn::FollowUp);
    let mut office = office.given(hub(), follow_up(FollowUpResult::Unreached));
    assert_eq!(office.stage(), StageName::Replied);
    office.pass("30cd");
    office.notice_breaches();
    assert_eq!(office.stage(), StageName::Closed);
    assert!(office.c1().waived.contains(&code("follow-up")));

    let mut late = replied_closing_on(CloseOn::FollowUp).after("30cd");
    late.notice_breaches();
    assert_eq!(late.stage(), StageName::Replied);
    check(
        late,
        &hub(),
        follow_up(FollowUpResult::Unreached),
        &["followed-up", "waived", "closed"],
    );
}

#[test]
fn an_anonymous_citizen_rates_with_the_query_code() {
    let mut anonymous = registration();
    anonymous.naming = Naming::Anonymous;
    let mut office = Office::new();
    let advice = triage_of(COUNTY, accept_with("roads"));
    office.take_in("c1", anonymous, &advice).unwrap();
    let office = office
        .given(handler("roads"), Command::Sign {})
        .given(handler("roads"), report())
        .given(handler("roads"), reply());
    check(office, &citizen(), rate("satisfied"), &["rated", "closed"]);
}

/// A case that county and town follow up separately.
fn followed_up_by_two() -> Office {
    let mut office = replied_closing_on(CloseOn::FollowUp);
    office.rules_mut().follow_up_levels = [Level::County, Level::Township].into();
    office
}

#[test]
fn where_two_levels_follow_up_a_case_closes_on_the_word_of_both() {
    let office = followed_up_by_two().given(town_hub(), follow_up(FollowUpResult::Solved));
    assert_eq!(office.stage(), StageName::Replied);
    refuses(office.clone(), &hub(), Command::Close {}, "not-closable");
    let office = check(
        office,
        &hub(),
        follow_up(FollowUpResult::Solved),
        &["followed-up", "clock-met", "closed"],
    );
    assert_eq!(office.stage(), StageName::Closed);
}

#[test]
fn one_level_does_not_stand_in_for_the_other() {
    let office = followed_up_by_two()
        .given(hub(), follow_up(FollowUpResult::Solved))
        .given(hub(), follow_up(FollowUpResult::Solved));
    assert_eq!(office.stage(), StageName::Replied);
    let mut village = followed_up_by_two();
    village.rules_mut().follow_up_levels = [Level::Village].into();
    refuses(
        village,
        &hub(),
        follow_up(FollowUpResult::Solved),
        "not-yours",
    );
}

#[test]
fn the_worse_of_two_words_counts_and_rework_asks_both_anew() {
    let mut office = followed_up_by_two();
    office.rules_mut().limits.reworks = Some(5);
    let office = office
        .given(town_hub(), follow_up(FollowUpResult::Unsolved))
        .given(hub(), follow_up(FollowUpResult::Solved));
    assert_eq!(office.stage(), StageName::Replied);
    let office = office
        .given(hub(), Command::Rework { text: text() })
        .given(handler("roads"), report())
        .given(handler("roads"), reply())
        .given(town_hub(), follow_up(FollowUpResult::Solved));
    assert_eq!(office.stage(), StageName::Replied);
    let office = office.given(hub(), follow_up(FollowUpResult::Solved));
    assert_eq!(office.stage(), StageName::Closed);
}

#[test]
fn time_waives_no_follow_up_that_a_level_still_owes() {
    let owed = followed_up_by_two().given(hub(), follow_up(FollowUpResult::Unreached));
    let both = owed
        .clone()
        .given(town_hub(), follow_up(FollowUpResult::Solved));
    for (mut office, stage) in [(owed, StageName::Replied), (both, StageName::Closed)] {
        office.pass("30cd");
        office.notice_breaches();
        assert_eq!(office.stage(), stage);
    }
}

#[test]
fn a_held_follow_up_counts_for_the_level_that_asked_and_not_for_who_approved() {
    let mut office = followed_up_by_two();
    office.rules_mut().holds.insert(code("follow-up"));
    let asked = follow_up(FollowUpResult::Solved);
    office
        .send_advised(&town_hub(), "c1", &asked, &silent_guard())
        .unwrap();
    let approval = office.c1().docket.approvals[0].id;
    let yes = Command::Decide {
        approval,
        verdict: Verdict::Approved,
        text: None,
    };
    let office = office.given(hub(), yes);
    let words = office.c1().followed_up.keys().copied();
    assert_eq!(words.collect::<Vec<_>>(), [Level::Township]);
}

#[test]
fn a_closing_that_was_taken_back_stays_in_the_trail() {
    let office =
        replied_closing_on(CloseOn::FollowUp).given(hub(), follow_up(FollowUpResult::Solved));
    let closed_at = office.now;
    let mut office = office;
    office.pass("1cd");
    let office = office.given(hub(), Command::Rework { text: text() });
    let trail = &office.c1().trail;
    assert_eq!(trail.closings.len(), 1);
    assert_eq!(trail.closings[0].at, closed_at);
    assert_eq!(trail.closings[0].taken_back_at, Some(office.now));
    assert_eq!(trail.follow_ups.len(), 1);
    assert_eq!(office.c1().outcome.closed, None);
}
