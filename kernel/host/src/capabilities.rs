//! What a plugin may ask during one call: answers from one recorded version of the reference data, and log lines.
//!
//! A refusal is a typed answer, never a trap: a trap would poison the instance and hide who refused what. Only a call that
//! has to run elsewhere ends here.

use std::sync::Arc;
use std::time::Instant;

use fengqiao_calendar::Calendar;
use fengqiao_core::ids::{BindingId, Digest, DivisionCode, Level, UnitId};
use fengqiao_reference::{Catalogue, Reference, Row, Unit};
use fengqiao_service::ports::advisor::Hook;
use jiff::civil::Date;

use crate::bindings::values::Denial;
use crate::bindings::{calendar, catalogue, directory, log, types, values};
use crate::call::Stop;
use crate::limits::{Limits, MAX_ROWS, size};
use crate::log::{LogLevel, LogLine, PluginLog};
use crate::ticker;

/// The reference data that questions are answered from; every call keeps the version that it began with.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) reference: Arc<Reference>,
    pub(crate) calendar: Arc<Calendar>,
}

/// In whose name a call is made.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) component: Digest,
    pub(crate) binding: BindingId,
    pub(crate) hook: Hook,
}

/// Why a question isn't answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// The plugin is told why.
    #[error("{0:?}")]
    Denied(#[from] Denial),
    /// The call ends.
    #[error(transparent)]
    Stopped(#[from] Stop),
}

/// The capabilities of one call, with what is left of its quotas.
pub(crate) struct Provided {
    recorded: Recorded,
    asked: Asked,
    log: Arc<dyn PluginLog>,
    host_calls_left: u64,
    log_lines_left: u64,
    /// Lines that an instance wrote before this one began the same call anew.
    log_lines_known: u64,
    log_line_bytes: usize,
    answer_bytes: usize,
    /// On the thread of whoever asks, until when.
    brief_until: Option<Instant>,
    /// The first quota that the plugin used up.
    spent: Option<&'static str>,
}

impl Provided {
    pub(crate) fn new(
        recorded: Recorded,
        asked: Asked,
        log: Arc<dyn PluginLog>,
        limits: &Limits,
    ) -> Self {
        Self {
            recorded,
            asked,
            log,
            host_calls_left: limits.host_calls,
            log_lines_left: limits.log_lines,
            log_lines_known: 0,
            log_line_bytes: size(limits.log_line_bytes),
            answer_bytes: size(limits.hostcall_bytes),
            brief_until: None,
            spent: None,
        }
    }

    /// From this instant on every question sends the call elsewhere: a guest can ask them in a row, without a tick.
    pub(crate) fn be_brief(&mut self, until: Instant) {
        self.brief_until = Some(until);
    }

    /// The same call again, on another instance: with all its quotas, and without repeating the lines that it wrote.
    pub(crate) fn begin_anew(&mut self, limits: &Limits) {
        self.log_lines_known = limits.log_lines.saturating_sub(self.log_lines_left);
        self.log_lines_left = limits.log_lines;
        self.host_calls_left = limits.host_calls;
        self.brief_until = None;
        self.spent = None;
    }

    /// The first quota that the plugin used up, if any.
    pub(crate) fn spent(&self) -> Option<&'static str> {
        self.spent
    }

    fn charge(&mut self) -> Result<(), Unanswered> {
        if self.brief_until.is_some_and(|until| ticker::now() >= until) {
            return Err(Stop::Elsewhere.into());
        }
        match self.host_calls_left.checked_sub(1) {
            Some(left) => {
                self.host_calls_left = left;
                Ok(())
            }
            None => Err(self.spend("host-calls").into()),
        }
    }

    fn spend(&mut self, quota: &'static str) -> Denial {
        self.spent.get_or_insert(quota);
        Denial::Quota(quota.to_owned())
    }

    /// Copies what was found, as long as the answer isn't too large with it.
    fn copied<'a, F: 'a, C>(
        &mut self,
        found: impl Iterator<Item = &'a F>,
        bytes: impl Fn(&F) -> usize,
        copy: impl Fn(&F) -> C,
    ) -> Result<Vec<C>, Denial> {
        let mut left = self.answer_bytes;
        let mut copies = Vec::new();
        for one in found {
            left = match left.checked_sub(bytes(one)) {
                Some(left) => left,
                None => return Err(self.spend("hostcall-bytes")),
            };
            copies.push(copy(one));
        }
        Ok(copies)
    }

    fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.recorded.reference)
    }
}

fn catalogue_in<'a>(
    reference: &'a Reference,
    code: &str,
    place: &str,
) -> Result<&'a Catalogue, Denial> {
    let place = division_code(place)?;
    let found = reference.catalogue(code, &place);
    found.ok_or_else(|| Denial::Unavailable(format!("no catalogue `{code}` holds in {place}")))
}

impl log::Host for Provided {
    fn log(&mut self, level: log::Level, message: String) -> Result<(), Unanswered> {
        self.charge()?;
        let Some(left) = self.log_lines_left.checked_sub(1) else {
            return Err(self.spend("log-lines").into());
        };
        self.log_lines_left = left;
        if let Some(known) = self.log_lines_known.checked_sub(1) {
            self.log_lines_known = known;
            return Ok(());
        }
        let end = message.floor_char_boundary(self.log_line_bytes.min(message.len()));
        self.log.line(LogLine {
            component: &self.asked.component,
            binding: &self.asked.binding,
            hook: self.asked.hook,
            level: match level {
                log::Level::Debug => LogLevel::Debug,
                log::Level::Info => LogLevel::Info,
                log::Level::Warn => LogLevel::Warn,
                log::Level::Error => LogLevel::Error,
            },
            message: message.get(..end).unwrap_or_default(),
        });
        Ok(())
    }
}

impl directory::Host for Provided {
    fn find_unit(&mut self, id: String) -> Result<Option<directory::Unit>, Unanswered> {
        self.charge()?;
        let id = UnitId::parse(&id).map_err(bad_request)?;
        Ok(self.recorded.reference.units().get(&id).map(unit))
    }

    fn units_for(
        &mut self,
        portfolio: String,
        place: String,
        limit: u32,
    ) -> Result<Vec<directory::Unit>, Unanswered> {
        self.charge()?;
        let place = division_code(&place)?;
        let reference = self.reference();
        let found = reference.units_for(&portfolio, &place);
        Ok(self.copied(found.take(rows(limit)), unit_bytes, unit)?)
    }

    fn units_in(
        &mut self,
        division: String,
        limit: u32,
    ) -> Result<Vec<directory::Unit>, Unanswered> {
        self.charge()?;
        let division = division_code(&division)?;
        let reference = self.reference();
        let found = reference.units().in_division(&division);
        Ok(self.copied(found.take(rows(limit)), unit_bytes, unit)?)
    }

    fn find_division(&mut self, code: String) -> Result<Option<directory::Division>, Unanswered> {
        self.charge()?;
        let code = division_code(&code)?;
        let found = self.recorded.reference.divisions().get(&code);
        Ok(found.map(|division| directory::Division {
            code: division.code.to_string(),
            name: division.name.to_owned(),
            level: level(division.level),
            parent: division.parent.map(ToString::to_string),
        }))
    }
}

impl catalogue::Host for Provided {
    fn lookup(
        &mut self,
        catalogue: String,
        place: String,
        key: Vec<String>,
    ) -> Result<Option<catalogue::Row>, Unanswered> {
        self.charge()?;
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let reference = self.reference();
        let found = catalogue_in(&reference, &catalogue, &place)?.lookup(&key);
        Ok(self.copied(found.into_iter(), row_bytes, row)?.pop())
    }

    fn begins(
        &mut self,
        catalogue: String,
        place: String,
        key: Vec<String>,
        limit: u32,
    ) -> Result<Vec<catalogue::Row>, Unanswered> {
        self.charge()?;
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let reference = self.reference();
        let found = catalogue_in(&reference, &catalogue, &place)?.begins(&key);
        Ok(self.copied(found.iter().take(rows(limit)), row_bytes, row)?)
    }
}

impl calendar::Host for Provided {
    fn day_of(&mut self, date: String) -> Result<calendar::Day, Unanswered> {
        self.charge()?;
        let date: Date = date.parse().map_err(bad_request)?;
        if !self.recorded.calendar.covers(date) {
            return Err(not_published(date).into());
        }
        Ok(if self.recorded.calendar.is_working_day(date) {
            calendar::Day::Working
        } else {
            calendar::Day::Rest
        })
    }

    fn add_working_days(&mut self, date: String, days: u32) -> Result<String, Unanswered> {
        self.charge()?;
        let mut date: Date = date.parse().map_err(bad_request)?;
        let mut left = days;
        while left > 0 {
            date = date.tomorrow().map_err(bad_request)?;
            if !self.recorded.calendar.covers(date) {
                return Err(not_published(date).into());
            }
            left -= u32::from(self.recorded.calendar.is_working_day(date));
        }
        Ok(date.to_string())
    }
}

impl values::Host for Provided {
    fn convert_denial(&mut self, unanswered: Unanswered) -> wasmtime::Result<Denial> {
        match unanswered {
            Unanswered::Denied(denial) => Ok(denial),
            Unanswered::Stopped(stop) => Err(stop.into()),
        }
    }
}

impl types::snapshot::Host for Provided {}

fn bad_request(error: impl std::fmt::Display) -> Denial {
    Denial::BadRequest(error.to_string())
}

fn not_published(date: Date) -> Denial {
    Denial::Unavailable(format!("no notice of working days covers {date}"))
}

fn division_code(text: &str) -> Result<DivisionCode, Denial> {
    DivisionCode::parse(text).map_err(bad_request)
}

fn rows(limit: u32) -> usize {
    size(u64::from(limit)).min(MAX_ROWS)
}

fn unit(unit: &Unit) -> directory::Unit {
    directory::Unit {
        id: unit.id.to_string(),
        name: unit.name.clone(),
        kind: unit.kind.clone(),
        division: unit.division.to_string(),
        portfolios: unit.portfolios.clone(),
        parent: unit.parent.as_ref().map(ToString::to_string),
        business_parent: unit.business_parent.as_ref().map(ToString::to_string),
    }
}

fn unit_bytes(unit: &Unit) -> usize {
    let portfolios: usize = unit.portfolios.iter().map(String::len).sum();
    let (id, division) = (unit.id.as_str(), unit.division.as_str());
    id.len() + unit.name.len() + unit.kind.len() + division.len() + portfolios
}

fn row(row: &Row) -> catalogue::Row {
    let columns = row.columns().iter();
    columns
        .map(|(column, value)| (column.clone(), value.clone()))
        .collect()
}

fn row_bytes(row: &Row) -> usize {
    let columns = row.columns().iter();
    columns
        .map(|(column, value)| column.len() + value.len())
        .sum()
}

fn level(level: Level) -> values::Level {
    match level {
        Level::Grid => values::Level::Grid,
        Level::Village => values::Level::Village,
        Level::Township => values::Level::Township,
        Level::County => values::Level::County,
        Level::Prefecture => values::Level::Prefecture,
        Level::Province => values::Level::Province,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::directory::Host as _;
    use super::*;

    struct Unheard;

    impl PluginLog for Unheard {
        fn line(&self, _: LogLine<'_>) {}
    }

    /// What a call is given, without any reference data.
    pub(crate) fn provided() -> Provided {
        let recorded = Recorded {
            reference: Arc::default(),
            calendar: Arc::new(Calendar::china().unwrap()),
        };
        let asked = Asked {
            component: "c0".parse().unwrap(),
            binding: "b".parse().unwrap(),
            hook: Hook::Guard,
        };
        Provided::new(recorded, asked, Arc::new(Unheard), &Limits::DEFAULT)
    }

    #[test]
    fn a_question_after_the_tick_of_a_brief_call_sends_it_elsewhere_and_none_before() {
        let mut provided = provided();
        let ask = |provided: &mut Provided| provided.find_unit("u".to_owned());
        let now = ticker::now();
        provided.be_brief(now + std::time::Duration::from_secs(3_600));
        assert!(matches!(ask(&mut provided), Ok(None)));
        provided.be_brief(now);
        let stopped = ask(&mut provided);
        assert!(
            matches!(stopped, Err(Unanswered::Stopped(Stop::Elsewhere))),
            "{stopped:?}"
        );
        provided.begin_anew(&Limits::DEFAULT);
        assert!(matches!(ask(&mut provided), Ok(None)));
    }

    #[test]
    fn an_answer_that_is_too_large_is_copied_only_as_far_as_it_fits() {
        let mut provided = provided();
        let copies = std::cell::Cell::new(0);
        let half = "x".repeat(provided.answer_bytes / 2);
        let without_end = std::iter::repeat(&half);
        let answer = provided.copied(without_end, String::len, |_| copies.set(copies.get() + 1));
        assert!(matches!(answer, Err(Denial::Quota(_))), "{answer:?}");
        assert_eq!(copies.get(), 2);
        assert_eq!(provided.spent(), Some("hostcall-bytes"));
    }
}
