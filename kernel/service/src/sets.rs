//! Binding sets: the bindings along a division path with their joined rules, kept by digest.

use std::sync::Arc;

use fengqiao_core::ids::{BindingId, BindingSetId, DivisionCode};
use fengqiao_core::profile::{PlacedProfile, ProfileError, Rules};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Service;
use crate::ports::advisor::{Advisor, Binding, Hook};
use crate::ports::store::{Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::world::World;

/// What a case is pinned to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BindingSet {
    /// The digest of the rest.
    pub id: BindingSetId,
    /// The bindings, the root's first, each division's in their order.
    pub bindings: Vec<Binding>,
    /// Their profiles joined over the law.
    pub rules: Rules,
}

impl BindingSet {
    /// Joins the bindings in force along the path of a place.
    pub fn along(place: &DivisionCode, in_force: &[Binding]) -> Result<Self, ProfileError> {
        let mut bindings: Vec<Binding> = along(place, in_force).cloned().collect();
        bindings.sort_by(|a, b| {
            b.division
                .level()
                .cmp(&a.division.level())
                .then(a.order.cmp(&b.order))
                .then(a.id.cmp(&b.id))
        });
        let placed = bindings
            .iter()
            .map(|binding| PlacedProfile {
                binding: binding.id.clone(),
                division: binding.division.clone(),
                profile: binding.profile.clone(),
            })
            .collect();
        let rules = Rules::join(placed)?;
        let id = digest(&bindings, &rules);
        Ok(Self {
            id,
            bindings,
            rules,
        })
    }

    /// The bindings with a hook, the root's first.
    pub(crate) fn with(&self, hook: Hook) -> impl DoubleEndedIterator<Item = &Binding> {
        self.bindings
            .iter()
            .filter(move |binding| binding.hooks.contains(&hook))
    }

    /// The bindings that triage asks: the nearest division's first, those of one division in their order.
    pub(crate) fn nearest_first(&self, hook: Hook) -> Vec<&Binding> {
        let mut bindings: Vec<&Binding> = self.with(hook).collect();
        bindings.sort_by(|a, b| {
            a.division
                .level()
                .cmp(&b.division.level())
                .then(a.order.cmp(&b.order))
        });
        bindings
    }
}

fn digest(bindings: &[Binding], rules: &Rules) -> BindingSetId {
    let text = serde_json::to_string(&(bindings, rules)).unwrap_or_default();
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    let short: String = hash.chars().take(32).collect();
    // A hexadecimal digest is always a well-formed identifier.
    BindingSetId::parse(&short)
        .unwrap_or_else(|_| unreachable!("hexadecimal digits are an identifier"))
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    pub(crate) fn world(&self) -> World {
        match self.world.read() {
            Ok(world) => world.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    pub(crate) fn change_world(&self, change: impl FnOnce(&mut World)) {
        match self.world.write() {
            Ok(mut world) => change(&mut world),
            Err(poisoned) => change(&mut poisoned.into_inner()),
        }
    }

    /// The binding set in force for a place; kept in the store before any case is pinned to it.
    pub(crate) async fn set_for(
        &self,
        world: &World,
        place: &DivisionCode,
    ) -> Result<Arc<BindingSet>, StoreError> {
        let in_force = &world.bindings;
        let along: Vec<BindingId> = along(place, &in_force.bindings)
            .map(|binding| binding.id.clone())
            .collect();
        if let Some(known) = in_force.joined.get(&along) {
            return Ok(known);
        }
        let set = BindingSet::along(place, &in_force.bindings)
            .map_err(|error| StoreError::Corrupt(format!("在用绑定互相冲突：{error}")))?;
        let json =
            serde_json::to_string(&set).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        self.store.put_binding_set(&set.id, &json).await?;
        let set = Arc::new(set);
        world.pinned.put(set.id.clone(), &set);
        in_force.joined.put(along, &set);
        Ok(set)
    }

    /// The binding set that a case is pinned to.
    pub(crate) async fn pinned(
        &self,
        world: &World,
        id: &BindingSetId,
    ) -> Result<Arc<BindingSet>, StoreError> {
        if let Some(known) = world.pinned.get(id) {
            return Ok(known);
        }
        let json = self.store.binding_set(id).await?;
        let json = json.ok_or_else(|| StoreError::Corrupt(format!("缺少绑定集 {id}")))?;
        let set: BindingSet =
            serde_json::from_str(&json).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        let set = Arc::new(set);
        world.pinned.put(id.clone(), &set);
        Ok(set)
    }
}

/// The bindings in force along the path of a place.
fn along<'a>(
    place: &'a DivisionCode,
    in_force: &'a [Binding],
) -> impl Iterator<Item = &'a Binding> {
    in_force
        .iter()
        .filter(|binding| binding.division.contains(place))
}

#[cfg(test)]
mod tests {
    use fengqiao_core::ids::{BindingId, Digest};
    use fengqiao_core::profile::Profile;

    use super::*;

    fn binding(id: &str, division: &str, order: u32) -> Binding {
        Binding {
            id: BindingId::parse(id).unwrap(),
            division: DivisionCode::parse(division).unwrap(),
            order,
            component: Digest::parse("0".repeat(64).as_str()).unwrap(),
            config: String::new(),
            hooks: vec![Hook::Triage, Hook::Guard],
            inputs: Vec::new(),
            queries: Vec::new(),
            channel: None,
            profile: Profile::default(),
        }
    }

    fn in_force() -> Vec<Binding> {
        vec![
            binding("town-second", "990101001000", 20),
            binding("county", "990101000000", 10),
            binding("town-first", "990101001000", 10),
            binding("other-town", "990101002000", 10),
        ]
    }

    fn along(place: &str) -> BindingSet {
        BindingSet::along(&DivisionCode::parse(place).unwrap(), &in_force()).unwrap()
    }

    fn ids<'a>(bindings: impl Iterator<Item = &'a Binding>) -> Vec<&'a str> {
        bindings.map(|binding| binding.id.as_str()).collect()
    }

    #[test]
    fn a_set_holds_the_bindings_of_the_path_and_no_others_the_root_first() {
        let set = along("990101001001");
        assert_eq!(
            ids(set.with(Hook::Guard)),
            ["county", "town-first", "town-second"]
        );
        assert_eq!(ids(along("990101000000").with(Hook::Guard)), ["county"]);
        assert_eq!(ids(along("990201000000").with(Hook::Guard)), [""; 0]);
    }

    #[test]
    fn triage_asks_the_nearest_division_first_and_each_divisions_bindings_in_their_order() {
        let set = along("990101001001");
        let asked = set.nearest_first(Hook::Triage);
        assert_eq!(
            ids(asked.into_iter()),
            ["town-first", "town-second", "county"]
        );
    }

    #[test]
    fn places_under_the_same_bindings_share_a_set_and_a_changed_configuration_makes_another() {
        assert_eq!(along("990101001001").id, along("990101001002").id);
        let mut changed = in_force();
        changed[1].config = "{}".to_owned();
        let place = DivisionCode::parse("990101001001").unwrap();
        assert_ne!(
            BindingSet::along(&place, &changed).unwrap().id,
            along("990101001001").id
        );
    }

    #[test]
    fn two_profiles_of_one_division_that_say_different_things_make_no_set() {
        let mut colliding = in_force();
        for (binding, word) in colliding
            .iter_mut()
            .filter(|b| b.id.as_str().starts_with("town"))
            .zip(["甲", "乙"])
        {
            let label = fengqiao_core::ids::Code::parse("stage.accepted").unwrap();
            binding.profile.labels.insert(label, word.to_owned());
        }
        let place = DivisionCode::parse("990101001001").unwrap();
        assert!(matches!(
            BindingSet::along(&place, &colliding),
            Err(ProfileError::Collision { .. })
        ));
    }
}
