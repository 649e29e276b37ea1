//! How profiles join: nearest, joined, tightest, and never two words of one division.

use fengqiao_calendar::Spec;
use proptest::prelude::*;

use crate::allowance::AllowanceRule;
use crate::fixture::*;
use crate::ids::{BindingId, Level};
use crate::profile::{
    CloseOn, Form, Grade, Limits, PlacedProfile, Profile, ProfileError, RatingScale, Rules,
    Satisfied,
};
use crate::rules::{MAX_LABELS, MAX_WORDS_CHARS};
use crate::stage::StageName;

fn placed(binding: &str, place: &str, profile: Profile) -> PlacedProfile {
    PlacedProfile {
        binding: BindingId::parse(binding).unwrap(),
        division: division(place),
        profile,
    }
}

fn labels(words: &[(&str, &str)]) -> Profile {
    Profile {
        labels: filled(words),
        ..Profile::default()
    }
}

fn join(profiles: Vec<PlacedProfile>) -> Rules {
    Rules::join(profiles).unwrap()
}

fn malformed(profile: Profile) -> String {
    match Rules::join(vec![placed("b", COUNTY, profile)]) {
        Err(ProfileError::Malformed { fault, .. }) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn without_a_profile_the_law_holds() {
    assert_eq!(join(Vec::new()), Rules::law());
}

#[test]
fn the_nearest_division_names_things() {
    let county = placed(
        "b1",
        COUNTY,
        labels(&[("stage.accepted", "接办"), ("flag.x", "甲")]),
    );
    let village = placed("b2", VILLAGE, labels(&[("stage.accepted", "受理")]));
    for profiles in [vec![county.clone(), village.clone()], vec![village, county]] {
        let rules = join(profiles);
        assert_eq!(rules.stage_label(StageName::Accepted), "受理");
        assert_eq!(rules.labels[&code("flag.x")], "甲");
        assert_eq!(rules.stage_label(StageName::Closed), "已办结");
    }
}

#[test]
fn the_nearest_scale_and_closing_rule_hold() {
    let scale = |label: &str| RatingScale {
        grades: vec![
            Grade {
                code: code("up"),
                label: label.to_owned(),
                satisfied: Satisfied::Yes,
            },
            Grade {
                code: code("down"),
                label: "不行".to_owned(),
                satisfied: Satisfied::No,
            },
        ],
    };
    let profile = |label, close_on| Profile {
        rating: Some(scale(label)),
        close_on,
        ..Profile::default()
    };
    let rules = join(vec![
        placed("b2", TOWN, profile("近", None)),
        placed("b1", COUNTY, profile("远", Some(CloseOn::Rating))),
    ]);
    assert_eq!(rules.rating, Some(scale("近")));
    assert_eq!(rules.close_on, CloseOn::Rating);
}

#[test]
fn a_proceeding_is_replaced_whole_by_the_nearest() {
    let mut near = order();
    near.label = "另一种指令".to_owned();
    near.states.remove(4);
    near.moves.remove(3);
    let profile = |graph| Profile {
        proceedings: vec![graph],
        ..Profile::default()
    };
    let rules = join(vec![
        placed("b2", TOWN, profile(near.clone())),
        placed("b1", COUNTY, profile(order())),
    ]);
    assert_eq!(rules.proceedings[&code("order")], near);
}

#[test]
fn forms_and_lists_join() {
    let form = |word: &str, title: &str| Form {
        code: code(word),
        title: title.to_owned(),
        fields: vec![(code("f"), "字段".to_owned())],
    };
    let profile = |forms, hold: &str| Profile {
        forms,
        holds: codes(&[hold]),
        photo_categories: codes(&[hold]),
        ..Profile::default()
    };
    let rules = join(vec![
        placed(
            "b1",
            COUNTY,
            profile(vec![form("a", "远"), form("b", "远")], "report"),
        ),
        placed("b2", TOWN, profile(vec![form("b", "近")], "close")),
    ]);
    assert_eq!(rules.forms[&code("a")].title, "远");
    assert_eq!(rules.forms[&code("b")].title, "近");
    assert_eq!(rules.holds, codes(&["close", "report"]));
    assert_eq!(rules.photo_categories, codes(&["close", "report"]));
}

#[test]
fn every_clock_rule_is_kept_with_its_division_and_the_law_comes_first() {
    let clocks = |spec| Profile {
        clocks: vec![rule("report", spec)],
        ..Profile::default()
    };
    let law = Rules::law().clocks.len();
    let rules = join(vec![
        placed("b2", TOWN, clocks(Spec::WorkingDays(9))),
        placed("b1", COUNTY, clocks(Spec::WorkingDays(5))),
    ]);
    let own: Vec<_> = rules.clocks[law..]
        .iter()
        .map(|placed| placed.division.clone())
        .collect();
    assert_eq!(own, [Some(division(COUNTY)), Some(division(TOWN))]);
    assert_eq!(rules.clocks[..law], Rules::law().clocks);
}

#[test]
fn the_tightest_round_and_window_hold() {
    let limits = |objections, window, representatives| Profile {
        limits: Limits {
            objections,
            reworks: None,
            rework_window: window,
            representatives,
            ticks: objections,
        },
        ..Profile::default()
    };
    let rules = join(vec![
        placed(
            "b1",
            COUNTY,
            limits(Some(1), Some(Spec::CalendarDays(30)), Some(9)),
        ),
        placed("b2", TOWN, limits(Some(3), Some(Spec::Hours(48)), Some(3))),
    ]);
    assert_eq!(rules.limits.objections, Some(1));
    assert_eq!(rules.limits.rework_window, Some(Spec::Hours(48)));
    assert_eq!(rules.limits.representatives, Some(3));
    assert_eq!(rules.limits.ticks, Some(1));
}

#[test]
fn no_profile_raises_the_laws_number_of_representatives() {
    let mut profile = Profile::default();
    profile.limits.representatives = Some(50);
    let rules = join(vec![placed("b1", COUNTY, profile)]);
    assert_eq!(rules.limits.representatives, Some(5));
}

#[test]
fn two_bindings_of_one_division_that_differ_collide() {
    let first = labels(&[("stage.accepted", "接办")]);
    let second = labels(&[("stage.accepted", "受理")]);
    let refused = Rules::join(vec![
        placed("b1", COUNTY, first),
        placed("b3", TOWN, labels(&[("stage.accepted", "登记")])),
        placed("b2", COUNTY, second),
    ]);
    let collision = ProfileError::Collision {
        division: division(COUNTY),
        key: "label.stage.accepted".to_owned(),
        first: BindingId::parse("b1").unwrap(),
        second: BindingId::parse("b2").unwrap(),
    };
    assert_eq!(refused, Err(collision));
}

#[test]
fn graphs_scales_closing_rules_forms_and_notices_collide_too() {
    let differ = |change: fn(&mut Profile, bool)| {
        let profile = |second| {
            let mut profile = Profile::default();
            change(&mut profile, second);
            profile
        };
        let profiles = [("b1", false), ("b2", true)];
        let profiles = profiles.map(|(binding, second)| placed(binding, COUNTY, profile(second)));
        match Rules::join(profiles.to_vec()) {
            Err(ProfileError::Collision { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    };
    let graph = |p: &mut Profile, second: bool| {
        let mut graph = order();
        graph.label = if second { "甲" } else { "乙" }.to_owned();
        p.proceedings.push(graph);
    };
    assert_eq!(differ(graph), "proceeding.order");
    let closing = |p: &mut Profile, second: bool| {
        p.close_on = Some(if second {
            CloseOn::Reply
        } else {
            CloseOn::Rating
        });
    };
    assert_eq!(differ(closing), "close-on");
    let notice = |p: &mut Profile, second: bool| {
        p.notices = filled(&[("n", if second { "甲" } else { "乙" })]);
    };
    assert_eq!(differ(notice), "notice.n");
    let form = |p: &mut Profile, second: bool| {
        p.forms.push(Form {
            code: code("f"),
            title: if second { "甲" } else { "乙" }.to_owned(),
            fields: Vec::new(),
        });
    };
    assert_eq!(differ(form), "form.f");
}

#[test]
fn two_bindings_that_say_the_same_do_not_collide() {
    let same = labels(&[("stage.accepted", "接办")]);
    let rules = join(vec![
        placed("b1", COUNTY, same.clone()),
        placed("b2", COUNTY, same),
    ]);
    assert_eq!(rules.stage_label(StageName::Accepted), "接办");
}

#[test]
fn an_unsound_graph_is_refused_with_its_binding() {
    let mut graph = order();
    graph.states[1].owner = None;
    let profile = Profile {
        proceedings: vec![graph],
        ..Profile::default()
    };
    let refused = Rules::join(vec![placed("b1", COUNTY, profile)]).unwrap_err();
    assert!(matches!(&refused, ProfileError::Graph { kind, .. } if *kind == code("order")));
    assert!(refused.to_string().contains("没有责任人"));
}

#[test]
fn a_profile_is_limited_and_says_nothing_twice() {
    let many = (0..=MAX_LABELS).map(|n| (code(&format!("flag.{n}")), "词".to_owned()));
    let profile = Profile {
        labels: many.collect(),
        ..Profile::default()
    };
    assert!(malformed(profile).contains("超过上限"));
    let long = "字".repeat(MAX_WORDS_CHARS + 1);
    assert!(malformed(labels(&[("flag.x", &long)])).contains("超过"));
    assert!(malformed(labels(&[("flag.x", " ")])).contains("没有文字"));
    let twice = Profile {
        proceedings: vec![order(), order()],
        ..Profile::default()
    };
    assert!(malformed(twice).contains("重复"));
    let mut unsourced = rule("report", Spec::Hours(1));
    unsourced.provenance.source.clear();
    let clocks = Profile {
        clocks: vec![unsourced],
        ..Profile::default()
    };
    assert!(malformed(clocks).contains("report"));
}

/// A profile for each division of one path, with any of the keys.
fn any_path() -> impl Strategy<Value = Vec<PlacedProfile>> {
    let word = proptest::option::of("[甲乙丙丁]{1,2}");
    let one = (
        word.clone(),
        word,
        proptest::option::of(0u32..9),
        proptest::option::of(0u8..3),
    );
    proptest::collection::vec(one, 4).prop_map(|profiles| {
        let path = [PROVINCE, COUNTY, TOWN, VILLAGE];
        let profiles = path.into_iter().zip(profiles).enumerate();
        profiles
            .map(|(n, (place, (stage, notice, rounds, closing)))| {
                let mut profile = Profile::default();
                profile
                    .labels
                    .extend(stage.map(|text| (code("stage.closed"), text)));
                profile
                    .notices
                    .extend(notice.map(|text| (code("told"), text)));
                profile.limits.reworks = rounds;
                profile
                    .clocks
                    .extend(rounds.map(|n| rule("report", Spec::Hours(n + 1))));
                profile.close_on = closing.map(|n| match n {
                    0 => CloseOn::Reply,
                    1 => CloseOn::Rating,
                    _ => CloseOn::FollowUp,
                });
                placed(&format!("b{n}"), place, profile)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_order_of_divisions_makes_no_difference(
        (path, shuffled) in any_path().prop_flat_map(|path| (Just(path.clone()), Just(path).prop_shuffle()))
    ) {
        prop_assert_eq!(Rules::join(path), Rules::join(shuffled));
    }

    #[test]
    fn a_nearer_profile_never_loosens_a_round(path in any_path()) {
        let rules = Rules::join(path.clone()).unwrap();
        for one in path {
            prop_assert!(one.profile.limits.reworks.is_none_or(|n| rules.limits.reworks <= Some(n)));
        }
    }
}

#[test]
fn an_allowance_has_the_narrowest_bounds_and_the_nearest_name() {
    let fund = |label: &str, least, most| Profile {
        allowances: vec![AllowanceRule {
            kind: code("fund"),
            label: label.to_owned(),
            level: Level::Township,
            at_least_fen: least,
            at_most_fen: most,
            provenance: rule("n", Spec::Hours(1)).provenance,
        }],
        ..Profile::default()
    };
    let rules = join(vec![
        placed("b1", COUNTY, fund("县", Some(100), Some(1_000))),
        placed("b2", TOWN, fund("镇", Some(50), Some(2_000))),
    ]);
    let own = &rules.allowances[&code("fund")];
    assert_eq!(
        (own.label.as_str(), own.at_least_fen, own.at_most_fen),
        ("镇", Some(100), Some(1_000))
    );
    let refused = malformed(fund("县", Some(2), Some(1)));
    assert!(refused.contains("下限高于上限"), "{refused}");
}

#[test]
fn the_levels_that_follow_up_are_joined() {
    let level = |level| Profile {
        follow_up_levels: [level].into(),
        ..Profile::default()
    };
    let rules = join(vec![
        placed("b1", COUNTY, level(Level::County)),
        placed("b2", TOWN, level(Level::Township)),
    ]);
    assert_eq!(
        rules.follow_up_levels,
        [Level::Township, Level::County].into()
    );
}

#[test]
fn what_calls_on_those_responsible_is_joined_and_by_default_a_hand_up_and_a_late_report() {
    let says = |words: &[&str]| Profile {
        escalations: words.iter().map(|word| code(word)).collect(),
        ..Profile::default()
    };
    let called = |rules: &Rules| {
        let all = [
            "breach.report",
            "breach.sign",
            "hand-up",
            "proceeding",
            "urge",
        ];
        all.map(|what| rules.escalates(what))
    };
    assert_eq!(called(&join(Vec::new())), [true, false, true, false, false]);
    let rules = join(vec![
        placed("b1", COUNTY, says(&["breach.sign", "urge"])),
        placed("b2", TOWN, says(&["proceeding"])),
    ]);
    assert_eq!(called(&rules), [false, true, false, true, true]);
    assert!(malformed(says(&["breach"])).contains("escalations"));
}
