//! Cases for the tests: what happened to each, on which day and hour of one May.

use fengqiao_core::ids::{CaseId, Code, DivisionCode, UnitId};
use fengqiao_metrics::{
    Asked, Basis, Book, CaseFacts, ClockFact, Closing, FollowUp, FormulaId, Instants, Metric,
    OwnedClock, Period, Question, Rating, Reporter, Satisfied, Selection, Settled, Turn, Validity,
    metric,
};
use jiff::Timestamp;

/// A village of some place; its township, county and prefecture follow from the digits.
pub(crate) const VILLAGE: &str = "999901001001";

pub(crate) fn code(word: &str) -> Code {
    Code::parse(word).unwrap()
}

pub(crate) fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

pub(crate) fn division(code: &str) -> DivisionCode {
    DivisionCode::parse(code).unwrap()
}

/// A day of May 2024 and an hour of it, in China.
pub(crate) fn at(day: u32, hour: u32) -> Timestamp {
    format!("2024-05-{day:02}T{hour:02}:00:00+08:00")
        .parse()
        .unwrap()
}

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// May 2024, seen at the end of June.
pub(crate) fn may() -> Period {
    Period::new(
        "2024-05".parse().unwrap(),
        instant("2024-06-30T00:00:00+08:00"),
    )
    .unwrap()
}

pub(crate) fn question(period: Period) -> Question {
    Question {
        selection: Selection::default(),
        period,
        basis: Basis::Raw,
    }
}

pub(crate) fn answer(cases: Vec<CaseFacts>, formula: FormulaId) -> Metric {
    let book = Book::new(cases).unwrap();
    metric(&book, &Default::default(), formula, &question(may()))
}

/// The counts above, below and taken out.
pub(crate) fn counts(metric: &Metric) -> (usize, usize, usize) {
    let lineage = &metric.lineage;
    (
        lineage.numerator.len(),
        lineage.denominator.len(),
        lineage.excluded.len(),
    )
}

/// A case that was registered and accepted on the first of May and given to `unit-a`; nothing else happened yet.
pub(crate) fn accepted(number: usize) -> CaseFacts {
    let mut instants = Instants::registered(at(1, 9));
    instants.accepted_at = Some(at(1, 10));
    CaseFacts {
        case: CaseId::parse(&format!("C-{number:06}")).unwrap(),
        kind: code("complaint"),
        category: None,
        theme: None,
        place: division(VILLAGE),
        channel: code("window"),
        reporter: Reporter::Citizen,
        received_by: None,
        visits: 1,
        attendances: 1,
        amount_fen: None,
        settled: Settled::Dispatched,
        legacy: false,
        early_sign: false,
        adopted: false,
        instants,
        turns: vec![Turn {
            unit: unit("unit-a"),
            given_at: at(1, 11),
            let_go_at: None,
            returned_at: None,
            contact_clock: None,
        }],
        report_clocks: Vec::new(),
        total_clock: None,
        closings: Vec::new(),
        reports: Vec::new(),
        replies: Vec::new(),
        ratings: Vec::new(),
        follow_ups: Vec::new(),
        reply_digest: None,
        repeats: None,
        merged_into: None,
        mediations: Vec::new(),
        orders: Vec::new(),
        proceedings: Vec::new(),
    }
}

/// The same, closed in the village.
pub(crate) fn closed(number: usize, closed_at: Timestamp) -> CaseFacts {
    let mut case = accepted(number);
    case.closings.push(closing(closed_at, VILLAGE));
    case
}

pub(crate) fn closing(at: Timestamp, by: &str) -> Closing {
    Closing {
        at,
        division: division(by),
        taken_back_at: None,
    }
}

pub(crate) fn clock(due_at: Timestamp, done_at: Option<Timestamp>) -> ClockFact {
    ClockFact {
        due_at,
        done_at,
        cancelled_at: None,
    }
}

/// The deadline of a report of whoever leads then.
pub(crate) fn report_due(due_at: Timestamp, done_at: Option<Timestamp>) -> OwnedClock {
    OwnedClock {
        unit: None,
        clock: clock(due_at, done_at),
    }
}

pub(crate) fn rating(satisfied: Satisfied) -> Rating {
    Rating {
        at: at(20, 9),
        satisfied,
        validity: Validity::Valid,
    }
}

pub(crate) fn follow_up(result: Asked) -> FollowUp {
    FollowUp {
        at: at(20, 9),
        by: code("county"),
        result,
    }
}

/// `count` cases, of which the first `chosen` are made so.
pub(crate) fn cohort(
    chosen: usize,
    count: usize,
    make: impl Fn(usize, bool) -> CaseFacts,
) -> Vec<CaseFacts> {
    (0..count)
        .map(|number| make(number, number < chosen))
        .collect()
}
