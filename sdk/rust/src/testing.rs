//! Stands in for the kernel in native tests of rules: cases to ask about, and reference data that answers.
//!
//! ```
//! use fengqiao_sdk::{prelude::*, testing};
//!
//! testing::Fixture::default().unit("u1", "990101000000", &["housing"]).install();
//! assert_eq!(directory::unit_for("housing", "990101001001")?.map(|unit| unit.id), Some("u1".to_owned()));
//! # Ok::<_, PluginError>(())
//! ```

mod cases;
mod kernel;

use std::cell::RefCell;

use crate::case::level_of;
use crate::directory::{Division, Unit};
use crate::log::Level;

pub use cases::{
    assignment, care, case, clock, docket, happened, history, matter, move_by, nearby, place,
    proceeding, reaction, source,
};
pub(crate) use kernel::{calendar, catalogue, directory};

thread_local! {
    static INSTALLED: RefCell<Fixture> = RefCell::default();
    static LINES: RefCell<Vec<(Level, String)>> = const { RefCell::new(Vec::new()) };
}

/// Reference data for one test. A division is what its digits say; a weekday is worked unless the fixture says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Fixture {
    units: Vec<Unit>,
    divisions: Vec<Division>,
    catalogues: Vec<Table>,
    days_off: Vec<String>,
    days_worked: Vec<String>,
}

#[derive(Debug, Clone)]
struct Table {
    name: String,
    key: Vec<String>,
    rows: Vec<Vec<(String, String)>>,
}

impl Fixture {
    /// Adds a department of a division with its portfolios; its name is its identifier.
    #[must_use]
    pub fn unit(self, id: &str, division: &str, portfolios: &[&str]) -> Self {
        self.with_unit(Unit {
            id: id.to_owned(),
            name: id.to_owned(),
            kind: "department".to_owned(),
            division: division.to_owned(),
            portfolios: owned(portfolios),
            parent: None,
            business_parent: None,
        })
    }

    /// Adds a unit as it is.
    #[must_use]
    pub fn with_unit(mut self, unit: Unit) -> Self {
        self.units.push(unit);
        self
    }

    /// Adds a division by its code.
    #[must_use]
    pub fn division(mut self, code: &str, name: &str) -> Self {
        self.divisions.push(Division {
            code: code.to_owned(),
            name: name.to_owned(),
            level: level_of(code),
            parent: cases::path(code).into_iter().rev().nth(1),
        });
        self
    }

    /// Adds a catalogue that holds everywhere: its key columns, all its columns, and its rows in that order.
    #[must_use]
    pub fn catalogue(
        mut self,
        name: &str,
        key: &[&str],
        columns: &[&str],
        rows: &[&[&str]],
    ) -> Self {
        let row = |values: &&[&str]| {
            let cells = columns.iter().zip(values.iter());
            let filled = cells.filter(|(_, value)| !value.is_empty());
            filled
                .map(|(column, value)| ((*column).to_owned(), (*value).to_owned()))
                .collect()
        };
        self.catalogues.push(Table {
            name: name.to_owned(),
            key: owned(key),
            rows: rows.iter().map(row).collect(),
        });
        self
    }

    /// A weekday that isn't worked.
    #[must_use]
    pub fn day_off(mut self, date: &str) -> Self {
        self.days_off.push(date.to_owned());
        self
    }

    /// A Saturday or Sunday that is worked (调休).
    #[must_use]
    pub fn day_worked(mut self, date: &str) -> Self {
        self.days_worked.push(date.to_owned());
        self
    }

    /// Lets it answer on this thread, in the place of what answered before; forgets the lines logged so far.
    pub fn install(self) {
        INSTALLED.set(self);
        LINES.take();
    }
}

/// The lines logged on this thread since the last fixture was installed.
pub fn logged() -> Vec<(Level, String)> {
    LINES.with_borrow(Clone::clone)
}

pub(crate) fn log(level: Level, line: &str) {
    LINES.with_borrow_mut(|lines| lines.push((level, line.to_owned())));
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{calendar, catalogue, directory};

    #[test]
    fn the_nearest_division_answers_first() {
        let fixture = Fixture::default().unit("county", "990101000000", &["housing"]);
        fixture.unit("town", "990101001000", &["housing"]).install();
        let units = directory::units_for("housing", "990101001001").unwrap();
        let ids: Vec<_> = units.iter().map(|unit| unit.id.as_str()).collect();
        assert_eq!(ids, ["town", "county"]);
        assert_eq!(directory::unit_for("water", "990101001001"), Ok(None));
    }

    #[test]
    fn a_catalogue_is_asked_by_its_key_or_the_beginning_of_it() {
        let rows: &[&[&str]] = &[
            &["road", "lamp", "u1", "u2；u3"],
            &["road", "pit", "u4", ""],
        ];
        let columns = ["category", "item", "lead", "assists"];
        let fixture = Fixture::default().catalogue("items", &["category", "item"], &columns, rows);
        fixture.install();
        let lamp = catalogue::lookup("items", "990101001001", &["road", "lamp"])
            .unwrap()
            .unwrap();
        assert_eq!(lamp.get("lead"), Some("u1"));
        assert_eq!(lamp.list("assists").collect::<Vec<_>>(), ["u2", "u3"]);
        assert_eq!(
            catalogue::begins("items", "990101001001", &["road"])
                .unwrap()
                .len(),
            2
        );
        assert!(catalogue::lookup("other", "990101001001", &["road"]).is_err());
    }

    #[test]
    fn a_day_off_is_skipped_and_a_make_up_day_is_worked() {
        let fixture = Fixture::default()
            .day_off("2026-02-16")
            .day_worked("2026-02-14");
        fixture.install();
        assert_eq!(calendar::day_of("2026-02-14"), Ok(calendar::Day::Working));
        assert_eq!(calendar::day_of("2026-02-15"), Ok(calendar::Day::Rest));
        let due = calendar::add_working_days("2026-02-13", 2);
        assert_eq!(due, Ok("2026-02-17".to_owned()));
        assert!(calendar::day_of("2026-02-30").is_err());
    }

    #[test]
    fn a_line_is_kept_until_the_next_fixture() {
        Fixture::default().install();
        crate::log::info!("{} 条", 2);
        assert_eq!(logged(), [(Level::Info, "2 条".to_owned())]);
        Fixture::default().install();
        assert!(logged().is_empty());
    }
}
