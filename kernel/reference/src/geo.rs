//! Points in microdegrees and distances in whole metres, computed with integers alone so that every machine gets the same.

use fengqiao_core::matter::Point;

use crate::error::Reason;

/// A degree in microdegrees.
const DEGREE: i64 = 1_000_000;

/// Nanometres in a metre: a microdegree times millimetres a degree is nanometres.
const NANOMETRES: u128 = 1_000_000_000;

/// What a point of this country lies in, in microdegrees, islands and all; whatever is outside was mistyped.
const EAST: std::ops::RangeInclusive<i32> = 73_000_000..=136_000_000;
const NORTH: std::ops::RangeInclusive<i32> = 3_000_000..=54_000_000;

/// The distance in metres, rounded up: two points are within 500 m exactly when this is at most 500.
///
/// On the ellipsoid, with the lengths of a degree at the middle latitude: exact to centimetres at a walk's length, and
/// to a thousandth at the width of a province.
#[must_use]
pub fn metres(one: Point, other: Point) -> u32 {
    let (lat_one, lat_other) = (
        i64::from(one.lat_microdegrees),
        i64::from(other.lat_microdegrees),
    );
    let middle = i64::midpoint(lat_one, lat_other);
    let north = (lat_one - lat_other).unsigned_abs();
    let east = (i64::from(one.lon_microdegrees) - i64::from(other.lon_microdegrees)).unsigned_abs();
    let north = u128::from(north) * u128::from(degree_of_latitude(middle));
    let east = u128::from(east) * u128::from(degree_of_longitude(middle));
    let nanometres = (north * north + east * east).isqrt();
    u32::try_from(nanometres.div_ceil(NANOMETRES)).unwrap_or(u32::MAX)
}

/// The south-west and north-east corners of a box around everything within `metres` of a point.
pub(crate) fn around(point: Point, metres: u32) -> (Point, Point) {
    // The box is cut at the latitude nearest the pole, where a degree of longitude is shortest; a hundredth is added.
    let reach = u64::from(metres) * 1_010;
    let lat = i64::from(point.lat_microdegrees);
    let north = span(reach, degree_of_latitude(lat));
    let pole = (lat.abs() + north).min(89 * DEGREE);
    let east = span(reach, degree_of_longitude(pole));
    let lon = i64::from(point.lon_microdegrees);
    (at(lon - east, lat - north), at(lon + east, lat + north))
}

/// Millimetres in microdegrees, rounded up.
fn span(millimetres: u64, millimetres_a_degree: u64) -> i64 {
    let microdegrees =
        (u128::from(millimetres) * 1_000_000).div_ceil(u128::from(millimetres_a_degree.max(1)));
    i64::try_from(microdegrees)
        .unwrap_or(i64::MAX)
        .min(360 * DEGREE)
}

fn at(lon: i64, lat: i64) -> Point {
    let narrow = |microdegrees: i64| {
        i32::try_from(microdegrees).unwrap_or(if microdegrees < 0 { i32::MIN } else { i32::MAX })
    };
    Point {
        lon_microdegrees: narrow(lon),
        lat_microdegrees: narrow(lat),
    }
}

/// Millimetres of a degree of latitude there (WGS84).
fn degree_of_latitude(lat: i64) -> u64 {
    let length = 111_132_954 - scaled(559_822, 2 * lat) + scaled(1_175, 4 * lat);
    length.unsigned_abs()
}

/// Millimetres of a degree of longitude there (WGS84).
fn degree_of_longitude(lat: i64) -> u64 {
    let length = scaled(111_412_840, lat) - scaled(93_500, 3 * lat) + scaled(118, 5 * lat);
    length.unsigned_abs()
}

fn scaled(length: i64, angle: i64) -> i64 {
    length * cosine(angle) / 1_000_000_000
}

/// The cosine in billionths of an angle in microdegrees; between whole degrees on a straight line, at most 0.00004 below.
fn cosine(angle: i64) -> i64 {
    let turn = angle.rem_euclid(360 * DEGREE);
    let half = turn.min(360 * DEGREE - turn);
    if half > 90 * DEGREE {
        -quarter(180 * DEGREE - half)
    } else {
        quarter(half)
    }
}

fn quarter(angle: i64) -> i64 {
    let degree = usize::try_from(angle / DEGREE).unwrap_or_default();
    let here = COSINES.get(degree).copied().unwrap_or_default();
    let next = COSINES.get(degree + 1).copied().unwrap_or_default();
    here + (next - here) * (angle % DEGREE) / DEGREE
}

/// Reads degrees as people write them (`113.912316`) into microdegrees; further digits are rounded.
pub(crate) fn microdegrees(field: &'static str, text: &str) -> Result<i32, Reason> {
    let bad = || Reason::BadValue {
        field: field.to_owned(),
        value: text.to_owned(),
        wanted: "应为十进制度数，例如 113.912316",
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || decimals.len() > 20
        || !digits(whole)
        || !digits(decimals)
    {
        return Err(bad());
    }
    let seven: String = decimals.chars().chain("0000000".chars()).take(7).collect();
    let tenths: i64 = format!("{whole}{seven}").parse().map_err(|_| bad())?;
    i32::try_from((tenths + 5) / 10).map_err(|_| bad())
}

/// A point of this country, or what is probably wrong with it.
pub(crate) fn in_the_country(point: Point) -> Result<Point, Reason> {
    if EAST.contains(&point.lon_microdegrees) && NORTH.contains(&point.lat_microdegrees) {
        return Ok(point);
    }
    Err(Reason::BadValue {
        field: "lon、lat".to_owned(),
        value: format!("{}, {}", point.lon_microdegrees, point.lat_microdegrees),
        wanted: "这个点不在国内：请核对经度、纬度是否写反",
    })
}

/// Cosines of whole degrees, 0 to 90, in billionths.
#[rustfmt::skip]
const COSINES: [i64; 91] = [
    1_000_000_000, 999_847_695, 999_390_827, 998_629_535, 997_564_050, 996_194_698, 994_521_895,
    992_546_152, 990_268_069, 987_688_341, 984_807_753, 981_627_183, 978_147_601, 974_370_065,
    970_295_726, 965_925_826, 961_261_696, 956_304_756, 951_056_516, 945_518_576, 939_692_621,
    933_580_426, 927_183_855, 920_504_853, 913_545_458, 906_307_787, 898_794_046, 891_006_524,
    882_947_593, 874_619_707, 866_025_404, 857_167_301, 848_048_096, 838_670_568, 829_037_573,
    819_152_044, 809_016_994, 798_635_510, 788_010_754, 777_145_961, 766_044_443, 754_709_580,
    743_144_825, 731_353_702, 719_339_800, 707_106_781, 694_658_370, 681_998_360, 669_130_606,
    656_059_029, 642_787_610, 629_320_391, 615_661_475, 601_815_023, 587_785_252, 573_576_436,
    559_192_903, 544_639_035, 529_919_264, 515_038_075, 500_000_000, 484_809_620, 469_471_563,
    453_990_500, 438_371_147, 422_618_262, 406_736_643, 390_731_128, 374_606_593, 358_367_950,
    342_020_143, 325_568_154, 309_016_994, 292_371_705, 275_637_356, 258_819_045, 241_921_896,
    224_951_054, 207_911_691, 190_808_995, 173_648_178, 156_434_465, 139_173_101, 121_869_343,
    104_528_463, 87_155_743, 69_756_474, 52_335_956, 34_899_497, 17_452_406, 0,
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_degree_is_as_long_as_the_tables_of_the_ellipsoid_say() {
        // Metres a degree at 0, 30 and 60 degrees north (WGS84), as they are published.
        let published = [
            (0, 110_574, 111_320),
            (30, 110_852, 96_486),
            (60, 111_412, 55_800),
        ];
        for (lat, latitude, longitude) in published {
            let lat = lat * DEGREE;
            assert_eq!(degree_of_latitude(lat) / 1_000, latitude);
            assert!(degree_of_longitude(lat).abs_diff(longitude * 1_000) < 6_000);
        }
    }

    #[test]
    fn a_distance_is_rounded_up() {
        let here = at(114_000_000, 22_600_000);
        assert_eq!(metres(here, here), 0);
        assert_eq!(metres(here, at(114_000_000, 22_600_001)), 1);
    }

    #[test]
    fn everything_within_reach_lies_in_the_box_around_a_point() {
        let here = at(114_000_000, 22_600_000);
        let (low, high) = around(here, 500);
        for corner in [low, high] {
            let east = at(i64::from(corner.lon_microdegrees), 22_600_000);
            let north = at(114_000_000, i64::from(corner.lat_microdegrees));
            assert!((500..520).contains(&metres(here, east)));
            assert!((500..520).contains(&metres(here, north)));
        }
    }

    #[test]
    fn degrees_are_read_digit_by_digit() {
        for (text, expected) in [
            ("113.912316", 113_912_316),
            ("22.5438475", 22_543_848),
            ("22", 22_000_000),
            ("0.1", 100_000),
        ] {
            assert_eq!(microdegrees("lon", text), Ok(expected));
        }
        for text in ["", "-1", "1e3", "113,9", "1000.0", "11.1.1"] {
            assert!(microdegrees("lon", text).is_err(), "{text}");
        }
    }
}
