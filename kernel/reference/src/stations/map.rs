//! Stations and gaps as GeoJSON (RFC 7946), in WGS84 as it wants.

use fengqiao_core::matter::Point;
use serde_json::{Number, Value, json};

use super::Gap;
use crate::register::Entry;

/// A map of stations and of the places that lack something.
#[must_use]
pub fn map<'a>(stations: impl Iterator<Item = (Entry<'a>, Point)>, gaps: &[Gap]) -> Value {
    let stations = stations.map(|(station, point)| {
        feature(
            point,
            json!({
                "type": "station",
                "id": station.id(),
                "name": station.get("name"),
                "kind": station.get("kind"),
                "division": station.division(),
                "services": station.list("services").collect::<Vec<_>>(),
            }),
        )
    });
    let gaps = gaps.iter().map(|gap| {
        feature(
            gap.point,
            json!({ "type": "gap", "name": gap.name, "missing": gap.missing }),
        )
    });
    json!({
        "type": "FeatureCollection",
        "features": stations.chain(gaps).collect::<Vec<Value>>(),
    })
}

fn feature(point: Point, properties: Value) -> Value {
    let coordinates = [point.lon_microdegrees, point.lat_microdegrees].map(degrees);
    json!({
        "type": "Feature",
        "geometry": { "type": "Point", "coordinates": coordinates },
        "properties": properties,
    })
}

/// Microdegrees as a number of degrees, written digit by digit.
fn degrees(microdegrees: i32) -> Value {
    let sign = if microdegrees < 0 { "-" } else { "" };
    let (whole, rest) = (
        microdegrees.unsigned_abs() / 1_000_000,
        microdegrees.unsigned_abs() % 1_000_000,
    );
    let number: Result<Number, _> = format!("{sign}{whole}.{rest:06}").parse();
    number.map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_are_written_with_all_their_digits() {
        for (microdegrees, text) in [
            (113_912_316, "113.912316"),
            (22_000_001, "22.000001"),
            (-500_000, "-0.5"),
        ] {
            assert_eq!(degrees(microdegrees).to_string(), text);
        }
    }
}
