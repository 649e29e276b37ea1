//! The limits that the kernel itself brings: rows of law, and the marked defaults where the law is silent.

use fengqiao_calendar::{Roll, Spec};

use crate::clock::{ClockRule, ExtendRule, Mark, PlacedRule, Provenance, names};
use crate::ids::Code;
use crate::matter::MatterKind;
use crate::profile::{Grade, RatingScale, Satisfied};

/// How many representatives a joint petition may have (信访工作条例 20).
pub const MAX_REPRESENTATIVES: u32 = 5;

/// Clocks of the law that no event of the loop starts; a procedure's state that bears the name is held to them.
pub mod clocks {
    /// Written reply → request for a review (复查).
    pub const REVIEW_REQUEST: &str = "review-request";
    /// Request → the review is decided.
    pub const REVIEW_DECISION: &str = "review-decision";
    /// The review's reply → request for a re-review (复核).
    pub const RE_REVIEW_REQUEST: &str = "re-review-request";
    /// Request → the re-review is decided; the time of a hearing doesn't count.
    pub const RE_REVIEW_DECISION: &str = "re-review-decision";
    /// Both sides' consent → agreed or failed.
    pub const MEDIATION: &str = "mediation";
    /// The agreement is in force → both sides have asked the court to confirm it.
    pub const JUDICIAL_CONFIRMATION: &str = "judicial-confirmation";
}

/// Every clock rule that the kernel brings; the law first, so that it holds where a local rule is equally long.
pub fn rules() -> Vec<PlacedRule> {
    let petition = || vec![MatterKind::Petition];
    let law = [
        law_row(
            names::ACCEPT,
            15,
            petition(),
            "《信访工作条例》第二十二条、第二十三条",
        ),
        objection(petition()),
        petition_decided(petition()),
        law_row(
            clocks::REVIEW_REQUEST,
            30,
            vec![],
            "《信访工作条例》第三十五条",
        ),
        law_row(
            clocks::REVIEW_DECISION,
            30,
            vec![],
            "《信访工作条例》第三十五条",
        ),
        law_row(
            clocks::RE_REVIEW_REQUEST,
            30,
            vec![],
            "《信访工作条例》第三十六条",
        ),
        re_review_decided(),
        mediation(),
        law_row(
            clocks::JUDICIAL_CONFIRMATION,
            30,
            vec![],
            "《人民调解法》第三十三条",
        ),
    ];
    let placed = |rule| PlacedRule {
        division: None,
        rule,
    };
    law.into_iter().chain([review()]).map(placed).collect()
}

/// The safety net under an open case on which no other clock runs: somebody looks at it again.
///
/// Assumed, not law: no article sets it, and a profile may shorten it.
pub fn review() -> ClockRule {
    ClockRule {
        name: Code::word(names::REVIEW),
        spec: Spec::CalendarDays(15),
        roll: Roll::Local,
        kinds: Vec::new(),
        categories: Vec::new(),
        provenance: Provenance {
            mark: Mark::A,
            source: "内核兜底复核期限：无其他时限运行时适用，非法律规定".to_owned(),
            confirmed: None,
        },
        pause_article: None,
        extend: None,
    }
}

/// The scale of ratings where no profile brings one (assumed: the words by which satisfaction is counted).
pub fn rating() -> RatingScale {
    let grade = |code, label: &str, satisfied| Grade {
        code: Code::word(code),
        label: label.to_owned(),
        satisfied,
    };
    RatingScale {
        grades: vec![
            grade("satisfied", "满意", Satisfied::Yes),
            grade("basically-satisfied", "基本满意", Satisfied::Basically),
            grade("unsatisfied", "不满意", Satisfied::No),
        ],
    }
}

/// A limit in calendar days that rolls over to the next working day and is neither paused nor extended.
fn law_row(name: &'static str, days: u32, kinds: Vec<MatterKind>, article: &str) -> ClockRule {
    ClockRule {
        name: Code::word(name),
        spec: Spec::CalendarDays(days),
        roll: Roll::Law,
        kinds,
        categories: Vec::new(),
        provenance: Provenance {
            mark: Mark::L,
            source: article.to_owned(),
            confirmed: None,
        },
        pause_article: None,
        extend: None,
    }
}

/// The unit to which a petition was wrongly passed objects within five working days of receiving it.
fn objection(kinds: Vec<MatterKind>) -> ClockRule {
    ClockRule {
        spec: Spec::WorkingDays(5),
        ..law_row(names::OBJECT, 5, kinds, "《信访工作条例》第二十三条")
    }
}

/// Sixty days from acceptance, once thirty more with approval, the reason told.
fn petition_decided(kinds: Vec<MatterKind>) -> ClockRule {
    let article = "《信访工作条例》第三十四条";
    ClockRule {
        extend: Some(ExtendRule {
            article: article.to_owned(),
            by: Spec::CalendarDays(30),
            times: 1,
        }),
        ..law_row(names::HANDLE_TOTAL, 60, kinds, article)
    }
}

/// The time of a hearing is excluded, so the clock stands still for it.
fn re_review_decided() -> ClockRule {
    let article = "《信访工作条例》第三十六条";
    ClockRule {
        pause_article: Some(format!("{article}：听证所需时间不计入")),
        ..law_row(clocks::RE_REVIEW_DECISION, 30, Vec::new(), article)
    }
}

/// Thirty days, longer when both sides agree. The article sets no bound to that; thirty days, once, is assumed.
fn mediation() -> ClockRule {
    let article = "《最高人民法院关于人民法院特邀调解的规定》第二十七条";
    ClockRule {
        extend: Some(ExtendRule {
            article: format!("{article}：双方当事人同意延长（一次三十日为假定）"),
            by: Spec::CalendarDays(30),
            times: 1,
        }),
        ..law_row(clocks::MEDIATION, 30, Vec::new(), article)
    }
}

#[cfg(test)]
mod tests;
