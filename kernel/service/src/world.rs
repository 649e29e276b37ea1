//! What the service keeps in memory: reference data, working days, the bindings in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use fengqiao_calendar::Calendar;
use fengqiao_core::context::{Directory, UnitFacts};
use fengqiao_core::ids::{BindingSetId, DivisionCode, UnitId};
use fengqiao_reference::Reference;

use crate::OpenError;
use crate::ports::advisor::Binding;
use crate::ports::store::Store;
use crate::reference::build;
use crate::sets::BindingSet;

/// One consistent picture; replaced as a whole, cheap to clone.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) calendar: Arc<Calendar>,
    pub(crate) reference: Arc<Reference>,
    pub(crate) bindings: Arc<Vec<Binding>>,
    pub(crate) sets: BTreeMap<BindingSetId, Arc<BindingSet>>,
}

impl World {
    pub(crate) async fn load<S: Store>(store: &S) -> Result<Self, OpenError> {
        let rows = store.reference().await?;
        let reference = build(&rows).map_err(|error| OpenError::Reference(error.to_string()))?;
        let bindings = store.bindings().await?;
        Ok(Self {
            calendar: Arc::new(Calendar::china()?),
            reference: Arc::new(reference),
            bindings: Arc::new(bindings),
            sets: BTreeMap::new(),
        })
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
}
