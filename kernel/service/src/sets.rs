//! Binding sets: the bindings along a division path with their joined rules, kept by digest.

use std::cmp::Reverse;
use std::sync::Arc;

use fengqiao_core::case::Case;
use fengqiao_core::ids::{BindingId, BindingSetId, Code, DivisionCode};
use fengqiao_core::profile::{PlacedProfile, ProfileError, Rules};
use fengqiao_core::refusal::Refusal;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Service;
use crate::ports::advisor::{Advisor, Binding, Hook};
use crate::ports::store::{Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::work::Work;
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
    /// Where a transfer brought the case last: the bindings along that path are the nearest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transferred_to: Option<DivisionCode>,
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
        Self::of(bindings, None)
    }

    /// Adds the bindings in force along the path of another place. What the case was pinned to stays as it is: of a
    /// division that the set knows already, nothing newer comes in.
    pub fn transferred(
        &self,
        to: &DivisionCode,
        in_force: &[Binding],
    ) -> Result<Self, ProfileError> {
        let known = |binding: &&Binding| {
            let mut own = self.bindings.iter();
            own.any(|own| own.division == binding.division)
        };
        let mut bindings = self.bindings.clone();
        let added = Self::along(to, in_force)?.bindings;
        bindings.extend(added.iter().filter(|b| !known(b)).cloned());
        // Of one level, what is on the path of the transfer comes later, and so goes before.
        bindings.sort_by_key(|binding| {
            let division = &binding.division;
            (Reverse(division.level()), division.contains(to))
        });
        Self::of(bindings, Some(to.clone()))
    }

    fn of(
        bindings: Vec<Binding>,
        transferred_to: Option<DivisionCode>,
    ) -> Result<Self, ProfileError> {
        let placed = bindings
            .iter()
            .map(|binding| PlacedProfile {
                binding: binding.id.clone(),
                division: binding.division.clone(),
                profile: binding.profile.clone(),
            })
            .collect();
        let rules = Rules::join(placed)?;
        let id = digest(&bindings, &rules, transferred_to.as_ref());
        Ok(Self {
            id,
            bindings,
            rules,
            transferred_to,
        })
    }

    /// The bindings with a hook, the root's first.
    pub(crate) fn with(&self, hook: Hook) -> impl DoubleEndedIterator<Item = &Binding> {
        self.bindings
            .iter()
            .filter(move |binding| binding.hooks.contains(&hook))
    }

    /// The bindings that triage asks: those along the path of the last transfer before all others, then the nearest
    /// division's first, those of one division in their order.
    pub(crate) fn nearest_first(&self, hook: Hook) -> Vec<&Binding> {
        let mut bindings: Vec<&Binding> = self.with(hook).collect();
        let elsewhere = |binding: &Binding| {
            let to = self.transferred_to.as_ref();
            to.is_some_and(|to| !binding.division.contains(to))
        };
        bindings.sort_by(|a, b| {
            elsewhere(a)
                .cmp(&elsewhere(b))
                .then(a.division.level().cmp(&b.division.level()))
                .then(a.order.cmp(&b.order))
        });
        bindings
    }
}

/// Without a transfer, the digest of the bindings and rules alone.
fn digest(
    bindings: &[Binding],
    rules: &Rules,
    transferred_to: Option<&DivisionCode>,
) -> BindingSetId {
    let text = match transferred_to {
        None => serde_json::to_string(&(bindings, rules)),
        Some(to) => serde_json::to_string(&(bindings, rules, to)),
    };
    let text = text.unwrap_or_default();
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
        let set = Arc::new(set);
        self.keep_set(world, &set).await?;
        in_force.joined.put(along, &set);
        Ok(set)
    }

    pub(crate) async fn keep_set(
        &self,
        world: &World,
        set: &Arc<BindingSet>,
    ) -> Result<(), StoreError> {
        let json =
            serde_json::to_string(set).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        self.store.put_binding_set(&set.id, &json).await?;
        world.pinned.put(set.id.clone(), set);
        Ok(())
    }

    /// The binding set that a case of this work is pinned to; one that the work joined may be in no store yet.
    pub(crate) async fn pinned_in(
        &self,
        world: &World,
        case: &Case,
        work: &Work,
    ) -> Result<Arc<BindingSet>, StoreError> {
        let mut joined = work.joined.iter();
        match joined.find(|set| set.id == case.bindings) {
            Some(set) => Ok(Arc::clone(set)),
            None => self.pinned(world, &case.bindings).await,
        }
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

/// A case's own binding set with that of the place added to which it is transferred.
pub(crate) fn joined(
    world: &World,
    own: &BindingSet,
    to: &DivisionCode,
) -> Result<Arc<BindingSet>, Refusal> {
    own.transferred(to, &world.bindings.bindings)
        .map(Arc::new)
        .map_err(|error| Refusal::FieldInvalid {
            field: Code::word("to"),
            reason: format!("两地的规则不能合并：{error}"),
        })
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
    use fengqiao_core::profile::{CloseOn, Profile};

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
            binding("other-county", "990102000000", 10),
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

    fn transferred(place: &str, to: &str) -> BindingSet {
        let to = DivisionCode::parse(to).unwrap();
        along(place).transferred(&to, &in_force()).unwrap()
    }

    #[test]
    fn a_transfer_adds_the_bindings_of_the_other_path_and_keeps_the_cases_own() {
        let set = transferred("990101001001", "990102000000");
        assert_eq!(
            ids(set.with(Hook::Guard)),
            ["county", "other-county", "town-first", "town-second"]
        );
        let own = along("990101001001");
        let mut newer = in_force();
        newer[1].config = "{}".to_owned();
        newer[1].id = BindingId::parse("county-anew").unwrap();
        let to = DivisionCode::parse("990101002000").unwrap();
        let kept = own.transferred(&to, &newer).unwrap();
        assert_eq!(
            ids(kept.with(Hook::Guard)),
            ["county", "town-first", "town-second", "other-town"]
        );
    }

    #[test]
    fn after_a_transfer_triage_asks_the_other_place_before_all_others() {
        let set = transferred("990101001001", "990102000000");
        assert_eq!(
            ids(set.nearest_first(Hook::Triage).into_iter()),
            ["other-county", "town-first", "town-second", "county"]
        );
        let back = DivisionCode::parse("990101001001").unwrap();
        let back = set.transferred(&back, &in_force()).unwrap();
        assert_eq!(
            ids(back.nearest_first(Hook::Triage).into_iter()),
            ["town-first", "town-second", "county", "other-county"]
        );
    }

    #[test]
    fn of_two_places_of_one_level_the_one_that_the_case_was_transferred_to_goes_before() {
        let close_on = |rule| Profile {
            close_on: Some(rule),
            ..Profile::default()
        };
        let mut both = in_force();
        both[1].profile = close_on(CloseOn::Rating);
        both[4].profile = close_on(CloseOn::FollowUp);
        let own = BindingSet::along(&DivisionCode::parse("990101001001").unwrap(), &both).unwrap();
        assert_eq!(own.rules.close_on, CloseOn::Rating);
        let to = DivisionCode::parse("990102000000").unwrap();
        let set = own.transferred(&to, &both).unwrap();
        assert_eq!(set.rules.close_on, CloseOn::FollowUp);
        let back = DivisionCode::parse("990101001001").unwrap();
        let set = set.transferred(&back, &both).unwrap();
        assert_eq!(set.rules.close_on, CloseOn::Rating);
    }
}
