//! Reference data: handed in as files, checked as a whole, kept by version and edition, answered from memory.

mod days;
mod edition;
mod reach;

use std::collections::BTreeSet;
use std::sync::Arc;

use fengqiao_calendar::{Calendar, CalendarError, local_date};
use fengqiao_core::ids::DivisionCode;
use fengqiao_reference::{DataError, KINDS as REGISTERS, Reference};
use jiff::Timestamp;

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{ReferenceRow, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::words::sha256;

use edition::change;
pub(crate) use edition::{build, working_days};

/// The kinds of files beside the registers; a row is named `kind:file`.
pub const KINDS: [&str; 4] = ["divisions", "units", "catalogue", "calendar"];

/// A file that is handed in.
#[derive(Debug, Clone)]
pub struct ReferenceFile {
    /// One of [`KINDS`], or the code of a register.
    pub kind: String,
    /// What people call it; it takes the place of the one of the same kind and name.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// For whom files are brought.
#[derive(Debug, Clone, Copy)]
pub enum Bringer<'a> {
    /// Somebody whose division this is, while `before` is in force. A file stays that division's whose it was first: nobody
    /// replaces what isn't within their reach, or changes a division, a unit, a catalogue or a row of a register there.
    /// What is no one division's is for whoever reaches all of them.
    Reach {
        /// Whose.
        division: &'a DivisionCode,
        /// What is in force; it lends what doesn't change.
        before: &'a Reference,
    },
    /// Whoever has the data directory itself in hands; new files are kept for this division, or for no one.
    Operator(Option<&'a DivisionCode>),
}

/// Why a file of reference data isn't taken; nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    /// The file, or what it does to the others, isn't right: with file, line and reason.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A notice of holidays isn't right.
    #[error(transparent)]
    Calendar(#[from] CalendarError),
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
    #[error("没有名为 `{kind}` 的参考数据：可用的有 {}", kinds().collect::<Vec<_>>().join("、"))]
    UnknownKind {
        /// The kind as it was named.
        kind: String,
    },
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every kind of file.
fn kinds() -> impl Iterator<Item = &'static str> {
    let registers = REGISTERS.iter().map(|kind| kind.code);
    KINDS.into_iter().chain(registers)
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// The reference data in force.
    pub fn reference(&self) -> Arc<Reference> {
        self.world().reference
    }

    /// Takes a file in the place of the one of the same kind and name; answers the version of the whole.
    pub async fn put_reference(
        &self,
        kind: &str,
        file: &str,
        content: String,
        reach: &DivisionCode,
    ) -> Result<String, ReferenceError> {
        let file = ReferenceFile {
            kind: kind.to_owned(),
            name: file.to_owned(),
            content,
        };
        self.import(vec![file], reach).await
    }

    /// Takes several files at once, all of them or none; answers the version of the whole.
    pub async fn import(
        &self,
        files: Vec<ReferenceFile>,
        reach: &DivisionCode,
    ) -> Result<String, ReferenceError> {
        let _one_at_a_time = self.managing.lock().await;
        let before = self.reference();
        let bringer = Bringer::Reach {
            division: reach,
            before: &before,
        };
        let taken = import(&self.store, &files, bringer, self.clock.now()).await?;
        let version = taken.reference.version().to_owned();
        self.answer_from(taken.reference);
        if files.iter().any(|file| file.kind == "calendar") {
            self.reckon_by(taken.calendar);
        }
        Ok(version)
    }

    fn answer_from(&self, reference: Reference) {
        let reference = Arc::new(reference);
        self.change_world(|world| {
            world.reference = Arc::clone(&reference);
            world.gap_on = None;
        });
        self.advisor.set_reference(reference);
    }
}

/// What a store holds once files were taken.
#[derive(Debug)]
pub struct Imported {
    /// The snapshot of today.
    pub reference: Reference,
    /// The working days: the notices that ship, and those that were brought.
    pub calendar: Calendar,
}

/// Takes files into a store, all of them or none, and gives what it holds then.
/// Only for a store that no kernel works on at the same time.
pub async fn import<S: Store>(
    store: &S,
    files: &[ReferenceFile],
    bringer: Bringer<'_>,
    at: Timestamp,
) -> Result<Imported, ReferenceError> {
    let unknown = |file: &&ReferenceFile| !kinds().any(|kind| kind == file.kind);
    if let Some(file) = files.iter().find(unknown) {
        let kind = file.kind.clone();
        return Err(ReferenceError::UnknownKind { kind });
    }
    let day = local_date(at);
    let mut rows = store.reference().await?;
    let mut fresh: Vec<ReferenceRow> = Vec::new();
    for file in files {
        let name = format!("{}:{}", file.kind, file.name);
        let old = rows.iter().find(|old| old.name == name);
        let keeper = match bringer {
            Bringer::Reach { division, .. } => Some(division),
            Bringer::Operator(division) => division,
        };
        if let Bringer::Reach { division, before } = bringer {
            reach::check_file(file, old, before.divisions(), day, division)?;
        }
        let kept = old.and_then(|old| old.keeper.clone());
        fresh.push(ReferenceRow {
            name,
            version: sha256(file.content.as_bytes()),
            content: file.content.clone(),
            keeper: kept.or_else(|| keeper.cloned()),
            at,
        });
    }
    rows.retain(|old| fresh.iter().all(|new| new.name != old.name));
    rows.extend(fresh.iter().cloned());
    let changed: BTreeSet<&str> = files.iter().map(|file| file.kind.as_str()).collect();
    let lent = match bringer {
        Bringer::Reach { before, .. } => Some((before, &changed)),
        Bringer::Operator(_) => None,
    };
    let calendar = working_days(&rows)?;
    let reference = build(&rows, day, lent)?;
    if let Bringer::Reach { division, before } = bringer {
        reach::check_whole(before, &reference, division)?;
    }
    let change = change(&rows, fresh, &reference, at);
    store.put_reference(&change).await?;
    Ok(Imported {
        reference,
        calendar,
    })
}
