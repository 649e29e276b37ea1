//! Hand up, hand down, transfer, migrate.

use fengqiao_core::actor::Role;
use fengqiao_core::advice::Triage;
use fengqiao_core::command::{Command, Ruling};
use fengqiao_core::event::Direction;
use fengqiao_core::ids::BindingSetId;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn up(to: &str, lead: Option<&str>) -> Command {
    Command::HandUp {
        to: division(to),
        lead: lead.map(unit),
        reason: code("beyond-competence"),
    }
}

fn down(to: &str, lead: Option<&str>) -> Command {
    Command::HandDown {
        to: division(to),
        lead: lead.map(unit),
        reason: code("within-competence"),
    }
}

fn set(word: &str) -> BindingSetId {
    BindingSetId::parse(word).unwrap()
}

fn transfer(to: &str) -> Command {
    Command::Transfer {
        to: division(to),
        text: text(),
    }
}

#[test]
fn a_case_handed_up_waits_at_the_higher_hub_and_its_total_runs_on() {
    let office = dispatched();
    let total = office.c1().docket.clocks[1].clone();
    let office = check(
        office,
        &handler("roads"),
        up(TOWN, None),
        &["released", "stage-moved", "level-moved", "task-raised"],
    );
    assert_eq!(office.stage(), StageName::Accepted);
    assert_eq!(office.c1().division, division(TOWN));
    assert_eq!(office.c1().levels[0].direction, Direction::Up);
    assert_eq!(office.c1().docket.clocks[1], total);
    refuses(office, &hub(), up(VILLAGE, None), "not-an-ancestor");
}

#[test]
fn a_case_handed_up_with_a_lead_is_dispatched_to_it() {
    let office = check(
        handling(),
        &hub(),
        up(COUNTY, Some("water")),
        &["level-moved", "assigned", "stage-moved"],
    );
    assert_eq!(office.c1().stage.lead(), Some(&unit("water")));
    refuses(
        handling(),
        &hub(),
        up(COUNTY, Some("nobody")),
        "unknown-unit",
    );
    refuses(
        handling(),
        &hub(),
        up("880000000000", None),
        "unknown-division",
    );
    refuses(handling(), &hub(), up(OTHER_TOWN, None), "not-an-ancestor");
    refuses(handling(), &handler("water"), up(TOWN, None), "not-yours");
    refuses(closed(), &hub(), up(TOWN, None), "wrong-stage");
}

fn over(lead: &str) -> Command {
    Command::HandOver {
        lead: unit(lead),
        text: text(),
    }
}

#[test]
fn a_case_handed_over_stays_at_its_level_with_another_lead() {
    let office = handling();
    let total = office.c1().docket.clocks[1].clone();
    let place = office.c1().division.clone();
    let office = check(
        office,
        &hub(),
        over("water"),
        &["released", "assigned", "stage-moved"],
    );
    assert_eq!(office.stage(), StageName::Dispatched);
    assert_eq!(office.c1().stage.lead(), Some(&unit("water")));
    assert_eq!(office.c1().division, place);
    assert_eq!(office.c1().docket.clocks[1], total);
    check(handling(), &plugin(), over("water"), &["assigned"]);
}

#[test]
fn nobody_hands_a_case_over_by_themselves_nor_to_whom_has_it() {
    refuses(handling(), &handler("roads"), over("water"), "not-yours");
    refuses(handling(), &hub(), over("roads"), "already-assigned");
    refuses(handling(), &hub(), over("nobody"), "unknown-unit");
    refuses(closed(), &hub(), over("water"), "wrong-stage");
    let mute = Command::HandOver {
        lead: unit("water"),
        text: no_text(),
    };
    refuses(handling(), &hub(), mute, "text-missing");
    refuses(
        handling(),
        &plugin_of(TOWN),
        over("water"),
        "outside-division",
    );
}

#[test]
fn the_new_levels_rule_may_name_the_lead() {
    let mut office = Office::with_case();
    let advice = triage_of(COUNTY, accept_with("water"));
    office
        .send_advised(&hub(), "c1", &up(COUNTY, None), &advice)
        .unwrap();
    assert_eq!(office.c1().stage.lead(), Some(&unit("water")));
}

#[test]
fn a_case_handed_down_goes_below_the_present_level_only() {
    let office = Office::with_case().given(hub(), up(COUNTY, None));
    let office = check(
        office,
        &hub(),
        down(TOWN, None),
        &["level-moved", "task-raised"],
    );
    assert_eq!(office.c1().levels[1].direction, Direction::Down);
    refuses(office.clone(), &hub(), down(COUNTY, None), "not-below");
    refuses(office.clone(), &hub(), down(OTHER_TOWN, None), "not-below");
    refuses(
        office.clone(),
        &hub(),
        down("880000000000", None),
        "unknown-division",
    );
    refuses(office.clone(), &clerk(), down(VILLAGE, None), "not-yours");
    check(
        office,
        &hub(),
        down(VILLAGE, Some("committee")),
        &["level-moved", "assigned"],
    );
    refuses(closed(), &hub(), down(VILLAGE, None), "wrong-stage");
}

#[test]
fn the_level_moves_at_most_sixty_four_times() {
    let mut office = Office::with_case();
    for _ in 0..32 {
        office.send(&hub(), "c1", &up(TOWN, None)).unwrap();
        office.send(&hub(), "c1", &down(VILLAGE, None)).unwrap();
    }
    refuses(office, &hub(), up(TOWN, None), "too-many");
}

#[test]
fn a_transfer_pins_the_case_to_the_set_that_the_context_joined() {
    for who in [hub(), far_hub()] {
        let office = check(
            dispatched(),
            &who,
            transfer(OTHER_COUNTY),
            &["level-moved", "bindings-changed", "told", "task-raised"],
        );
        assert_eq!(office.c1().bindings, set("set-2"));
        assert_eq!(office.c1().levels[0].direction, Direction::Sideways);
        check(office, &far_hub(), dispatch("far-roads"), &["assigned"]);
    }
    refuses(
        dispatched(),
        &hub(),
        transfer("880000000000"),
        "unknown-division",
    );
    refuses(dispatched(), &hub(), transfer(VILLAGE), "field-invalid");
    refuses(
        dispatched(),
        &handler("roads"),
        transfer(OTHER_COUNTY),
        "not-yours",
    );
    refuses(closed(), &hub(), transfer(OTHER_COUNTY), "wrong-stage");
}

#[test]
fn only_an_administrator_migrates_with_a_reason() {
    let migrate = |text| Command::Migrate {
        bindings: set("set-3"),
        text,
    };
    let administrator = as_role(Role::SystemAdmin);
    let office = check(
        handling(),
        &administrator,
        migrate(text()),
        &["bindings-changed"],
    );
    assert_eq!(office.c1().bindings, set("set-3"));
    refuses(handling(), &hub(), migrate(text()), "not-yours");
    refuses(
        handling(),
        &administrator,
        migrate(no_text()),
        "text-missing",
    );
    refuses(closed(), &administrator, migrate(text()), "wrong-stage");
}

#[test]
fn a_change_of_level_ends_no_case_whatever_the_rule_there_says() {
    for answer in [
        Triage::Decline {
            ground: code("not-ours"),
        },
        Triage::Refer { route: code("110") },
    ] {
        let mut office = handling();
        let advice = triage_of(COUNTY, answer);
        office
            .send_advised(&hub(), "c1", &up(TOWN, None), &advice)
            .unwrap();
        assert_eq!(office.stage(), StageName::Accepted);
    }
}

#[test]
fn a_lead_whose_objection_was_denied_does_not_hand_the_case_on() {
    let object = Command::Object { text: text() };
    let denied = Command::Rule {
        ruling: Ruling::Denied,
        text: text(),
    };
    let locked = dispatched()
        .given(handler("roads"), object)
        .given(hub(), denied);
    refuses(locked, &handler("roads"), up(TOWN, None), "not-yours");
}
