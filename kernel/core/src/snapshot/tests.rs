//! Only declared groups, and nothing of the reporter.

use proptest::prelude::*;

use crate::actor::Actor;
use crate::fixture::story::{DEEDS, PHONE, Reporter, SIGN_IN, Story, any_deeds, any_reporter};
use crate::fixture::*;
use crate::ids::Subject;
use crate::matter::{PartyRole, Protection};
use crate::proceeding::Fields;
use crate::proceedings::{self, Scene};
use crate::snapshot::{Group, Snapshot, cared_for};

fn of(story: &Story, groups: &[Group]) -> Snapshot {
    let words = "楼顶加建，电话 13800138099";
    Snapshot::of(
        &story.case,
        groups,
        words,
        &[(code("same-place"), 2)],
        hour(50),
    )
}

fn json(snapshot: &Snapshot) -> String {
    serde_json::to_string(snapshot).unwrap()
}

/// Which groups hold something.
fn held(snapshot: &Snapshot) -> Vec<Group> {
    let held = [
        snapshot.place.is_some(),
        snapshot.matter.is_some(),
        snapshot.parties.is_some(),
        snapshot.source.is_some(),
        snapshot.history.is_some(),
        snapshot.assignments.is_some(),
        snapshot.clocks.is_some(),
        snapshot.proceedings.is_some(),
    ];
    let held = Group::ALL.into_iter().zip(held);
    held.filter(|(_, held)| *held)
        .map(|(group, _)| group)
        .collect()
}

proptest! {
    #[test]
    fn a_plugin_sees_exactly_the_groups_that_it_declared(
        groups in proptest::sample::subsequence(&Group::ALL[..], 0..=8), deeds in any_deeds()
    ) {
        let story = Story::tell(&Reporter::plain(), Protection::Open, &deeds);
        let snapshot = of(&story, &groups);
        prop_assert_eq!(held(&snapshot), groups.clone());
        let withheld: Vec<Group> = Group::ALL.into_iter().filter(|g| !groups.contains(g)).collect();
        prop_assert_eq!(snapshot.withheld, withheld);
    }

    #[test]
    fn a_plugin_that_did_not_declare_the_source_sees_the_same_whichever_channel_it_came_by(
        channel in any::<u8>(), deeds in any_deeds()
    ) {
        let groups: Vec<Group> = Group::ALL.into_iter().filter(|g| *g != Group::Source).collect();
        let told = |channel| {
            let reporter = Reporter { channel, ..Reporter::plain() };
            of(&Story::tell(&reporter, Protection::Open, &deeds), &groups)
        };
        prop_assert_eq!(told(0), told(channel));
    }

    #[test]
    fn a_group_that_came_later_is_there_exactly_when_it_was_declared(
        groups in proptest::sample::subsequence(&Group::LATER[..], 0..=2)
    ) {
        let story = Story::tell(&Reporter::plain(), Protection::Open, &[]);
        let later = Group::LATER.map(|group| (group, "true".to_owned())).to_vec();
        let seen = of(&story, &groups).with(later, &groups);
        let there: Vec<Group> = seen.ext.iter().map(|(group, _)| *group).collect();
        prop_assert_eq!(there, groups);
    }

    #[test]
    fn whose_care_counts_in_a_guarded_case_does_not_depend_on_who_reported(
        one in any_reporter(), other in any_reporter(), deeds in any_deeds(),
        protection in proptest::sample::select(&[Protection::ReporterHidden, Protection::Confidential][..])
    ) {
        let counted = |reporter: &Reporter| -> Vec<_> {
            let story = Story::tell(reporter, protection, &deeds);
            cared_for(&story.case).map(|party| (party.role, party.unit.clone(), party.person.clone())).collect()
        };
        prop_assert_eq!(counted(&one), counted(&other));
    }

    #[test]
    fn what_a_plugin_sees_of_a_guarded_case_does_not_depend_on_who_reported(
        one in any_reporter(), other in any_reporter(), deeds in any_deeds(),
        protection in proptest::sample::select(&[Protection::ReporterHidden, Protection::Confidential][..])
    ) {
        // The source is a group of its own, declared by those whose rule needs the channel.
        let other = Reporter {
            channel: one.channel,
            helped: one.helped,
            external: one.external,
            ..other
        };
        let told = |reporter: &Reporter| of(&Story::tell(reporter, protection, &deeds), &Group::ALL);
        // A citizen's own proceedings have no unit and no name in a snapshot either.
        prop_assert_eq!(told(&one), told(&other));
    }

    #[test]
    fn no_plugin_reads_a_phone_number_a_name_or_a_sign_in(reporter in any_reporter(), deeds in any_deeds()) {
        let seen = json(&of(&Story::tell(&reporter, Protection::Open, &deeds), &Group::ALL));
        for secret in [PHONE, SIGN_IN, "某", "person-"] {
            prop_assert!(!seen.contains(secret), "{}", seen);
        }
    }
}

#[test]
fn the_reporters_care_counts_in_an_open_case() {
    let counted = |protection| {
        let story = Story::tell(&Reporter::plain(), protection, &[]);
        let roles: Vec<PartyRole> = cared_for(&story.case).map(|party| party.role).collect();
        roles
    };
    assert!(counted(Protection::Open).contains(&PartyRole::Reporter));
    assert!(!counted(Protection::ReporterHidden).contains(&PartyRole::Reporter));
}

#[test]
fn the_words_of_a_confidential_case_are_withheld() {
    let words = |protection| {
        let story = Story::tell(&Reporter::plain(), protection, &[]);
        of(&story, &[Group::Matter]).matter.unwrap().text
    };
    assert_eq!(
        words(Protection::ReporterHidden),
        "楼顶加建，电话 138****8099"
    );
    assert_eq!(words(Protection::Confidential), "");
}

#[test]
fn a_place_comes_with_its_path() {
    let story = Story::tell(&Reporter::plain(), Protection::Open, &DEEDS);
    let place = of(&story, &[Group::Place]).place.unwrap();
    assert_eq!(place.path, division(VILLAGE).path());
    assert_eq!(place.handled_by, division(TOWN));
}

#[test]
fn parties_are_parts_and_units_but_never_the_reporters() {
    let reporter = Reporter {
        is_unit: true,
        representatives: 2,
        ..Reporter::plain()
    };
    let parties = |protection| {
        let story = Story::tell(&reporter, protection, &[]);
        of(&story, &[Group::Parties]).parties.unwrap().parties
    };
    let accused = (PartyRole::Accused, Some(unit("accused")));
    let representative = (PartyRole::Representative, None);
    let open = [
        (PartyRole::Reporter, None),
        representative.clone(),
        representative,
        accused.clone(),
    ];
    assert_eq!(parties(Protection::Open), open);
    assert_eq!(
        parties(Protection::ReporterHidden),
        [(PartyRole::Reporter, None), accused]
    );
}

#[test]
fn a_units_docket_has_its_clocks_and_proceedings() {
    let world = World::new(&[card()]);
    let (own, rule) = (Subject::Unit(unit("bureau")), plugin(COUNTY));
    let scene = Scene {
        lead: None,
        place: division(COUNTY),
        division: division(COUNTY),
    };
    let (kind, none) = (code("card"), Fields::new());
    let ctx = world.ctx(&rule, hour(0));
    let events = proceedings::open(&own, &empty(), &kind, None, None, &none, &scene, &ctx).unwrap();
    let docket = folded(&empty(), &own, &events, hour(0));
    let related = [(code("cards-this-month"), 1)];
    let seen = Snapshot::of_docket(&docket, &division(COUNTY), &Group::ALL, &related, hour(1));
    assert_eq!(seen.case, None);
    let proceeding = &seen.proceedings.unwrap()[0];
    assert_eq!(
        (proceeding.state.as_str(), proceeding.end.as_str()),
        ("raised", "open")
    );
    assert_eq!(
        (proceeding.addressee.clone(), proceeding.opened_at),
        (Some(unit("bureau")), hour(0))
    );
    let clock = &seen.clocks.unwrap()[0];
    assert_eq!((clock.state.as_str(), clock.due), ("running", hour(24)));
    assert_eq!(seen.history.unwrap().related, related);
    assert!(matches!(rule, Actor::Plugin { .. }));
}
