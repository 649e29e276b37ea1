//! Chinese dates of the kernel's times. China has kept UTC+8 without summer time since 1992.

const OFFSET_MS: i64 = 8 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// The date in China at a time in milliseconds since 1970 UTC, written `2026-02-14`.
pub fn of(time_ms: i64) -> String {
    let (year, month, day) = civil(time_ms.saturating_add(OFFSET_MS).div_euclid(DAY_MS));
    format!("{year:04}-{month:02}-{day:02}")
}

/// The month in China at a time, written `2026-02`: what cards and scores are counted by.
pub fn month_of(time_ms: i64) -> String {
    let (year, month, _) = civil(time_ms.saturating_add(OFFSET_MS).div_euclid(DAY_MS));
    format!("{year:04}-{month:02}")
}

/// Year, month and day of a count of days since 1970-01-01, in the Gregorian calendar.
///
/// Counts in years that begin in March, so that the leap day is a year's last.
pub(crate) fn civil(days: i64) -> (i64, i64, i64) {
    const ERA_DAYS: i64 = 146_097;
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(ERA_DAYS);
    let day_of_era = shifted.rem_euclid(ERA_DAYS);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 {
        march_month + 3
    } else {
        march_month - 9
    };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        assert_eq!(of(1_771_084_799_999), "2026-02-14");
        assert_eq!(of(1_771_084_800_000), "2026-02-15");
        assert_eq!(month_of(0), "1970-01");
    }

    #[test]
    fn the_last_of_february_is_found_in_every_kind_of_year() {
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(20_148), (2025, 3, 1));
        assert_eq!(civil(-1), (1969, 12, 31));
    }
}
