//! A case is the fold of its events, and a torn history is noticed.

use std::collections::BTreeMap;

use fengqiao_core::case::Case;
use fengqiao_core::docket::Docket;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::{Fault, evolve, evolve_docket};
use fengqiao_core::ids::{CaseId, Subject};

use crate::office::*;

/// Rebuilds every case from the log alone, through text, and compares.
#[track_caller]
pub(crate) fn rebuilds(office: &Office) {
    let mut cases: BTreeMap<CaseId, Case> = BTreeMap::new();
    for recorded in &office.log {
        let text = serde_json::to_string(recorded.as_ref()).unwrap();
        let recorded: Recorded = serde_json::from_str(&text).unwrap();
        let Subject::Case(id) = &recorded.subject else {
            panic!("only cases here");
        };
        let case = evolve(cases.remove(id), &recorded).unwrap();
        cases.insert(id.clone(), case);
    }
    assert_eq!(cases, office.cases);
    for case in cases.values() {
        let text = serde_json::to_string(case).unwrap();
        let back: Case = serde_json::from_str(&text).unwrap();
        assert_eq!(&back, case, "a case survives being written and read");
    }
}

#[test]
fn replaying_the_events_rebuilds_the_case() {
    rebuilds(&archived());
}

#[test]
fn a_torn_history_is_noticed() {
    let office = handling();
    let first = Recorded::clone(&office.log[0]);
    let mut second = Recorded::clone(&office.log[1]);
    let case = evolve(None, &first).unwrap();
    assert_eq!(evolve(None, &second).unwrap_err().fault, Fault::Beginning);
    assert_eq!(
        evolve(Some(case.clone()), &first).unwrap_err().fault,
        Fault::Gap { expected: 2 }
    );
    let mut foreign = second.clone();
    foreign.subject = Subject::Case(case_id("c9"));
    assert_eq!(
        evolve(Some(case.clone()), &foreign).unwrap_err().fault,
        Fault::OtherSubject
    );
    second.event = Event::ClockMet { clock: 77 };
    assert_eq!(
        evolve(Some(case), &second).unwrap_err().fault,
        Fault::Part("时限")
    );
}

#[test]
fn a_units_docket_folds_its_own_events_and_refuses_a_cases() {
    let docket = Docket::default();
    let recorded = |event| Recorded {
        subject: Subject::Unit(unit("roads")),
        version: 1,
        at: "2024-03-04T01:00:00Z".parse().unwrap(),
        actor: hub(),
        event,
    };
    let listed = recorded(Event::CaseListed {
        case: case_id("c1"),
    });
    let after = evolve_docket(&docket, &listed).unwrap();
    assert_eq!((after.version, after.cases.len()), (1, 1));
    let foreign = recorded(Event::Resumed {});
    let refused = evolve_docket(&docket, &foreign).unwrap_err();
    assert_eq!(refused.fault, Fault::WrongSubject);
}
