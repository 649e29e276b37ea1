//! Reference data in memory: divisions, units, catalogues and registers, each loaded whole or not at all, versioned and indexed.
//!
//! A [`Reference`] is one immutable snapshot. Whoever reloads data builds the next snapshot beside
//! the one in force and swaps them, so that a question is always answered from one version.

mod catalogue;
mod cell;
mod datum;
mod digest;
mod divisions;
mod error;
mod geo;
pub mod limits;
mod register;
mod registers;
mod snapshot;
mod source;
mod stations;
mod table;
mod units;
mod validity;

pub use catalogue::{Catalogue, CatalogueHead, Codebook, OneLead, OneRow, Row};
pub use datum::Datum;
pub use divisions::{Division, Divisions, Page};
pub use error::{DataError, Origin, Reason};
pub use geo::metres;
pub use register::{Column, Entry, Holds, KINDS, Kind, Register, kind, read_point};
pub use registers::Registers;
pub use snapshot::Reference;
pub use source::Source;
pub use stations::{Gap, Near, NearStation, Nearby, Radii, SERVICES, Stations, map};
pub use units::{Unit, Units};

pub use fengqiao_core::ids::{DivisionCode, Level, UnitId};
pub use fengqiao_core::matter::Point;
