//! The rows of law, as the articles say them.

use fengqiao_calendar::{Roll, Spec};

use crate::clock::{Mark, names};
use crate::fixture::code;
use crate::law::{review, rules};
use crate::matter::MatterKind;
use crate::profile::Rules;

fn spec(name: &str) -> Vec<Spec> {
    let rows = rules().into_iter().map(|placed| placed.rule);
    rows.filter(|rule| rule.name == code(name))
        .map(|rule| rule.spec)
        .collect()
}

#[test]
fn the_limits_are_the_articles() {
    assert_eq!(spec("accept"), [Spec::CalendarDays(15)]);
    assert_eq!(spec("object"), [Spec::WorkingDays(5)]);
    assert_eq!(spec("handle-total"), [Spec::CalendarDays(60)]);
    for name in [
        "review-request",
        "review-decision",
        "re-review-request",
        "re-review-decision",
    ] {
        assert_eq!(spec(name), [Spec::CalendarDays(30)]);
    }
    assert_eq!(spec("mediation"), [Spec::CalendarDays(30)]);
    assert_eq!(spec("judicial-confirmation"), [Spec::CalendarDays(30)]);
}

#[test]
fn a_petition_is_extended_once_by_thirty_days() {
    let rows = rules().into_iter().map(|placed| placed.rule);
    let total = rows
        .into_iter()
        .find(|rule| rule.name == code("handle-total"))
        .unwrap();
    assert_eq!(total.kinds, [MatterKind::Petition]);
    let extend = total.extend.unwrap();
    assert_eq!((extend.by, extend.times), (Spec::CalendarDays(30), 1));
    assert!(extend.article.contains("第三十四条"));
}

#[test]
fn every_row_is_law_with_its_article_but_the_safety_net() {
    for placed in rules() {
        let rule = placed.rule;
        assert_eq!(placed.division, None);
        assert!(!rule.provenance.source.is_empty());
        if rule.name.as_str() == names::REVIEW {
            assert_eq!(rule, review());
            assert!(rule.provenance.is_unconfirmed());
        } else {
            assert_eq!(rule.provenance.mark, Mark::L);
            assert!(rule.provenance.source.contains("条"));
            assert_eq!(rule.roll, Roll::Law);
        }
    }
}

#[test]
fn the_law_allows_five_representatives() {
    assert_eq!(Rules::law().limits.representatives, Some(5));
}
