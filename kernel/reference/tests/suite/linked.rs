//! Linked platforms: which unit is reached through which, and whose they are.

use std::sync::Arc;

use fengqiao_core::ids::UnitId;
use fengqiao_reference::{DataError, Reason, Reference, Register};

use crate::refused;
use crate::registers::{load, reference};

fn linked(platforms: &str, units: &str) -> Result<Reference, DataError> {
    let platforms = format!("id,division,name\n{platforms}");
    let units = format!("id,division,unit,platform\n{units}");
    let both: Result<Vec<Arc<Register>>, DataError> = [
        load("linked-platforms", "platforms.csv", &platforms),
        load("linked-units", "units.csv", &units),
    ]
    .into_iter()
    .collect();
    reference(&[], both?)
}

#[test]
fn a_unit_is_reached_through_its_platform_and_another_through_none() {
    let reference = linked("p,990101000000,平台\n", "1,990101001000,town,p\n").unwrap();
    let unit = |id| UnitId::parse(id).unwrap();
    assert_eq!(reference.platform_of(&unit("town")), Some("p"));
    assert_eq!(reference.platform_of(&unit("other")), None);
}

#[test]
fn a_unit_is_reached_through_one_platform() {
    let rows = "1,990101001000,town,p\n2,990101001000,town,p\n";
    let Err(error) = linked("p,990101000000,平台\n", rows) else {
        panic!("linked twice");
    };
    assert!(
        matches!(&*error.reason, Reason::LinkedTwice { unit, .. } if unit == "town"),
        "{error}"
    );
}

#[test]
fn nobody_links_a_unit_or_a_platform_of_another_place() {
    for (platform, row) in [
        ("p,990101000000,平台\n", "1,990101002000,town,p\n"),
        ("p,990101002000,平台\n", "1,990101001000,town,p\n"),
    ] {
        let reason = Reason::LinkedElsewhere {
            unit: "town".to_owned(),
            platform: "p".to_owned(),
        };
        refused(linked(platform, row), "units.csv", 2, reason);
    }
}
