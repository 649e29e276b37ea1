//! What is reported beside the rates: the pyramid, breakdowns, themes, and the rates a jurisdiction names.

use fengqiao_core::ids::Level;
use fengqiao_metrics::{
    Appeals, Basis, Book, CaseFacts, Countable, Dimension, FormulaId, NamedRate, NamedRates,
    NamedRatesError, Places, Pyramid, Sheets, breakdown, suggestions,
};

use super::cohort::{accepted, at, closed, closing, code, may, question};

fn sheets(cases: Vec<CaseFacts>) -> Sheets {
    Sheets::count(&Book::new(cases).unwrap(), &[], &Appeals::default(), may())
}

fn closed_by(counts: &[(&str, usize)]) -> Vec<CaseFacts> {
    let mut cases = Vec::new();
    for (division, count) in counts {
        for _ in 0..*count {
            let mut case = accepted(cases.len());
            case.closings.push(closing(at(9, 9), division));
            cases.push(case);
        }
    }
    cases
}

#[test]
fn the_pyramid_counts_each_level_and_sums_from_below() {
    let cases = closed_by(&[
        ("999901001001007", 1),
        ("999901001001", 5),
        ("999901001000", 3),
        ("990000000000", 1),
    ]);
    let pyramid = Pyramid::of(&sheets(cases).whole, Basis::Raw);
    let closed: Vec<(Level, u64)> = pyramid
        .steps
        .iter()
        .map(|it| (it.level, it.closed))
        .collect();
    let expected = [
        (Level::Grid, 1),
        (Level::Village, 5),
        (Level::Township, 3),
        (Level::County, 0),
        (Level::Prefecture, 0),
    ];
    assert_eq!(closed, expected);
    assert_eq!((pyramid.above, pyramid.closed), (1, 10));
    assert_eq!(pyramid.steps[2].share.shown(Places::One), "90.0%");
    assert!(!pyramid.is_upright());
}

#[test]
fn a_pyramid_stands_when_no_level_closed_more_than_the_one_below() {
    let upright = closed_by(&[
        ("999901001001", 3),
        ("999901001000", 3),
        ("999901000000", 1),
    ]);
    assert!(Pyramid::of(&sheets(upright).whole, Basis::Raw).is_upright());
    let on_its_head = closed_by(&[("999901001001", 2), ("999901001000", 3)]);
    assert!(!Pyramid::of(&sheets(on_its_head).whole, Basis::Raw).is_upright());
}

#[test]
fn a_breakdown_lists_the_largest_slice_first_and_those_without_a_word_too() {
    let from = |number, channel: &str, category: Option<&str>, amount_fen| {
        let mut case = accepted(number);
        case.channel = code(channel);
        case.category = category.map(code);
        case.amount_fen = Some(amount_fen);
        case
    };
    let cases = vec![
        from(1, "hotline", None, 100),
        from(2, "window", Some("noise"), 20),
        from(3, "hotline", Some("noise"), 3),
    ];
    let book = Book::new(cases).unwrap();
    let by = |dimension| {
        let slices = breakdown(
            &book,
            &Appeals::default(),
            Countable::Registered,
            dimension,
            &question(may()),
        );
        let told =
            |slice: fengqiao_metrics::Slice| (slice.word, slice.members.len(), slice.amount_fen);
        slices.into_iter().map(told).collect::<Vec<_>>()
    };
    let word = |word: &str| Some(word.to_owned());
    assert_eq!(
        by(Dimension::Channel),
        [(word("hotline"), 2, 103), (word("window"), 1, 20)]
    );
    assert_eq!(
        by(Dimension::Category),
        [(word("noise"), 2, 23), (None, 1, 100)]
    );
}

#[test]
fn suggestions_are_digested_by_theme_and_complaints_are_not() {
    let about = |number: usize, kind: &str, theme: &str| {
        let mut case = closed(number, at(9, 9));
        case.kind = code(kind);
        case.theme = Some(code(theme));
        case
    };
    let mut adopted = about(1, "suggestion", "parking");
    adopted.adopted = true;
    let mut open = about(3, "suggestion", "parking");
    open.closings.clear();
    let mut by_category = about(5, "suggestion", "schools");
    (by_category.theme, by_category.category) = (None, Some(code("schools")));
    let mut of_nothing = about(6, "suggestion", "parking");
    of_nothing.theme = None;
    let cases = vec![
        adopted,
        about(2, "suggestion", "schools"),
        open,
        about(4, "complaint", "parking"),
        by_category,
        about(7, "suggestion", "parking"),
        of_nothing,
    ];
    let rows = suggestions(&Book::new(cases).unwrap(), &question(may()));
    let told: Vec<(Option<&str>, [u64; 3], usize)> = rows
        .iter()
        .map(|it| {
            let theme = it.theme.as_ref().map(|theme| theme.as_str());
            (
                theme,
                [it.registered, it.closed, it.adopted],
                it.cases.len(),
            )
        })
        .collect();
    let expected = [
        (Some("parking"), [3, 2, 1], 3),
        (Some("schools"), [2, 2, 0], 2),
        (None, [1, 1, 0], 1),
    ];
    assert_eq!(told, expected);
}

fn named(list: &[(FormulaId, Option<&str>)]) -> Result<NamedRates, NamedRatesError> {
    let rate = |(formula, name): &(FormulaId, Option<&str>)| NamedRate {
        formula: *formula,
        name: name.map(str::to_owned),
    };
    NamedRates::new(list.iter().map(rate).collect())
}

#[test]
fn each_jurisdiction_names_its_own_rates_in_its_own_words() {
    let sheets = sheets(vec![closed(1, at(9, 9)), accepted(2)]);
    let third = [FormulaId::ClosingRate, FormulaId::SolvedRate];
    let shown = third.map(|formula| {
        let rates = named(&[
            (FormulaId::ResponseRate, None),
            (formula, None),
            (FormulaId::Satisfaction, Some("群众满意率")),
        ]);
        let rates = rates.unwrap();
        let figures = rates.figures(&sheets.whole, Basis::Raw);
        let told = |(name, figure): &(&str, fengqiao_metrics::Figure)| {
            format!("{name} {}", figure.value.shown(Places::One))
        };
        figures.iter().map(told).collect::<Vec<_>>().join("；")
    });
    assert_eq!(shown[0], "响应率 —；办结率 50.0%；群众满意率 —");
    assert_eq!(shown[1], "响应率 —；解决率 —；群众满意率 —");
}

#[test]
fn a_throughput_cannot_be_named_as_a_rate_of_assessment() {
    let refused = named(&[(FormulaId::ClosingThroughput, Some("办结率"))]).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "“办结吞吐”是吞吐或增幅，不是率，不能列为考核比率"
    );
    let json = r#"[{"formula":"growth"}]"#;
    assert!(serde_json::from_str::<NamedRates>(json).is_err());
}

#[test]
fn a_rate_is_named_once_and_not_by_an_empty_word() {
    let formula = FormulaId::ClosingRate;
    let twice = named(&[(formula, None), (formula, Some("办结率"))]);
    assert_eq!(twice, Err(NamedRatesError::Twice(formula)));
    assert_eq!(
        named(&[(formula, Some(" "))]),
        Err(NamedRatesError::NoName(formula))
    );
}
