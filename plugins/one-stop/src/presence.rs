//! How a unit is at the centre, and which of several is asked: whoever is there first.

use fengqiao_sdk::catalogue;
use fengqiao_sdk::directory::Unit;
use fengqiao_sdk::prelude::*;

use crate::config::{Config, Mode, Presence};
use crate::weekday;

/// A unit's way to be at the centre.
pub(crate) struct Stay<'a> {
    pub(crate) mode: &'a Mode,
    /// The days of a shift, such as `周一`.
    pub(crate) days: Vec<String>,
    /// Its place in the order of the modes.
    rank: usize,
}

impl Stay<'_> {
    /// Whether it is there at a time.
    pub(crate) fn is_here(&self, as_of: i64) -> bool {
        match self.mode.presence {
            Presence::Present => true,
            Presence::ByShift => self.is_on_shift(&date::of(as_of)),
            Presence::OnCall | Presence::ByAppointment | Presence::Guided => false,
        }
    }

    /// Whether a date is one of its days.
    pub(crate) fn is_on_shift(&self, date: &str) -> bool {
        let day = weekday::of(date);
        day.is_some_and(|day| self.days.iter().any(|own| own == day))
    }
}

/// How a unit is at the centre; none where it has nothing to do with it.
pub(crate) fn stay<'a>(
    config: &'a Config,
    case: &Case,
    unit: &str,
) -> Result<Option<Stay<'a>>, PluginError> {
    let rule = &config.residency;
    let place = &case.place()?.place;
    let Some(row) = catalogue::lookup(&rule.catalogue, place, &[unit])? else {
        return Ok(None);
    };
    let word = row.get("mode");
    let mut modes = rule.modes.iter().enumerate();
    let found = modes.find(|(_, mode)| Some(mode.word.as_str()) == word);
    Ok(found.map(|(rank, mode)| Stay {
        mode,
        days: row.list("days").map(str::to_owned).collect(),
        rank,
    }))
}

/// Of several units one that is there; of those alike the one whose mode comes first, and of equals the nearest.
pub(crate) fn first(
    config: &Config,
    case: &Case,
    units: Vec<Unit>,
) -> Result<Option<(Unit, bool)>, PluginError> {
    let mut best: Option<((bool, usize), Unit, bool)> = None;
    for unit in units {
        let stay = stay(config, case, &unit.id)?;
        let here = stay.as_ref().is_some_and(|stay| stay.is_here(case.as_of));
        let rank = stay.map_or(usize::MAX, |stay| stay.rank);
        let order = (!here, rank);
        if best.as_ref().is_none_or(|(least, ..)| order < *least) {
            best = Some((order, unit, here));
        }
    }
    Ok(best.map(|(_, unit, here)| (unit, here)))
}
