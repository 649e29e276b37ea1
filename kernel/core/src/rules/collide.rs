//! Two bindings of one division must not say different things under one key.

use std::collections::BTreeMap;

use crate::ids::DivisionCode;
use crate::profile::{PlacedProfile, ProfileError};

/// Finds the first key that two bindings of one division set differently; the same value twice is fine.
pub(super) fn check(placed: &[PlacedProfile]) -> Result<(), ProfileError> {
    let mut said: BTreeMap<(&DivisionCode, String), (&PlacedProfile, String)> = BTreeMap::new();
    for profile in placed {
        for (key, value) in keys(profile) {
            let place = (&profile.division, key);
            match said.get(&place) {
                Some((first, other)) if *other != value => {
                    return Err(ProfileError::Collision {
                        division: profile.division.clone(),
                        key: place.1,
                        first: first.binding.clone(),
                        second: profile.binding.clone(),
                    });
                }
                Some(_) => {}
                None => {
                    said.insert(place, (profile, value));
                }
            }
        }
    }
    Ok(())
}

/// Every key of a profile of which only one value can hold, with its value in a comparable form. Clocks, holds,
/// limits and photo categories aren't among them: they join.
fn keys(placed: &PlacedProfile) -> Vec<(String, String)> {
    let profile = &placed.profile;
    let labels = profile.labels.iter();
    let notices = profile.notices.iter();
    let forms = profile.forms.iter();
    let graphs = profile.proceedings.iter();
    let allowances = profile.allowances.iter();
    labels
        .map(|(code, text)| (format!("label.{code}"), text.clone()))
        .chain(notices.map(|(code, text)| (format!("notice.{code}"), text.clone())))
        .chain(forms.map(|form| (format!("form.{}", form.code), format!("{form:?}"))))
        .chain(graphs.map(|graph| (format!("proceeding.{}", graph.kind), format!("{graph:?}"))))
        .chain(allowances.map(|rule| (format!("allowance.{}", rule.kind), format!("{rule:?}"))))
        .chain(
            profile
                .rating
                .iter()
                .map(|scale| ("rating".to_owned(), format!("{scale:?}"))),
        )
        .chain(
            profile
                .close_on
                .iter()
                .map(|rule| ("close-on".to_owned(), format!("{rule:?}"))),
        )
        .collect()
}
