//! Sealing a dossier: the whole way of a case becomes one text, whose digest stands in the history for good.

use std::collections::BTreeMap;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::ids::{CaseId, Code, Digest, TextRef, UnitId};
use fengqiao_core::refusal::Refusal;
use fengqiao_core::views::Sheet;
use fengqiao_core::views::dossier::{self, Dossier};

use crate::Service;
use crate::limits::MAX_DOSSIER_CHARS;
use crate::ports::advisor::Advisor;
use crate::ports::store::{Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{Mode, Receipt, RequestKey, SubmitError, Target};
use crate::submit::{Order, Wording};
use crate::words::{Interned, sha256};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Seals the dossier of a case that the sender saw at version `expected`; one that lacks something is refused with
    /// all that it lacks.
    pub async fn seal(
        &self,
        id: &CaseId,
        actor: &Actor,
        expected: u64,
        key: RequestKey,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        let _flight = self.begin(&key)?;
        if let Some(answer) = self.answered(&key).await? {
            return Ok(Receipt::Again(answer));
        }
        let shelf = self.shelf(id).await?;
        let shelf = shelf.ok_or_else(|| SubmitError::NoSuchCase(id.clone()))?;
        let actual = shelf.case.docket.version;
        if expected != actual {
            return Err(SubmitError::Stale { expected, actual });
        }
        let target = Target::Case(id.clone());
        let document = match self.document(&shelf.sheet()) {
            Ok(document) => document,
            Err(refusal) => {
                self.record_refusal(&target, "seal", &refusal, actor)
                    .await?;
                return Err(refusal.into());
            }
        };
        let interned = self.sealing(document)?;
        let order = Order {
            target,
            interned,
            actor: actor.clone(),
            // What was read must still be what is sealed.
            expected: Some(actual),
            mode: Mode::Commit,
            message: None,
        };
        self.fill(&order, Some(key), wording).await
    }

    /// The bytes that were sealed; none where the dossier isn't sealed, or its words were erased since.
    pub async fn sealed(&self, case: &Case) -> Result<Option<String>, StoreError> {
        let Some(seal) = &case.sealed else {
            return Ok(None);
        };
        let mut texts = self
            .store
            .texts(std::slice::from_ref(&seal.dossier.id))
            .await?;
        Ok(texts.remove(&seal.dossier.id))
    }

    /// What the dossier of a case lacks, in words.
    pub async fn dossier_lacks(&self, id: &CaseId) -> Result<Vec<String>, StoreError> {
        let shelf = self.shelf(id).await?;
        Ok(shelf.map_or_else(Vec::new, |shelf| dossier::missing(&shelf.sheet())))
    }

    fn document(&self, sheet: &Sheet<'_>) -> Result<String, Refusal> {
        if sheet.case.sealed.is_some() {
            return Err(Refusal::AlreadySealed);
        }
        let names = self.names(sheet);
        let incomplete = || Refusal::DossierIncomplete {
            missing: dossier::missing(sheet),
        };
        let dossier: Dossier = dossier::dossier(sheet, names).ok_or_else(incomplete)?;
        serde_json::to_string(&dossier).map_err(|error| Refusal::FieldInvalid {
            field: Code::word("dossier"),
            reason: error.to_string(),
        })
    }

    fn names(&self, sheet: &Sheet<'_>) -> BTreeMap<UnitId, String> {
        let reference = self.reference();
        let name = |unit: &UnitId| {
            let known = reference.units().get(unit);
            known.map_or_else(|| unit.to_string(), |unit| unit.name.clone())
        };
        let units = dossier::units(sheet).into_iter();
        units.map(|unit| (unit.clone(), name(&unit))).collect()
    }

    fn sealing(&self, document: String) -> Result<Interned, SubmitError> {
        let chars = within(document.chars().count())?;
        let digest = sha256(document.as_bytes());
        let sha256 =
            Digest::parse(&digest).map_err(|error| SubmitError::Inconsistent(error.to_string()))?;
        let id = self.ids.text();
        let dossier = TextRef {
            id: id.clone(),
            chars,
        };
        Ok(Interned {
            command: Command::Seal { dossier, sha256 },
            texts: vec![(id, document)],
            persons: Vec::new(),
        })
    }
}

fn within(chars: usize) -> Result<u32, SubmitError> {
    let too_long = SubmitError::TooLong {
        field: "dossier",
        limit: MAX_DOSSIER_CHARS,
    };
    if chars > MAX_DOSSIER_CHARS {
        return Err(too_long);
    }
    u32::try_from(chars).map_err(|_| too_long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dossier_is_as_long_as_its_limit_and_no_longer() {
        assert!(within(MAX_DOSSIER_CHARS).is_ok());
        assert!(matches!(
            within(MAX_DOSSIER_CHARS + 1),
            Err(SubmitError::TooLong { .. })
        ));
    }
}
