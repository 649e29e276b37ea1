//! What a request wants counted, and whether its sender may have it.

use fengqiao_core::ids::{Code, DivisionCode, UnitId};
use fengqiao_metrics::{Basis, Dimension, Period, Scope, Selection, Trait, Window};
use fengqiao_service::Asked;
use fengqiao_service::ports::store::Page;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::app::Shared;
use crate::operation::Operation;
use crate::pages;
use crate::policy;
use crate::principals::Principal;
use crate::problem::Problem;

/// The parameters that every count understands.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Wanted {
    from: Option<Date>,
    to: Option<Date>,
    window: Option<Window>,
    division: Option<DivisionCode>,
    unit: Option<UnitId>,
    kind: Option<Code>,
    category: Option<Code>,
    channel: Option<Code>,
    as_of: Option<Timestamp>,
    basis: Option<Basis>,
    pub(super) by: Option<By>,
    pub(super) part: Option<Part>,
    #[serde(rename = "as")]
    pub(super) named: Option<Named>,
    pub(super) after: Option<String>,
    pub(super) limit: Option<u32>,
}

/// By what a count is broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum By {
    Unit,
    Division,
    #[serde(untagged)]
    Word(Dimension),
}

/// Which list of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Part {
    Numerator,
    Denominator,
    Excluded,
}

/// Under which name a figure is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Named {
    Rate,
}

/// The parameters of a count, described.
pub(super) fn described(operation: Operation) -> Operation {
    operation
        .with(
            "window",
            "统计期：2026、2026-05 或 2026-05-01/2026-05-31；与 from、to 二选一",
        )
        .with("from", "首日")
        .with("to", "末日（含）")
        .with("division", "区划代码；不写即为本人的区划")
        .with("unit", "只看这个单位")
        .with("kind", "只看这种性质")
        .with("category", "只看这个类别")
        .with("channel", "只看这个渠道")
        .with("as-of", "只计到这一时刻为止发生的事；不写即现在")
        .with("basis", "raw：按件；deduplicated：并案去重")
}

/// Checks the window and the sender's reach. Who belongs to a unit sees that unit's figures only.
pub(super) fn asked(app: &Shared, wanted: &Wanted, who: &Principal) -> Result<Asked, Problem> {
    let division = wanted.division.clone();
    let division = division.unwrap_or_else(|| who.division.clone());
    policy::check_division(&division, who)?;
    let own = who.unit.as_ref().filter(|_| policy::handles(who.role));
    let unit = wanted.unit.as_ref().or(own);
    if let Some(unit) = unit {
        policy::check_unit(unit, who, &app.kernel.reference())?;
    }
    if policy::handles(who.role) && unit.is_none() {
        return Err(Problem::out_of_scope("该区划"));
    }
    // By which channel a guarded case came is withheld from whoever handles it.
    if policy::handles(who.role) && wanted.channel.is_some() {
        return Err(Problem::out_of_scope("按渠道的统计"));
    }
    let scope = unit.map_or(Scope::Whole, |unit| Scope::Unit(unit.clone()));
    let traits = [
        wanted.kind.clone().map(Trait::Kind),
        wanted.category.clone().map(Trait::Category),
        wanted.channel.clone().map(Trait::Channel),
    ];
    Ok(Asked {
        division,
        selection: Selection {
            scope,
            traits: traits.into_iter().flatten().collect(),
        },
        period: period(app, wanted)?,
        basis: wanted.basis.unwrap_or_default(),
    })
}

/// Whose records are listed; the reader's own division's where none is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Whose {
    division: Option<DivisionCode>,
}

/// A page of the records of a division.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct PageOf {
    division: Option<DivisionCode>,
    after: Option<String>,
    limit: Option<u32>,
    pub(super) failures_after: Option<String>,
}

impl PageOf {
    /// The division, if it lies within the reader's, and which page of its records.
    pub(super) fn seen_by(self, who: &Principal) -> Result<(DivisionCode, Page), Problem> {
        let division = Whose {
            division: self.division,
        };
        Ok((division.seen_by(who)?, pages::page(self.after, self.limit)))
    }
}

/// The parameters of a page of records, described.
pub(super) fn paged(operation: Operation) -> Operation {
    operation
        .with("division", "区划代码；不写即为本人的区划")
        .with("after", "上一页的 next")
        .with("limit", "行数，最多 200")
}

impl Whose {
    /// The division, if it lies within the reader's.
    pub(super) fn seen_by(self, who: &Principal) -> Result<DivisionCode, Problem> {
        let division = self.division.unwrap_or_else(|| who.division.clone());
        policy::check_division(&division, who)?;
        Ok(division)
    }
}

fn period(app: &Shared, wanted: &Wanted) -> Result<Period, Problem> {
    use fengqiao_service::ports::Clock as _;
    let missing =
        || Problem::invalid_parameter("window", "请给出统计期 window，或首日 from 与末日 to");
    let window = match (wanted.window, wanted.from, wanted.to) {
        (Some(window), None, None) => window,
        (None, Some(from), Some(to)) => between(from, to)?,
        _ => return Err(missing()),
    };
    let as_of = wanted.as_of.unwrap_or_else(|| app.clock.now());
    Period::new(window, as_of)
        .map_err(|error| Problem::invalid_parameter("window", &error.to_string()))
}

/// From a day to a day; a whole month or year is compared with the month or year before.
fn between(from: Date, to: Date) -> Result<Window, Problem> {
    let window = if from == from.first_of_year() && to == from.last_of_year() {
        Window::year(from.year())
    } else if from == from.first_of_month() && to == from.last_of_month() {
        Window::month(from.year(), from.month())
    } else {
        Window::days(from, to)
    };
    window.map_err(|error| Problem::invalid_parameter("to", &error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_month_is_compared_with_the_month_before() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let may = between(day("2026-05-01"), day("2026-05-31")).unwrap();
        assert_eq!(may.before().unwrap().to_string(), "2026-04");
        let days = between(day("2026-05-02"), day("2026-05-03")).unwrap();
        assert_eq!(days.to_string(), "2026-05-02/2026-05-03");
        assert!(between(day("2026-05-03"), day("2026-05-02")).is_err());
    }
}
