//! What many mechanisms let a place set in the same words, each with where its number comes from.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::case::Matter;
use crate::profile::Provenance;
use crate::triage::Acceptance;

/// A number with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Count {
    /// The number.
    pub value: u64,
    /// Whose word it is.
    pub provenance: Provenance,
}

impl Count {
    /// Whether there are so many, or more.
    #[must_use]
    pub fn is_reached_by(&self, many: usize) -> bool {
        u64::try_from(many).unwrap_or(u64::MAX) >= self.value
    }
}

/// A clock and the length that it has at most.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Limit {
    /// The clock, such as `report`.
    pub name: String,
    /// The length, such as `5wd`.
    pub spec: String,
    /// Whose word it is.
    pub provenance: Provenance,
}

impl Acceptance {
    /// Each of these clocks is shortened; one that is shorter already stays.
    #[must_use]
    pub fn limits<'a>(self, limits: impl IntoIterator<Item = &'a Limit>) -> Self {
        limits.into_iter().fold(self, |acceptance, limit| {
            acceptance.limit(&limit.name, &limit.spec, limit.provenance.clone())
        })
    }
}

/// Where an emergency is sent at once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Emergency {
    /// The receiver's mark that makes a matter one.
    pub mark: String,
    /// Where it is sent, such as `110`.
    pub route: String,
    /// By category, where that isn't `route`.
    #[serde(default)]
    pub routes: BTreeMap<String, String>,
    /// Whose word it is.
    pub provenance: Provenance,
}

impl Emergency {
    /// Where a matter is sent; nowhere, if it is no emergency.
    #[must_use]
    pub fn route_of(&self, matter: &Matter) -> Option<&str> {
        self.route_as(matter, matter.category.as_deref())
    }

    /// The same where the place has its own word for the matter's category.
    #[must_use]
    pub fn route_as(&self, matter: &Matter, category: Option<&str>) -> Option<&str> {
        let by_category = category.and_then(|category| self.routes.get(category));
        let route = by_category.unwrap_or(&self.route);
        matter.is_marked(&self.mark).then_some(route)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn emergency() -> Emergency {
        serde_json::from_value(serde_json::json!({
            "mark": "emergency",
            "route": "110",
            "routes": { "火灾": "119" },
            "provenance": { "mark": "S", "source": "报道" },
        }))
        .unwrap()
    }

    #[test]
    fn only_what_is_marked_is_an_emergency_and_its_category_names_the_number() {
        let mut matter = testing::matter("complaint", None);
        assert_eq!(emergency().route_of(&matter), None);
        matter.marks = vec!["emergency".to_owned()];
        matter.category = Some("噪声".to_owned());
        assert_eq!(emergency().route_of(&matter), Some("110"));
        matter.category = Some("火灾".to_owned());
        assert_eq!(emergency().route_of(&matter), Some("119"));
    }

    #[test]
    fn a_count_is_reached_by_as_many_and_by_more() {
        let count = Count {
            value: 2,
            provenance: emergency().provenance,
        };
        assert_eq!(
            [1, 2, 3].map(|many| count.is_reached_by(many)),
            [false, true, true]
        );
    }
}
