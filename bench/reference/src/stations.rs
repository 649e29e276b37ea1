//! Stations within 500 m, beside the distance to every station. One station a square of 200 m, however many there are.

use std::sync::Arc;

use anyhow::Result;
use fengqiao_reference::{Point, Register, Registers, Source, kind, metres};

use crate::measure::{line, mixed, once};

/// Microdegrees between two stations, about 200 m.
const STEP: usize = 1_900;

pub fn measure(rounds: usize) -> Result<()> {
    for size in [10_000_usize, 100_000, 1_000_000] {
        let side = size.isqrt();
        let place = |at: usize| {
            let moved = |axis: usize, salt: usize| axis * STEP + mixed(at * 2 + salt) % STEP;
            Point {
                lon_microdegrees: 110_000_000 + number(moved(at % side, 0)),
                lat_microdegrees: 24_000_000 + number(moved(at / side, 1)),
            }
        };
        let points: Vec<Point> = (0..size).map(place).collect();
        let mut text = String::from("id,division,name,kind,services,lon,lat,datum\n");
        for (at, point) in points.iter().enumerate() {
            let (lon, lat) = (
                degrees(point.lon_microdegrees),
                degrees(point.lat_microdegrees),
            );
            text += &format!("s{at:07},110101001000,站,k,a;b,{lon},{lat},WGS84\n");
        }
        let day = jiff::civil::date(2024, 1, 1);
        let stations = kind("stations").map(|kind| {
            once("  loading the stations", size, || {
                Register::load(kind, &[Source::new("stations.csv", &text)], day)
            })
        });
        let Some(register) = stations.transpose()? else {
            continue;
        };
        let registers = once("  indexing them", size, || {
            Registers::new([Arc::new(register)], &Registers::default())
        });
        let Some(stations) = registers.stations() else {
            continue;
        };
        let asked = |question: usize| points[mixed(question) % points.len()];
        let plain = |question: usize| {
            let here = asked(question);
            let near = points.iter().filter(|there| metres(here, **there) <= 500);
            near.count()
        };
        for question in 0..5 {
            assert_eq!(stations.within(asked(question), 500).len(), plain(question));
        }
        let kernel = |question| stations.within(asked(question), 500).len();
        line(
            "stations within 500 m",
            size,
            rounds,
            Box::new(kernel),
            Box::new(plain),
        );
    }
    Ok(())
}

fn number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn degrees(microdegrees: i32) -> String {
    format!(
        "{}.{:06}",
        microdegrees / 1_000_000,
        microdegrees % 1_000_000
    )
}
