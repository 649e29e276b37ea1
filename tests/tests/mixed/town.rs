//! What a jurisdiction offers to draw from: its golden registrations, its places, its people.

use std::path::{Path, PathBuf};

use fengqiao_core::actor::Actor;
use fengqiao_core::ids::Subject;
use fengqiao_tests::act;
use fengqiao_tests::jurisdiction::{Jurisdiction, Principal};
use fengqiao_tests::names::Names;
use fengqiao_tests::upload;
use serde_json::{Value, json};

/// A jurisdiction, ready to be drawn from.
pub(crate) struct Town {
    pub(crate) jurisdiction: Jurisdiction,
    /// The registrations of its golden cases.
    pub(crate) registrations: Vec<Value>,
    /// Its townships, villages and grids.
    pub(crate) places: Vec<String>,
    /// Its officials as actors.
    pub(crate) officials: Vec<Actor>,
    /// Its hub.
    pub(crate) hub: Actor,
}

impl Town {
    pub(crate) fn all() -> Vec<Town> {
        let folder = workspace().join("examples/jurisdictions");
        let all = Jurisdiction::load_all(&folder).unwrap();
        all.into_iter().map(Town::of).collect()
    }

    fn of(jurisdiction: Jurisdiction) -> Town {
        let names = Names::new(&jurisdiction, &divisions());
        let steps = |golden: &'_ fengqiao_tests::golden::Golden| {
            let steps = golden.steps.iter().filter(|step| {
                let taken = step.expect.refused.is_none();
                step.act == "register" && taken
            });
            steps
                .map(|step| act::registration(step, golden, &names).unwrap())
                .collect::<Vec<_>>()
        };
        let registrations = jurisdiction.cases.iter().flat_map(steps).collect();
        let prefix = jurisdiction.division.trim_end_matches("00");
        let table = divisions();
        let codes = table.lines().filter_map(|row| row.split(',').next());
        let places = codes
            .filter(|code| code.starts_with(prefix) && !code.ends_with("000000"))
            .map(str::to_owned)
            .collect();
        let hub = actor(jurisdiction.principal("dispatcher").unwrap());
        let officials = jurisdiction.principals.iter().map(actor).collect();
        Town {
            registrations,
            places,
            officials,
            hub,
            jurisdiction,
        }
    }

    /// Whoever handles a unit's cases.
    pub(crate) fn handler(&self, unit: &str) -> Option<Actor> {
        let mut units = self.jurisdiction.units.iter();
        let found = units.find(|own| own.id == unit)?;
        let handler = json!({
            "actor": "official", "principal": format!("handler-of-{unit}"), "role": "unit-handler",
            "unit": unit, "division": found.division,
        });
        serde_json::from_value(handler).ok()
    }

    /// The dockets that its cases may touch.
    pub(crate) fn subjects(&self) -> Vec<Subject> {
        let units = &self.jurisdiction.units;
        let divisions = units.iter().map(|unit| unit.division.as_str());
        let mut divisions: Vec<&str> = divisions
            .chain([self.jurisdiction.division.as_str()])
            .collect();
        divisions.sort_unstable();
        divisions.dedup();
        let units = units
            .iter()
            .map(|unit| Subject::Unit(unit.id.parse().unwrap()));
        let divisions = divisions.iter();
        units
            .chain(divisions.map(|code| Subject::Division(code.parse().unwrap())))
            .collect()
    }
}

fn actor(principal: &Principal) -> Actor {
    let actor = json!({
        "actor": "official", "principal": principal.name, "role": principal.role,
        "unit": principal.unit, "division": principal.division,
    });
    serde_json::from_value(actor).unwrap()
}

/// The divisions of the examples.
pub(crate) fn divisions() -> String {
    upload::divisions(&workspace()).unwrap()
}

/// A plugin as it was built.
pub(crate) fn plugin(name: &str) -> Vec<u8> {
    let folder = workspace().join(upload::PLUGINS);
    std::fs::read(folder.join(format!("{name}.wasm"))).unwrap()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}
