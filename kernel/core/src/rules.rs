//! Joining the profiles along a division path into the rules of a case: by kind of key, over the kernel's law.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_calendar::Spec;

use crate::allowance::AllowanceRule;
use crate::clock::PlacedRule;
use crate::ids::Code;
use crate::law;
use crate::profile::{CloseOn, Form, Limits, PlacedProfile, ProfileError, Rules};

mod check;
mod collide;
#[cfg(test)]
mod tests;

pub use check::{
    MAX_ALLOWANCE_RULES, MAX_CLOCK_RULES, MAX_FORM_FIELDS, MAX_FORMS, MAX_GRADES, MAX_GRAPHS,
    MAX_LABELS, MAX_NOTICES, MAX_PROFILES, MAX_WORDS_CHARS,
};

impl Rules {
    /// Joins the profiles of a binding set.
    ///
    /// A division nearer to the case (deeper on its path) goes before one further up; the order of the list only
    /// tells apart two divisions of one level, as after a transfer: the later one is nearer. Two bindings of one
    /// division may say the same under a key, and nothing different.
    pub fn join(mut placed: Vec<PlacedProfile>) -> Result<Rules, ProfileError> {
        check::all(&placed)?;
        collide::check(&placed)?;
        placed.sort_by_key(|p| p.division.prefix().len());
        let mut rules = Rules::law();
        for PlacedProfile {
            division, profile, ..
        } in placed
        {
            rules.labels.extend(profile.labels);
            rules.notices.extend(profile.notices);
            rules.forms.extend(
                profile
                    .forms
                    .into_iter()
                    .map(|form| (form.code.clone(), form)),
            );
            rules.rating = profile.rating.or(rules.rating);
            rules
                .clocks
                .extend(profile.clocks.into_iter().map(|rule| PlacedRule {
                    division: Some(division.clone()),
                    rule,
                }));
            rules.proceedings.extend(
                profile
                    .proceedings
                    .into_iter()
                    .map(|graph| (graph.kind.clone(), graph)),
            );
            rules.close_on = profile.close_on.unwrap_or(rules.close_on);
            rules.holds.extend(profile.holds);
            rules.limits = tighter(rules.limits, &profile.limits);
            rules.photo_categories.extend(profile.photo_categories);
            rules.follow_up_levels.extend(profile.follow_up_levels);
            rules.escalations.extend(profile.escalations);
            for rule in profile.allowances {
                let rule = narrower(rules.allowances.remove(&rule.kind), rule);
                rules.allowances.insert(rule.kind.clone(), rule);
            }
        }
        Ok(rules)
    }

    /// What holds where no profile says anything: the rows of law, the legal limit of representatives, closing on
    /// the reply, and the kernel's own scale of ratings.
    pub fn law() -> Rules {
        Rules {
            labels: BTreeMap::new(),
            notices: BTreeMap::new(),
            forms: BTreeMap::<Code, Form>::new(),
            rating: Some(law::rating()),
            clocks: law::rules(),
            proceedings: BTreeMap::new(),
            close_on: CloseOn::Reply,
            holds: BTreeSet::new(),
            limits: Limits {
                representatives: Some(law::MAX_REPRESENTATIVES),
                ..Limits::default()
            },
            photo_categories: BTreeSet::new(),
            follow_up_levels: BTreeSet::new(),
            escalations: BTreeSet::new(),
            allowances: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// Whether this calls on those responsible: `hand-up`, `urge`, `proceeding`, or `breach.` with the name of a clock.
    #[must_use]
    pub fn escalates(&self, what: &str) -> bool {
        if self.escalations.is_empty() {
            return DEFAULT_ESCALATIONS.contains(&what);
        }
        self.escalations.iter().any(|own| own.as_str() == what)
    }
}

/// What calls on those responsible where no profile says.
const DEFAULT_ESCALATIONS: [&str; 2] = ["hand-up", "breach.report"];

/// The tighter of two sets of rounds and windows.
fn tighter(a: Limits, b: &Limits) -> Limits {
    Limits {
        objections: least(a.objections, b.objections),
        reworks: least(a.reworks, b.reworks),
        rework_window: shorter(a.rework_window, b.rework_window),
        representatives: least(a.representatives, b.representatives),
        ticks: least(a.ticks, b.ticks),
    }
}

/// The nearer rule of an allowance, within the bounds of the one further up.
fn narrower(above: Option<AllowanceRule>, own: AllowanceRule) -> AllowanceRule {
    let (least, most) = above.map_or((None, None), |a| (a.at_least_fen, a.at_most_fen));
    AllowanceRule {
        at_least_fen: own.at_least_fen.max(least),
        at_most_fen: own.at_most_fen.into_iter().chain(most).min(),
        ..own
    }
}

fn least(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    a.into_iter().chain(b).min()
}

/// The shorter of two windows by their nominal length; equal ones by their spelling, so that the order doesn't matter.
fn shorter(a: Option<Spec>, b: Option<Spec>) -> Option<Spec> {
    a.into_iter()
        .chain(b)
        .min_by_key(|spec| (nominal_minutes(*spec), *spec))
}

/// About how long a window is. Two windows of different units can only be compared on a date; this compares them
/// without one (assumed: five working days a week, months of thirty days).
fn nominal_minutes(spec: Spec) -> u64 {
    const DAY: u64 = 24 * 60;
    match spec {
        Spec::Minutes(n) => u64::from(n),
        Spec::Hours(n) => u64::from(n) * 60,
        Spec::SameDay => DAY,
        Spec::CalendarDays(n) => u64::from(n) * DAY,
        Spec::WorkingDays(n) => u64::from(n) * DAY * 7 / 5,
        Spec::Months(n) => u64::from(n) * DAY * 30,
        Spec::Years(n) => u64::from(n) * DAY * 365,
    }
}
