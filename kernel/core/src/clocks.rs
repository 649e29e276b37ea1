//! Which rule sets a deadline, and how far a deadline may move: the shortest holds, the law's is never lengthened.

use fengqiao_calendar::{Calendar, ClockError, Deadline, Roll, Spec};
use jiff::Timestamp;

use crate::clock::{Clock, ClockRule, ExtendRule, Mark, PlacedRule, Provenance, names};
use crate::command::NamedSpec;
use crate::ids::{Code, Seq, UnitId};
use crate::law;
use crate::matter::Matter;
use crate::profile::Rules;
use crate::refusal::Refusal;

/// How long the kernel waits for a rating where no profile says (assumed).
const RATE_DEFAULT: Spec = Spec::CalendarDays(15);
/// How long the kernel waits for a follow-up where the profile closes on one and sets no limit (assumed).
const FOLLOW_UP_DEFAULT: Spec = Spec::CalendarDays(15);

/// A case's matter, its rules and the calendar: everything that the choice of a deadline depends on.
#[derive(Clone, Copy)]
pub struct Timing<'a> {
    /// Working days.
    pub calendar: &'a Calendar,
    /// The rules that the case is pinned to.
    pub rules: &'a Rules,
    /// What the case is about; none on a unit's or a division's docket.
    pub matter: Option<&'a Matter>,
}

impl Timing<'_> {
    /// The rule that holds for a clock started at `start`, and its deadline; none where nobody sets one.
    ///
    /// Of all rules that apply, and of the lengths that triage or the dispatcher named, the one that ends first
    /// holds: a local word can only shorten. A named length is paused and extended like the rule it shortens.
    pub fn choose(
        &self,
        name: &str,
        specs: &[NamedSpec],
        start: Timestamp,
    ) -> Result<Option<(ClockRule, Deadline)>, Refusal> {
        let mut best: Option<(ClockRule, Deadline)> = None;
        for rule in self.applicable(name) {
            best = shorter(best, (rule.clone(), self.count(start, rule)?));
        }
        let base = best.as_ref().map(|(rule, _)| rule.clone());
        for named in specs.iter().filter(|s| s.name.as_str() == name) {
            let rule = named_rule(named, base.as_ref());
            let deadline = self.count(start, &rule)?;
            best = shorter(best, (rule, deadline));
        }
        Ok(best)
    }

    /// The same, with the kernel's own length where nobody sets one.
    pub fn choose_or_default(
        &self,
        name: &'static str,
        specs: &[NamedSpec],
        start: Timestamp,
    ) -> Result<(ClockRule, Deadline), Refusal> {
        if let Some(chosen) = self.choose(name, specs, start)? {
            return Ok(chosen);
        }
        let rule = default_rule(name);
        let deadline = self.count(start, &rule)?;
        Ok((rule, deadline))
    }

    /// When a rule that starts at `start` is due.
    pub fn count(&self, start: Timestamp, rule: &ClockRule) -> Result<Deadline, Refusal> {
        self.calendar
            .deadline(start, rule.spec, rule.roll)
            .map_err(refused)
    }

    /// The deadline after an extension, where the clock's rule and the law allow it.
    ///
    /// It counts from the raw expiry, is at most as long and as frequent as the rule says, and never leads past what
    /// the law gives for the same clock.
    pub fn extended(&self, clock: &Clock, by: Spec) -> Result<(Deadline, String), Refusal> {
        let Some(ExtendRule {
            article,
            by: most,
            times,
        }) = &clock.rule.extend
        else {
            return Err(Refusal::NotExtendable { clock: clock.id });
        };
        let too_long = || Refusal::ExtensionTooLong {
            article: article.clone(),
        };
        if clock.extensions >= *times {
            return Err(too_long());
        }
        let next = self.calendar.extend(&clock.deadline, by).map_err(refused)?;
        let limit = self
            .calendar
            .extend(&clock.deadline, *most)
            .map_err(refused)?;
        if next.due > limit.due {
            return Err(too_long());
        }
        match self.law_limit(clock, Lengthening::Extension)? {
            Some(law) if next.due > law.due => Err(too_long()),
            _ => Ok((next, article.clone())),
        }
    }

    /// The deadline of a clock that stood still since `since`; where the law sets a limit that can't stand still, that
    /// limit at the latest.
    pub fn resumed(
        &self,
        clock: &Clock,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Deadline, Refusal> {
        // A notice of holidays that came meanwhile moves what stood still, too, unless it would have been over before.
        let anew = self.calendar.recompute(&clock.deadline).ok();
        let anew = anew.filter(|anew| !anew.is_breached(since));
        let current = anew.as_ref().unwrap_or(&clock.deadline);
        let next = self.calendar.resume(current, since, now).map_err(refused)?;
        match self.law_limit(clock, Lengthening::Pause)? {
            Some(law) if next.due > law.due => Ok(law),
            _ => Ok(next),
        }
    }

    /// The latest due date that the law allows for a clock; none where the law says nothing about it, or where the
    /// clock's own rule is one of the kernel's and so moves by its own article. A local rule that calls itself law
    /// moves within the kernel's.
    fn law_limit(&self, clock: &Clock, why: Lengthening) -> Result<Option<Deadline>, Refusal> {
        let brought = |placed: &&PlacedRule| placed.division.is_none();
        let mut kernels = self.rules.clocks.iter().filter(brought);
        if kernels.any(|placed| placed.rule == clock.rule) {
            return Ok(None);
        }
        let start = clock.deadline.start;
        let mut tightest: Option<Deadline> = None;
        let statutory = self
            .applicable(clock.name.as_str())
            .filter(|rule| rule.provenance.mark == Mark::L);
        for rule in statutory {
            let mut law = self.count(start, rule)?;
            match (&rule.extend, why) {
                (Some(extend), Lengthening::Extension) => {
                    for _ in 0..extend.times {
                        law = self.calendar.extend(&law, extend.by).map_err(refused)?;
                    }
                }
                (_, Lengthening::Pause) if rule.pause_article.is_some() => continue,
                _ => {}
            }
            if tightest.as_ref().is_none_or(|t| law.due < t.due) {
                tightest = Some(law);
            }
        }
        Ok(tightest)
    }

    fn applicable(&self, name: &str) -> impl Iterator<Item = &ClockRule> {
        let matter = self.matter;
        self.rules
            .clocks
            .iter()
            .map(|placed| &placed.rule)
            .filter(move |rule| {
                rule.name.as_str() == name
                    && matter.is_none_or(|m| Rules::applies(rule, m.kind, m.category.as_ref()))
            })
    }
}

#[derive(Clone, Copy)]
enum Lengthening {
    Extension,
    Pause,
}

/// A clock of the kernel about to start; its number is the docket's next.
pub(crate) fn clock(rule: ClockRule, deadline: Deadline, owner: Option<UnitId>, id: Seq) -> Clock {
    Clock {
        id,
        name: rule.name.clone(),
        owner,
        proceeding: None,
        deadline,
        rule,
        state: crate::clock::ClockState::Running,
        extensions: 0,
        started_by: None,
    }
}

/// Why a deadline can't be computed, for people.
pub(crate) fn refused(error: ClockError) -> Refusal {
    Refusal::Clock {
        reason: error.to_string(),
    }
}

fn shorter(
    best: Option<(ClockRule, Deadline)>,
    candidate: (ClockRule, Deadline),
) -> Option<(ClockRule, Deadline)> {
    match best {
        Some(best) if best.1.due <= candidate.1.due => Some(best),
        _ => Some(candidate),
    }
}

fn named_rule(named: &NamedSpec, base: Option<&ClockRule>) -> ClockRule {
    ClockRule {
        name: named.name.clone(),
        spec: named.spec,
        roll: base.map_or(Roll::Local, |rule| rule.roll),
        kinds: Vec::new(),
        categories: Vec::new(),
        provenance: named.provenance.clone(),
        pause_article: base.and_then(|rule| rule.pause_article.clone()),
        extend: base.and_then(|rule| rule.extend.clone()),
    }
}

fn default_rule(name: &'static str) -> ClockRule {
    let waits = |spec, source: &str| ClockRule {
        name: Code::word(name),
        spec,
        provenance: Provenance {
            mark: Mark::A,
            source: source.to_owned(),
            confirmed: None,
        },
        ..law::review()
    };
    match name {
        names::RATE => waits(RATE_DEFAULT, "内核缺省的评价期限，非法律规定"),
        names::FOLLOW_UP => waits(FOLLOW_UP_DEFAULT, "内核缺省的回访期限，非法律规定"),
        _ => law::review(),
    }
}

/// A length that a person names for one clock: an instruction's answer, a suspension's review.
pub(crate) fn personal_rule(name: &'static str, spec: Spec, source: &str) -> ClockRule {
    ClockRule {
        name: Code::word(name),
        spec,
        provenance: Provenance {
            mark: Mark::S,
            source: source.to_owned(),
            confirmed: None,
        },
        ..law::review()
    }
}
