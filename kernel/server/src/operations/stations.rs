//! `/v1/stations/…`: which service stations are near, where services are missing, and both on a map.

use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{NearStation, Point, Reason, Stations, map, read_point};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Params};
use crate::limits::{MAX_POINTS, MAX_WITHIN_METRES};
use crate::operation::{Body, Group, Operation};
use crate::pages::limit;
use crate::problem::Problem;
use crate::schemas::{Anything, Rows};

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::read::<Rows>(
            Group::Reference,
            "/v1/stations/near",
            "near-stations",
            "附近的服务站点",
            || get(near),
        )
        .with("lon", "经度，十进制度数")
        .with("lat", "纬度，十进制度数")
        .with("datum", "坐标系：WGS84、CGCS2000、GCJ-02、BD-09；不写为 WGS84")
        .with("within", "多少米以内，最多 50000；不写为 5000")
        .with("place", "所在区划；写了就答复各项服务是否覆盖")
        .with("limit", "行数，最多 200"),
        Operation {
            method: Method::POST,
            request: Some(Body::json::<Anything>()),
            ..Operation::read::<Anything>(
                Group::Reference,
                "/v1/stations/gaps",
                "station-gaps",
                "服务圈空白与地图",
                || post(gaps),
            )
        }
        .note("给出一个区划和若干地点，答复哪些地点缺哪些服务，以及站点和空白的地图（GeoJSON）；不改变任何数据。"),
    ]
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Near {
    lon: String,
    lat: String,
    #[serde(default = "wgs84")]
    datum: String,
    #[serde(default = "five_kilometres")]
    within: u32,
    place: Option<DivisionCode>,
    limit: Option<u32>,
}

fn wgs84() -> String {
    "WGS84".to_owned()
}

fn five_kilometres() -> u32 {
    fengqiao_reference::limits::NEARBY_METRES
}

async fn near(State(app): State<Shared>, Params(query): Params<Near>) -> Result<Response, Problem> {
    let point = point(&query.lon, &query.lat, &query.datum)?;
    let within = query.within.min(MAX_WITHIN_METRES);
    let most = usize::try_from(limit(query.limit)).unwrap_or(usize::MAX);
    let reference = app.kernel.reference();
    let stations = reference.registers().stations();
    let rows = stations.map(|stations| {
        let near = stations.nearest(point, most, within);
        near.iter().map(NearStation::of).collect::<Vec<_>>()
    });
    let covered = query.place.as_ref().and_then(|place| {
        let radii = reference.radii(place);
        stations.map(|stations| stations.covered(point, &radii))
    });
    Ok(ok(
        &json!({ "rows": rows.unwrap_or_default(), "next": null, "covered": covered }),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    division: DivisionCode,
    #[serde(default = "wgs84")]
    datum: String,
    points: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
    lon: String,
    lat: String,
}

async fn gaps(
    State(app): State<Shared>,
    Document { value: asked, .. }: Document<Asked>,
) -> Result<Response, Problem> {
    if asked.points.len() > MAX_POINTS {
        return Err(Problem::invalid_parameter(
            "points",
            "一次最多 5000 个地点，请分几次",
        ));
    }
    let reference = app.kernel.reference();
    if reference.divisions().get(&asked.division).is_none() {
        return Err(Problem::no_such("division", asked.division.as_str()));
    }
    let places = asked.points.into_iter();
    let places: Vec<(String, Point)> = places
        .map(|named| Ok((named.name, point(&named.lon, &named.lat, &asked.datum)?)))
        .collect::<Result<_, Problem>>()?;
    let radii = reference.radii(&asked.division);
    let stations = reference.registers().stations();
    let gaps = stations.map(|stations| stations.gaps(&places, &radii));
    let gaps = gaps.unwrap_or_default();
    let lies = |code: &str| {
        let own: Result<DivisionCode, _> = code.parse();
        own.is_ok_and(|own| asked.division.contains(&own))
    };
    let drawn = stations.into_iter().flat_map(Stations::iter);
    let drawn = drawn.filter(|(station, _)| lies(station.division()));
    let map: Value = map(drawn, &gaps);
    Ok(ok(&json!({ "gaps": gaps, "map": map })))
}

fn point(lon: &str, lat: &str, datum: &str) -> Result<Point, Problem> {
    read_point(lon, lat, datum).map_err(|reason: Reason| {
        Problem::invalid_parameter("lon、lat、datum", &reason.to_string())
    })
}
