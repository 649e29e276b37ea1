//! Long histories at random over several cases that merge, split and follow each other.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::{Advice, Triage};
use fengqiao_core::case::Case;
use fengqiao_core::command::{
    Command, Delivery, FollowUpResult, Relation, ReleaseHow, Ruling, Waivable,
};
use fengqiao_core::docket::Verdict;
use fengqiao_core::matter::{AssignmentRole, MatterKind, Protection};
use fengqiao_core::proceeding::Fields;
use fengqiao_core::profile::CloseOn;
use proptest::prelude::*;

use crate::invariants;
use crate::office::*;
use crate::replay::rebuilds;

const UNITS: [&str; 6] = [
    "roads",
    "housing",
    "water",
    "town-hall",
    "committee",
    "far-roads",
];
const PLACES: [&str; 6] = [COUNTY, TOWN, VILLAGE, OTHER_TOWN, OTHER_COUNTY, PREFECTURE];

fn pick<'a>(list: &[&'a str], n: u8) -> &'a str {
    list[usize::from(n) % list.len()]
}

/// A command made from three random bytes for the case as it stands; numbers point at things that exist.
fn command(case: &Case, kind: u8, n: u8) -> Command {
    let nth = |len: usize| usize::from(n) % len.max(1);
    let clocks = &case.docket.clocks;
    let clock = clocks.get(nth(clocks.len())).map_or(0, |c| c.id);
    let parts = &case.assignments;
    let assignment = parts.get(nth(parts.len())).map_or(0, |a| a.id);
    let approval = case.docket.approvals.last().map_or(0, |a| a.id);
    let task = case.docket.tasks.last().map_or(0, |t| t.id);
    let proceeding = case.docket.proceedings.last().map_or(0, |p| p.id);
    let instruction = case.instructions.last().map_or(0, |i| i.id);
    let of = unit(pick(&UNITS, n));
    let to = division(pick(&PLACES, n));
    let other = case_id(pick(&["c1", "c2", "c3"], n));
    let reason = code("because");
    let odd = n % 2 == 1;
    match kind % 46 {
        0 => Command::Accept {},
        1..=3 => dispatch(of.as_str()),
        4 => Command::Decline {
            ground: reason,
            text: text(),
        },
        5 => Command::Refer {
            route: reason,
            text: text(),
        },
        6 => Command::Assign {
            appointment: appointment(of.as_str(), AssignmentRole::Assist),
        },
        7 => Command::Release {
            assignment,
            how: if odd {
                ReleaseHow::Done
            } else {
                ReleaseHow::Excused
            },
            text: text(),
        },
        8..=10 => Command::Sign {},
        11 => Command::Object { text: text() },
        12 => Command::Rule {
            ruling: if odd { Ruling::Upheld } else { Ruling::Denied },
            text: text(),
        },
        13 => Command::Contact { text: text() },
        14 => Command::Arrive {
            evidence: vec![photo(n.into())],
        },
        15 => Command::Progress { text: text() },
        16 => Command::Extend {
            clock,
            by: spec("3wd"),
            text: text(),
        },
        17 => Command::Suspend {
            review_at: "2024-12-01T00:00:00Z".parse().unwrap(),
            text: text(),
        },
        18 => Command::Resume {},
        19..=21 => report(),
        22 => Command::SendBack { text: text() },
        23 | 24 => reply(),
        25 => Command::Reply {
            text: text(),
            delivery: Delivery::Undeliverable { ground: reason },
        },
        26 => rate(if odd { "satisfied" } else { "unsatisfied" }),
        27 => Command::FollowUp {
            result: [
                FollowUpResult::Solved,
                FollowUpResult::Unsolved,
                FollowUpResult::Unreached,
            ][nth(3)],
            by: code("phone"),
            text: None,
        },
        28 => Command::Close {},
        29 => Command::Rework { text: text() },
        30 => Command::Archive {},
        31 => Command::Withdraw { text: no_text() },
        32 => Command::Terminate {
            ground: reason,
            text: text(),
        },
        33 => Command::Merge { into: other },
        34 => Command::Unmerge { text: text() },
        35 => Command::Link {
            to: other,
            relation: Relation::Repeats,
        },
        36 => Command::HandUp {
            to,
            lead: odd.then_some(of),
            reason,
        },
        37 => Command::HandDown {
            to,
            lead: odd.then_some(of),
            reason,
        },
        38 if odd => Command::Transfer { to, text: text() },
        38 => Command::HandOver {
            lead: of,
            text: text(),
        },
        39 => Command::Recuse {
            unit: of,
            text: text(),
        },
        40 => Command::Waive {
            what: [
                Waivable::Report,
                Waivable::Reply,
                Waivable::Rating,
                Waivable::FollowUp,
                Waivable::Clock(clock),
                Waivable::Proceeding(proceeding),
            ][nth(6)],
            text: text(),
        },
        41 => Command::Decide {
            approval,
            verdict: if odd {
                Verdict::Approved
            } else {
                Verdict::Rejected
            },
            text: Some(text()),
        },
        42 => Command::FinishTask { task },
        43 => Command::OpenProceeding {
            kind: code("mediation"),
            addressee: odd.then_some(of),
            about: None,
            fields: Fields::new(),
        },
        44 => match nth(3) {
            0 => Command::Instruct {
                text: text(),
                answer_within: Some(spec("48h")),
            },
            1 => Command::Answer {
                instruction,
                text: text(),
            },
            _ => Command::MoveProceeding {
                proceeding,
                code: code("agree"),
                fields: Fields::new(),
            },
        },
        _ => Command::Protect {
            protection: [
                Protection::Open,
                Protection::ReporterHidden,
                Protection::Confidential,
            ][nth(3)],
        },
    }
}

/// Mostly somebody who may, sometimes anybody.
fn actor(case: &Case, command: &Command, who: u8) -> Actor {
    if who < 30 {
        return match who % 6 {
            0 => plugin(),
            1 => plugin_of(TOWN),
            2 => far_hub(),
            3 => as_role(Role::Supervisor),
            4 => clerk(),
            _ => handler(pick(&UNITS, who)),
        };
    }
    let lead = handler(case.stage.lead().map_or("roads", |unit| unit.as_str()));
    match command {
        Command::Rate { .. } | Command::Withdraw { .. } | Command::Protect { .. } => citizen(),
        Command::Instruct { .. } => as_role(Role::Secretary),
        Command::Decide { .. } => second(),
        Command::Sign {}
        | Command::Object { .. }
        | Command::Contact { .. }
        | Command::Arrive { .. }
        | Command::Progress { .. }
        | Command::Report { .. }
        | Command::Extend { .. }
        | Command::Terminate { .. }
        | Command::Answer { .. }
        | Command::OpenProceeding { .. }
        | Command::MoveProceeding { .. } => lead,
        _ => hub(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever people, plugins and time do to three cases, every invariant holds after every step, and the log alone
    /// rebuilds them.
    #[test]
    fn long_random_histories_keep_the_invariants(
        closing in 0usize..3,
        petition in any::<bool>(),
        steps in proptest::collection::vec((0u8..3, any::<u8>(), any::<u8>(), any::<u8>(), 0u8..40), 1..70),
    ) {
        let close_on = [CloseOn::Reply, CloseOn::Rating, CloseOn::FollowUp][closing];
        let mut office = Office::closing_on(close_on);
        let mut registered = registration();
        if petition {
            registered.matter.kind = MatterKind::Petition;
        }
        for id in ["c1", "c2", "c3"] {
            office.take_in(id, registered.clone(), &Advice::default()).unwrap();
        }
        for (which, kind, n, who, hours) in steps {
            if hours > 36 {
                office.pass("20cd");
                office.notice_breaches();
            } else {
                office.pass(&format!("{}h", hours + 1));
                if hours % 2 == 0 {
                    office.notice_breaches();
                }
            }
            let id = ["c1", "c2", "c3"][usize::from(which)];
            let command = command(office.case(id), kind, n);
            let actor = actor(office.case(id), &command, who);
            let advice = match who % 8 {
                0 => triage_of(COUNTY, accept_with(pick(&UNITS, n))),
                1 => triage_of(TOWN, Triage::NeedHuman {
                    desk: division(TOWN),
                    role: Role::Dispatcher,
                    because: code("other"),
                }),
                _ => Advice::default(),
            };
            if let Err(refusal) = office.send_advised(&actor, id, &command, &advice) {
                prop_assert_ne!(refusal.code(), "inconsistent", "{}", refusal);
            }
        }
        rebuilds(&office);
        invariants::add_up(&office.cases.values().collect::<Vec<_>>());
    }
}
