//! Cases that may be about the same matter: suggested to whoever takes it in, and never in anybody's way.

use fengqiao_core::case::Case;
use fengqiao_core::command::Registration;
use fengqiao_core::matter::{Matter, PartyRole};
use jiff::{SignedDuration, Timestamp};

use crate::Service;
use crate::limits::{ALIKE_MATTER_DAYS, ALIKE_REPORTER_DAYS, MAX_ALIKE};
use crate::ports::advisor::Advisor;
use crate::ports::store::{Alike, Likeness, Person, Store, StoreError};
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Other cases of the same category at the same place, or of the same reporter, the newest first.
    pub async fn alike(&self, case: &Case) -> Result<Vec<Alike>, StoreError> {
        let asks = |role| matches!(role, PartyRole::Reporter | PartyRole::Representative);
        let reporters = case.parties.iter().filter(|party| asks(party.role));
        let handles: Vec<_> = reporters
            .filter_map(|party| Some(party.person.as_ref()?.id.clone()))
            .collect();
        let persons = self.store.persons(&handles).await?;
        let likeness = Likeness {
            except: Some(case.id.clone()),
            matter: matter(&case.matter, case.registered_at),
            reporters: reporters_since(persons.into_values(), case.registered_at),
        };
        self.store.alike(&likeness, MAX_ALIKE).await
    }

    /// The same for a matter that isn't a case yet.
    pub(crate) async fn alike_to(
        &self,
        registration: &Registration<String, Person>,
        now: Timestamp,
    ) -> Result<Vec<Alike>, StoreError> {
        let asks = |role| matches!(role, PartyRole::Reporter | PartyRole::Representative);
        let reporters = registration.parties.iter().filter(|p| asks(p.role));
        let persons = reporters.filter_map(|party| party.person.clone());
        let likeness = Likeness {
            except: None,
            matter: matter(&registration.matter, now),
            reporters: reporters_since(persons, now),
        };
        self.store.alike(&likeness, MAX_ALIKE).await
    }
}

/// What nobody classified is like nothing else.
fn matter<T>(
    matter: &Matter<T>,
    at: Timestamp,
) -> Option<(
    fengqiao_core::ids::DivisionCode,
    fengqiao_core::ids::Code,
    Timestamp,
)> {
    let category = matter.category.clone()?;
    Some((
        matter.place.clone(),
        category,
        days_before(at, ALIKE_MATTER_DAYS),
    ))
}

fn reporters_since(
    persons: impl Iterator<Item = Person>,
    at: Timestamp,
) -> Option<(Vec<String>, Timestamp)> {
    let phones: Vec<String> = persons.filter_map(|person| person.phone).collect();
    (!phones.is_empty()).then(|| (phones, days_before(at, ALIKE_REPORTER_DAYS)))
}

fn days_before(at: Timestamp, days: u32) -> Timestamp {
    let days = SignedDuration::from_hours(24 * i64::from(days));
    at.saturating_sub(days).unwrap_or(Timestamp::MIN)
}
