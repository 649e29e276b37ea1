//! Whole jurisdictions, played through HTTP on the kernel's own binary with the plugins as they are built.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use fengqiao_tests::client::Client;
use fengqiao_tests::jurisdiction::Jurisdiction;
use fengqiao_tests::kernel::Kernel;
use fengqiao_tests::names::Names;
use fengqiao_tests::play::play;
use fengqiao_tests::upload::{divisions, upload};
use fengqiao_tests::view::View;

#[test]
fn every_case_of_gaoming_goes_as_its_officers_expect() {
    plays("gaoming");
}

#[test]
fn every_case_of_langfang_goes_as_its_officers_expect() {
    plays("langfang");
}

#[test]
fn every_case_of_shenzhen_goes_as_its_officers_expect() {
    plays("shenzhen");
}

#[test]
fn every_case_of_gaoping_goes_as_its_officers_expect() {
    plays("gaoping");
}

#[test]
fn every_case_of_dunhuang_goes_as_its_officers_expect() {
    plays("dunhuang");
}

/// The rows of a catalogue as they stand in its file.
fn rows(jurisdiction: &Jurisdiction, name: &str) -> Vec<BTreeMap<String, String>> {
    #[derive(serde::Deserialize)]
    struct File {
        row: Vec<BTreeMap<String, String>>,
    }
    let mut catalogues = jurisdiction.catalogues.iter();
    let (_, text) = catalogues.find(|(own, _)| own == name).unwrap();
    toml::from_str::<File>(text).unwrap().row
}

#[test]
fn dunhuang_has_the_counts_that_its_article_states() {
    let jurisdiction = Jurisdiction::load(&jurisdictions().join("dunhuang")).unwrap();
    let items = rows(&jurisdiction, "service-items");
    let categories: BTreeSet<&str> = items.iter().map(|row| row["category"].as_str()).collect();
    assert_eq!((categories.len(), items.len()), (26, 60));

    let channels = |prefix: &str| {
        let channels = jurisdiction.channels.iter();
        channels.filter(|own| own.code.starts_with(prefix)).count()
    };
    assert_eq!((channels("window-"), channels("hotline-")), (9, 13));

    let units = jurisdiction.units.iter();
    let centres = units.filter(|unit| unit.kind.as_deref() == Some("six-in-one"));
    assert_eq!(centres.count(), 6);

    let mediators = rows(&jurisdiction, "mediators");
    let chiefs = mediators.iter().filter_map(|row| row.get("portfolio"));
    assert_eq!(chiefs.collect::<BTreeSet<_>>().len(), 18);

    let lists = rows(&jurisdiction, "residency-lists");
    let of = |list: &str| lists.iter().filter(|row| row["list"] == list).count();
    assert_eq!((of("first"), of("second")), (4, 4));
}

#[test]
fn every_item_and_every_chief_of_dunhuang_belongs_to_a_unit_that_there_is() {
    let jurisdiction = Jurisdiction::load(&jurisdictions().join("dunhuang")).unwrap();
    let held: BTreeSet<&str> = jurisdiction
        .units
        .iter()
        .flat_map(|unit| unit.portfolios.iter().map(String::as_str))
        .collect();
    let mut asked = BTreeSet::new();
    for name in ["service-items", "citizens-centre-items", "mediators"] {
        for row in rows(&jurisdiction, name) {
            for column in ["lead", "whistle", "portfolio"] {
                let listed = row.get(column).map_or("", String::as_str).split(';');
                asked.extend(listed.filter(|word| !word.is_empty()).map(str::to_owned));
            }
        }
    }
    let unknown = asked.iter().filter(|word| !held.contains(word.as_str()));
    assert_eq!(unknown.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_case_of_a_new_district_goes_as_its_officers_expect_on_a_kernel_of_its_own() {
    let all = Jurisdiction::load_all(&new_districts()).unwrap();
    assert!(all.len() >= 2, "the two districts are gone");
    for district in &all {
        assert!(!district.divisions.is_empty(), "{}", district.title);
        plays_on(Stage::of(&district.folder));
    }
}

/// Gaoming lies in the prefecture of one of them and in the common table of divisions, which they aren't in.
#[test]
fn new_districts_go_as_expected_on_one_kernel_with_an_older_neighbour() {
    let mut all = Jurisdiction::load_all(&new_districts()).unwrap();
    all.push(Jurisdiction::load(&jurisdictions().join("gaoming")).unwrap());
    plays_on(Stage::of_all(all));
}

/// The catalogue that the dispatching of Gaoping looks its items up in, as it stands in its file.
#[derive(serde::Deserialize)]
struct Catalogue {
    row: Vec<Item>,
}

#[derive(serde::Deserialize)]
struct Item {
    category: String,
    item: String,
    lead: String,
    #[serde(default)]
    assists: Option<String>,
}

fn dispatch_items(jurisdiction: &Jurisdiction) -> Vec<Item> {
    let mut catalogues = jurisdiction.catalogues.iter();
    let (_, text) = catalogues
        .find(|(name, _)| name == "dispatch-items")
        .unwrap();
    toml::from_str::<Catalogue>(text).unwrap().row
}

#[test]
fn the_catalogue_of_gaoping_has_forty_categories_and_1946_items_that_somebody_leads() {
    let jurisdiction = Jurisdiction::load(&jurisdictions().join("gaoping")).unwrap();
    let items = dispatch_items(&jurisdiction);
    let categories: BTreeSet<&str> = items.iter().map(|item| item.category.as_str()).collect();
    assert_eq!((categories.len(), items.len()), (40, 1_946));
    let held: BTreeSet<&str> = jurisdiction
        .units
        .iter()
        .flat_map(|unit| unit.portfolios.iter().map(String::as_str))
        .collect();
    let asked = items
        .iter()
        .flat_map(|item| std::iter::once(&item.lead).chain(&item.assists));
    let unknown: BTreeSet<&str> = asked
        .flat_map(|portfolios| portfolios.split(';'))
        .filter(|portfolio| !held.contains(portfolio))
        .collect();
    assert_eq!(unknown, BTreeSet::new());
}

#[test]
fn one_item_of_every_category_of_gaoping_finds_its_lead_at_once() {
    let stage = Stage::of(&jurisdictions().join("gaoping"));
    let jurisdiction = stage.all.first().unwrap();
    let adapter = jurisdiction.principal("adapter").unwrap();
    let items = dispatch_items(jurisdiction);
    let mut first: BTreeMap<&str, &Item> = BTreeMap::new();
    for item in &items {
        first.entry(&item.category).or_insert(item);
    }
    assert_eq!(first.len(), 40);
    for item in first.values() {
        let body = serde_json::json!({
            "matter": {
                "kind": "complaint", "place": "140581104206", "text": "请帮助解决。",
                "category": format!("{}/{}", item.category, item.item),
            },
            "source": { "channel": "jincheng-12345" },
            "naming": "anonymous",
            "parties": [{ "role": "reporter" }],
        });
        let answer = stage
            .client
            .post("/v1/cases", Some(&adapter.token), None, &body)
            .unwrap();
        let answer = answer.done().unwrap();
        let lead = View(&answer.body["case"]).lead().unwrap();
        let mut units = jurisdiction.units.iter();
        let unit = units.find(|unit| unit.id == lead).unwrap();
        let leads = unit.portfolios.contains(&item.lead)
            || (item.lead == "村级事务" && lead == "chenqu-platform");
        assert!(leads, "{}/{}：{lead}", item.category, item.item);
    }
}

#[test]
fn shenzhen_says_of_each_place_which_services_its_circle_lacks() {
    let stage = Stage::of(&jurisdictions().join("shenzhen"));
    let token = stage.all[0].principal("dispatcher").map(|own| &*own.token);
    let place = |name: &str, lon: &str, lat: &str| serde_json::json!({ "name": name, "lon": lon, "lat": lat });
    let asked = serde_json::json!({ "division": "440300000000", "points": [
        place("同心社区", "114.268", "22.705"), place("秀新社区", "114.386", "22.748"),
    ] });
    let path = "/v1/stations/gaps";
    let answer = stage.client.post(path, token, None, &asked).unwrap();
    let body = answer.done().unwrap().body;
    let gaps = serde_json::json!([{ "name": "秀新社区", "missing": ["counselling", "legal"] }]);
    assert_eq!(body["gaps"], gaps);
    // Ten stations and the place with a gap are on the map.
    assert_eq!(body["map"]["features"].as_array().unwrap().len(), 11);
}

#[test]
fn shenzhens_volunteers_are_of_fourteen_kinds_and_found_by_place_and_skill() {
    let stage = Stage::of(&jurisdictions().join("shenzhen"));
    let token = stage.all[0].principal("dispatcher").map(|own| &*own.token);
    let rows = |query: &str| {
        let path = format!("/v1/registers/rosters?limit=200{query}");
        let answer = stage.client.get(&path, token).unwrap();
        let body = answer.done().unwrap().body;
        body["rows"].as_array().unwrap().clone()
    };
    let all = rows("");
    let kinds: BTreeSet<&str> = all.iter().filter_map(|row| row["kind"].as_str()).collect();
    assert_eq!(kinds.len(), 14);
    let mediation = "%E8%B0%83%E8%A7%A3";
    let found = rows(&format!("&division=440304007025&word={mediation}"));
    assert!(!found.is_empty() && found.len() < all.len());
    assert!(found.iter().any(|row| row["person"] == "范锦梅"));
    for row in &found {
        assert_eq!(row["division"], "440304007025");
        assert!(row["skills"].as_str().unwrap().contains("调解"), "{row}");
    }
}

#[test]
fn every_name_in_the_examples_is_known() {
    let all = everybody();
    assert!(!all.is_empty());
    let divisions = divisions(&workspace()).unwrap();
    for jurisdiction in &all {
        let names = Names::new(jurisdiction, &divisions);
        assert!(!jurisdiction.cases.is_empty(), "{}", jurisdiction.title);
        for golden in &jurisdiction.cases {
            names.check(golden).unwrap();
        }
    }
}

#[test]
fn every_binding_fits_into_the_configuration_limit() {
    const LIMIT_BYTES: usize = 16 * 1024;
    for jurisdiction in everybody() {
        for binding in &jurisdiction.bindings {
            let config = serde_json::to_string(&binding.config).unwrap();
            assert!(
                config.len() <= LIMIT_BYTES,
                "{}: {} bytes",
                binding.id,
                config.len()
            );
        }
    }
}

/// A kernel with everything that its jurisdictions need.
struct Stage {
    all: Vec<Jurisdiction>,
    client: Client,
    _kernel: Kernel,
    _folder: tempfile::TempDir,
}

impl Stage {
    fn of(folder: &Path) -> Self {
        Self::of_all(vec![Jurisdiction::load(folder).unwrap()])
    }

    fn of_all(all: Vec<Jurisdiction>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let principals: Vec<PathBuf> = all
            .iter()
            .map(|own| own.folder.join("principals.toml"))
            .collect();
        let kernel = Kernel::start(&binary(), &data, &principals).unwrap();
        let client = Client::new(&kernel.base());
        upload(&client, &workspace(), &all).unwrap();
        Self {
            all,
            client,
            _kernel: kernel,
            _folder: folder,
        }
    }
}

fn plays(name: &str) {
    plays_on(Stage::of(&jurisdictions().join(name)));
}

fn plays_on(stage: Stage) {
    let divisions = divisions(&workspace()).unwrap();
    let cast: Vec<(Jurisdiction, Names)> = stage
        .all
        .into_iter()
        .map(|jurisdiction| {
            let names = Names::new(&jurisdiction, &divisions);
            (jurisdiction, names)
        })
        .collect();
    let rows = play(&stage.client, &cast, &mut |_| {}).unwrap();
    assert!(!rows.is_empty());
    let wrong: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            Some(format!(
                "{}（{}）：{}",
                row.title,
                row.file,
                row.difference.as_ref()?
            ))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} 件与预期不符：\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn jurisdictions() -> PathBuf {
    workspace().join("examples/jurisdictions")
}

fn new_districts() -> PathBuf {
    workspace().join("examples/new-district")
}

/// The jurisdictions, then the districts that nobody wrote code for.
fn everybody() -> Vec<Jurisdiction> {
    let folders = [jurisdictions(), new_districts()];
    let all = folders
        .iter()
        .flat_map(|folder| Jurisdiction::load_all(folder).unwrap());
    all.collect()
}

/// The kernel's binary stands beside the folder of this test's own.
pub(crate) fn binary() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors()
        .nth(2)
        .unwrap()
        .join(format!("fengqiao{}", std::env::consts::EXE_SUFFIX))
}

#[test]
fn gaopings_third_level_finds_the_team_of_its_grid_by_case_place_and_alias() {
    let stage = Stage::of(&jurisdictions().join("gaoping"));
    let mut principals = stage.all[0].principals.iter();
    let own = principals.find(|own| own.name == "友谊社区网格员");
    let token = own.map(|own| &*own.token);
    let (clearing, alias) = (
        "%E7%AE%A1%E9%81%93%E7%96%8F%E9%80%9A",
        "%E5%8C%97%E5%9F%8E%E6%89%A7%E6%B3%95%E4%B8%80%E5%8C%BA",
    );
    for place in [
        "division=140581001004001".to_owned(),
        format!("alias={alias}"),
    ] {
        let path = format!("/v1/registers/teams/near?{place}&words={clearing}&limit=2");
        let body = stage.client.get(&path, token).unwrap().done().unwrap().body;
        let kinds: Vec<&str> = body["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|row| row["kind"].as_str())
            .collect();
        assert_eq!(kinds, ["志愿者", "物业人员"], "{body}");
        assert_eq!(body["rows"][0]["phone"], "13800138203");
        assert_eq!(body["place"], "140581001004001");
    }
}

#[test]
fn gaomings_mediation_bodies_are_found_by_trade_and_kind_from_near_to_far() {
    let stage = Stage::of(&jurisdictions().join("gaoming"));
    let token = stage.all[0].principal("dispatcher").map(|own| &*own.token);
    let found = |words: &str| {
        let path =
            format!("/v1/registers/mediation-bodies/near?division=440608004007&words={words}");
        let body = stage.client.get(&path, token).unwrap().done().unwrap().body;
        let rows = body["rows"].as_array().unwrap().iter();
        rows.filter_map(|row| row["name"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let property = "%E7%89%A9%E4%B8%9A%E7%BA%A0%E7%BA%B7";
    assert_eq!(found(property), ["北哥调解室", "高明区物业纠纷调解委员会"]);
    let by_trade = "%E8%A1%8C%E4%B8%9A%E8%B0%83%E8%A7%A3%E5%A7%94%E5%91%98%E4%BC%9A";
    assert_eq!(
        found(&format!("{property};{by_trade}")),
        ["高明区物业纠纷调解委员会"]
    );
}
