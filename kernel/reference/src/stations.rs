//! Service stations on the map: the nearest, those within a radius, what a point is covered by, and where the gaps are.

mod map;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fengqiao_core::matter::Point;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use serde::Serialize;

use crate::geo::{around, metres};
use crate::limits::{MAX_NEARBY, NEARBY_METRES};
use crate::register::{Entry, Register, station_point};

pub use map::map;

/// The catalogue whose rows are the services of a circle: its first key column their codes, `within-m` their radius in metres.
pub const SERVICES: &str = "station-services";

/// The column of the radius.
pub(crate) const RADIUS: &str = "within-m";

/// The radius of the first search, doubled until enough is found.
const FIRST_METRES: u32 = 500;

/// The stations of a register, found by place.
#[derive(Debug, Clone)]
pub struct Stations {
    register: Arc<Register>,
    /// Longitude and latitude, and the position in the register's order.
    tree: RTree<GeomWithData<[i64; 2], u32>>,
    /// Where each is, in WGS84, in the register's order.
    points: Vec<Point>,
}

/// A station and how far it is.
#[derive(Debug, Clone, Copy)]
pub struct Near<'a> {
    /// The station.
    pub station: Entry<'a>,
    /// Where it is, in WGS84.
    pub point: Point,
    /// Its distance, rounded up.
    pub metres: u32,
}

/// What a rule is told of a place: the nearest stations, and which services have one within their radius.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nearby {
    /// The nearest first; at most [`MAX_NEARBY`] within [`NEARBY_METRES`].
    pub stations: Vec<NearStation>,
    /// By the code of each service that the place's catalogue has.
    pub covered: BTreeMap<String, bool>,
}

/// A station as a rule sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearStation {
    /// Its identifier.
    pub id: String,
    /// Its kind, a word of the jurisdiction.
    pub kind: String,
    /// Its division.
    pub division: String,
    /// The unit that runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Its services.
    pub services: Vec<String>,
    /// How far it is in metres, rounded up.
    pub metres: u32,
}

/// A place and the services that have no station within their radius of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What people call the place.
    pub name: String,
    /// Where it is, in WGS84.
    #[serde(skip)]
    pub point: Point,
    /// The codes of the services that are missing.
    pub missing: BTreeSet<String>,
}

/// The services of a place, with the radius of each in metres.
pub type Radii = BTreeMap<String, u32>;

impl Stations {
    pub(crate) fn of(register: Arc<Register>) -> Self {
        let point = |row: Entry<'_>| {
            let read = station_point(&|column| row.get(column).map(str::to_owned));
            // A row that can't be read was refused by the loader.
            read.unwrap_or(Point {
                lon_microdegrees: 0,
                lat_microdegrees: 0,
            })
        };
        let points: Vec<Point> = register.iter().map(point).collect();
        let leaves = points.iter().zip(0..);
        let leaves = leaves.map(|(point, at)| GeomWithData::new(corner(*point), at));
        Self {
            tree: RTree::bulk_load(leaves.collect()),
            points,
            register,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// All within a radius, the nearest first, then by division and identifier.
    #[must_use]
    pub fn within(&self, point: Point, radius: u32) -> Vec<Near<'_>> {
        let (low, high) = around(point, radius);
        let bounds = AABB::from_corners(corner(low), corner(high));
        let mut found: Vec<(u32, u32)> = self
            .tree
            .locate_in_envelope(bounds)
            .filter_map(|leaf| {
                Some((
                    metres(point, *self.points.get(leaf.data as usize)?),
                    leaf.data,
                ))
            })
            .filter(|(distance, _)| *distance <= radius)
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .filter_map(|(metres, at)| {
                Some(Near {
                    station: self.register.nth(at as usize)?,
                    point: *self.points.get(at as usize)?,
                    metres,
                })
            })
            .collect()
    }

    /// The nearest, at most so many and within a radius.
    #[must_use]
    pub fn nearest(&self, point: Point, most: usize, radius: u32) -> Vec<Near<'_>> {
        let mut reach = FIRST_METRES.min(radius);
        let mut found = self.within(point, reach);
        while found.len() < most && reach < radius {
            reach = reach.saturating_mul(2).min(radius);
            found = self.within(point, reach);
        }
        found.truncate(most);
        found
    }

    /// Which services have a station within their radius of a point.
    #[must_use]
    pub fn covered(&self, point: Point, radii: &Radii) -> BTreeMap<String, bool> {
        let widest = radii.values().max().copied().unwrap_or_default();
        let near = self.within(point, widest);
        let is_covered = |service: &str, radius: u32| {
            let mut within = near.iter().take_while(|near| near.metres <= radius);
            within.any(|near| near.station.list("services").any(|own| own == service))
        };
        radii
            .iter()
            .map(|(service, radius)| (service.clone(), is_covered(service, *radius)))
            .collect()
    }

    /// Of these places, those where a service has no station within its radius.
    #[must_use]
    pub fn gaps(&self, places: &[(String, Point)], radii: &Radii) -> Vec<Gap> {
        let gap = |(name, point): &(String, Point)| {
            let covered = self.covered(*point, radii);
            let missing = covered.into_iter().filter(|(_, covered)| !covered);
            Gap {
                name: name.clone(),
                point: *point,
                missing: missing.map(|(service, _)| service).collect(),
            }
        };
        let gaps = places.iter().map(gap);
        gaps.filter(|gap| !gap.missing.is_empty()).collect()
    }

    /// Every station with where it is, by division, then by identifier.
    pub fn iter(&self) -> impl Iterator<Item = (Entry<'_>, Point)> {
        self.register.iter().zip(self.points.iter().copied())
    }

    /// What a rule is told of a point.
    #[must_use]
    pub fn nearby(&self, point: Point, radii: &Radii) -> Nearby {
        let found = self.nearest(point, MAX_NEARBY, NEARBY_METRES);
        Nearby {
            stations: found.iter().map(NearStation::of).collect(),
            covered: self.covered(point, radii),
        }
    }
}

fn corner(point: Point) -> [i64; 2] {
    [point.lon_microdegrees.into(), point.lat_microdegrees.into()]
}

impl NearStation {
    /// A station as a rule sees it.
    #[must_use]
    pub fn of(near: &Near<'_>) -> Self {
        let text = |column| near.station.get(column).unwrap_or_default().to_owned();
        Self {
            id: text("id"),
            kind: text("kind"),
            division: text("division"),
            unit: near.station.get("unit").map(str::to_owned),
            services: near.station.list("services").map(str::to_owned).collect(),
            metres: near.metres,
        }
    }
}
