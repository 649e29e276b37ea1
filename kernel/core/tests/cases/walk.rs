//! Every short history: from every shape of a case that a few commands can reach, every command of a compact alphabet.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::Advice;
use fengqiao_core::case::Case;
use fengqiao_core::clock::ClockState;
use fengqiao_core::command::{Command, FollowUpResult, ReleaseHow, Ruling, Waivable};
use fengqiao_core::docket::Verdict;
use fengqiao_core::matter::AssignmentRole;
use fengqiao_core::proceeding::Fields;
use fengqiao_core::profile::CloseOn;

use crate::office::*;
use crate::replay::rebuilds;
use crate::{invariants, office};

/// One step of the alphabet, made for the case as it stands.
type Letter = (&'static str, fn(&Case) -> Option<(Actor, Command)>);

fn last_approval(case: &Case) -> Option<u32> {
    let mut waiting = case.docket.approvals.iter();
    waiting.find(|a| a.decision.is_none()).map(|a| a.id)
}

fn decide(case: &Case, verdict: Verdict) -> Option<(Actor, Command)> {
    let approval = last_approval(case)?;
    let text = Some(text());
    Some((
        second(),
        Command::Decide {
            approval,
            verdict,
            text,
        },
    ))
}

fn lead(case: &Case) -> Actor {
    handler(case.stage.lead().map_or("roads", |unit| unit.as_str()))
}

const ALPHABET: &[Letter] = &[
    ("dispatch", |_| Some((hub(), dispatch("roads")))),
    ("dispatch-water", |_| Some((hub(), dispatch("water")))),
    ("decline", |_| {
        let ground = code("repeated");
        Some((
            hub(),
            Command::Decline {
                ground,
                text: text(),
            },
        ))
    }),
    ("sign", |c| Some((lead(c), Command::Sign {}))),
    ("object", |c| {
        Some((lead(c), Command::Object { text: text() }))
    }),
    ("uphold", |_| {
        let ruling = Ruling::Upheld;
        Some((
            hub(),
            Command::Rule {
                ruling,
                text: text(),
            },
        ))
    }),
    ("deny", |_| {
        let ruling = Ruling::Denied;
        Some((
            hub(),
            Command::Rule {
                ruling,
                text: text(),
            },
        ))
    }),
    ("contact", |c| {
        Some((lead(c), Command::Contact { text: text() }))
    }),
    ("progress", |c| {
        Some((lead(c), Command::Progress { text: text() }))
    }),
    ("assist", |_| {
        let appointment = appointment("housing", AssignmentRole::Assist);
        Some((hub(), Command::Assign { appointment }))
    }),
    ("excuse", |c| {
        let mut parts = c.assignments.iter();
        let assist = parts.rfind(|a| a.role == AssignmentRole::Assist)?.id;
        let how = ReleaseHow::Excused;
        Some((
            hub(),
            Command::Release {
                assignment: assist,
                how,
                text: text(),
            },
        ))
    }),
    ("suspend", |_| {
        let review_at = "2024-09-01T00:00:00Z".parse().unwrap();
        Some((
            hub(),
            Command::Suspend {
                review_at,
                text: text(),
            },
        ))
    }),
    ("resume", |_| Some((hub(), Command::Resume {}))),
    ("extend", |c| {
        let mut clocks = c.docket.clocks.iter();
        let clock = clocks.rfind(|c| c.name.as_str() == "report")?.id;
        Some((
            lead(c),
            Command::Extend {
                clock,
                by: spec("3wd"),
                text: text(),
            },
        ))
    }),
    ("approve", |c| decide(c, Verdict::Approved)),
    ("reject", |c| decide(c, Verdict::Rejected)),
    ("report", |c| Some((lead(c), report()))),
    ("send-back", |_| {
        Some((hub(), Command::SendBack { text: text() }))
    }),
    ("reply", |_| Some((hub(), reply()))),
    ("rate", |_| Some((citizen(), rate("unsatisfied")))),
    ("solved", |_| {
        let result = FollowUpResult::Solved;
        Some((
            hub(),
            Command::FollowUp {
                result,
                by: code("phone"),
                text: None,
            },
        ))
    }),
    ("unreached", |_| {
        let result = FollowUpResult::Unreached;
        Some((
            hub(),
            Command::FollowUp {
                result,
                by: code("phone"),
                text: None,
            },
        ))
    }),
    ("close", |_| Some((hub(), Command::Close {}))),
    ("rework", |_| {
        Some((hub(), Command::Rework { text: text() }))
    }),
    ("archive", |_| Some((Actor::Kernel, Command::Archive {}))),
    ("seal", |_| Some((hub(), seal()))),
    ("withdraw", |_| {
        Some((citizen(), Command::Withdraw { text: no_text() }))
    }),
    ("terminate", |c| {
        let ground = code("no-cooperation");
        Some((
            lead(c),
            Command::Terminate {
                ground,
                text: text(),
            },
        ))
    }),
    ("hand-up", |_| {
        let (to, reason) = (division(COUNTY), code("too-hard"));
        Some((
            hub(),
            Command::HandUp {
                to,
                lead: None,
                reason,
            },
        ))
    }),
    ("hand-down", |_| {
        let (to, reason) = (division(TOWN), code("fits"));
        Some((
            hub(),
            Command::HandDown {
                to,
                lead: Some(unit("town-hall")),
                reason,
            },
        ))
    }),
    ("recuse", |c| {
        let unit = c.stage.lead()?.clone();
        Some((hub(), Command::Recuse { unit, text: text() }))
    }),
    ("waive-report", |_| {
        let what = Waivable::Report;
        Some((hub(), Command::Waive { what, text: text() }))
    }),
    ("waive-reply", |_| {
        let what = Waivable::Reply;
        Some((hub(), Command::Waive { what, text: text() }))
    }),
    ("waive-rating", |_| {
        let what = Waivable::Rating;
        Some((hub(), Command::Waive { what, text: text() }))
    }),
    ("waive-clock", |c| {
        let mut live = c.docket.clocks.iter();
        let clock = live.find(|c| c.state.is_live())?.id;
        let what = Waivable::Clock(clock);
        Some((hub(), Command::Waive { what, text: text() }))
    }),
    ("mediate", |c| {
        let kind = code("mediation");
        let fields = Fields::new();
        Some((
            lead(c),
            Command::OpenProceeding {
                kind,
                addressee: None,
                about: None,
                fields,
            },
        ))
    }),
    ("instruct", |_| {
        let answer_within = Some(spec("5wd"));
        let leader = as_role(Role::Secretary);
        Some((
            leader,
            Command::Instruct {
                text: text(),
                answer_within,
            },
        ))
    }),
    ("finish-task", |c| {
        let mut open = c.docket.tasks.iter();
        let task = open.find(|t| t.done_at.is_none())?.id;
        Some((hub(), Command::FinishTask { task }))
    }),
    ("plugin-assigns", |_| {
        let appointment = appointment("water", AssignmentRole::Assist);
        Some((plugin(), Command::Assign { appointment }))
    }),
    ("plugin-hands-up", |_| {
        let (to, reason) = (division(COUNTY), code("hazard"));
        Some((
            plugin_of(TOWN),
            Command::HandUp {
                to,
                lead: None,
                reason,
            },
        ))
    }),
    ("plugin-dispatches", |_| {
        Some((plugin(), dispatch("housing")))
    }),
    ("plugin-reports", |_| Some((plugin(), report()))),
    ("auditor-closes", |_| {
        Some((as_role(Role::Auditor), Command::Close {}))
    }),
];

/// What distinguishes two cases for the rules: not their numbers, times and words.
fn shape(case: &Case, days: usize) -> String {
    let parts: BTreeSet<String> = case
        .assignments
        .iter()
        .map(|a| format!("{}{:?}{:?}", a.unit, a.role, a.state))
        .collect();
    let mut clocks: BTreeMap<&str, String> = BTreeMap::new();
    for clock in &case.docket.clocks {
        let state = match &clock.state {
            ClockState::Running => "r",
            ClockState::Paused { .. } => "p",
            ClockState::Met { .. } => "m",
            ClockState::Breached { done_at: None, .. } => "b",
            ClockState::Breached { .. } => "l",
            ClockState::Cancelled { .. } => "c",
        };
        clocks.insert(clock.name.as_str(), format!("{state}{}", clock.extensions));
    }
    let tasks: BTreeSet<&str> = case
        .docket
        .tasks
        .iter()
        .filter(|t| t.done_at.is_none())
        .map(|t| t.code.as_str())
        .collect();
    let asked: Vec<&str> = case
        .docket
        .approvals
        .iter()
        .filter(|a| a.decision.is_none())
        .map(|a| a.what.name())
        .collect();
    format!(
        "{:?} {parts:?} {clocks:?} {tasks:?} {asked:?} {} {} {:?} {} {} {:?} {} {:?} {:?} {:?} {days}",
        case.stage.name(),
        case.division,
        case.objections,
        case.objection,
        case.locked,
        case.suspended_until.is_some(),
        case.recused,
        case.reworks,
        case.waived,
        case.outcome.satisfied.as_ref().map(|f| f.value),
        case.outcome.solved.as_ref().map(|f| f.value),
    )
}

/// The plain way through the loop; a walk sets out from each of its stations.
fn main_line(close_on: CloseOn) -> Vec<Office> {
    let mut office = Office::closing_on(close_on);
    office
        .take_in("c1", registration(), &Advice::default())
        .unwrap();
    let mut stations = vec![office.clone()];
    for (actor, command) in [
        (hub(), dispatch("roads")),
        (handler("roads"), Command::Sign {}),
        (handler("roads"), report()),
        (hub(), reply()),
        (citizen(), rate("satisfied")),
        (Actor::Kernel, Command::Archive {}),
    ] {
        if office.send(&actor, "c1", &command).is_ok() {
            stations.push(office.clone());
        }
    }
    stations
}

/// Walks breadth first, every history of so many commands; answers with the shapes seen and the commands tried.
fn walk(start: Office, depth: usize) -> (usize, usize) {
    let mut seen = BTreeSet::from([shape(start.c1(), 0)]);
    let mut queue = VecDeque::from([(start, 0, 0)]);
    let mut tried = 0;
    while let Some((office, steps, days)) = queue.pop_front() {
        rebuilds(&office);
        invariants::add_up(&office.cases.values().collect::<Vec<_>>());
        if steps == depth {
            continue;
        }
        let mut visit = |next: Office, days: usize| {
            if seen.insert(shape(next.c1(), days)) {
                queue.push_back((next, steps + 1, days));
            }
        };
        for (_, letter) in ALPHABET {
            let Some((actor, command)) = letter(office.c1()) else {
                continue;
            };
            tried += 1;
            if let Err(refusal) = office.would(&actor, "c1", &command, &Advice::default()) {
                assert_ne!(refusal.code(), "inconsistent", "{refusal}");
                continue;
            }
            let mut next = office.clone();
            next.send(&actor, "c1", &command).unwrap();
            visit(next, days);
        }
        if days < 2 {
            let mut next = office.clone();
            next.pass("25cd");
            next.notice_breaches();
            visit(next, days + 1);
        }
    }
    (seen.len(), tried)
}

fn walk_from_every_station(close_on: CloseOn, depth: usize) {
    let walked = main_line(close_on)
        .into_iter()
        .map(|station| walk(station, depth));
    let (shapes, tried) = walked.fold((0, 0), |sum, walk| (sum.0 + walk.0, sum.1 + walk.1));
    // Fewer would mean that the alphabet went stale and the walk walks nowhere.
    assert!(
        shapes > 300 && tried > 2_000,
        "{shapes} shapes, {tried} tried"
    );
}

#[test]
fn every_history_of_three_commands_keeps_the_invariants() {
    let station = main_line(CloseOn::Rating).swap_remove(0);
    let (shapes, tried) = walk(station, 3);
    assert!(
        shapes > 500 && tried > 3_000,
        "{shapes} shapes, {tried} tried"
    );
}

#[test]
fn two_commands_from_any_station_keep_the_invariants_where_the_rating_closes() {
    walk_from_every_station(CloseOn::Rating, 2);
}

#[test]
fn two_commands_from_any_station_keep_the_invariants_where_the_reply_closes() {
    walk_from_every_station(CloseOn::Reply, 2);
}

#[test]
fn two_commands_from_any_station_keep_the_invariants_where_the_follow_up_closes() {
    walk_from_every_station(CloseOn::FollowUp, 2);
}

#[test]
fn every_stage_is_reached_and_left_only_by_the_loops_own_moves() {
    use fengqiao_core::stage::StageName::*;
    let stations = [
        office::Office::with_case(),
        office::dispatched(),
        office::handling(),
        office::reported(),
        office::replied(),
        office::closed(),
        office::archived(),
    ];
    let allowed: [&[_]; 7] = [
        &[Dispatched, Ended],
        &[Accepted, Dispatched, Handling, Reported, Ended],
        &[Accepted, Dispatched, Reported, Ended],
        &[Accepted, Dispatched, Handling, Replied, Ended],
        &[Accepted, Dispatched, Handling, Closed, Ended],
        &[Handling, Archived],
        &[],
    ];
    for (station, to) in stations.into_iter().zip(allowed) {
        let from = station.stage();
        for (name, letter) in ALPHABET {
            let mut office = station.clone();
            let Some((actor, command)) = letter(office.c1()) else {
                continue;
            };
            if office.send(&actor, "c1", &command).is_ok() && office.stage() != from {
                assert!(to.contains(&office.stage()), "{from:?} {name}");
            }
        }
    }
}
