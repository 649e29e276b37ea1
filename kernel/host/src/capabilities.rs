//! What a plugin may ask during one call: answers from one recorded version of the reference data, and log lines.
//!
//! A refusal is a typed answer, never a trap: a trap would poison the instance and hide who refused what.

use std::sync::Arc;

use fengqiao_calendar::Calendar;
use fengqiao_core::ids::{BindingId, Digest, DivisionCode, Level, UnitId};
use fengqiao_reference::{Catalogue, Reference, Row, Unit};
use fengqiao_service::ports::advisor::Hook;
use jiff::civil::Date;

use crate::bindings::values::Denial;
use crate::bindings::{calendar, catalogue, directory, log, types, values};
use crate::limits::{Limits, MAX_ROWS, size};
use crate::log::{LogLevel, LogLine, PluginLog};

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
            spent: None,
        }
    }

    /// The same call again, on another instance: with all its quotas, and without repeating the lines that it wrote.
    pub(crate) fn begin_anew(&mut self, limits: &Limits) {
        self.log_lines_known = limits.log_lines.saturating_sub(self.log_lines_left);
        self.log_lines_left = limits.log_lines;
        self.host_calls_left = limits.host_calls;
        self.spent = None;
    }

    /// The first quota that the plugin used up, if any.
    pub(crate) fn spent(&self) -> Option<&'static str> {
        self.spent
    }

    fn charge(&mut self) -> Result<(), Denial> {
        match self.host_calls_left.checked_sub(1) {
            Some(left) => {
                self.host_calls_left = left;
                Ok(())
            }
            None => Err(self.spend("host-calls")),
        }
    }

    fn spend(&mut self, quota: &'static str) -> Denial {
        self.spent.get_or_insert(quota);
        Denial::Quota(quota.to_owned())
    }

    fn weigh(&mut self, bytes: usize) -> Result<(), Denial> {
        if bytes > self.answer_bytes {
            return Err(self.spend("hostcall-bytes"));
        }
        Ok(())
    }

    fn catalogue(&self, code: &str, place: &str) -> Result<&Catalogue, Denial> {
        let place = division_code(place)?;
        let found = self.recorded.reference.catalogue(code, &place);
        found.ok_or_else(|| Denial::Unavailable(format!("no catalogue `{code}` holds in {place}")))
    }
}

impl log::Host for Provided {
    fn log(&mut self, level: log::Level, message: String) -> Result<(), Denial> {
        self.charge()?;
        let Some(left) = self.log_lines_left.checked_sub(1) else {
            return Err(self.spend("log-lines"));
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
    fn find_unit(&mut self, id: String) -> Result<Option<directory::Unit>, Denial> {
        self.charge()?;
        let id = UnitId::parse(&id).map_err(bad_request)?;
        Ok(self.recorded.reference.units().get(&id).map(unit))
    }

    fn units_for(
        &mut self,
        portfolio: String,
        place: String,
        limit: u32,
    ) -> Result<Vec<directory::Unit>, Denial> {
        self.charge()?;
        let place = division_code(&place)?;
        let found = self.recorded.reference.units_for(&portfolio, &place);
        let units: Vec<_> = found.take(rows(limit)).map(unit).collect();
        self.weigh(units.iter().map(unit_bytes).sum())?;
        Ok(units)
    }

    fn units_in(&mut self, division: String, limit: u32) -> Result<Vec<directory::Unit>, Denial> {
        self.charge()?;
        let division = division_code(&division)?;
        let found = self.recorded.reference.units().in_division(&division);
        let units: Vec<_> = found.take(rows(limit)).map(unit).collect();
        self.weigh(units.iter().map(unit_bytes).sum())?;
        Ok(units)
    }

    fn find_division(&mut self, code: String) -> Result<Option<directory::Division>, Denial> {
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
    ) -> Result<Option<catalogue::Row>, Denial> {
        self.charge()?;
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let found = self.catalogue(&catalogue, &place)?.lookup(&key).map(row);
        self.weigh(found.iter().map(row_bytes).sum())?;
        Ok(found)
    }

    fn begins(
        &mut self,
        catalogue: String,
        place: String,
        key: Vec<String>,
        limit: u32,
    ) -> Result<Vec<catalogue::Row>, Denial> {
        self.charge()?;
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        let found = self.catalogue(&catalogue, &place)?.begins(&key);
        let found: Vec<_> = found.iter().take(rows(limit)).map(row).collect();
        self.weigh(found.iter().map(row_bytes).sum())?;
        Ok(found)
    }
}

impl calendar::Host for Provided {
    fn day_of(&mut self, date: String) -> Result<calendar::Day, Denial> {
        self.charge()?;
        let date: Date = date.parse().map_err(bad_request)?;
        if !self.recorded.calendar.covers(date) {
            return Err(not_published(date));
        }
        Ok(if self.recorded.calendar.is_working_day(date) {
            calendar::Day::Working
        } else {
            calendar::Day::Rest
        })
    }

    fn add_working_days(&mut self, date: String, days: u32) -> Result<String, Denial> {
        self.charge()?;
        let mut date: Date = date.parse().map_err(bad_request)?;
        let mut left = days;
        while left > 0 {
            date = date.tomorrow().map_err(bad_request)?;
            if !self.recorded.calendar.covers(date) {
                return Err(not_published(date));
            }
            left -= u32::from(self.recorded.calendar.is_working_day(date));
        }
        Ok(date.to_string())
    }
}

impl values::Host for Provided {}

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

fn unit_bytes(unit: &directory::Unit) -> usize {
    let portfolios: usize = unit.portfolios.iter().map(String::len).sum();
    unit.id.len() + unit.name.len() + unit.kind.len() + unit.division.len() + portfolios
}

fn row(row: &Row) -> catalogue::Row {
    let columns = row.columns().iter();
    columns
        .map(|(column, value)| (column.clone(), value.clone()))
        .collect()
}

fn row_bytes(row: &catalogue::Row) -> usize {
    row.iter()
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
