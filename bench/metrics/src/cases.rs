//! Cases of an invented prefecture in one month, each a little different and always the same.

use anyhow::Result;
use fengqiao_core::ids::{CaseId, Code, Digest, DivisionCode, UnitId};
use fengqiao_metrics::{
    Asked, CaseFacts, ClockFact, Closing, FollowUp, Instants, Mediation, MediationOutcome, Order,
    OwnedClock, Period, Rating, Reporter, Satisfied, Settled, Turn, Validity,
};
use jiff::{Timestamp, ToSpan};

pub const UNITS: usize = 200;
pub const VILLAGES: usize = 500;

pub fn month() -> Result<Period> {
    let as_of = "2024-06-30T00:00:00+08:00".parse()?;
    Ok(Period::new("2024-05".parse()?, as_of)?)
}

/// So many cases from a number on.
pub fn some(first: usize, count: usize) -> Result<Vec<CaseFacts>> {
    (first..first + count).map(case).collect()
}

fn case(number: usize) -> Result<CaseFacts> {
    let begin: Timestamp = "2024-05-01T00:00:00+08:00".parse()?;
    let registered = begin + i64::try_from(number % 40_000)?.minutes();
    let after = |hours: usize| registered + i64::try_from(hours % 500).unwrap_or(0).hours();
    let unit = |seed: usize| UnitId::parse(&format!("unit-{:03}", seed % UNITS));
    let village = number * 7 % VILLAGES;
    let place = format!(
        "9999{:02}{:03}{:03}",
        1 + village / 100,
        1 + village / 10 % 10,
        1 + village % 10
    );
    let place = DivisionCode::parse(&place)?;
    let mut instants = Instants::registered(registered);
    instants.accepted_at = Some(after(1));
    instants.contacted_at = Some(after(3));
    instants.reported_at = Some(after(20 + number % 90));
    instants.replied_at = Some(after(24 + number % 90));
    instants.ratable_at = instants.replied_at.into_iter().collect();
    let closed = after(30 + number % 100);
    let one_in = |many: usize| number.is_multiple_of(many);
    Ok(CaseFacts {
        case: CaseId::parse(&format!("N2024-{number:09}"))?,
        kind: Code::parse(if one_in(3) { "dispute" } else { "complaint" })?,
        category: Some(Code::parse(&format!("category-{}", number % 40))?),
        theme: None,
        place: place.clone(),
        channel: Code::parse(if one_in(2) { "hotline" } else { "window" })?,
        reporter: if one_in(5) {
            Reporter::GridOfficer
        } else {
            Reporter::Citizen
        },
        received_by: Some(unit(number / 3)?),
        visits: 1 + u32::from(one_in(6)),
        attendances: 1 + u32::from(one_in(4)),
        amount_fen: one_in(9).then_some(1_000_000),
        settled: if one_in(8) {
            Settled::OnTheSpot
        } else {
            Settled::Dispatched
        },
        legacy: one_in(50),
        early_sign: one_in(20),
        adopted: false,
        instants,
        turns: turns(
            number,
            after(2),
            after(3),
            [unit(number)?, unit(number / 7)?],
        ),
        report_clocks: vec![OwnedClock {
            unit: None,
            clock: clock(after(120), Some(after(20 + number % 130))),
        }],
        total_clock: Some(clock(after(360), None)),
        closings: if one_in(11) {
            Vec::new()
        } else {
            vec![Closing {
                at: closed,
                division: place,
                taken_back_at: one_in(40).then(|| closed + 24.hours()),
            }]
        },
        reports: Vec::new(),
        replies: Vec::new(),
        ratings: if one_in(2) {
            let satisfied = if one_in(7) {
                Satisfied::No
            } else {
                Satisfied::Yes
            };
            vec![Rating {
                at: after(140),
                satisfied,
                validity: Validity::Valid,
            }]
        } else {
            Vec::new()
        },
        follow_ups: vec![FollowUp {
            at: after(150),
            by: Code::parse("county")?,
            result: if one_in(10) {
                Asked::Unreached
            } else {
                Asked::Solved
            },
        }],
        reply_digest: Some(Digest::parse(&format!("{:064x}", number / 2))?),
        repeats: None,
        merged_into: one_in(30)
            .then(|| CaseId::parse("N2024-000000001"))
            .transpose()?,
        mediations: if one_in(3) {
            let outcome = Some(MediationOutcome::Agreed);
            vec![Mediation {
                unit: unit(number / 5)?,
                accepted_at: after(5),
                closed_at: Some(after(60)),
                outcome,
            }]
        } else {
            Vec::new()
        },
        orders: if one_in(10) {
            vec![Order {
                issuer: Some(unit(number / 2)?),
                addressee: unit(number)?,
                issued_at: after(4),
                due_at: Some(after(5)),
                signed_at: Some(after(5)),
                arrived_at: None,
                recalled_at: None,
            }]
        } else {
            Vec::new()
        },
        proceedings: Vec::new(),
    })
}

fn clock(due_at: Timestamp, done_at: Option<Timestamp>) -> ClockFact {
    ClockFact {
        due_at,
        done_at,
        cancelled_at: None,
    }
}

/// One unit leads; every fifteenth case was somebody else's first.
fn turns(
    number: usize,
    given: Timestamp,
    returned: Timestamp,
    [lead, first]: [UnitId; 2],
) -> Vec<Turn> {
    let contact_clock = Some(clock(returned, Some(returned)));
    let mut turns = Vec::new();
    if number.is_multiple_of(15) {
        turns.push(Turn {
            unit: first,
            given_at: given,
            let_go_at: Some(returned),
            returned_at: Some(returned),
            contact_clock: None,
        });
    }
    turns.push(Turn {
        unit: lead,
        given_at: given,
        let_go_at: None,
        returned_at: None,
        contact_clock,
    });
    turns
}
