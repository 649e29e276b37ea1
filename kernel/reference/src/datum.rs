//! What a longitude and a latitude refer to. The published formulas need trigonometry, so this file, and no other, has floats.
//!
//! `libm` computes alike on every machine, and results are rounded to microdegrees (0.1 m), so that a point that was
//! read is the same point everywhere. The offsets between datums are as large as a 500 m circle.
#![allow(
    clippy::float_arithmetic,
    reason = "the published formulas of GCJ-02 and BD-09 are trigonometric; what leaves this file is whole microdegrees"
)]

use std::f64::consts::PI;

use fengqiao_core::matter::Point;
use serde::{Deserialize, Serialize};

/// The datum of a point, as the file or the sender says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Datum {
    /// What satellite receivers give; the kernel keeps every point in it.
    #[serde(rename = "WGS84")]
    Wgs84,
    /// The national datum (2000 国家大地坐标系): within centimetres of WGS84, and the same for a distance in metres.
    #[serde(rename = "CGCS2000")]
    Cgcs2000,
    /// What most maps of this country show.
    #[serde(rename = "GCJ-02")]
    Gcj02,
    /// What one map service shows: GCJ-02 moved once more.
    #[serde(rename = "BD-09")]
    Bd09,
}

impl Datum {
    /// Every datum, with the word of the column `datum`.
    pub const ALL: [(&'static str, Datum); 4] = [
        ("WGS84", Datum::Wgs84),
        ("CGCS2000", Datum::Cgcs2000),
        ("GCJ-02", Datum::Gcj02),
        ("BD-09", Datum::Bd09),
    ];

    /// The datum of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        let found = Self::ALL.into_iter().find(|(name, _)| *name == word);
        found.map(|(_, datum)| datum)
    }

    /// A point of this datum in WGS84.
    #[must_use]
    pub fn to_wgs84(self, point: Point) -> Point {
        let degrees = degrees(point);
        match self {
            Self::Wgs84 | Self::Cgcs2000 => point,
            Self::Gcj02 => rounded(undo(degrees, gcj_of_wgs)),
            Self::Bd09 => rounded(undo(undo(degrees, bd_of_gcj), gcj_of_wgs)),
        }
    }

    /// A point of WGS84 in this datum.
    #[must_use]
    pub fn from_wgs84(self, point: Point) -> Point {
        let degrees = degrees(point);
        match self {
            Self::Wgs84 | Self::Cgcs2000 => point,
            Self::Gcj02 => rounded(gcj_of_wgs(degrees)),
            Self::Bd09 => rounded(bd_of_gcj(gcj_of_wgs(degrees))),
        }
    }
}

/// Longitude and latitude in degrees.
type Degrees = (f64, f64);

/// The half-axis and the square of the eccentricity of the ellipsoid that GCJ-02 is computed on (Krasovsky 1940).
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;

/// How often a conversion is undone by trying; each round leaves about a thousandth of the error.
const ROUNDS: usize = 8;

fn gcj_of_wgs((lon, lat): Degrees) -> Degrees {
    if !is_moved((lon, lat)) {
        return (lon, lat);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let root = libm::sqrt(libm::fabs(x));
    let waves = 20.0 * (libm::sin(6.0 * x * PI) + libm::sin(2.0 * x * PI));
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + (waves
            + 20.0 * libm::sin(y * PI)
            + 40.0 * libm::sin(y / 3.0 * PI)
            + 160.0 * libm::sin(y / 12.0 * PI)
            + 320.0 * libm::sin(y * PI / 30.0))
            * 2.0
            / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + (waves
            + 20.0 * libm::sin(x * PI)
            + 40.0 * libm::sin(x / 3.0 * PI)
            + 150.0 * libm::sin(x / 12.0 * PI)
            + 300.0 * libm::sin(x / 30.0 * PI))
            * 2.0
            / 3.0;
    let angle = lat / 180.0 * PI;
    let sine = libm::sin(angle);
    let magic = 1.0 - ECCENTRICITY * sine * sine;
    let root = libm::sqrt(magic);
    let meridian = AXIS * (1.0 - ECCENTRICITY) / (magic * root) * PI / 180.0;
    let parallel = AXIS / root * libm::cos(angle) * PI / 180.0;
    (lon + east / parallel, lat + north / meridian)
}

/// The published formula moves only what lies in this rectangle.
fn is_moved((lon, lat): Degrees) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

fn bd_of_gcj((lon, lat): Degrees) -> Degrees {
    let turn = PI * 3000.0 / 180.0;
    let radius = libm::sqrt(lon * lon + lat * lat) + 0.000_02 * libm::sin(lat * turn);
    let angle = libm::atan2(lat, lon) + 0.000_003 * libm::cos(lon * turn);
    (
        radius * libm::cos(angle) + 0.0065,
        radius * libm::sin(angle) + 0.006,
    )
}

/// The point that `forward` moves here. There is no published inverse that is exact, so the error is taken off again and again.
fn undo(target: Degrees, forward: fn(Degrees) -> Degrees) -> Degrees {
    let mut guess = target;
    for _ in 0..ROUNDS {
        let moved = forward(guess);
        guess = (guess.0 + target.0 - moved.0, guess.1 + target.1 - moved.1);
    }
    guess
}

fn degrees(point: Point) -> Degrees {
    (
        f64::from(point.lon_microdegrees) / 1e6,
        f64::from(point.lat_microdegrees) / 1e6,
    )
}

fn rounded((lon, lat): Degrees) -> Point {
    let microdegrees = |degrees: f64| {
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a degree times a million fits; a cast saturates"
        )]
        let whole = libm::round(degrees * 1e6) as i32;
        whole
    };
    Point {
        lon_microdegrees: microdegrees(lon),
        lat_microdegrees: microdegrees(lat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::metres;

    fn point(lon: i32, lat: i32) -> Point {
        Point {
            lon_microdegrees: lon,
            lat_microdegrees: lat,
        }
    }

    /// Points in WGS84 and GCJ-02 that the public libraries for these datums publish as their test values.
    const PUBLISHED: [(Point, Point); 4] = [
        pair(121_527_211, 31_177_428, 121_531_542, 31_175_304),
        pair(113_912_316, 22_543_847, 113_917_176, 22_540_796),
        pair(116_377_817, 39_911_954, 116_384_047, 39_913_345),
        pair(116_404_000, 39_915_000, 116_410_244, 39_916_404),
    ];

    const fn pair(lon: i32, lat: i32, gcj_lon: i32, gcj_lat: i32) -> (Point, Point) {
        let wgs = Point {
            lon_microdegrees: lon,
            lat_microdegrees: lat,
        };
        let gcj = Point {
            lon_microdegrees: gcj_lon,
            lat_microdegrees: gcj_lat,
        };
        (wgs, gcj)
    }

    #[test]
    fn published_points_are_converted_as_published() {
        for (wgs, gcj) in PUBLISHED {
            assert!(metres(Datum::Gcj02.from_wgs84(wgs), gcj) <= 1, "{wgs:?}");
            assert!(metres(Datum::Gcj02.to_wgs84(gcj), wgs) <= 1, "{gcj:?}");
        }
        // 116.404, 39.915 in GCJ-02 is published as 116.410369, 39.921337 in BD-09.
        let (gcj, bd) = (
            point(116_404_000, 39_915_000),
            point(116_410_369, 39_921_337),
        );
        let wgs = Datum::Gcj02.to_wgs84(gcj);
        assert!(metres(Datum::Bd09.from_wgs84(wgs), bd) <= 1);
        assert!(metres(Datum::Bd09.to_wgs84(bd), wgs) <= 1);
    }

    #[test]
    fn there_and_back_is_the_same_point_to_a_metre() {
        for datum in [Datum::Wgs84, Datum::Cgcs2000, Datum::Gcj02, Datum::Bd09] {
            for lon in (74_000_000..135_000_000).step_by(1_700_000) {
                for lat in (18_000_000..54_000_000).step_by(1_300_000) {
                    let here = point(lon, lat);
                    let there = datum.to_wgs84(datum.from_wgs84(here));
                    assert!(metres(here, there) <= 1, "{datum:?} {here:?} {there:?}");
                }
            }
        }
    }

    #[test]
    fn datums_lie_as_far_apart_as_a_circle_is_wide() {
        let here = point(114_057_868, 22_543_099);
        assert!((300..800).contains(&metres(here, Datum::Gcj02.from_wgs84(here))));
        assert!((300..1_500).contains(&metres(here, Datum::Bd09.from_wgs84(here))));
    }
}
