//! Stations on the map: nearest, within, covered, gaps.

use fengqiao_reference::{Datum, Point, Reason, Reference, map, metres};
use proptest::prelude::*;

use crate::code;
use crate::registers::{load, reference};

const SERVICES: &[(&str, &[&str])] = &[
    ("station-kinds", &["工地", "医院"]),
    ("station-services", &["appeal", "law", "mind"]),
];

fn point(lon: i32, lat: i32) -> Point {
    Point {
        lon_microdegrees: lon,
        lat_microdegrees: lat,
    }
}

fn degrees(point: Point) -> String {
    let text = |number: i32| format!("{}.{:06}", number / 1_000_000, number % 1_000_000);
    format!(
        "{},{}",
        text(point.lon_microdegrees),
        text(point.lat_microdegrees)
    )
}

fn stations(rows: &str) -> Result<Reference, fengqiao_reference::DataError> {
    let text = format!("id,division,name,kind,services,lon,lat,datum\n{rows}");
    reference(SERVICES, vec![load("stations", "stations.csv", &text)?])
}

/// About 400 m, 600 m and 3 km east of the point, on the equator's side of the county.
const ROWS: &str = "\
a,990101001000,工地站,工地,appeal;law,114.003889,22.600000,WGS84
b,990101001000,医院站,医院,appeal;mind,114.005830,22.600000,CGCS2000
c,990101002000,远站,医院,law,114.030000,22.600000,WGS84
";

const HERE: Point = Point {
    lon_microdegrees: 114_000_000,
    lat_microdegrees: 22_600_000,
};

#[test]
fn the_nearest_come_first() {
    let reference = stations(ROWS).unwrap();
    let stations = reference.registers().stations().unwrap();
    let found = stations.nearest(HERE, 2, 10_000);
    let found: Vec<_> = found
        .iter()
        .map(|near| (near.station.id(), near.metres))
        .collect();
    assert_eq!(found, [("a", 400), ("b", 600)]);
    assert_eq!(stations.nearest(HERE, 9, 10_000).len(), 3);
    assert_eq!(stations.nearest(HERE, 9, 700).len(), 2);
}

#[test]
fn a_circle_ends_at_its_radius() {
    let reference = stations(ROWS).unwrap();
    let stations = reference.registers().stations().unwrap();
    assert_eq!(stations.within(HERE, 400).len(), 1);
    assert_eq!(stations.within(HERE, 399).len(), 0);
}

#[test]
fn a_service_is_covered_by_a_station_within_its_radius() {
    let reference = stations(ROWS).unwrap();
    let radii = reference.radii(&code("990101001001"));
    let stations = reference.registers().stations().unwrap();
    let covered: Vec<_> = stations.covered(HERE, &radii).into_iter().collect();
    let expected = [("appeal", true), ("law", true), ("mind", false)];
    assert_eq!(
        covered,
        expected.map(|(service, is)| (service.to_owned(), is))
    );
}

#[test]
fn the_gaps_of_given_places_are_listed_and_drawn() {
    let reference = stations(ROWS).unwrap();
    let radii = reference.radii(&code("990101001001"));
    let stations = reference.registers().stations().unwrap();
    let between = point(114_004_800, 22_600_000);
    let places = [("东区".to_owned(), HERE), ("中区".to_owned(), between)];
    let gaps = stations.gaps(&places, &radii);
    let missing: Vec<_> = gaps
        .iter()
        .map(|gap| (gap.name.as_str(), gap.missing.len()))
        .collect();
    assert_eq!(missing, [("东区", 1)]);

    let near = stations
        .iter()
        .filter(|(station, _)| station.division() == "990101001000");
    let drawn = map(near, &gaps);
    let features = drawn["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    assert_eq!(
        features[0]["geometry"]["coordinates"].to_string(),
        "[114.003889,22.6]"
    );
    assert_eq!(features[2]["properties"]["missing"][0], "mind");
}

#[test]
fn a_station_is_where_its_datum_says() {
    let there = Datum::Gcj02.from_wgs84(HERE);
    let row = |datum| format!("a,990101001000,站,工地,law,{},{datum}\n", degrees(there));
    let distance = |datum| {
        let reference = stations(&row(datum)).unwrap();
        let stations = reference.registers().stations().unwrap();
        stations
            .nearest(HERE, 1, 5_000)
            .first()
            .map(|near| near.metres)
    };
    assert!(distance("GCJ-02").is_some_and(|metres| metres <= 1));
    assert!(distance("WGS84").is_some_and(|metres| metres > 300));
}

#[test]
fn a_place_that_is_no_place_is_refused_with_its_line() {
    for (place, words) in [
        ("22.600000,114.003889,WGS84", "是否写反"),
        ("114.003889,22.6,地图", "坐标系应为"),
        ("114.003889,北纬22度,WGS84", "应为十进制度数"),
    ] {
        let error = stations(&format!("a,990101001000,站,工地,law,{place}\n")).unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn a_service_that_the_codebook_does_not_have_is_refused() {
    let error = stations("a,990101001000,站,工地,law;dance,114.0,22.6,WGS84\n").unwrap_err();
    let expected = Reason::NotInCodebook {
        column: "services".to_owned(),
        value: "dance".to_owned(),
    };
    assert_eq!((error.line, *error.reason), (2, expected));
}

#[test]
fn a_rule_is_told_of_at_most_ten_within_five_kilometres() {
    let row = |at: usize| format!("s{at:02},990101001000,站,工地,law,114.0{at:02}000,22.6,WGS84\n");
    let told = |count: usize| {
        let reference = stations(&(0..count).map(row).collect::<String>()).unwrap();
        reference.nearby(HERE, &code("990101001001")).unwrap()
    };
    // Their distances go up in steps of about a hundred metres: the limits cut at ten, and at five kilometres.
    let nearby = told(60);
    assert_eq!(nearby.stations.len(), 10);
    let far = point(114_000_000 - 45_000, 22_600_000);
    let reference = stations(&(0..60).map(row).collect::<String>()).unwrap();
    let nearby = reference.nearby(far, &code("990101001001")).unwrap();
    assert!(nearby.stations.len() < 10);
    assert!(nearby.stations.iter().all(|near| near.metres <= 5_000));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn the_tree_finds_what_looking_at_every_station_finds(
        places in prop::collection::vec((113_900_000..114_100_000, 22_500_000..22_700_000), 1..200),
        here in (113_900_000..114_100_000, 22_500_000..22_700_000),
        radius in 1_u32..20_000,
    ) {
        let here = point(here.0, here.1);
        let places: Vec<Point> = places.into_iter().map(|(lon, lat)| point(lon, lat)).collect();
        let rows: String = places.iter().enumerate()
            .map(|(at, place)| format!("s{at:03},990101001000,站,工地,law,{},WGS84\n", degrees(*place)))
            .collect();
        let reference = stations(&rows).unwrap();
        let stations = reference.registers().stations().unwrap();
        let mut expected: Vec<(u32, usize)> = places.iter().enumerate()
            .map(|(at, place)| (metres(here, *place), at))
            .filter(|(distance, _)| *distance <= radius)
            .collect();
        expected.sort_unstable();
        let found: Vec<(u32, usize)> = stations.within(here, radius).iter()
            .map(|near| (near.metres, near.station.id()[1..].parse().unwrap()))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
