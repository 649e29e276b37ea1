//! Who may open and move, what the clocks do, what waits for a person, and how far a plugin reaches.

use crate::actor::{Actor, Role};
use crate::approvals;
use crate::clock::{ClockState, Mark};
use crate::docket::{ApprovalCause, Docket, Verdict};
use crate::event::Event;
use crate::fixture::*;
use crate::ids::{CaseId, Code, Subject};
use crate::proceeding::{End, Fields, GrantNeed, Mover};
use crate::proceedings::{
    self, MAX_FIELD_CHARS, MAX_LISTED_CASES, MAX_OPEN_PROCEEDINGS, MAX_PROCEEDINGS, Scene,
};
use crate::refusal::Refusal;

fn subject() -> Subject {
    Subject::Case(CaseId::parse("SQ1").unwrap())
}

fn scene() -> Scene {
    Scene {
        lead: Some(unit("bureau")),
        place: division(VILLAGE),
        division: division(TOWN),
    }
}

fn officer() -> Actor {
    official("officer", Role::GridOfficer, Some("village"), VILLAGE)
}

fn bureau() -> Actor {
    official("handler", Role::UnitHandler, Some("bureau"), COUNTY)
}

fn secretary() -> Actor {
    official("secretary", Role::Secretary, Some("village"), VILLAGE)
}

fn world() -> World {
    let mut world = World::new(&[order(), card()]);
    world.grants.push(granted());
    world
}

fn open(world: &World, actor: &Actor, docket: &Docket) -> Result<Vec<Event>, Refusal> {
    open_to(world, actor, docket, "bureau")
}

fn open_to(world: &World, actor: &Actor, docket: &Docket, to: &str) -> Result<Vec<Event>, Refusal> {
    let fields = filled(&[("matter", "屋顶漏水")]);
    let ctx = world.ctx(actor, hour(0));
    let to = unit(to);
    let kind = code("order");
    proceedings::open(
        &subject(),
        docket,
        &kind,
        Some(&to),
        None,
        &fields,
        &scene(),
        &ctx,
    )
}

fn go(
    world: &World,
    actor: &Actor,
    docket: &Docket,
    step: &str,
    fields: &Fields,
    at: i64,
) -> Result<Vec<Event>, Refusal> {
    let ctx = world.ctx(actor, hour(at));
    proceedings::make_move(&subject(), docket, 1, &code(step), fields, &scene(), &ctx)
}

/// A docket with an order that was issued at hour 0, and signed at hour 0 as well.
fn issued(world: &World) -> Docket {
    let events = open(world, &officer(), &empty()).unwrap();
    folded(&empty(), &subject(), &events, hour(0))
}

fn signed(world: &World) -> Docket {
    let docket = issued(world);
    let events = go(world, &bureau(), &docket, "sign", &Fields::new(), 0).unwrap();
    folded(&docket, &subject(), &events, hour(0))
}

#[test]
fn opening_enters_the_initial_state_and_starts_its_clock() {
    let docket = issued(&world());
    let order = &docket.proceedings[0];
    assert_eq!((order.id, order.state.as_str()), (1, "issued"));
    assert_eq!(order.issuer, Some(unit("village")));
    assert_eq!(order.history[0].code.as_str(), "open");
    let clock = &docket.clocks[0];
    assert_eq!((clock.id, clock.name.as_str()), (2, "order-sign"));
    assert_eq!(clock.owner, Some(unit("bureau")));
    assert_eq!((clock.proceeding, clock.deadline.due), (Some(1), hour(1)));
    assert_eq!(docket.next, 3);
}

#[test]
fn an_order_without_a_valid_grant_is_refused() {
    let mut world = world();
    let refused = |world: &World| open(world, &officer(), &empty()).unwrap_err();
    world.grants[0].terms.kind = code("another-kind");
    assert_eq!(refused(&world).code(), "no-grant");
    world.grants[0] = granted();
    world.grants[0].terms.addressees = vec![unit("petition-office")];
    assert_eq!(refused(&world).code(), "no-grant");
    world.grants[0] = granted();
    world.grants[0].terms.until = hour(0);
    assert_eq!(refused(&world).code(), "no-grant");
    world.grants[0] = granted();
    world.grants[0].revoked_at = Some(hour(-1));
    assert_eq!(refused(&world).code(), "no-grant");
    world.grants.clear();
    assert_eq!(refused(&world).code(), "no-grant");
}

#[test]
fn only_the_roles_that_the_graph_lists_may_open() {
    let world = world();
    let clerk = official("clerk", Role::Clerk, Some("village"), VILLAGE);
    assert_eq!(
        open(&world, &clerk, &empty()).unwrap_err().code(),
        "not-yours"
    );
    assert_eq!(
        open(&world, &CITIZEN, &empty()).unwrap_err().code(),
        "not-yours"
    );
}

#[test]
fn a_role_reaches_only_its_own_territory() {
    let world = world();
    let stranger = official("stranger", Role::GridOfficer, Some("village"), OTHER_COUNTY);
    assert_eq!(
        open(&world, &stranger, &empty()).unwrap_err().code(),
        "not-yours"
    );
}

#[test]
fn what_the_graph_requires_must_be_filled_in() {
    let world = world();
    let docket = signed(&world);
    let empty = Fields::new();
    let refused = go(&world, &bureau(), &docket, "conclude", &empty, 1).unwrap_err();
    assert_eq!(
        refused,
        Refusal::FieldMissing {
            field: code("result")
        }
    );
    let blank = filled(&[("result", "  ")]);
    let refused = go(&world, &bureau(), &docket, "conclude", &blank, 1).unwrap_err();
    assert_eq!(refused.code(), "field-missing");
}

#[test]
fn a_field_is_short_and_holds_no_number_of_a_person() {
    let world = world();
    let docket = signed(&world);
    let long = filled(&[("result", "字".repeat(MAX_FIELD_CHARS + 1).as_str())]);
    let refused = go(&world, &bureau(), &docket, "conclude", &long, 1).unwrap_err();
    assert_eq!(refused.code(), "field-invalid");
    let phone = filled(&[("result", "已联系 13800138000")]);
    let refused = go(&world, &bureau(), &docket, "conclude", &phone, 1).unwrap_err();
    assert_eq!(refused.code(), "field-invalid");
}

#[test]
fn a_move_in_time_meets_the_clock_and_starts_the_next() {
    let docket = signed(&world());
    assert_eq!(docket.clocks[0].state, ClockState::Met { at: hour(0) });
    assert_eq!(docket.clocks[1].state, ClockState::Running);
    assert_eq!(docket.clocks[1].id, 3);
    assert_eq!(docket.proceedings[0].state.as_str(), "signed");
}

#[test]
fn a_late_move_is_recorded_as_a_breach_at_its_nominal_time_and_done_late() {
    let world = world();
    let docket = signed(&world);
    let fields = filled(&[("result", "已完成")]);
    let events = go(&world, &bureau(), &docket, "conclude", &fields, 30).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(30));
    let late = ClockState::Breached {
        at: hour(24),
        done_at: Some(hour(30)),
    };
    assert_eq!(docket.clocks[1].state, late);
    assert_eq!(docket.proceedings[0].end, End::Ends);
}

#[test]
fn a_breach_makes_the_move_that_the_state_names() {
    let world = world();
    let docket = issued(&world);
    let ctx = world.ctx(&Actor::Kernel, hour(2));
    let events = proceedings::breached(&docket, &docket.clocks[0], &scene(), &ctx).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(2));
    assert_eq!(docket.proceedings[0].state.as_str(), "expired");
    assert_eq!(docket.proceedings[0].end, End::Ends);
}

#[test]
fn a_clock_that_ran_out_goes_before_a_persons_move_however_late_it_is_noticed() {
    let world = world();
    let docket = issued(&world);
    let refused = go(&world, &bureau(), &docket, "sign", &Fields::new(), 2).unwrap_err();
    assert_eq!(refused, Refusal::ClockOver { clock: 2 });
}

#[test]
fn an_ended_proceeding_moves_no_more() {
    let world = world();
    let mut docket = signed(&world);
    docket.proceedings[0].end = End::Ends;
    let refused = go(&world, &bureau(), &docket, "recall", &Fields::new(), 1).unwrap_err();
    assert_eq!(refused.code(), "no-such-move");
}

#[test]
fn a_move_that_its_state_does_not_offer_is_refused() {
    let world = world();
    let refused = go(
        &world,
        &bureau(),
        &issued(&world),
        "conclude",
        &Fields::new(),
        0,
    );
    assert_eq!(refused.unwrap_err().code(), "no-such-move");
}

#[test]
fn a_move_by_somebody_without_a_part_is_refused() {
    let world = world();
    let docket = issued(&world);
    for actor in [officer(), CITIZEN, plugin(COUNTY)] {
        let refused = go(&world, &actor, &docket, "sign", &Fields::new(), 0);
        assert_eq!(refused.unwrap_err().code(), "not-yours");
    }
}

#[test]
fn a_move_with_an_approval_waits_for_the_named_role() {
    let world = world();
    let docket = signed(&world);
    let events = go(&world, &officer(), &docket, "recall", &Fields::new(), 1).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(1));
    assert_eq!(docket.proceedings[0].state.as_str(), "signed");
    let approval = &docket.approvals[0];
    assert_eq!((approval.id, approval.role), (4, Role::Secretary));
    assert_eq!(approval.because, ApprovalCause::Move);

    let secretary = secretary();
    let ctx = world.ctx(&secretary, hour(2));
    let settled = approvals::settle(&docket, 4, Verdict::Approved, None, &ctx).unwrap();
    assert_eq!(settled.1.as_ref(), Some(approval.what.as_ref()));
    let events = proceedings::carry_out(&subject(), &docket, approval, &scene(), &ctx).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(2));
    assert_eq!(docket.proceedings[0].state.as_str(), "recalled");
}

#[test]
fn the_approving_role_itself_moves_at_once_where_the_graph_lists_it() {
    let world = world();
    let docket = signed(&world);
    let events = go(&world, &secretary(), &docket, "recall", &Fields::new(), 1).unwrap();
    let moved = |event: &Event| matches!(event, Event::ProceedingMoved { .. });
    assert!(events.iter().any(moved));
}

#[test]
fn the_same_approval_is_asked_once() {
    let world = world();
    let docket = signed(&world);
    let events = go(&world, &officer(), &docket, "recall", &Fields::new(), 1).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(1));
    let again = go(&world, &officer(), &docket, "recall", &Fields::new(), 1);
    assert_eq!(again.unwrap_err().code(), "too-many");
}

#[test]
fn a_breach_of_disciplinary_weight_becomes_an_approval_and_never_a_fact() {
    let world = world();
    let own = Subject::Unit(unit("bureau"));
    let rule = plugin(COUNTY);
    let ctx = world.ctx(&rule, hour(0));
    let scene = Scene {
        lead: None,
        place: division(COUNTY),
        division: division(COUNTY),
    };
    let case = CaseId::parse("SQ1").unwrap();
    let (kind, none) = (code("card"), Fields::new());
    let opened = proceedings::open(
        &own,
        &empty(),
        &kind,
        None,
        Some(&case),
        &none,
        &scene,
        &ctx,
    )
    .unwrap();
    let docket = folded(&empty(), &own, &opened, hour(0));
    assert_eq!(docket.cases, vec![case]);
    assert_eq!(docket.proceedings[0].addressee, Some(unit("bureau")));

    let ctx = world.ctx(&Actor::Kernel, hour(25));
    let events = proceedings::breached(&docket, &docket.clocks[0], &scene, &ctx).unwrap();
    let asked = |event: &Event| matches!(event, Event::ApprovalAsked { approval } if approval.role == Role::Discipline);
    assert!(matches!(events.as_slice(), [event] if asked(event)));
}

#[test]
fn a_plugin_orders_only_its_own_units_or_whom_a_grant_names() {
    let mut world = world();
    let rule = plugin(COUNTY);
    assert!(open_to(&world, &rule, &empty(), "elsewhere").is_ok());
    world.grants[0].terms.addressees = vec![unit("bureau")];
    let refused = open_to(&world, &rule, &empty(), "elsewhere").unwrap_err();
    assert_eq!(refused.code(), "outside-division");
    let foreign = plugin(OTHER_COUNTY);
    let refused = open_to(&world, &foreign, &empty(), "bureau").unwrap_err();
    assert_eq!(refused.code(), "outside-division");
}

#[test]
fn an_approval_lends_a_plugin_nobody_elses_authority() {
    let mut graph = card();
    graph.open.by = vec![Mover::Role(Role::Supervisor)];
    let world = World::new(&[graph]);
    let rule = plugin(COUNTY);
    let what = crate::command::Command::OpenProceeding {
        kind: code("card"),
        addressee: Some(unit("bureau")),
        about: None,
        fields: Fields::new(),
    };
    let asked = |role: Role| {
        let ctx = world.ctx(&rule, hour(0));
        approvals::propose(&subject(), &empty(), &what, role, &scene(), &ctx).unwrap()
    };
    let carry = |role: Role| {
        let docket = folded(&empty(), &subject(), &asked(role), hour(0));
        let actor = official("person", role, None, COUNTY);
        let ctx = world.ctx(&actor, hour(1));
        let approval = docket.approvals[0].clone();
        proceedings::carry_out(&subject(), &docket, &approval, &scene(), &ctx)
    };
    assert_eq!(carry(Role::Clerk).unwrap_err().code(), "not-yours");
    assert!(carry(Role::Supervisor).is_ok());
}

#[test]
fn a_local_graph_cannot_lengthen_what_the_law_limits() {
    use fengqiao_calendar::Spec;
    let mut graph = order();
    graph.open.grant = GrantNeed::NotNeeded;
    graph.states[0].clock = Some(rule("mediation", Spec::CalendarDays(90)));
    let world = World::new(&[graph]);
    let docket = issued(&world);
    assert_eq!(docket.clocks[0].rule.provenance.mark, Mark::L);
    assert_eq!(docket.clocks[0].deadline.spec, Spec::CalendarDays(30));
}

#[test]
fn a_docket_holds_a_limited_number_of_open_proceedings() {
    let world = world();
    let mut docket = issued(&world);
    docket.proceedings = vec![docket.proceedings[0].clone(); MAX_OPEN_PROCEEDINGS];
    let refused = open(&world, &officer(), &docket).unwrap_err();
    let limit = Code::word("open-proceedings");
    assert_eq!(refused, Refusal::TooMany { limit });
}

#[test]
fn a_docket_keeps_at_most_five_hundred_proceedings_ended_ones_included() {
    let world = world();
    let mut docket = issued(&world);
    let mut ended = docket.proceedings[0].clone();
    ended.end = End::Ends;
    docket.proceedings = vec![ended.clone(); MAX_PROCEEDINGS - 1];
    assert!(open(&world, &officer(), &docket).is_ok());
    docket.proceedings.push(ended);
    let refused = open(&world, &officer(), &docket).unwrap_err();
    let limit = Code::word("proceedings");
    assert_eq!(refused, Refusal::TooMany { limit });
}

#[test]
fn a_docket_lists_at_most_five_thousand_cases_and_each_once() {
    let world = world();
    let bureau = Subject::Unit(unit("bureau"));
    let (rule, kind) = (plugin(COUNTY), code("card"));
    let raise = |docket: &Docket, about: &str| {
        let ctx = world.ctx(&rule, hour(0));
        let about = CaseId::parse(about).unwrap();
        let (about, fields) = (Some(&about), Fields::new());
        proceedings::open(&bureau, docket, &kind, None, about, &fields, &scene(), &ctx)
    };
    let listed = (1..MAX_LISTED_CASES).map(|n| CaseId::parse(&format!("SQ{n}")).unwrap());
    let mut docket = empty();
    docket.cases = listed.collect();
    assert!(raise(&docket, "another").is_ok());
    docket.cases.push(CaseId::parse("another").unwrap());
    assert!(raise(&docket, "another").is_ok());
    let refused = raise(&docket, "one-more").unwrap_err();
    let limit = Code::word("listed-cases");
    assert_eq!(refused, Refusal::TooMany { limit });
}

#[test]
fn a_waived_proceeding_ends_and_its_clock_loses_its_object() {
    let docket = issued(&world());
    let events = proceedings::waive(&docket, 1).unwrap();
    let docket = folded(&docket, &subject(), &events, hour(0));
    assert_eq!(docket.proceedings[0].end, End::Ends);
    assert_eq!(
        docket.clocks[0].state,
        ClockState::Cancelled { at: hour(0) }
    );
    assert_eq!(
        proceedings::waive(&docket, 1).unwrap_err().code(),
        "no-such-move"
    );
}

#[test]
fn an_unknown_kind_or_unit_is_refused() {
    let world = world();
    let refused = open_to(&world, &officer(), &empty(), "nobody").unwrap_err();
    assert_eq!(refused.code(), "unknown-unit");
    let actor = officer();
    let ctx = world.ctx(&actor, hour(0));
    let (kind, none) = (code("unheard-of"), Fields::new());
    let refused = proceedings::open(
        &subject(),
        &empty(),
        &kind,
        None,
        None,
        &none,
        &scene(),
        &ctx,
    );
    assert_eq!(refused.unwrap_err().code(), "unknown-proceeding");
}
