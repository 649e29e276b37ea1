//! Who sets an allowance, between which bounds, and what the moves of proceedings draw on it.

use crate::actor::{Actor, Role};
use crate::allowance::{Allowance, AllowanceRule, Draw, DrawHow};
use crate::allowances::{MAX_ALLOWANCES, MAX_RESERVATIONS, apply, follow, set};
use crate::clock::{Mark, Provenance};
use crate::command::Command;
use crate::docket::Docket;
use crate::docket_decide::decide_docket;
use crate::event::Event;
use crate::fixture::*;
use crate::ids::{CaseId, Level, Subject, TextId, TextRef};
use crate::proceeding::{Mover, ProceedingGraph};
use crate::proceedings;
use crate::refusal::Refusal;

const YEAR: i16 = 2024;

fn county() -> Subject {
    Subject::Division(division(COUNTY))
}

fn case(number: &str) -> Subject {
    Subject::Case(CaseId::parse(number).unwrap())
}

fn admin() -> Actor {
    official("admin", Role::SystemAdmin, None, COUNTY)
}

fn words(chars: u32) -> TextRef {
    TextRef {
        id: TextId::parse("t").unwrap(),
        chars,
    }
}

fn fund_rule() -> AllowanceRule {
    AllowanceRule {
        kind: code("fund"),
        label: "经费".to_owned(),
        level: Level::County,
        at_least_fen: Some(100),
        at_most_fen: Some(1_000),
        provenance: Provenance {
            mark: Mark::S,
            source: "测试".to_owned(),
            confirmed: None,
        },
    }
}

/// asked → (approve: reserves) approved → (spend) spent, or (give-back: releases) back to asked; refused at any time.
fn fund() -> ProceedingGraph {
    let secretary = [Mover::Role(Role::Secretary)];
    let drawing = |how, name: &str, from: &str, to: &str| {
        let mut drawing = step(name, from, to, &secretary);
        drawing.draw = Some(Draw {
            allowance: code("fund"),
            how,
            amount: code("amount-fen"),
        });
        drawing
    };
    let mut graph = ProceedingGraph {
        kind: code("funding"),
        label: "经费申请".to_owned(),
        initial: code("asked"),
        states: vec![
            state("asked", Some(secretary[0]), None),
            state("approved", Some(secretary[0]), None),
            state("spent", None, None),
            state("refused", None, None),
        ],
        gathers: None,
        moves: vec![
            drawing(DrawHow::Reserve, "approve", "asked", "approved"),
            drawing(DrawHow::Spend, "spend", "approved", "spent"),
            drawing(DrawHow::Release, "give-back", "approved", "asked"),
            step("refuse", "asked", "refused", &secretary),
            step("stop", "approved", "refused", &secretary),
        ],
        ..order()
    };
    graph.open.by = secretary.to_vec();
    graph.open.grant = crate::proceeding::GrantNeed::NotNeeded;
    graph.open.fields = vec![code("amount-fen")];
    graph
}

fn world() -> World {
    let mut world = World::new(&[fund()]);
    world.rules.allowances.insert(code("fund"), fund_rule());
    world
}

fn allowance(ceiling_fen: u64) -> Allowance {
    Allowance {
        kind: code("fund"),
        year: YEAR,
        ceiling_fen,
        spent_fen: 0,
        reservations: Vec::new(),
    }
}

fn set_to(actor: &Actor, docket: &Docket, year: i16, fen: u64) -> Result<Vec<Event>, Refusal> {
    let world = world();
    let ctx = world.ctx(actor, hour(0));
    set(&county(), docket, &code("fund"), year, fen, &words(3), &ctx)
}

/// A case's funding on its way, and the county's allowance.
struct Funding {
    world: World,
    docket: Docket,
    subject: Subject,
}

impl Funding {
    fn asked(number: &str, ceiling_fen: u64, amount: &str) -> Self {
        let mut world = world();
        world.allowances = vec![(division(COUNTY), vec![allowance(ceiling_fen)])];
        let subject = case(number);
        let actor = secretary();
        let docket = {
            let ctx = world.ctx(&actor, hour(0));
            let fields = filled(&[("amount-fen", amount)]);
            let kind = code("funding");
            let scene = scene();
            let opened =
                proceedings::open(&subject, &empty(), &kind, None, None, &fields, &scene, &ctx);
            folded(&empty(), &subject, &opened.unwrap(), hour(0))
        };
        Funding {
            world,
            docket,
            subject,
        }
    }

    /// Makes a move: what it draws, folded into the county's allowance, or why not.
    fn step(&mut self, name: &str, fields: &[(&str, &str)]) -> Result<Vec<Event>, Refusal> {
        let actor = secretary();
        let ctx = self.world.ctx(&actor, hour(1));
        let (scene, fields) = (scene(), filled(fields));
        let events = proceedings::make_move(
            &self.subject,
            &self.docket,
            1,
            &code(name),
            &fields,
            &scene,
            &ctx,
        )?;
        self.draw(&events)
    }

    fn draw(&mut self, events: &[Event]) -> Result<Vec<Event>, Refusal> {
        let actor = secretary();
        let ctx = self.world.ctx(&actor, hour(1));
        let drawn = follow(
            &self.subject,
            &self.docket,
            events.iter(),
            &division(VILLAGE),
            &ctx,
        )?;
        self.docket = folded(&self.docket, &self.subject, events, hour(1));
        let own = &mut self.world.allowances[0].1;
        for (subject, event) in &drawn {
            assert_eq!(*subject, county());
            apply(own, event).unwrap();
        }
        Ok(drawn.into_iter().map(|(_, event)| event).collect())
    }

    fn county(&self) -> &Allowance {
        &self.world.allowances[0].1[0]
    }
}

fn secretary() -> Actor {
    official("s", Role::Secretary, None, COUNTY)
}

fn scene() -> proceedings::Scene {
    proceedings::Scene {
        lead: None,
        place: division(VILLAGE),
        division: division(VILLAGE),
    }
}

#[test]
fn only_the_divisions_system_administrator_sets_an_allowance() {
    assert!(set_to(&admin(), &empty(), YEAR, 500).is_ok());
    let far = official("a", Role::SystemAdmin, None, OTHER_COUNTY);
    for actor in [secretary(), far, plugin(COUNTY), Actor::Kernel] {
        let refused = set_to(&actor, &empty(), YEAR, 500).unwrap_err();
        assert_eq!(refused.code(), "not-yours");
    }
}

#[test]
fn an_allowance_is_set_between_its_bounds_from_a_document() {
    let refused = |year, fen| {
        let refused = set_to(&admin(), &empty(), year, fen).unwrap_err();
        refused.code().to_owned()
    };
    assert_eq!(refused(YEAR, 1_001), "over-ceiling");
    assert_eq!(refused(YEAR, 99), "below-floor");
    assert_eq!(refused(YEAR + 2, 500), "allowance-invalid");
    assert_eq!(refused(YEAR - 1, 500), "allowance-invalid");
    assert!(set_to(&admin(), &empty(), YEAR + 1, 1_000).is_ok());
    let (world, actor) = (world(), admin());
    let ctx = world.ctx(&actor, hour(0));
    let set_by = |subject: &Subject, kind, chars| {
        let refused = set(
            subject,
            &empty(),
            &code(kind),
            YEAR,
            500,
            &words(chars),
            &ctx,
        );
        refused.unwrap_err().code().to_owned()
    };
    assert_eq!(set_by(&county(), "fund", 0), "text-missing");
    assert_eq!(set_by(&county(), "unknown", 3), "allowance-invalid");
    let town = Subject::Division(division(TOWN));
    assert_eq!(set_by(&town, "fund", 3), "allowance-invalid");
    let bureau = Subject::Unit(unit("bureau"));
    assert_eq!(set_by(&bureau, "fund", 3), "not-for-this-subject");
}

#[test]
fn a_year_has_one_ceiling_which_never_falls_below_what_is_taken() {
    let mut docket = empty();
    docket.allowances.push(allowance(500));
    docket.allowances[0].spent_fen = 300;
    let refused = set_to(&admin(), &docket, YEAR, 299).unwrap_err();
    assert_eq!(refused.code(), "allowance-invalid");
    let events = set_to(&admin(), &docket, YEAR, 300).unwrap();
    let after = folded(&docket, &county(), &events, hour(0));
    assert_eq!(
        (after.allowances.len(), after.allowances[0].left_fen()),
        (1, 0)
    );
}

#[test]
fn a_docket_holds_a_limited_number_of_allowances() {
    let mut docket = empty();
    docket.allowances = (0..MAX_ALLOWANCES)
        .map(|n| Allowance {
            kind: code(&format!("fund-{n}")),
            ..allowance(500)
        })
        .collect();
    let refused = set_to(&admin(), &docket, YEAR, 500).unwrap_err();
    assert_eq!(refused.code(), "too-many");
}

#[test]
fn what_is_approved_is_reserved_and_what_is_spent_stays_taken() {
    let mut funding = Funding::asked("c1", 500, "300");
    funding.step("approve", &[]).unwrap();
    assert_eq!(funding.county().left_fen(), 200);
    funding.step("spend", &[("amount-fen", "250")]).unwrap();
    let county = funding.county();
    assert_eq!((county.spent_fen, county.left_fen()), (250, 250));
    assert!(county.reservations.is_empty());
}

#[test]
fn the_last_fen_is_there_and_one_more_is_over_the_ceiling() {
    assert!(
        Funding::asked("c1", 300, "300")
            .step("approve", &[])
            .is_ok()
    );
    let mut funding = Funding::asked("c1", 299, "300");
    let refused = funding.step("approve", &[]).unwrap_err();
    assert_eq!(refused.code(), "over-ceiling");
    assert_eq!(funding.docket.proceedings[0].state.as_str(), "asked");
}

#[test]
fn two_draws_of_one_command_add_up() {
    let mut funding = Funding::asked("c1", 500, "300");
    let mut second = funding.docket.proceedings[0].clone();
    second.id = 2;
    funding.docket.proceedings.push(second);
    let approve = |proceeding| Event::ProceedingMoved {
        proceeding,
        code: code("approve"),
        to: code("approved"),
        end: crate::proceeding::End::Open,
        fields: filled(&[]),
    };
    let refused = funding.draw(&[approve(1), approve(2)]).unwrap_err();
    assert_eq!(refused.code(), "over-ceiling");
    assert!(funding.draw(&[approve(1)]).is_ok());
}

#[test]
fn no_more_is_spent_than_was_reserved_and_all_of_it_where_nobody_says() {
    let mut funding = Funding::asked("c1", 500, "300");
    funding.step("approve", &[]).unwrap();
    let refused = funding.step("spend", &[("amount-fen", "301")]).unwrap_err();
    assert_eq!(refused.code(), "field-invalid");
    funding.step("spend", &[]).unwrap();
    assert_eq!(funding.county().spent_fen, 300);
}

#[test]
fn what_is_released_is_free_again_and_may_be_reserved_anew() {
    let mut funding = Funding::asked("c1", 300, "300");
    funding.step("approve", &[]).unwrap();
    funding.step("give-back", &[]).unwrap();
    assert_eq!(funding.county().left_fen(), 300);
    assert!(funding.step("approve", &[]).is_ok());
}

#[test]
fn a_proceeding_that_ends_or_is_waived_keeps_no_money() {
    let mut stopped = Funding::asked("c1", 300, "300");
    stopped.step("approve", &[]).unwrap();
    stopped.step("stop", &[]).unwrap();
    assert_eq!(stopped.county().left_fen(), 300);
    let mut waived = Funding::asked("c1", 300, "300");
    waived.step("approve", &[]).unwrap();
    let events = proceedings::waive(&waived.docket, 1).unwrap();
    waived.draw(&events).unwrap();
    assert_eq!(waived.county().left_fen(), 300);
}

#[test]
fn an_amount_is_a_positive_number_of_fen() {
    for amount in ["0", "-1", "1.5", "很多"] {
        let mut funding = Funding::asked("c1", 300, amount);
        let refused = funding.step("approve", &[]).unwrap_err();
        assert_eq!(refused.code(), "field-invalid", "{amount}");
    }
}

#[test]
fn without_an_allowance_of_this_year_nothing_is_reserved() {
    let mut funding = Funding::asked("c1", 300, "300");
    funding.world.allowances[0].1[0].year = YEAR - 1;
    let refused = funding.step("approve", &[]).unwrap_err();
    assert_eq!(refused.code(), "no-allowance");
}

#[test]
fn the_nearest_division_up_from_the_matter_pays() {
    let mut funding = Funding::asked("c1", 300, "200");
    let town = (division(TOWN), vec![allowance(250)]);
    funding.world.allowances.push(town);
    let actor = secretary();
    let ctx = funding.world.ctx(&actor, hour(1));
    let approve = Event::ProceedingMoved {
        proceeding: 1,
        code: code("approve"),
        to: code("approved"),
        end: crate::proceeding::End::Open,
        fields: filled(&[]),
    };
    let events = [approve];
    let drawn = |handled_by| {
        let (of, docket) = (&funding.subject, &funding.docket);
        let drawn = follow(of, docket, events.iter(), &division(handled_by), &ctx);
        drawn.unwrap().remove(0).0
    };
    assert_eq!(drawn(VILLAGE), Subject::Division(division(TOWN)));
    assert_eq!(drawn(COUNTY), county());
}

#[test]
fn an_allowance_has_a_limited_number_of_open_reservations() {
    let mut funding = Funding::asked("c1", 1_000_000, "1");
    let own = &mut funding.world.allowances[0].1[0];
    own.reservations = (0..MAX_RESERVATIONS)
        .map(|n| crate::allowance::Reservation {
            holder: case(&format!("other-{n}")),
            proceeding: 1,
            fen: 1,
        })
        .collect();
    let refused = funding.step("approve", &[]).unwrap_err();
    assert_eq!(refused.code(), "too-many");
}

#[test]
fn a_proceeding_on_a_divisions_own_docket_draws_as_one_on_a_case_does() {
    let mut world = world();
    let actor = secretary();
    let subject = county();
    let mut docket = empty();
    docket.allowances.push(allowance(300));
    world.allowances = vec![(division(COUNTY), docket.allowances.clone())];
    let ctx = world.ctx(&actor, hour(0));
    let open = Command::OpenProceeding {
        kind: code("funding"),
        addressee: None,
        about: None,
        fields: filled(&[("amount-fen", "300")]),
    };
    let approve = Command::MoveProceeding {
        proceeding: 1,
        code: code("approve"),
        fields: filled(&[]),
    };
    for command in [open, approve] {
        let decided = decide_docket(&subject, &docket, &command, &ctx).unwrap();
        let events: Vec<Event> = decided.events.into_iter().map(|(_, event)| event).collect();
        docket = folded(&docket, &subject, &events, hour(0));
    }
    assert_eq!(docket.allowances[0].left_fen(), 0);
}
