//! What the service keeps in memory: reference data, working days, the bindings in force.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use fengqiao_calendar::{Calendar, local_date};
use fengqiao_core::context::{Directory, UnitFacts};
use fengqiao_core::ids::{BindingId, BindingSetId, Code, DivisionCode, UnitId};
use fengqiao_reference::Reference;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::OpenError;
use crate::limits::MAX_KEPT_SETS;
use crate::ports::advisor::Binding;
use crate::ports::store::Store;
use crate::reference::{build, working_days};
use crate::sets::BindingSet;

/// One consistent picture; replaced as a whole, cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) reference: Arc<Reference>,
    pub(crate) bindings: Arc<InForce>,
    pub(crate) pinned: Arc<Known<BindingSetId>>,
    /// Whether no notice of holidays is newer than the deadlines that run.
    pub(crate) is_recomputed: bool,
    /// The day whose reference data has a gap, so that an earlier day's stays in force.
    pub(crate) gap_on: Option<Date>,
}

/// The bindings in force, with the sets that were joined from them so far.
pub(crate) struct InForce {
    pub(crate) bindings: Arc<Vec<Binding>>,
    /// By the bindings along the path: places under the same ones share a set.
    pub(crate) joined: Known<Vec<BindingId>>,
}

/// Binding sets that are in memory; whichever isn't is read or joined anew.
pub(crate) struct Known<K>(Mutex<Generations<K>>);

/// The young are looked at first; when they are half of what may be kept, the old go and the young become old.
struct Generations<K> {
    young: BTreeMap<K, Arc<BindingSet>>,
    old: BTreeMap<K, Arc<BindingSet>>,
}

impl World {
    pub(crate) async fn load<S: Store>(store: &S, now: Timestamp) -> Result<Self, OpenError> {
        let rows = store.reference().await?;
        let today = local_date(now);
        let calendar = working_days(&rows)?;
        let mut gap_on = None;
        let reference = match build(&rows, today, None) {
            Ok(reference) => reference,
            Err(error) => {
                // A row that ended overnight doesn't keep the kernel from starting: the last good day's rows hold on.
                let last = store.edition(None).await?.filter(|last| last.day < today);
                let last = last.and_then(|last| build(&rows, last.day, None).ok());
                gap_on = Some(today);
                last.ok_or_else(|| OpenError::Reference(error.to_string()))?
            }
        };
        let bindings = store.bindings().await?;
        Ok(Self {
            is_recomputed: calendar.published_through() == Calendar::china()?.published_through(),
            calendar: Arc::new(calendar),
            reference: Arc::new(reference),
            bindings: Arc::new(InForce::new(bindings)),
            pinned: Arc::default(),
            gap_on,
        })
    }
}

impl InForce {
    pub(crate) fn new(bindings: Vec<Binding>) -> Self {
        Self {
            bindings: Arc::new(bindings),
            joined: Known::default(),
        }
    }
}

impl<K: Ord> Known<K> {
    pub(crate) fn get(&self, key: &K) -> Option<Arc<BindingSet>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(set) = generations.young.get(key) {
            return Some(Arc::clone(set));
        }
        let (key, set) = generations.old.remove_entry(key)?;
        generations.put(key, Arc::clone(&set));
        Some(set)
    }

    pub(crate) fn put(&self, key: K, set: &Arc<BindingSet>) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.put(key, Arc::clone(set));
    }
}

impl<K: Ord> Generations<K> {
    fn put(&mut self, key: K, set: Arc<BindingSet>) {
        if self.young.len() >= MAX_KEPT_SETS / 2 {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, set);
    }
}

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self(Mutex::new(Generations {
            young: BTreeMap::new(),
            old: BTreeMap::new(),
        }))
    }
}

/// The units and divisions of the reference data, as the core asks for them.
pub(crate) struct Units<'a>(pub(crate) &'a Reference);

impl Directory for Units<'_> {
    fn unit(&self, id: &UnitId) -> Option<UnitFacts> {
        let units = self.0.units();
        units.get(id).map(|unit| UnitFacts {
            division: unit.division.clone(),
            superiors: units
                .supervisors(id)
                .into_iter()
                .map(|superior| superior.id.clone())
                .collect(),
        })
    }

    fn has_division(&self, code: &DivisionCode) -> bool {
        self.0.divisions().get(code).is_some()
    }

    fn keeper_of(&self, room: &Code) -> Option<UnitId> {
        let rooms = self.0.registers().get("rooms")?;
        rooms.get(room.as_str())?.get("unit")?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_sets_are_kept_than_the_most_and_those_in_use_stay() {
        let place = DivisionCode::parse("990101000000").unwrap();
        let set = Arc::new(BindingSet::along(&place, &[]).unwrap());
        let known = Known::default();
        known.put(0, &set);
        for number in 1..=2 * MAX_KEPT_SETS {
            known.put(number, &set);
            assert!(known.get(&0).is_some(), "{number}");
        }
        assert!(known.get(&1).is_none());
        let generations = known.0.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= MAX_KEPT_SETS);
    }
}
