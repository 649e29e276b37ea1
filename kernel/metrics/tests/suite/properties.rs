//! What holds for any cases: rates are parts of their wholes, counts add up, and order makes no difference.

use fengqiao_core::ids::CaseId;
use fengqiao_core::ids::PrincipalId;
use fengqiao_metrics::{
    Appeal, AppealDecision, AppealOutcome, Appeals, Asked, Basis, Book, CaseFacts, ClockFact,
    Closing, Countable, Counts, Exclusion, FollowUp, Formula, Instants, Kind, Mediation,
    MediationOutcome, Order, OwnedClock, Question, Rating, Reason, Replied, Reported, Reporter,
    Satisfied, Scope, Selection, Settled, Sheets, Turn, Validity, Value, WatchRules, elapsed,
    members, metric, watch,
};
use jiff::Timestamp;
use proptest::prelude::*;

use super::cohort::{code, division, may, unit};

const PLACES: [&str; 6] = [
    "999901001001",
    "999901001001007",
    "999901001002",
    "999901002001",
    "999902001001",
    "980101001001",
];
const UNITS: [&str; 3] = ["unit-a", "unit-b", "unit-c"];

/// From the middle of April to the beginning of July, to the hour, so that instants often meet.
fn when() -> impl Strategy<Value = Timestamp> {
    let begin = 1_713_110_400_i64;
    (0..80_i64 * 24).prop_map(move |hours| Timestamp::from_second(begin + hours * 3_600).unwrap())
}

fn perhaps() -> impl Strategy<Value = Option<Timestamp>> {
    proptest::option::of(when())
}

fn some_unit() -> impl Strategy<Value = fengqiao_core::ids::UnitId> {
    proptest::sample::select(&UNITS[..]).prop_map(unit)
}

fn place() -> impl Strategy<Value = fengqiao_core::ids::DivisionCode> {
    proptest::sample::select(&PLACES[..]).prop_map(division)
}

fn clock() -> impl Strategy<Value = Option<ClockFact>> {
    proptest::option::of((when(), perhaps(), perhaps()).prop_map(
        |(due_at, done_at, cancelled_at)| ClockFact {
            due_at,
            done_at,
            cancelled_at,
        },
    ))
}

fn turn() -> impl Strategy<Value = Turn> {
    (some_unit(), when(), perhaps(), perhaps(), clock()).prop_map(
        |(unit, given_at, let_go_at, returned_at, contact_clock)| Turn {
            unit,
            given_at,
            let_go_at,
            returned_at,
            contact_clock,
        },
    )
}

fn closing() -> impl Strategy<Value = Closing> {
    (when(), place(), perhaps()).prop_map(|(at, division, taken_back_at)| Closing {
        at,
        division,
        taken_back_at,
    })
}

fn owned_clock() -> impl Strategy<Value = OwnedClock> {
    let unit = proptest::option::of(some_unit());
    (unit, clock()).prop_filter_map("a deadline", |(unit, clock)| {
        clock.map(|clock| OwnedClock { unit, clock })
    })
}

fn reported() -> impl Strategy<Value = Reported> {
    (when(), perhaps(), perhaps()).prop_map(|(at, confirmed_at, taken_back_at)| Reported {
        at,
        confirmed_at,
        taken_back_at,
    })
}

fn rating() -> impl Strategy<Value = Rating> {
    let satisfied = prop_oneof![
        Just(Satisfied::Yes),
        Just(Satisfied::Basically),
        Just(Satisfied::No)
    ];
    let validity = prop_oneof![Just(Validity::Valid), Just(Validity::Invalid)];
    (when(), satisfied, validity).prop_map(|(at, satisfied, validity)| Rating {
        at,
        satisfied,
        validity,
    })
}

fn follow_up() -> impl Strategy<Value = FollowUp> {
    let result = prop_oneof![
        Just(Asked::Solved),
        Just(Asked::Unsolved),
        Just(Asked::Unreached)
    ];
    (when(), result).prop_map(|(at, result)| FollowUp {
        at,
        by: code("county"),
        result,
    })
}

fn mediation() -> impl Strategy<Value = Mediation> {
    let outcome = prop_oneof![
        Just(MediationOutcome::Agreed),
        Just(MediationOutcome::Failed)
    ];
    (
        some_unit(),
        when(),
        perhaps(),
        proptest::option::of(outcome),
    )
        .prop_map(|(unit, accepted_at, closed_at, outcome)| Mediation {
            unit,
            accepted_at,
            closed_at,
            outcome,
        })
}

fn order() -> impl Strategy<Value = Order> {
    let instants = (when(), perhaps(), perhaps(), perhaps(), perhaps());
    (some_unit(), some_unit(), instants).prop_map(
        |(issuer, addressee, (issued_at, due_at, signed_at, arrived_at, recalled_at))| Order {
            issuer: Some(issuer),
            addressee,
            issued_at,
            due_at,
            signed_at,
            arrived_at,
            recalled_at,
        },
    )
}

fn instants() -> impl Strategy<Value = Instants> {
    let first = (perhaps(), perhaps(), when(), perhaps());
    let ratable_at = proptest::collection::vec(when(), 0..3_usize);
    (first, perhaps(), perhaps(), ratable_at, perhaps()).prop_map(
        |(
            (posted_at, detected_at, registered_at, accepted_at),
            reported_at,
            replied_at,
            ratable_at,
            ended_at,
        )| {
            Instants {
                posted_at,
                detected_at,
                accepted_at,
                reported_at,
                replied_at,
                ratable_at,
                ended_at,
                ..Instants::registered(registered_at)
            }
        },
    )
}

/// Any facts at all, also such as no case of the loop could have: formulas must not rely on them.
fn case() -> impl Strategy<Value = CaseFacts> {
    let few = 0..3_usize;
    let lists = (
        proptest::collection::vec(turn(), few.clone()),
        proptest::collection::vec(closing(), few.clone()),
        proptest::collection::vec(follow_up(), few.clone()),
        proptest::collection::vec(mediation(), few.clone()),
        proptest::collection::vec(order(), few.clone()),
    );
    let answers = (
        proptest::collection::vec(owned_clock(), few.clone()),
        proptest::collection::vec(reported(), few.clone()),
        proptest::collection::vec(when(), few.clone()),
        proptest::collection::vec(rating(), few),
    );
    let marks = (0..3_u32, any::<bool>(), any::<bool>(), any::<bool>());
    (place(), instants(), clock(), answers, lists, marks).prop_map(
        |(place, instants, total_clock, answers, lists, (visits, legacy, repeat, merged))| {
            let (turns, closings, follow_ups, mediations, orders) = lists;
            let (report_clocks, reports, replies, ratings) = answers;
            let replies = replies.into_iter().map(|at| Replied { at, digest: None });
            let other = || CaseId::parse("C-other").unwrap();
            CaseFacts {
                case: other(),
                kind: code("dispute"),
                category: None,
                theme: None,
                place,
                channel: code("window"),
                reporter: Reporter::Citizen,
                received_by: None,
                visits,
                attendances: visits,
                amount_fen: Some(u64::from(visits)),
                settled: Settled::Dispatched,
                legacy,
                early_sign: legacy,
                adopted: legacy,
                instants,
                turns,
                report_clocks,
                total_clock,
                closings,
                reports,
                replies: replies.collect(),
                ratings,
                follow_ups,
                reply_digest: None,
                repeats: repeat.then(other),
                merged_into: merged.then(other),
                mediations,
                orders,
                proceedings: Vec::new(),
            }
        },
    )
}

fn cases() -> impl Strategy<Value = Vec<CaseFacts>> {
    proptest::collection::vec(case(), 0..24).prop_map(|mut cases| {
        for (number, case) in cases.iter_mut().enumerate() {
            case.case = CaseId::parse(&format!("C-{number:04}")).unwrap();
        }
        cases
    })
}

/// Appeals against every third case of one unit, in every formula with an even place.
fn appeals(cases: &[CaseFacts]) -> Appeals {
    let at = super::cohort::at(20, 9);
    let formulas = Formula::ALL.iter().step_by(2).map(|formula| formula.id);
    let appeal = |case: &CaseFacts| Appeal {
        case: case.case.clone(),
        unit: unit("unit-a"),
        formulas: formulas.clone().collect(),
        asked_at: at,
        decision: Some(AppealDecision {
            outcome: AppealOutcome::Granted,
            by: PrincipalId::parse("assessor").unwrap(),
            at,
            public_reason: "公开理由".to_owned(),
        }),
    };
    Appeals::new(cases.iter().step_by(3).map(appeal).collect()).unwrap()
}

/// All, a division of each kind of place, and a unit.
fn scopes() -> Vec<Scope> {
    let divisions = ["999900000000", "999901001000", "999901001001007"];
    let divisions = divisions.map(|code| Scope::Division(division(code)));
    let others = [Scope::Whole, Scope::Unit(unit("unit-a"))];
    others.into_iter().chain(divisions).collect()
}

fn counts_of(sheets: &Sheets, scope: &Scope) -> Counts {
    match scope {
        Scope::Whole => sheets.whole.clone(),
        Scope::Division(division) => sheets.division(division),
        Scope::Unit(unit) => sheets.unit(unit),
    }
}

fn ask(scope: Scope, basis: Basis) -> Question {
    Question {
        selection: Selection::of(scope),
        period: may(),
        basis,
    }
}

const BASES: [Basis; 2] = [Basis::Raw, Basis::Deduplicated];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_rate_is_always_a_part_of_its_whole(cases in cases()) {
        let appeals = appeals(&cases);
        let book = Book::new(cases).unwrap();
        for formula in Formula::ALL.iter().filter(|formula| formula.kind == Kind::Cohort) {
            for basis in BASES {
                let metric = metric(&book, &appeals, formula.id, &ask(Scope::Whole, basis));
                for member in &metric.lineage.numerator {
                    prop_assert!(metric.lineage.denominator.contains(member), "{}", formula.name);
                }
                let empty = metric.lineage.denominator.is_empty();
                prop_assert_eq!(matches!(metric.value, Value::Rate(_)), !empty, "{}", formula.name);
            }
        }
    }

    #[test]
    fn an_entry_is_never_both_counted_and_taken_out(cases in cases()) {
        let appeals = appeals(&cases);
        let book = Book::new(cases).unwrap();
        for formula in Formula::ALL {
            let lineage = metric(&book, &appeals, formula.id, &ask(Scope::Whole, Basis::Deduplicated)).lineage;
            for excluded in &lineage.excluded {
                prop_assert!(!lineage.numerator.contains(&excluded.member));
                prop_assert!(!lineage.denominator.contains(&excluded.member));
            }
        }
    }

    #[test]
    fn the_one_pass_counts_what_the_lists_hold(cases in cases()) {
        let appeals = appeals(&cases);
        let book = Book::new(cases).unwrap();
        let sheets = Sheets::count(&book, &[], &appeals, may());
        for scope in scopes() {
            let counts = counts_of(&sheets, &scope);
            for basis in BASES {
                let question = ask(scope.clone(), basis);
                for formula in Formula::ALL {
                    let lineage = metric(&book, &appeals, formula.id, &question).lineage;
                    let split = counts.split(formula.id, basis);
                    let listed = (lineage.numerator.len() as u64, lineage.denominator.len() as u64, lineage.excluded.len() as u64);
                    prop_assert_eq!((split.above, split.below, split.excluded), listed, "{} {:?}", formula.name, scope);
                }
                for countable in Countable::ALL {
                    let listed = members(&book, &appeals, *countable, &question).len() as u64;
                    prop_assert_eq!(counts.fact(*countable, basis), listed, "{} {:?}", countable.code(), scope);
                }
            }
        }
    }

    #[test]
    fn registered_is_open_and_closed_and_ended(cases in cases()) {
        let sheets = Sheets::count(&Book::new(cases).unwrap(), &[], &Appeals::default(), may());
        let everybody = sheets.units.values().chain(sheets.divisions.values()).chain([&sheets.whole]);
        for counts in everybody {
            for basis in BASES {
                let of = |countable| counts.fact(countable, basis);
                let parts = of(Countable::Open) + of(Countable::RegisteredClosed) + of(Countable::RegisteredEnded);
                prop_assert_eq!(of(Countable::Registered), parts);
            }
        }
    }

    #[test]
    fn the_reasons_of_a_count_are_those_of_its_list(cases in cases()) {
        let appeals = appeals(&cases);
        let book = Book::new(cases).unwrap();
        let sheets = Sheets::count(&book, &[], &appeals, may());
        for basis in BASES {
            for formula in Formula::ALL {
                let listed = metric(&book, &appeals, formula.id, &ask(Scope::Whole, basis)).lineage.excluded;
                let told = sheets.whole.exclusions(formula.id, basis);
                let count = |wanted: fn(&Reason) -> bool| listed.iter().filter(|it| wanted(&it.reason)).count() as u64;
                let of = |wanted: fn(&Exclusion) -> bool| told.iter().filter(|(why, _)| wanted(why)).map(|(_, count)| count).sum::<u64>();
                prop_assert_eq!(of(|why| matches!(why, Exclusion::Rule(_))), count(|why| matches!(why, Reason::Rule { .. })));
                prop_assert_eq!(of(|why| *why == Exclusion::Merged), count(|why| matches!(why, Reason::Merged { .. })));
                prop_assert_eq!(of(|why| *why == Exclusion::Appeal), count(|why| matches!(why, Reason::Appeal { .. })));
            }
        }
    }

    #[test]
    fn divisions_of_one_level_add_up_to_the_whole(cases in cases()) {
        let sheets = Sheets::count(&Book::new(cases).unwrap(), &[], &Appeals::default(), may());
        let provinces = sheets.divisions.iter().filter(|(code, _)| code.parent().is_none());
        let provinces: Vec<&Counts> = provinces.map(|(_, counts)| counts).collect();
        for basis in BASES {
            for place in 0..sheets.whole.tallies(basis).len() {
                let sum: u64 = provinces.iter().map(|counts| counts.tallies(basis)[place].1).sum();
                prop_assert_eq!(sum, sheets.whole.tallies(basis)[place].1);
            }
            for formula in Formula::ALL {
                let below: u64 = provinces.iter().map(|counts| counts.split(formula.id, basis).below).sum();
                prop_assert_eq!(below, sheets.whole.split(formula.id, basis).below);
            }
        }
    }

    #[test]
    fn the_order_of_the_input_makes_no_difference((cases, shuffled) in cases().prop_flat_map(|cases| (Just(cases.clone()), Just(cases).prop_shuffle()))) {
        let (one_appeals, other_appeals) = (appeals(&cases), appeals(&cases));
        let (one, other) = (Book::new(cases).unwrap(), Book::new(shuffled.clone()).unwrap());
        prop_assert_eq!(&one, &other);
        let mut counting = fengqiao_metrics::Counting::new(may(), &one_appeals, Vec::new());
        shuffled.iter().for_each(|case| counting.case(case));
        prop_assert_eq!(counting.finish(), Sheets::count(&one, &[], &other_appeals, may()));
        let question = ask(Scope::Whole, Basis::Raw);
        prop_assert_eq!(elapsed(&one, &question), elapsed(&other, &question));
        let rules = WatchRules::default();
        prop_assert_eq!(watch(&one, &one_appeals, &may(), &rules), watch(&other, &other_appeals, &may(), &rules));
    }

    #[test]
    fn an_appeal_never_changes_a_case_nor_another_formula(cases in cases()) {
        let appeals = appeals(&cases);
        let book = Book::new(cases.clone()).unwrap();
        let question = ask(Scope::Whole, Basis::Raw);
        for formula in Formula::ALL.iter().skip(1).step_by(2) {
            let with = metric(&book, &appeals, formula.id, &question);
            let without = metric(&book, &Appeals::default(), formula.id, &question);
            prop_assert_eq!(with, without);
        }
        prop_assert_eq!(book, Book::new(cases).unwrap());
    }

    #[test]
    fn facts_come_back_from_json_as_they_were(case in case()) {
        let json = serde_json::to_string(&case).unwrap();
        prop_assert_eq!(serde_json::from_str::<CaseFacts>(&json).unwrap(), case);
    }
}
