//! Days of the week.

const WEEK: [&str; 7] = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];

/// The day of the week of a date written `2026-02-14`; none where it is no date.
pub(crate) fn of(date: &str) -> Option<&'static str> {
    let mut parts = date.split('-').map(|part| part.parse::<u32>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = parts.next().is_none()
        && (1900..2200).contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day);
    if !fits {
        return None;
    }
    // Sakamoto: January and February count as months of the year before.
    let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let shift = shift.get(month as usize - 1)?;
    let year = if month < 3 { year - 1 } else { year };
    let index = (year + year / 4 - year / 100 + year / 400 + shift + day) % 7;
    WEEK.get(index as usize).copied()
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_its_day_of_the_week() {
        assert_eq!(of("2024-02-29"), Some("周四"));
        assert_eq!(of("2021-11-01"), Some("周一"));
        assert_eq!(of("2000-01-01"), Some("周六"));
        assert_eq!(of("1970-01-01"), Some("周四"));
    }

    #[test]
    fn what_is_no_date_has_none() {
        for date in [
            "",
            "明天",
            "2023-02-29",
            "2024-13-01",
            "2024-01",
            "2024-01-01-01",
        ] {
            assert_eq!(of(date), None, "{date}");
        }
    }
}
