//! Every published figure comes out of a cohort of exactly its size, under the name that it may bear.

use fengqiao_metrics::{
    Appeals, Book, CaseFacts, Countable, FormulaId, Mediation, MediationOutcome, NotARate, Order,
    Period, Places, Question, Rate, Reporter, Settled, Share, Trait, Value, Window, members,
    metric,
};
use serde::Deserialize;

use super::cohort::{accepted, at, closed, closing, code, cohort, instant, may, question, unit};

const FIGURES: &str = include_str!("../../../../examples/published/figures.toml");

#[derive(Deserialize)]
struct Published {
    figure: Vec<Figure>,
    count: Vec<Count>,
    slice: Vec<Slice>,
}

#[derive(Deserialize)]
struct Figure {
    says: String,
    formula: Option<FormulaId>,
    share: Option<Share>,
    above: usize,
    below: usize,
    exact: String,
    published: Option<String>,
}

#[derive(Deserialize)]
struct Count {
    matters: usize,
    attendances: u64,
    amount_fen: u64,
}

#[derive(Deserialize)]
struct Slice {
    reporter: Reporter,
    settled: Settled,
    cases: usize,
}

fn published() -> Published {
    toml::from_str(FIGURES).unwrap()
}

fn figure(formula: FormulaId, above: usize) -> Figure {
    let mut figures = published().figure.into_iter();
    figures
        .find(|figure| figure.formula == Some(formula) && figure.above == above)
        .unwrap()
}

/// Holds a cohort against a published figure: counts, exact value, and what was printed.
fn reproduces(figure: &Figure, cases: Vec<CaseFacts>, question: &Question) {
    let formula = figure.formula.unwrap();
    let book = Book::new(cases).unwrap();
    let metric = metric(&book, &Appeals::default(), formula, question);
    let (above, below) = (
        metric.lineage.numerator.len(),
        metric.lineage.denominator.len(),
    );
    assert_eq!(
        (above, below),
        (figure.above, figure.below),
        "{}",
        figure.says
    );
    assert_eq!(
        metric.value.shown(Places::Six),
        figure.exact,
        "{}",
        figure.says
    );
    if let Some(printed) = &figure.published {
        let places = match printed.trim_end_matches('%').split_once('.') {
            None => Places::Zero,
            Some((_, digits)) if digits.len() == 1 => Places::One,
            Some(_) => Places::Two,
        };
        assert_eq!(metric.value.shown(places), *printed, "{}", figure.says);
    }
}

fn closing_cohort(figure: &Figure) -> Vec<CaseFacts> {
    cohort(figure.above, figure.below, |number, chosen| {
        if chosen {
            closed(number, at(20, 9))
        } else {
            accepted(number)
        }
    })
}

#[test]
fn a_closing_rate_of_99_91_comes_from_16754_of_16769() {
    let figure = figure(FormulaId::ClosingRate, 16_754);
    reproduces(&figure, closing_cohort(&figure), &question(may()));
}

#[test]
fn a_closing_rate_of_93_comes_from_7746_of_8299() {
    let figure = figure(FormulaId::ClosingRate, 7_746);
    reproduces(&figure, closing_cohort(&figure), &question(may()));
}

/// 2,521 mediations taken on, 2,237 ended, 831 of them agreed.
fn mediations() -> Vec<CaseFacts> {
    cohort(831, 2_521, |number, agreed| {
        let mut case = accepted(number);
        let outcome = if agreed {
            MediationOutcome::Agreed
        } else {
            MediationOutcome::Failed
        };
        let ended = number < 2_237;
        case.mediations.push(Mediation {
            unit: unit("centre"),
            accepted_at: at(2, 9),
            closed_at: ended.then(|| at(25, 9)),
            outcome: ended.then_some(outcome),
        });
        case
    })
}

#[test]
fn a_mediation_rate_of_37_15_is_over_those_that_ended_and_32_96_over_those_taken_on() {
    let ended = figure(FormulaId::MediationSuccess, 831);
    reproduces(&ended, mediations(), &question(may()));
    let taken_on = figure(FormulaId::MediationSuccessAccepted, 831);
    reproduces(&taken_on, mediations(), &question(may()));
    let book = Book::new(mediations()).unwrap();
    let formula = FormulaId::MediationSuccessAccepted;
    let metric = metric(&book, &Appeals::default(), formula, &question(may()));
    assert_eq!(metric.value.shown(Places::Two), "32.96%");
}

#[test]
fn twelve_orders_of_twelve_are_answered_from_both_sides() {
    let cases = || {
        cohort(12, 12, |number, _| {
            let mut case = accepted(number);
            case.orders.push(Order {
                issuer: Some(unit("community")),
                addressee: unit("department"),
                issued_at: at(3, 9),
                due_at: None,
                signed_at: Some(at(3, 10)),
                arrived_at: None,
                recalled_at: None,
            });
            case
        })
    };
    let issuer = figure(FormulaId::OrderResponseIssuer, 12);
    reproduces(&issuer, cases(), &question(may()));
    let addressee = figure(FormulaId::OrderResponseAddressee, 12);
    reproduces(&addressee, cases(), &question(may()));
}

/// One day on which 1,257 cases were accepted, 501 of them disputes, and 972 closed, 608 of them disputes. Most that
/// were closed had been accepted earlier.
fn one_day() -> Vec<CaseFacts> {
    let mut cases = Vec::new();
    for (kind, accepted_that_day, closed_that_day) in
        [("dispute", 501, 608), ("complaint", 1_257 - 501, 972 - 608)]
    {
        for _ in 0..accepted_that_day {
            let mut case = accepted(cases.len());
            case.kind = code(kind);
            case.instants.accepted_at = Some(at(23, 9));
            cases.push(case);
        }
        for _ in 0..closed_that_day {
            let mut case = closed(cases.len(), at(23, 17));
            case.kind = code(kind);
            cases.push(case);
        }
    }
    cases
}

fn that_day() -> Question {
    let window: Window = "2024-05-23/2024-05-23".parse().unwrap();
    question(Period::new(window, instant("2024-06-30T00:00:00+08:00")).unwrap())
}

#[test]
fn more_resolved_than_received_is_a_throughput_and_is_refused_as_a_rate() {
    let figure = figure(FormulaId::ClosingThroughput, 608);
    let mut disputes = that_day();
    disputes.selection = disputes.selection.with(Trait::Kind(code("dispute")));
    reproduces(&figure, one_day(), &disputes);

    let book = Book::new(one_day()).unwrap();
    let formula = FormulaId::ClosingThroughput;
    let metric = metric(&book, &Appeals::default(), formula, &disputes);
    assert!(matches!(metric.value, Value::Throughput(_)));
    assert_eq!(metric.value.shown(Places::Two), "121.36%");
    let refused = Rate::new(formula.formula(), &metric.lineage).unwrap_err();
    assert_eq!(refused, NotARate::Flow { formula });
    let refused = Rate::of_lists(&metric.lineage).unwrap_err();
    assert!(
        matches!(&refused, NotARate::NotContained { count: 608, outside } if outside.len() == 608)
    );
    assert_eq!(
        refused.to_string(),
        "分子有 608 件不在分母之中，不得称为“率”，请改按吞吐公布"
    );
}

#[test]
fn what_one_day_received_and_resolved_is_a_throughput_below_one_hundred_too() {
    let figure = figure(FormulaId::ClosingThroughput, 972);
    reproduces(&figure, one_day(), &that_day());
    let book = Book::new(one_day()).unwrap();
    let formula = FormulaId::ClosingThroughput;
    let metric = metric(&book, &Appeals::default(), formula, &that_day());
    assert!(matches!(metric.value, Value::Throughput(_)));
    assert!(Rate::of_lists(&metric.lineage).is_err());
}

#[test]
fn the_share_of_legacy_cases_comes_from_202_of_4592() {
    let figure = figure(FormulaId::LegacyShare, 202);
    let cases = cohort(figure.above, figure.below, |number, legacy| {
        let mut case = closed(number, at(20, 9));
        case.legacy = legacy;
        case
    });
    reproduces(&figure, cases, &question(may()));
}

#[test]
fn growth_of_34_79_comes_from_nine_months_of_7579_after_a_year_of_5623() {
    let figure = figure(FormulaId::Growth, 7_579);
    let cases = cohort(
        figure.above,
        figure.above + figure.below,
        |number, this_year| {
            let mut case = accepted(number);
            let accepted_at = if this_year {
                "2024-09-30T23:59:59+08:00"
            } else {
                "2023-01-01T00:00:00+08:00"
            };
            case.instants.accepted_at = Some(instant(accepted_at));
            case
        },
    );
    let period = Period {
        window: "2024-01-01/2024-09-30".parse().unwrap(),
        before: "2023".parse().unwrap(),
        as_of: instant("2024-10-08T00:00:00+08:00"),
    };
    reproduces(&figure, cases.clone(), &question(period));
    let book = Book::new(cases).unwrap();
    let metric = metric(
        &book,
        &Appeals::default(),
        FormulaId::Growth,
        &question(period),
    );
    assert_eq!(metric.value.shown(Places::Two), "+34.79%");
}

#[test]
fn the_share_that_went_to_conference_comes_from_226_of_7579() {
    let figure = published()
        .figure
        .into_iter()
        .find(|figure| figure.share.is_some());
    let figure = figure.unwrap();
    let share = figure.share.unwrap();
    let cases = cohort(figure.above, figure.below, |number, conferred| {
        let mut case = accepted(number);
        case.proceedings
            .extend(conferred.then(|| code("conference")));
        case
    });
    let book = Book::new(cases).unwrap();
    let metric = share.metric(&book, &Appeals::default(), &question(may()));
    let rate = metric.value.unwrap();
    assert_eq!(metric.lineage.numerator.len(), figure.above);
    assert_eq!(metric.lineage.denominator.len(), figure.below);
    assert_eq!(rate.percent(Places::Six).to_string(), figure.exact);
    assert_eq!(rate.percent(Places::Two).to_string(), "2.98%");
}

#[test]
fn a_level_share_of_95_2_comes_from_952_of_1000() {
    let figure = figure(FormulaId::LevelShareTownship, 952);
    let cases = cohort(figure.above, figure.below, |number, below_county| {
        let mut case = accepted(number);
        let by = match (below_county, number % 2) {
            (false, _) => "999901000000",
            (true, 0) => "999901001000",
            (true, _) => "999901001001",
        };
        case.closings.push(closing(at(20, 9), by));
        case
    });
    reproduces(&figure, cases, &question(may()));
}

#[test]
fn people_received_matters_and_money_are_counted_apart() {
    let told = published().count.remove(0);
    let mut left = told.attendances;
    let cases: Vec<CaseFacts> = (0..told.matters)
        .map(|number| {
            let mut case = accepted(number);
            // Everybody came once, and the rest of the people came with the first matters.
            let more = (left - (told.matters - number) as u64).min(3);
            case.attendances = 1 + u32::try_from(more).unwrap();
            left -= u64::from(case.attendances);
            case.amount_fen = (number == 0).then_some(told.amount_fen);
            case
        })
        .collect();
    let book = Book::new(cases).unwrap();
    let sheets = fengqiao_metrics::Sheets::count(&book, &[], &Appeals::default(), may());
    let tallies = sheets.whole.tallies(Default::default());
    let of = |code: &str| tallies.iter().find(|(known, _)| known == code).unwrap().1;
    assert_eq!(of("accepted"), told.matters as u64);
    assert_eq!(of("attendances"), told.attendances);
    assert_eq!(of("amount-fen"), told.amount_fen);
}

#[test]
fn what_grid_officers_and_volunteers_settled_or_directed_is_listed_by_case() {
    let slices = published().slice;
    let mut cases = Vec::new();
    for slice in &slices {
        for _ in 0..slice.cases {
            let mut case = accepted(cases.len());
            case.reporter = slice.reporter;
            case.settled = slice.settled;
            cases.push(case);
        }
    }
    let book = Book::new(cases).unwrap();
    for slice in &slices {
        let mut of_slice = question(may());
        of_slice.selection.traits = vec![
            Trait::Reporter(slice.reporter),
            Trait::Settled(slice.settled),
        ];
        let found = members(&book, &Appeals::default(), Countable::Registered, &of_slice);
        assert_eq!(found.len(), slice.cases);
    }
}

#[test]
fn every_published_figure_is_reproduced_here() {
    // Each of the tests above takes its figures by formula and count; a new figure needs a test of its own.
    let figures = published().figure;
    let by_formula = figures
        .iter()
        .filter(|figure| figure.formula.is_some())
        .count();
    assert_eq!((by_formula, figures.len()), (11, 12));
}
