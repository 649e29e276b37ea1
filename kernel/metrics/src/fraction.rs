//! Exact fractions; decimal places come into being only where a number is shown.

use std::fmt;

use serde::Serialize;

/// A count over a count above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Fraction {
    above: u64,
    below: u64,
}

impl Fraction {
    /// Nothing over zero.
    pub fn new(above: u64, below: u64) -> Option<Self> {
        (below > 0).then_some(Self { above, below })
    }

    /// The count above.
    pub fn above(self) -> u64 {
        self.above
    }

    /// The count below.
    pub fn below(self) -> u64 {
        self.below
    }

    /// In per cent, rounded half up to decimal places.
    pub fn percent(self, places: Places) -> Percent {
        Percent::of(i128::from(self.above), self.below, places)
    }

    /// By how much the count above is more than the one below, in per cent of the one below.
    pub fn change(self, places: Places) -> Percent {
        Percent::of(
            i128::from(self.above) - i128::from(self.below),
            self.below,
            places,
        )
    }

    /// Whether it is at least so many thousandths.
    pub fn is_at_least_permille(self, permille: u32) -> bool {
        u128::from(self.above) * 1_000 >= u128::from(self.below) * u128::from(permille)
    }
}

/// How many decimal places are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is its number")]
pub enum Places {
    Zero,
    One,
    Two,
    Six,
}

impl Places {
    fn digits(self) -> usize {
        match self {
            Places::Zero => 0,
            Places::One => 1,
            Places::Two => 2,
            Places::Six => 6,
        }
    }

    fn scale(self) -> u128 {
        match self {
            Places::Zero => 1,
            Places::One => 10,
            Places::Two => 100,
            Places::Six => 1_000_000,
        }
    }
}

/// A rounded number of per cent, to be shown and not to be reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Percent {
    negative: bool,
    units: u128,
    places: Places,
}

impl Percent {
    /// Half up by the size of the number: 0.5 becomes 1, −0.5 becomes −1.
    fn of(above: i128, below: u64, places: Places) -> Self {
        let (size, below) = (above.unsigned_abs(), u128::from(below));
        let twice = size * 100 * places.scale() * 2;
        let units = (twice + below) / (below * 2);
        Self {
            negative: above < 0 && units > 0,
            units,
            places,
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.negative, f.sign_plus()) {
            (true, _) => "-",
            (false, true) => "+",
            (false, false) => "",
        };
        let (whole, rest) = (
            self.units / self.places.scale(),
            self.units % self.places.scale(),
        );
        let digits = self.places.digits();
        if digits == 0 {
            write!(f, "{sign}{whole}%")
        } else {
            write!(f, "{sign}{whole}.{rest:0digits$}%")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(above: u64, below: u64, places: Places) -> String {
        Fraction::new(above, below)
            .unwrap()
            .percent(places)
            .to_string()
    }

    #[test]
    fn a_half_is_rounded_up() {
        assert_eq!(shown(1, 200, Places::Zero), "1%");
        assert_eq!(shown(1, 201, Places::Zero), "0%");
        assert_eq!(shown(1, 8, Places::Two), "12.50%");
        assert_eq!(shown(1, 16, Places::One), "6.3%");
        assert_eq!(shown(99_995, 100_000, Places::Two), "100.00%");
    }

    #[test]
    fn a_change_has_its_sign_and_rounds_by_its_size() {
        let change = |above, below| Fraction::new(above, below).unwrap().change(Places::Zero);
        assert_eq!(format!("{:+}", change(199, 200)), "-1%");
        assert_eq!(format!("{:+}", change(201, 200)), "+1%");
        assert_eq!(format!("{}", change(1_999, 2_000)), "0%");
    }

    #[test]
    fn the_largest_counts_do_not_overflow() {
        assert_eq!(shown(u64::MAX, u64::MAX, Places::Six), "100.000000%");
        assert_eq!(shown(u64::MAX, 1, Places::Zero), "1844674407370955161500%");
    }

    #[test]
    fn nothing_is_over_zero() {
        assert_eq!(Fraction::new(1, 0), None);
    }
}
