//! The invariants of the loop as far as the core can see them, asserted after every event and every command of every test.

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::clock::{ClockState, Mark};
use fengqiao_core::context::Directory;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::matter::{AssignmentRole, AssignmentState};
use fengqiao_core::proceeding::End;
use fengqiao_core::profile::Rules;
use fengqiao_core::stage::{Stage, StageName};

use crate::office::Register;

/// After one event.
pub(crate) fn check_event(before: Option<&Case>, after: &Case, recorded: &Recorded) {
    let event = &recorded.event;
    let Some(before) = before else {
        return;
    };
    // 1: only one kind of event moves the stage.
    if before.stage != after.stage {
        assert!(matches!(event, Event::StageMoved { .. }), "{event:?}");
    }
    // 8: no clock moves without an event of its own.
    for clock in &before.docket.clocks {
        let now = after.docket.clocks.iter().find(|c| c.id == clock.id);
        let now = now.expect("a clock is never forgotten");
        let moves = match event {
            Event::ClockExtended { clock: id, .. }
            | Event::ClockResumed { clock: id, .. }
            | Event::ClockRecomputed { clock: id, .. } => *id == clock.id,
            _ => false,
        };
        assert!(moves || now.deadline == clock.deadline, "{event:?}");
        if now.deadline.due > clock.deadline.due && clock.rule.provenance.mark == Mark::L {
            let allowed = match event {
                Event::ClockExtended { article, .. } => clock
                    .rule
                    .extend
                    .as_ref()
                    .is_some_and(|e| &e.article == article),
                Event::ClockResumed { .. } => clock.rule.pause_article.is_some(),
                _ => false,
            };
            assert!(allowed, "the law's clock {} was lengthened", clock.name);
        }
    }
    // 9: a clock fires once, at its nominal time.
    if let Event::ClockBreached { clock, at } = event {
        let clock = before
            .docket
            .clocks
            .iter()
            .find(|c| c.id == *clock)
            .unwrap();
        assert_eq!(clock.state, ClockState::Running);
        assert_eq!(*at, clock.deadline.due);
    }
    // 12: only a recorded migration or transfer changes the binding set.
    if before.bindings != after.bindings {
        assert!(matches!(event, Event::BindingsChanged { .. }));
    }
}

/// After one command.
pub(crate) fn check(
    before: Option<&Case>,
    after: &Case,
    events: &[Event],
    actor: &Actor,
    rules: &Rules,
) {
    one_lead(after);
    never_lost(after);
    answered_before_closed(after);
    sealed(after);
    plugin_within_bounds(before, after, events, actor);
    law_is_kept(before, after, events);
    assert!(rules.clocks.iter().all(|r| r.rule.spec.check().is_ok()));
}

/// 3: between dispatch and reply there is exactly one active lead; before and after the loop's work, none.
fn one_lead(case: &Case) {
    let leads: Vec<_> = case
        .assignments
        .iter()
        .filter(|a| a.role == AssignmentRole::Lead && a.state == AssignmentState::Active)
        .map(|a| &a.unit)
        .collect();
    match &case.stage {
        Stage::Dispatched { lead }
        | Stage::Handling { lead }
        | Stage::Reported { lead, .. }
        | Stage::Replied { lead, .. } => assert_eq!(leads, [lead]),
        Stage::Registered
        | Stage::Accepted
        | Stage::Closed { .. }
        | Stage::Archived { .. }
        | Stage::Ended { .. } => assert!(leads.is_empty(), "{:?} {leads:?}", case.stage),
    }
    let active = case.assignments.iter();
    for part in active.filter(|a| a.state == AssignmentState::Active) {
        assert!(
            !case.bars(&part.unit),
            "{} works in its own case",
            part.unit
        );
    }
}

/// 4: a case that isn't finished has an owner and a running clock or a review date.
fn never_lost(case: &Case) {
    if !case.stage.name().is_open() {
        return;
    }
    let runs = case.docket.clocks.iter();
    assert!(
        runs.clone().any(|c| c.state == ClockState::Running),
        "nothing runs in {:?}",
        case.stage
    );
    let waits = case.docket.tasks.iter().any(|t| t.done_at.is_none());
    let owned = case.stage.lead().is_some() || case.merged.is_some() || waits;
    assert!(owned, "nobody owns {:?}", case.stage);
}

/// 5: no case is closed without a report and a reply, or a recorded waiver.
fn answered_before_closed(case: &Case) {
    if let Stage::Replied { report, reply, .. } | Stage::Closed { report, reply, .. } = &case.stage
    {
        let standing = case.reports.iter().find(|r| r.id == *report);
        assert!(standing.is_some_and(|r| !r.sent_back), "{case:?}");
        assert!(case.replies.iter().any(|r| r.id == *reply));
    }
    let closed = matches!(case.stage.name(), StageName::Closed | StageName::Archived);
    assert_eq!(closed, case.outcome.closed.is_some());
}

/// 6: no case is archived with a live clock or proceeding, nor without a rating or its waiver.
fn sealed(case: &Case) {
    if case.stage.name() == StageName::Archived {
        assert!(!case.docket.clocks.iter().any(|c| c.state.is_live()));
        let mut proceedings = case.docket.proceedings.iter();
        assert!(!proceedings.any(|p| p.end == End::Open));
        assert!(case.outcome.satisfied.is_some() || !case.waived.is_empty());
    }
}

/// 7: a plugin's word gives work only to units of its own divisions, and takes no step of the loop but a dispatch.
fn plugin_within_bounds(before: Option<&Case>, after: &Case, events: &[Event], actor: &Actor) {
    let Actor::Plugin { division, .. } = actor else {
        return;
    };
    for event in events {
        match event {
            Event::Assigned { assignment } => {
                let facts = Register.unit(&assignment.unit).unwrap();
                assert!(division.contains(&facts.division));
            }
            Event::LevelMoved { from, to, .. } => assert!(to.contains(from)),
            Event::Closed { .. }
            | Event::Waived { .. }
            | Event::ClockExtended { .. }
            | Event::ClockPaused { .. }
            | Event::Reported { .. }
            | Event::Replied { .. }
            | Event::Rated { .. }
            | Event::ApprovalDecided { .. } => panic!("{event:?} by a plugin"),
            _ => {}
        }
    }
    if let Some(before) = before
        && before.stage != after.stage
    {
        let to = after.stage.name();
        assert!(
            to <= StageName::Dispatched,
            "a plugin moved a case to {to:?}"
        );
    }
}

/// 8: while a case is open, the law's total is neither dropped nor replaced by a later one.
fn law_is_kept(before: Option<&Case>, after: &Case, events: &[Event]) {
    let (Some(before), true) = (before, after.stage.name().is_open()) else {
        return;
    };
    let total = |case: &Case| {
        let clocks = case.docket.clocks.iter();
        let live = clocks.filter(|c| c.name.as_str() == "handle-total" && c.state.is_live());
        live.map(|c| c.deadline.clone()).next_back()
    };
    let moved = events.iter().any(|e| {
        matches!(
            e,
            Event::ClockExtended { .. }
                | Event::ClockResumed { .. }
                | Event::ClockBreached { .. }
                | Event::Waived { .. }
        )
    });
    if let Some(was) = total(before)
        && !moved
    {
        let is = total(after).expect("the total runs on");
        assert!(is.due <= was.due);
        assert_eq!(is.start, was.start);
    }
}

/// 14: every registered case is open, closed or ended, and only one of them.
pub(crate) fn add_up(cases: &[&Case]) {
    let open = cases.iter().filter(|c| c.stage.name().is_open()).count();
    let closed = |c: &&&Case| matches!(c.stage.name(), StageName::Closed | StageName::Archived);
    let ended = |c: &&&Case| c.stage.name() == StageName::Ended;
    let closed = cases.iter().filter(closed).count();
    let ended = cases.iter().filter(ended).count();
    assert_eq!(open + closed + ended, cases.len());
}
