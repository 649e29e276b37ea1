//! Reference data: handed in as files, checked as a whole, kept by version, answered from memory.

use std::sync::Arc;

use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{Catalogue, DataError, Divisions, Reference, Source, Unit, Units};

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{ReferenceRow, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::words::sha256;

/// The kinds of files that reference data is made of; a row is named `kind:file`.
pub const KINDS: [&str; 3] = ["divisions", "units", "catalogue"];

/// Why a file of reference data isn't taken; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file, or what it does to the others, isn't right: with file, line and reason.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The file is another division's, or changes units of another one.
    #[error(
        "{what}属于区划 {division}，不在您的管辖范围内：请使用自己的文件名，只写本区划的单位和目录"
    )]
    OutOfReach {
        /// What: a file, a unit or a catalogue, with its name.
        what: String,
        /// Whose.
        division: DivisionCode,
    },
    /// There is no such kind of file.
    #[error("没有名为 `{0}` 的参考数据：可用的有 divisions、units、catalogue")]
    UnknownKind(String),
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// The reference data in force.
    pub fn reference(&self) -> Arc<Reference> {
        self.world().reference
    }

    /// Takes a file in the place of the one of the same kind and name; answers the version of the whole. A file stays
    /// that division's whose it was first: nobody replaces what isn't within their reach, or changes a unit there.
    pub async fn put_reference(
        &self,
        kind: &str,
        file: &str,
        content: String,
        reach: &DivisionCode,
    ) -> Result<String, ReferenceError> {
        if !KINDS.contains(&kind) {
            return Err(ReferenceError::UnknownKind(kind.to_owned()));
        }
        let name = format!("{kind}:{file}");
        let _one_at_a_time = self.managing.lock().await;
        let mut rows = self.store.reference().await?;
        let before = rows.iter().find(|old| old.name == name);
        let keeper = before.and_then(|old| old.keeper.clone());
        if let Some(division) = keeper.clone().filter(|keeper| !reach.contains(keeper)) {
            let what = format!("文件 {file} ");
            return Err(ReferenceError::OutOfReach { what, division });
        }
        let row = ReferenceRow {
            name,
            version: sha256(content.as_bytes()),
            content,
            keeper: keeper.or_else(|| Some(reach.clone())),
            at: self.clock.now(),
        };
        if kind == "catalogue" {
            check_catalogue(&Source::new(file, &row.content), reach)?;
        }
        rows.retain(|old| old.name != row.name);
        rows.push(row);
        let reference = Arc::new(build(&rows)?);
        if kind == "units" {
            check_units(self.world().reference.units(), reference.units(), reach)?;
        }
        if let Some(row) = rows.last() {
            self.store.put_reference(row).await?;
        }
        self.change_world(|world| world.reference = Arc::clone(&reference));
        self.advisor.set_reference(Arc::clone(&reference));
        Ok(reference.version().to_owned())
    }
}

/// A catalogue that is kept for a division is that division's.
fn check_catalogue(source: &Source<'_>, reach: &DivisionCode) -> Result<(), ReferenceError> {
    let catalogue = Catalogue::from_toml(source)?;
    match &catalogue.head().division {
        Some(division) if !reach.contains(division) => Err(ReferenceError::OutOfReach {
            what: format!("目录 {} ", catalogue.head().code),
            division: division.clone(),
        }),
        _ => Ok(()),
    }
}

/// Every unit that is new, gone or another than before lies within reach.
fn check_units(before: &Units, after: &Units, reach: &DivisionCode) -> Result<(), ReferenceError> {
    let changed = |unit: &&Unit, other: &Units| other.get(&unit.id) != Some(*unit);
    let gone = before.iter().filter(|unit| changed(unit, after));
    let new = after.iter().filter(|unit| changed(unit, before));
    match gone.chain(new).find(|unit| !reach.contains(&unit.division)) {
        Some(unit) => Err(ReferenceError::OutOfReach {
            what: format!("单位 {} ", unit.id),
            division: unit.division.clone(),
        }),
        None => Ok(()),
    }
}

/// Builds one snapshot of all files, or says which one is wrong and where.
pub(crate) fn build(rows: &[ReferenceRow]) -> Result<Reference, DataError> {
    let of = |kind: &'static str| {
        rows.iter().filter_map(move |row| {
            let (of, file) = row.name.split_once(':')?;
            (of == kind).then(|| Source::new(file, &row.content))
        })
    };
    let divisions = Divisions::load(&of("divisions").collect::<Vec<_>>())?;
    let units = Units::load(&of("units").collect::<Vec<_>>(), &divisions)?;
    let catalogues = of("catalogue")
        .map(|source| Catalogue::from_toml(&source))
        .collect::<Result<Vec<_>, _>>()?;
    Reference::new(divisions, units, catalogues)
}
