//! The limits of a profile, a graph, a name and a case that no other rule's test reaches.

use fengqiao_calendar::Spec;
use fengqiao_core::advice::Advice;
use fengqiao_core::allowance::AllowanceRule;
use fengqiao_core::command::{Command, Relation};
use fengqiao_core::graph::{self, GraphFault};
use fengqiao_core::ids::{BindingId, Code, Level, UnitId};
use fengqiao_core::proceeding::{End, Fields, ProceedingGraph};
use fengqiao_core::profile::{
    CloseOn, Form, Grade, PlacedProfile, Profile, ProfileError, RatingScale, Rules, Satisfied,
};

use crate::office::*;

/// So many different codes.
fn codes(count: usize) -> impl Iterator<Item = Code> {
    (0..count).map(|n| code(&format!("n{n}")))
}

/// The office's mediation, as a profile may bring it: nobody owns an end.
fn mediation() -> ProceedingGraph {
    let mut graph = rules(CloseOn::Rating).proceedings[&code("mediation")].clone();
    for state in graph.states.iter_mut().filter(|s| s.end == End::Ends) {
        (state.owner, state.on_breach) = (None, None);
    }
    graph
}

fn form(name: Code, fields: usize) -> Form {
    Form {
        code: name,
        title: "登记表".to_owned(),
        fields: codes(fields).map(|code| (code, "项".to_owned())).collect(),
    }
}

fn join(profiles: Vec<Profile>) -> Result<Rules, String> {
    let placed = profiles
        .into_iter()
        .enumerate()
        .map(|(n, profile)| PlacedProfile {
            binding: BindingId::parse(&format!("b{n}")).unwrap(),
            division: division(COUNTY),
            profile,
        });
    Rules::join(placed.collect()).map_err(|error| match error {
        ProfileError::Malformed { fault, .. } => fault,
        other => panic!("{other:?}"),
    })
}

/// Takes a profile with so many of something, and refuses one with one more.
fn takes_at_most(limit: usize, with: impl Fn(usize) -> Profile) {
    join(vec![with(limit)]).unwrap();
    let fault = join(vec![with(limit + 1)]).unwrap_err();
    assert!(fault.contains(&limit.to_string()), "{fault}");
}

fn allowance(kind: Code) -> AllowanceRule {
    AllowanceRule {
        kind,
        label: "经费".to_owned(),
        level: Level::County,
        at_least_fen: None,
        at_most_fen: None,
        provenance: assumed(),
    }
}

#[test]
fn a_profile_has_no_more_of_anything_than_its_limit() {
    takes_at_most(500, |count| Profile {
        labels: codes(count).map(|code| (code, "词".to_owned())).collect(),
        ..Profile::default()
    });
    takes_at_most(200, |count| Profile {
        notices: codes(count).map(|code| (code, "词".to_owned())).collect(),
        ..Profile::default()
    });
    takes_at_most(50, |count| Profile {
        forms: codes(count).map(|code| form(code, 1)).collect(),
        ..Profile::default()
    });
    takes_at_most(60, |count| Profile {
        forms: vec![form(code("one"), count)],
        ..Profile::default()
    });
    takes_at_most(10, |count| Profile {
        rating: Some(RatingScale {
            grades: codes(count)
                .map(|code| Grade {
                    code,
                    label: "满意".to_owned(),
                    satisfied: Satisfied::Yes,
                })
                .collect(),
        }),
        ..Profile::default()
    });
    takes_at_most(400, |count| Profile {
        clocks: codes(count)
            .map(|code| clock_rule(code.as_str(), "5wd"))
            .collect(),
        ..Profile::default()
    });
    takes_at_most(32, |count| Profile {
        proceedings: codes(count)
            .map(|kind| ProceedingGraph {
                kind,
                ..mediation()
            })
            .collect(),
        ..Profile::default()
    });
    takes_at_most(32, |count| Profile {
        allowances: codes(count).map(allowance).collect(),
        ..Profile::default()
    });
    takes_at_most(2_000, |count| Profile {
        holds: codes(count).collect(),
        ..Profile::default()
    });
    takes_at_most(2_000, |count| Profile {
        photo_categories: codes(count).collect(),
        ..Profile::default()
    });
}

#[test]
fn a_path_has_at_most_a_hundred_and_twenty_eight_bindings() {
    join(vec![Profile::default(); 128]).unwrap();
    let fault = join(vec![Profile::default(); 129]).unwrap_err();
    assert!(fault.contains("128"), "{fault}");
}

#[test]
fn a_graph_has_short_names_and_few_required_fields() {
    let too_large = |change: fn(&mut ProceedingGraph), most: usize| {
        let mut graph = mediation();
        change(&mut graph);
        let fault = graph::check(&graph).unwrap_err();
        assert!(
            matches!(fault, GraphFault::TooLarge { limit, .. } if limit == most),
            "{fault}"
        );
    };
    too_large(|graph| graph.label = "字".repeat(61), 60);
    too_large(|graph| graph.open.fields = codes(21).collect(), 20);
    too_large(|graph| graph.moves[0].fields = codes(21).collect(), 20);
}

#[test]
fn a_name_has_at_most_ninety_six_characters() {
    assert!(UnitId::parse(&"局".repeat(96)).is_ok());
    assert!(UnitId::parse(&"局".repeat(97)).is_err());
}

#[test]
fn a_matter_has_at_most_sixty_four_marks_and_portfolios() {
    let mut office = Office::new();
    let mut marked = registration();
    marked.matter.marks = codes(64).collect();
    office
        .take_in("c1", marked.clone(), &Advice::default())
        .unwrap();
    marked.matter.marks = codes(65).collect();
    let refused = office.take_in("c2", marked, &Advice::default());
    assert_eq!(refused.unwrap_err().code(), "too-many");
}

#[test]
fn a_case_is_linked_to_at_most_sixty_four_others() {
    let mut office = Office::with_case();
    let link = |n: usize| Command::Link {
        to: case_id(&format!("other{n}")),
        relation: Relation::Repeats,
    };
    for n in 0..=64 {
        office
            .take_in(&format!("other{n}"), registration(), &Advice::default())
            .unwrap();
    }
    for n in 0..64 {
        office.send(&hub(), "c1", &link(n)).unwrap();
    }
    refuses(office, &hub(), link(64), "too-many");
}

#[test]
fn at_most_two_hundred_cases_follow_one() {
    let mut office = Office::with_case();
    let into = Command::Merge {
        into: case_id("c1"),
    };
    for n in 0..=200 {
        let id = format!("other{n}");
        office
            .take_in(&id, registration(), &Advice::default())
            .unwrap();
        let merged = office.send(&hub(), &id, &into);
        assert_eq!(merged.is_ok(), n < 200, "{n}");
    }
}

#[test]
fn a_proceeding_holds_at_most_forty_fields() {
    let open = |count: usize| Command::OpenProceeding {
        kind: code("mediation"),
        addressee: None,
        about: None,
        fields: codes(count)
            .map(|code| (code, "是".to_owned()))
            .collect::<Fields>(),
    };
    let mut office = handling();
    office.send(&handler("roads"), "c1", &open(40)).unwrap();
    refuses(handling(), &handler("roads"), open(41), "too-many");
}

#[test]
fn an_amount_of_time_is_limited_in_a_profile_too() {
    let mut long = clock_rule("report", "5wd");
    long.spec = Spec::WorkingDays(10_001);
    let fault = join(vec![Profile {
        clocks: vec![long],
        ..Profile::default()
    }]);
    assert!(fault.unwrap_err().contains("10000"));
}
