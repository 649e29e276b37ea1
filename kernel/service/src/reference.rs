//! Reference data: handed in as files, checked as a whole, kept by version, answered from memory.

use std::sync::Arc;

use fengqiao_reference::{Catalogue, DataError, Divisions, Reference, Source, Units};

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

    /// Takes a file in the place of the one of the same kind and name; answers the version of the whole.
    pub async fn put_reference(
        &self,
        kind: &str,
        file: &str,
        content: String,
    ) -> Result<String, ReferenceError> {
        if !KINDS.contains(&kind) {
            return Err(ReferenceError::UnknownKind(kind.to_owned()));
        }
        let name = format!("{kind}:{file}");
        let row = ReferenceRow {
            name,
            version: sha256(content.as_bytes()),
            content,
            at: self.clock.now(),
        };
        let _one_at_a_time = self.managing.lock().await;
        let mut rows = self.store.reference().await?;
        rows.retain(|old| old.name != row.name);
        rows.push(row);
        let reference = Arc::new(build(&rows)?);
        if let Some(row) = rows.last() {
            self.store.put_reference(row).await?;
        }
        self.change_world(|world| world.reference = Arc::clone(&reference));
        self.advisor.set_reference(Arc::clone(&reference));
        Ok(reference.version().to_owned())
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
