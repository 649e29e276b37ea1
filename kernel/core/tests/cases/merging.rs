//! Merge, unmerge, mirror, split, link.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::advice::Advice;
use fengqiao_core::command::{Command, Relation, Waivable};
use fengqiao_core::matter::PartyRole;
use fengqiao_core::stage::StageName;

use crate::office::*;

fn into(id: &str) -> Command {
    Command::Merge { into: case_id(id) }
}

fn unmerge() -> Command {
    Command::Unmerge { text: text() }
}

/// `c1` beside a second case that is dispatched to the water department.
fn two(c1: Office) -> Office {
    let mut office = c1;
    office
        .take_in("c2", registration(), &Advice::default())
        .unwrap();
    office.send(&hub(), "c2", &dispatch("water")).unwrap();
    office
}

fn merged() -> Office {
    two(handling()).given(hub(), into("c2"))
}

#[test]
fn a_merged_case_follows_its_primary_to_the_end_and_is_archived_by_itself() {
    let mut office = merged();
    assert_eq!(office.stage(), StageName::Dispatched);
    assert_eq!(office.c1().stage.lead(), Some(&unit("water")));
    assert!(office.case("c2").followers.contains(&case_id("c1")));
    let water = handler("water");
    for command in [Command::Sign {}, report(), reply()] {
        office.send(&water, "c2", &command).unwrap();
        assert_eq!(office.stage(), office.case("c2").stage.name());
    }
    assert_eq!(office.c1().replies.len(), 1);
    office.send(&citizen(), "c2", &rate("satisfied")).unwrap();
    assert_eq!(office.stage(), StageName::Closed);
    assert!(
        office.c1().outcome.satisfied.is_none(),
        "its own citizen rates it"
    );
    office.send(&hub(), "c2", &Command::Archive {}).unwrap();
    assert_eq!(office.stage(), StageName::Closed);
    let office = office.given(citizen(), rate("unsatisfied"));
    check(office, &hub(), Command::Archive {}, &["stage-moved"]);
}

#[test]
fn a_followers_own_rating_does_not_close_it() {
    let mut office = merged();
    let water = handler("water");
    for command in [Command::Sign {}, report(), reply()] {
        office.send(&water, "c2", &command).unwrap();
    }
    let office = office.given(citizen(), rate("satisfied"));
    assert_eq!(office.stage(), StageName::Replied);
}

#[test]
fn a_primary_sent_back_and_reworked_takes_its_followers_along() {
    let mut office = merged();
    let water = handler("water");
    office.send(&water, "c2", &Command::Sign {}).unwrap();
    office.send(&water, "c2", &report()).unwrap();
    office
        .send(&hub(), "c2", &Command::SendBack { text: text() })
        .unwrap();
    assert_eq!(office.stage(), StageName::Handling);
    office.send(&water, "c2", &report()).unwrap();
    office.send(&water, "c2", &reply()).unwrap();
    office.send(&citizen(), "c2", &rate("unsatisfied")).unwrap();
    assert_eq!(office.stage(), StageName::Closed);
    office
        .send(&hub(), "c2", &Command::Rework { text: text() })
        .unwrap();
    assert_eq!(office.stage(), StageName::Handling);
    assert!(office.c1().outcome.closed.is_none());
    assert_eq!(office.c1().reworks, 1);
}

#[test]
fn a_waived_report_is_waived_for_followers_too() {
    let mut office = merged();
    let waive = |what| Command::Waive { what, text: text() };
    office.send(&hub(), "c2", &waive(Waivable::Report)).unwrap();
    office.send(&hub(), "c2", &waive(Waivable::Reply)).unwrap();
    assert_eq!(office.stage(), StageName::Replied);
    assert!(office.c1().reports[0].text.is_none());
}

#[test]
fn a_merged_case_goes_back_to_where_it_was() {
    let mut office = merged();
    let office_now = check(
        office.clone(),
        &hub(),
        unmerge(),
        &["unmerged", "parted", "told", "assigned", "stage-moved"],
    );
    assert_eq!(office_now.stage(), StageName::Handling);
    assert_eq!(office_now.c1().stage.lead(), Some(&unit("roads")));
    assert!(office_now.case("c2").followers.is_empty());

    refuses(
        office.clone(),
        &hub(),
        Command::Unmerge { text: no_text() },
        "text-missing",
    );
    refuses(office.clone(), &handler("water"), unmerge(), "not-yours");
    refuses(handling(), &hub(), unmerge(), "not-merged");
    let water = handler("water");
    for command in [Command::Sign {}, report(), reply()] {
        office.send(&water, "c2", &command).unwrap();
    }
    office.send(&citizen(), "c2", &rate("satisfied")).unwrap();
    refuses(office, &hub(), unmerge(), "wrong-stage");
}

#[test]
fn a_case_merged_without_a_lead_waits_for_one_when_it_stands_alone() {
    let office = two(Office::with_case()).given(hub(), into("c2"));
    let office = check(
        office,
        &hub(),
        unmerge(),
        &["unmerged", "stage-moved", "task-raised"],
    );
    assert_eq!(office.stage(), StageName::Accepted);
}

#[test]
fn what_cannot_be_merged() {
    refuses(handling(), &hub(), into("c1"), "cannot-merge");
    refuses(handling(), &hub(), into("c9"), "cannot-merge");
    refuses(two(closed()), &hub(), into("c2"), "wrong-stage");
    refuses(two(handling()), &handler("roads"), into("c2"), "not-yours");
    let mut done = two(handling());
    done.send(&citizen(), "c2", &Command::Withdraw { text: no_text() })
        .unwrap();
    refuses(done, &hub(), into("c2"), "cannot-merge");

    let mut chain = merged();
    chain
        .take_in("c3", registration(), &Advice::default())
        .unwrap();
    let refusal = chain.send(&hub(), "c3", &into("c1")).unwrap_err();
    assert_eq!(refusal.code(), "cannot-merge");
    let refusal = chain.send(&hub(), "c2", &into("c3")).unwrap_err();
    assert_eq!(refusal.code(), "cannot-merge");
}

#[test]
fn a_case_does_not_follow_to_a_lead_that_is_accused_in_it() {
    let mut about = registration();
    let mut accused = party(PartyRole::Accused);
    accused.unit = Some(unit("water"));
    about.parties.push(accused);
    let mut office = Office::new();
    office.take_in("c1", about, &Advice::default()).unwrap();
    refuses(two(office.clone()), &hub(), into("c2"), "recused");

    office
        .take_in("c2", registration(), &Advice::default())
        .unwrap();
    let mut office = office.given(hub(), into("c2"));
    office.send(&hub(), "c2", &dispatch("water")).unwrap();
    assert!(office.c1().merged.is_none());
    assert_eq!(office.stage(), StageName::Accepted);
    assert!(office.case("c2").followers.is_empty());
}

#[test]
fn a_withdrawal_ends_the_primary_only() {
    let mut office = merged();
    let withdraw = Command::Withdraw { text: no_text() };
    office.send(&citizen(), "c2", &withdraw).unwrap();
    assert_eq!(office.case("c2").stage.name(), StageName::Ended);
    assert_eq!(office.stage(), StageName::Handling);
    assert!(office.c1().merged.is_none());

    let office = check(merged(), &citizen(), withdraw, &["stage-moved"]);
    assert_eq!(office.stage(), StageName::Ended);
    assert_eq!(office.case("c2").stage.name(), StageName::Dispatched);
}

#[test]
fn the_work_of_a_merged_case_is_done_on_the_primary() {
    for command in [
        Command::Sign {},
        Command::Reply {
            text: text(),
            delivery: fengqiao_core::command::Delivery::Delivered { way: code("sms") },
        },
    ] {
        refuses(merged(), &handler("water"), command, "merged");
    }
    refuses(merged(), &hub(), dispatch("roads"), "merged");
    let photo = Command::Attach {
        evidence: vec![photo(1)],
    };
    check(merged(), &citizen(), photo, &["attached"]);
}

#[test]
fn only_the_kernel_mirrors_and_only_a_follower() {
    let mirror = || Command::Mirror {
        primary: case_id("c2"),
    };
    refuses(merged(), &hub(), mirror(), "not-yours");
    refuses(two(handling()), &Actor::Kernel, mirror(), "not-merged");
    let mut office = merged();
    assert!(
        office
            .send(&Actor::Kernel, "c1", &mirror())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_part_becomes_a_case_of_its_own() {
    let split = |matter| Command::Split {
        new: Some(case_id("c2")),
        matter,
    };
    let office = check(
        handling(),
        &hub(),
        split(matter()),
        &[
            "split",
            "registered",
            "linked",
            "stage-moved",
            "task-raised",
        ],
    );
    assert_eq!(office.stage(), StageName::Handling);
    let part = office.case("c2");
    assert_eq!(part.stage.name(), StageName::Accepted);
    assert_eq!(part.bindings, office.c1().bindings);
    assert_eq!(part.parties, office.c1().parties);
    refuses(office, &hub(), split(matter()), "field-invalid");
    refuses(handling(), &handler("roads"), split(matter()), "not-yours");
    refuses(closed(), &hub(), split(matter()), "wrong-stage");
    let mut nowhere = matter();
    nowhere.place = division("880101001001");
    refuses(handling(), &hub(), split(nowhere), "unknown-division");
    let mut silent = matter();
    silent.text = no_text();
    refuses(handling(), &hub(), split(silent), "text-missing");
}

#[test]
fn two_cases_are_linked_on_both_and_once() {
    let link = |id: &str| Command::Link {
        to: case_id(id),
        relation: Relation::Repeats,
    };
    let mut office = check(two(handling()), &hub(), link("c2"), &["linked", "linked"]);
    assert_eq!(
        office.case("c2").links,
        [(case_id("c1"), Relation::Related)]
    );
    assert!(office.send(&hub(), "c1", &link("c2")).unwrap().is_empty());
    refuses(handling(), &hub(), link("c9"), "field-invalid");
    refuses(handling(), &hub(), link("c1"), "field-invalid");
    refuses(two(handling()), &handler("roads"), link("c2"), "not-yours");
    refuses(two(closed()), &hub(), link("c2"), "wrong-stage");
}

#[test]
fn nobody_ties_a_case_to_one_out_of_their_reach() {
    let mut office = two(handling());
    let mut elsewhere = registration();
    elsewhere.matter.place = division(OTHER_COUNTY);
    office.take_in("c3", elsewhere, &Advice::default()).unwrap();
    let link = Command::Link {
        to: case_id("c3"),
        relation: Relation::Related,
    };
    refuses(office.clone(), &hub(), into("c3"), "not-yours");
    refuses(office.clone(), &hub(), link.clone(), "not-yours");
    refuses(office, &plugin(), link, "outside-division");
}

#[test]
fn nobody_ties_a_case_to_one_in_which_their_unit_is_accused() {
    let mut office = Office::with_case();
    let mut against = registration();
    let mut accused = party(PartyRole::Accused);
    accused.unit = Some(unit("water"));
    against.parties.push(accused);
    office.take_in("c2", against, &Advice::default()).unwrap();
    let Actor::Official { principal, .. } = hub() else {
        panic!("the hub is an official");
    };
    let hub_of_the_accused = Actor::Official {
        principal,
        role: Role::Dispatcher,
        unit: Some(unit("water")),
        division: division(COUNTY),
    };
    refuses(office, &hub_of_the_accused, into("c2"), "recused");
}

#[test]
fn a_part_is_as_short_as_any_matter() {
    let mut ticked = matter();
    ticked.marks = (0..65).map(|n| code(&format!("mark-{n}"))).collect();
    let split = Command::Split {
        new: Some(case_id("c2")),
        matter: ticked,
    };
    refuses(handling(), &hub(), split, "too-many");
}
