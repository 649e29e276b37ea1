//! Snapshots: what is checked across divisions, units and catalogues, and what is found from a place.

use fengqiao_reference::{Catalogue, DataError, Origin, Reason, Reference, Source, Unit, Units};

use crate::{code, divisions, refused, unit};

const UNITS: &str = r#"
[[unit]]
id = "county-bureau"
name = "执法队"
division = "990101000000"
portfolios = ["城管"]

[[unit]]
id = "town-team"
name = "执法队"
division = "990101001000"
portfolios = ["城管"]

[[unit]]
id = "other-team"
name = "执法队"
division = "990101002000"
portfolios = ["市容"]
"#;

const HEAD: &str = r#"[catalogue]
code = "dispatch"
version = "第一版"
key = ["category", "item"]
units = ["lead"]
one-lead = { item = "item", lead = "lead", division = "place" }
"#;

fn units() -> Units {
    Units::load(&[Source::new("units.toml", UNITS)], &divisions()).unwrap()
}

fn catalogue(text: &str) -> Catalogue {
    Catalogue::from_toml(&Source::new("catalogue.toml", text)).unwrap()
}

fn row(category: &str, lead: &str, place: &str) -> String {
    format!(
        "[[row]]\ncategory = \"{category}\"\nitem = \"摊贩\"\nlead = \"{lead}\"\nplace = \"{place}\"\n"
    )
}

fn reference(rows: &[String]) -> Result<Reference, DataError> {
    let catalogue = catalogue(&format!("{HEAD}{}", rows.concat()));
    Reference::new(divisions(), units(), vec![catalogue])
}

fn two_leads(lead: &str, other: &str) -> Reason {
    Reason::TwoLeads {
        item: "摊贩".to_owned(),
        lead: lead.to_owned(),
        other: other.to_owned(),
        first: Origin {
            file: "catalogue.toml".into(),
            line: 7,
        },
    }
}

fn ids<'a>(found: impl IntoIterator<Item = &'a Unit>) -> Vec<&'a str> {
    found.into_iter().map(|unit| unit.id.as_str()).collect()
}

#[test]
fn the_nearest_unit_in_charge_comes_first() {
    let reference = reference(&[]).unwrap();
    assert_eq!(
        ids(reference.units_for("城管", &code("990101001001001"))),
        ["town-team", "county-bureau"]
    );
    assert_eq!(
        ids(reference.units_for("城管", &code("990101002001"))),
        ["county-bureau"]
    );
    assert_eq!(
        ids(reference.units_for("城管", &code("990109002001"))),
        [""; 0]
    );
}

#[test]
fn a_name_means_the_nearest_unit_that_has_it() {
    let reference = reference(&[]).unwrap();
    let named = |place| {
        reference
            .unit_named("执法队", &code(place))
            .map(|unit| unit.id.as_str())
    };
    assert_eq!(named("990101001001"), Some("town-team"));
    assert_eq!(named("990101000000"), Some("county-bureau"));
    assert_eq!(named("990100000000"), None);
}

#[test]
fn a_unit_is_within_its_division_and_those_above() {
    let reference = reference(&[]).unwrap();
    assert!(reference.unit_is_within(&unit("town-team"), &code("990101001000")));
    assert!(reference.unit_is_within(&unit("town-team"), &code("990101000000")));
    assert!(!reference.unit_is_within(&unit("town-team"), &code("990101002000")));
    assert!(!reference.unit_is_within(&unit("county-bureau"), &code("990101001000")));
    assert!(!reference.unit_is_within(&unit("nobody"), &code("990101000000")));
}

#[test]
fn one_item_may_have_two_leads_in_two_towns() {
    let rows = [
        row("一", "town-team", "990101001000"),
        row("二", "other-team", "990101002000"),
    ];
    assert!(reference(&rows).is_ok());
}

#[test]
fn one_item_with_two_leads_where_one_place_holds_the_other_is_refused() {
    let county = row("一", "county-bureau", "990101000000");
    let village = row("二", "town-team", "990101001001");
    let expect = two_leads("town-team", "county-bureau");
    refused(
        reference(&[county.clone(), village.clone()]),
        "catalogue.toml",
        12,
        expect,
    );
    let expect = two_leads("county-bureau", "town-team");
    refused(reference(&[village, county]), "catalogue.toml", 12, expect);
}

#[test]
fn a_lead_for_everywhere_meets_every_other_lead() {
    let rows = [
        row("一", "county-bureau", ""),
        row("二", "town-team", "990101001001"),
    ];
    refused(
        reference(&rows),
        "catalogue.toml",
        12,
        two_leads("town-team", "county-bureau"),
    );
}

#[test]
fn a_place_among_several_is_enough_to_meet() {
    let rows = [
        row("一", "town-team", "990101001000"),
        row("二", "other-team", "990101002000；990101001001"),
    ];
    refused(
        reference(&rows),
        "catalogue.toml",
        12,
        two_leads("other-team", "town-team"),
    );
}

#[test]
fn one_lead_in_two_categories_is_no_contradiction() {
    assert!(reference(&[row("一", "town-team", ""), row("二", "town-team", "")]).is_ok());
}

#[test]
fn a_catalogue_that_names_an_unknown_unit_or_division_is_refused() {
    let reason = Reason::UnknownUnit {
        field: "lead".to_owned(),
        id: "nobody".to_owned(),
    };
    refused(
        reference(&[row("一", "nobody", "")]),
        "catalogue.toml",
        7,
        reason,
    );

    let reason = Reason::UnknownDivision {
        field: "place".to_owned(),
        code: "990109000000".to_owned(),
    };
    refused(
        reference(&[row("一", "town-team", "990109000000")]),
        "catalogue.toml",
        7,
        reason,
    );
}

#[test]
fn a_division_keeps_its_own_catalogue_and_others_use_the_one_above() {
    let edition = |version: &str, division: &str| {
        let text = format!(
            "[catalogue]\ncode = \"dispatch\"\nversion = \"{version}\"\nkey = [\"item\"]\n{division}\n"
        );
        catalogue(&text)
    };
    let reference = Reference::new(
        divisions(),
        units(),
        vec![
            edition("通用", ""),
            edition("本镇", "division = \"990101001000\""),
        ],
    )
    .unwrap();
    let version = |place| {
        reference
            .catalogue("dispatch", &code(place))
            .map(Catalogue::version)
    };
    assert_eq!(version("990101001001"), Some("本镇"));
    assert_eq!(version("990101002001"), Some("通用"));
    assert!(
        reference
            .catalogue("other", &code("990101001001"))
            .is_none()
    );
}

#[test]
fn two_catalogues_of_one_code_in_one_division_are_refused() {
    let twice = vec![catalogue(HEAD), catalogue(HEAD)];
    let reason = Reason::DuplicateCatalogue {
        code: "dispatch".to_owned(),
    };
    refused(
        Reference::new(divisions(), units(), twice),
        "catalogue.toml",
        1,
        reason,
    );
}

#[test]
fn units_loaded_against_other_divisions_are_refused() {
    let none = fengqiao_reference::Divisions::default();
    let reason = Reason::UnknownDivision {
        field: "division".to_owned(),
        code: "990101000000".to_owned(),
    };
    refused(
        Reference::new(none, units(), Vec::new()),
        "units.toml",
        3,
        reason,
    );
}

#[test]
fn the_version_changes_with_any_part_and_only_then() {
    let one = reference(&[row("一", "town-team", "")]).unwrap();
    let same = reference(&[row("一", "town-team", "")]).unwrap();
    let other = reference(&[row("一", "other-team", "")]).unwrap();
    assert_eq!(one.version(), same.version());
    assert_ne!(one.version(), other.version());
    let empty = Reference::new(divisions(), Units::default(), Vec::new()).unwrap();
    assert_ne!(empty.version(), Reference::default().version());
}
