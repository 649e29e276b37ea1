//! Reference data: handed in as files, checked as a whole, kept by version, answered from memory.

use std::sync::Arc;

use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{
    Catalogue, DataError, Division, Divisions, Reference, Source, Unit, Units,
};

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
        "{what}属于区划 {division}，不在您的管辖范围内：请使用自己的文件名，只写本区划及其下级的区划、单位和目录"
    )]
    OutOfReach {
        /// What: a file, a division, a unit or a catalogue, with its name.
        what: String,
        /// Whose.
        division: DivisionCode,
    },
    /// It is no one division's, so that only whoever reaches all of them may bring or replace it.
    #[error(
        "{what}不属于任何一个区划，只有管辖全部区划的账号可以导入或替换：目录请写明 division，文件请另取名称"
    )]
    Everybodys {
        /// What: a file or a catalogue, with its name.
        what: String,
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
    /// that division's whose it was first: nobody replaces what isn't within their reach, or changes a division, a unit
    /// or a catalogue there. What is no one division's is for whoever reaches all of them.
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
        let before = self.world().reference;
        let divisions = before.divisions();
        let old = rows.iter().find(|old| old.name == name);
        if let Some(old) = old {
            let what = format!("文件 {file} ");
            check_reach(what, old.keeper.as_ref(), divisions, reach)?;
        }
        let row = ReferenceRow {
            name,
            version: sha256(content.as_bytes()),
            content,
            keeper: old
                .and_then(|old| old.keeper.clone())
                .or_else(|| Some(reach.clone())),
            at: self.clock.now(),
        };
        if kind == "catalogue" {
            for row in old.into_iter().chain([&row]) {
                check_catalogue(&Source::new(file, &row.content), divisions, reach)?;
            }
        }
        rows.retain(|old| old.name != row.name);
        rows.push(row);
        let reference = Arc::new(build(&rows)?);
        match kind {
            "divisions" => check_divisions(divisions, reference.divisions(), reach)?,
            "units" => check_units(before.units(), reference.units(), reach)?,
            _ => {}
        }
        if let Some(row) = rows.last() {
            self.store.put_reference(row).await?;
        }
        self.change_world(|world| world.reference = Arc::clone(&reference));
        self.advisor.set_reference(Arc::clone(&reference));
        Ok(reference.version().to_owned())
    }
}

/// What is a division's lies within reach; what is no one division's needs a reach over all that are known.
fn check_reach(
    what: String,
    keeper: Option<&DivisionCode>,
    divisions: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    match keeper {
        Some(keeper) if reach.contains(keeper) => Ok(()),
        Some(keeper) => Err(ReferenceError::OutOfReach {
            what,
            division: keeper.clone(),
        }),
        None if reaches_all(divisions, reach) => Ok(()),
        None => Err(ReferenceError::Everybodys { what }),
    }
}

/// Nobody reaches all divisions where none is known yet.
fn reaches_all(divisions: &Divisions, reach: &DivisionCode) -> bool {
    !divisions.is_empty() && divisions.roots().all(|root| reach.contains(root.code))
}

/// A catalogue that is kept for a division is that division's; one that is kept for none holds everywhere.
fn check_catalogue(
    source: &Source<'_>,
    divisions: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    let catalogue = Catalogue::from_toml(source)?;
    let head = catalogue.head();
    let what = format!("目录 {} ", head.code);
    check_reach(what, head.division.as_ref(), divisions, reach)
}

/// Every division that is new, gone or another than before lies within reach. The first table brings also what lies above
/// whoever brings it, and beside: nothing of anybody's is there yet.
fn check_divisions(
    before: &Divisions,
    after: &Divisions,
    reach: &DivisionCode,
) -> Result<(), ReferenceError> {
    if before.is_empty() {
        return Ok(());
    }
    let changed = |division: &Division<'_>, other: &Divisions| {
        other.get(division.code).as_ref() != Some(division)
    };
    let gone = before.iter().filter(|division| changed(division, after));
    let new = after.iter().filter(|division| changed(division, before));
    match gone
        .chain(new)
        .find(|division| !reach.contains(division.code))
    {
        Some(division) => Err(ReferenceError::OutOfReach {
            what: format!("区划 {} ", division.name),
            division: division.code.clone(),
        }),
        None => Ok(()),
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
