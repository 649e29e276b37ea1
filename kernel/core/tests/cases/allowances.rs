//! A case's proceeding draws on the allowance of a division above it, in the same decision.

use fengqiao_core::advice::Advice;
use fengqiao_core::allowance::{Allowance, Draw, DrawHow, Reservation};
use fengqiao_core::command::Command;
use fengqiao_core::decision::Decision;
use fengqiao_core::ids::Subject;
use fengqiao_core::refusal::Refusal;

use crate::office::*;

const FEN: u64 = 300;

/// A case whose mediation costs money when it is agreed, and a county with so much of it.
fn mediating(ceiling_fen: u64) -> Office {
    let mut office = handling();
    let kind = code("mediation");
    let graph = office.rules_mut().proceedings.get_mut(&kind).unwrap();
    graph.open.fields = vec![code("amount-fen")];
    graph.moves[0].draw = Some(Draw {
        allowance: code("fund"),
        how: DrawHow::Reserve,
        amount: code("amount-fen"),
    });
    let fund = Allowance {
        kind: code("fund"),
        year: 2024,
        ceiling_fen,
        spent_fen: 0,
        reservations: Vec::new(),
    };
    office.allowances = vec![(division(COUNTY), vec![fund])];
    let fields = [(code("amount-fen"), FEN.to_string())];
    office.given(
        handler("roads"),
        Command::OpenProceeding {
            kind,
            addressee: None,
            about: None,
            fields: fields.into_iter().collect(),
        },
    )
}

fn agreed(office: &Office) -> Result<Decision, Refusal> {
    let agree = Command::MoveProceeding {
        proceeding: office.c1().docket.proceedings[0].id,
        code: code("agree"),
        fields: Default::default(),
    };
    office.would(&handler("roads"), "c1", &agree, &Advice::default())
}

/// What a decision does to the county's docket.
fn on_the_county(decision: &Decision) -> Vec<String> {
    let county = Subject::Division(division(COUNTY));
    let own = decision.events.iter().filter(|(of, _)| *of == county);
    own.map(|(_, event)| {
        let json = serde_json::to_value(event).unwrap();
        json["event"].as_str().unwrap().to_owned()
    })
    .collect()
}

#[test]
fn a_move_that_draws_is_decided_together_with_what_it_draws() {
    let decision = agreed(&mediating(FEN)).unwrap();
    // The mediation has come to its end with the money unspent, so it is free again at once.
    assert_eq!(
        on_the_county(&decision),
        ["allowance-reserved", "allowance-released"]
    );
}

#[test]
fn a_move_over_the_ceiling_is_refused_with_all_that_it_would_have_done() {
    let refused = agreed(&mediating(FEN - 1)).unwrap_err();
    assert_eq!(refused.code(), "over-ceiling");
    assert!(refused.to_string().contains("2.99"), "{refused}");
}

#[test]
fn a_case_that_ends_gives_back_what_was_reserved_for_it() {
    let mut office = mediating(FEN);
    let kept = Reservation {
        holder: Subject::Case(case_id("c1")),
        proceeding: office.c1().docket.proceedings[0].id,
        fen: FEN,
    };
    office.allowances[0].1[0].reservations.push(kept);
    let withdraw = Command::Withdraw { text: text() };
    let decision = office.would(&citizen(), "c1", &withdraw, &Advice::default());
    assert_eq!(on_the_county(&decision.unwrap()), ["allowance-released"]);
}
