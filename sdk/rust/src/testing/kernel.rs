//! The capabilities as the installed fixture answers them, under the names that the contract gives them.

use super::{INSTALLED, Table};

pub(crate) mod directory {
    //! Divisions and units.

    use super::super::cases::path;
    use super::INSTALLED;
    use crate::directory::{Division, Unit};
    use crate::plugin::Denial;

    pub(crate) fn find_unit(id: &str) -> Result<Option<Unit>, Denial> {
        Ok(units(|unit| unit.id == id).pop())
    }

    pub(crate) fn units_for(portfolio: &str, place: &str, limit: u32) -> Result<Vec<Unit>, Denial> {
        let nearest_first = path(place).into_iter().rev();
        let units = nearest_first.flat_map(|division| {
            units(|unit| unit.division == division && unit.has_portfolio(portfolio))
        });
        Ok(units.take(count(limit)).collect())
    }

    pub(crate) fn units_in(division: &str, limit: u32) -> Result<Vec<Unit>, Denial> {
        let units = units(|unit| unit.division == division);
        Ok(units.into_iter().take(count(limit)).collect())
    }

    pub(crate) fn find_division(code: &str) -> Result<Option<Division>, Denial> {
        INSTALLED.with_borrow(|fixture| {
            let mut divisions = fixture.divisions.iter();
            Ok(divisions.find(|division| division.code == code).cloned())
        })
    }

    fn units(wanted: impl Fn(&Unit) -> bool) -> Vec<Unit> {
        INSTALLED.with_borrow(|fixture| {
            let mut units: Vec<_> = fixture
                .units
                .iter()
                .filter(|unit| wanted(unit))
                .cloned()
                .collect();
            units.sort_by(|left, right| left.id.cmp(&right.id));
            units
        })
    }

    fn count(limit: u32) -> usize {
        usize::try_from(limit).unwrap_or(usize::MAX)
    }
}

pub(crate) mod catalogue {
    //! Tables.

    use super::{INSTALLED, Table};
    use crate::plugin::Denial;

    type Row = Vec<(String, String)>;

    pub(crate) fn lookup(name: &str, place: &str, key: &[String]) -> Result<Option<Row>, Denial> {
        Ok(begins(name, place, key, 1)?.pop())
    }

    pub(crate) fn begins(
        name: &str,
        _place: &str,
        key: &[String],
        limit: u32,
    ) -> Result<Vec<Row>, Denial> {
        INSTALLED.with_borrow(|fixture| {
            let table = fixture.catalogues.iter().find(|table| table.name == name);
            let table = table.ok_or_else(|| Denial::Unavailable(format!("没有名录 `{name}`")))?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let rows = table.rows.iter().filter(|row| table.is_under(row, key));
            Ok(rows.take(limit).cloned().collect())
        })
    }

    impl Table {
        fn is_under(&self, row: &Row, key: &[String]) -> bool {
            self.key.iter().zip(key).all(|(column, wanted)| {
                row.iter()
                    .any(|(own, value)| own == column && value == wanted)
            })
        }
    }
}

pub(crate) mod calendar {
    //! Days.

    use super::INSTALLED;
    use crate::calendar::Day;
    use crate::date;
    use crate::plugin::Denial;

    const MS_A_DAY: i64 = 86_400_000;

    pub(crate) fn day_of(date: &str) -> Result<Day, Denial> {
        Ok(day(days(date)?))
    }

    pub(crate) fn add_working_days(date: &str, working_days: u32) -> Result<String, Denial> {
        let mut at = days(date)?;
        for _ in 0..working_days {
            at += 1;
            while day(at) == Day::Rest {
                at += 1;
            }
        }
        Ok(written(at))
    }

    fn day(days: i64) -> Day {
        let date = written(days);
        let is_weekday = days.saturating_add(3).rem_euclid(7) < 5;
        INSTALLED.with_borrow(|fixture| {
            let is_worked = is_weekday && !fixture.days_off.contains(&date)
                || fixture.days_worked.contains(&date);
            if is_worked { Day::Working } else { Day::Rest }
        })
    }

    fn written(days: i64) -> String {
        date::of(days.saturating_mul(MS_A_DAY))
    }

    /// Days since 1970-01-01: a guess that the years' lengths allow, mended by walking.
    fn days(date: &str) -> Result<i64, Denial> {
        let year: Option<i64> = date.get(..4).and_then(|year| year.parse().ok());
        let first = year.map(|year| (year - 1970) * 365);
        let found =
            first.and_then(|first| (first..first + 1000).find(|days| written(*days) == date));
        found.ok_or_else(|| {
            Denial::BadRequest(format!("“{date}”不是日期：请写成 2026-02-14 的形式"))
        })
    }
}
