//! Catalogues: what a table must look like and how rows are found.

use fengqiao_reference::limits::{MAX_CATALOGUE_COLUMNS, MAX_CATALOGUE_ROWS, MAX_FIELD_BYTES};
use fengqiao_reference::{
    Catalogue, CatalogueHead, Codebook, DataError, Origin, Reason, Row, Source,
};

use crate::refused;

const TOML: &str = r#"
[catalogue]
code = "dispatch"
version = "第一版"
key = ["category", "item"]
columns = ["lead", "assists", "limit"]

[[row]]
category = "市政"
item = "路灯"
lead = "住建"
assists = ["供电", "街道"]
limit = "3wd"

[[row]]
category = "市政"
item = "井盖"
lead = "住建"

[[row]]
category = "噪声"
item = "工地"
lead = "环保"
"#;

fn from_toml(text: &str) -> Result<Catalogue, DataError> {
    Catalogue::from_toml(&Source::new("catalogue.toml", text))
}

fn head() -> CatalogueHead {
    CatalogueHead {
        code: "dispatch".to_owned(),
        version: "第一版".to_owned(),
        key: vec!["category".to_owned(), "item".to_owned()],
        ..CatalogueHead::default()
    }
}

fn from_csv(head: CatalogueHead, text: &str) -> Result<Catalogue, DataError> {
    Catalogue::from_csv(head, &Source::new("catalogue.csv", text))
}

fn items(rows: &[Row]) -> Vec<&str> {
    rows.iter().filter_map(|row| row.get("item")).collect()
}

#[test]
fn a_row_is_found_by_its_whole_key() {
    let catalogue = from_toml(TOML).unwrap();
    let row = catalogue.lookup(&["市政", "路灯"]).unwrap();
    assert_eq!(
        (row.get("lead"), row.get("limit")),
        (Some("住建"), Some("3wd"))
    );
    assert_eq!(row.list("assists").collect::<Vec<_>>(), ["供电", "街道"]);
    assert_eq!(catalogue.lookup(&["市政", "路"]), None);
    assert_eq!(catalogue.lookup(&["市政"]), None);
    assert_eq!(catalogue.lookup(&["市政", "路灯", ""]), None);
}

#[test]
fn the_items_of_a_category_are_found_by_the_first_part_of_the_key() {
    let catalogue = from_toml(TOML).unwrap();
    assert_eq!(items(catalogue.begins(&["市政"])), ["井盖", "路灯"]);
    assert_eq!(catalogue.begins(&[]).len(), 3);
    assert_eq!(items(catalogue.begins(&["市"])), [""; 0]);
}

#[test]
fn an_empty_field_is_absent() {
    let catalogue = from_csv(head(), "category,item,lead\n市政,路灯,\n").unwrap();
    assert_eq!(
        catalogue.lookup(&["市政", "路灯"]).unwrap().get("lead"),
        None
    );
}

#[test]
fn csv_and_toml_of_equal_rows_have_an_equal_digest() {
    let csv = "item,category,lead,assists,limit\n工地,噪声,环保,,\n井盖,市政,住建,,\n路灯,市政,住建,供电;街道,3wd\n";
    let columns = ["lead", "assists", "limit"].map(str::to_owned).to_vec();
    let catalogue = from_csv(CatalogueHead { columns, ..head() }, csv).unwrap();
    assert_eq!(catalogue.digest(), from_toml(TOML).unwrap().digest());
    let other = from_toml(&TOML.replace("3wd", "4wd")).unwrap();
    assert_ne!(catalogue.digest(), other.digest());
}

#[test]
fn the_digest_covers_the_head() {
    let csv = "category,item\n市政,路灯\n";
    let digest = |head| from_csv(head, csv).unwrap().digest().to_owned();
    let codebook = Codebook {
        column: "category".to_owned(),
        values: vec!["市政".to_owned()],
    };
    let heads = [
        head(),
        CatalogueHead {
            version: "第二版".to_owned(),
            ..head()
        },
        CatalogueHead {
            key: vec!["item".to_owned(), "category".to_owned()],
            ..head()
        },
        CatalogueHead {
            codebook: Some(codebook),
            ..head()
        },
    ];
    let digests: std::collections::BTreeSet<String> = heads.into_iter().map(digest).collect();
    assert_eq!(digests.len(), 4);
}

#[test]
fn a_duplicate_key_names_both_lines() {
    let first = |file: &str, line| Origin {
        file: file.into(),
        line,
    };
    let reason = |first| Reason::DuplicateKey {
        key: "市政/路灯".to_owned(),
        first,
    };
    let csv = "category,item,lead\n市政,路灯,住建\n噪声,工地,环保\n市政,路灯,城管\n";
    refused(
        from_csv(head(), csv),
        "catalogue.csv",
        4,
        reason(first("catalogue.csv", 2)),
    );
    refused(
        from_toml(&TOML.replace("井盖", "路灯")),
        "catalogue.toml",
        15,
        reason(first("catalogue.toml", 8)),
    );
}

#[test]
fn a_key_left_empty_is_refused() {
    let reason = Reason::Empty {
        field: "item".to_owned(),
    };
    refused(
        from_csv(head(), "category,item\n市政,\n"),
        "catalogue.csv",
        2,
        reason,
    );
}

#[test]
fn a_table_without_a_key_column_is_refused() {
    let reason = Reason::MissingColumn {
        column: "item".to_owned(),
    };
    refused(
        from_csv(head(), "category,lead\n市政,住建\n"),
        "catalogue.csv",
        1,
        reason,
    );
}

#[test]
fn a_column_that_the_head_does_not_list_is_refused() {
    let reason = Reason::UnknownColumn {
        column: "limits".to_owned(),
    };
    refused(
        from_toml(&TOML.replace("limit = ", "limits = ")),
        "catalogue.toml",
        8,
        reason,
    );
}

#[test]
fn a_head_without_a_key_or_with_a_column_twice_in_it_is_refused() {
    for key in ["[]", "[\"item\", \"item\"]"] {
        let error = from_toml(&TOML.replace("[\"category\", \"item\"]", key)).unwrap_err();
        assert!(matches!(*error.reason, Reason::BadHead { .. }), "{error}");
    }
}

#[test]
fn a_number_that_is_not_whole_is_refused() {
    let error = from_toml(&TOML.replace("\"3wd\"", "3.5")).unwrap_err();
    assert!(matches!(*error.reason, Reason::Syntax { .. }), "{error}");
}

#[test]
fn a_category_outside_the_codebook_is_refused_on_its_line() {
    let codebook = Codebook {
        column: "category".to_owned(),
        values: vec!["市政".to_owned()],
    };
    let head = CatalogueHead {
        codebook: Some(codebook),
        ..head()
    };
    let reason = Reason::NotInCodebook {
        column: "category".to_owned(),
        value: "噪声".to_owned(),
    };
    let csv = "category,item\n市政,路灯\n噪声,工地\n";
    refused(from_csv(head, csv), "catalogue.csv", 3, reason);
}

#[test]
fn a_category_of_the_codebook_without_a_row_is_a_gap() {
    let values = ["市政", "噪声", "养犬"].map(str::to_owned).to_vec();
    let codebook = Codebook {
        column: "category".to_owned(),
        values,
    };
    let head = CatalogueHead {
        codebook: Some(codebook),
        ..head()
    };
    let missing = ["噪声", "养犬"].map(str::to_owned).to_vec();
    let reason = Reason::Gap {
        column: "category".to_owned(),
        missing,
    };
    refused(
        from_csv(head, "category,item\n市政,路灯\n"),
        "catalogue.csv",
        1,
        reason,
    );
}

#[test]
fn a_field_above_its_limit_is_refused() {
    let csv = |bytes| format!("category,item,note\n市政,路灯,{}\n", "x".repeat(bytes));
    assert_eq!(
        from_csv(head(), &csv(MAX_FIELD_BYTES))
            .unwrap()
            .rows()
            .len(),
        1
    );
    let reason = Reason::TooLong {
        field: "note".to_owned(),
        limit: MAX_FIELD_BYTES,
    };
    refused(
        from_csv(head(), &csv(MAX_FIELD_BYTES + 1)),
        "catalogue.csv",
        2,
        reason,
    );
}

#[test]
fn a_row_with_more_columns_than_the_limit_is_refused() {
    let csv = |count: usize| {
        let names: String = (2..count).map(|at| format!(",c{at}")).collect();
        format!(
            "category,item{names}\n市政,路灯{}\n",
            ",x".repeat(count - 2)
        )
    };
    assert_eq!(
        from_csv(head(), &csv(MAX_CATALOGUE_COLUMNS))
            .unwrap()
            .rows()
            .len(),
        1
    );
    let reason = Reason::TooMany {
        what: "列",
        limit: MAX_CATALOGUE_COLUMNS,
    };
    refused(
        from_csv(head(), &csv(MAX_CATALOGUE_COLUMNS + 1)),
        "catalogue.csv",
        2,
        reason,
    );
}

#[test]
fn a_catalogue_with_more_rows_than_the_limit_is_refused() {
    let rows: String = (0..=MAX_CATALOGUE_ROWS)
        .map(|at| format!("类,{at}\n"))
        .collect();
    let reason = Reason::TooMany {
        what: "目录项",
        limit: MAX_CATALOGUE_ROWS,
    };
    let line = MAX_CATALOGUE_ROWS as u64 + 2;
    refused(
        from_csv(head(), &format!("category,item\n{rows}")),
        "catalogue.csv",
        line,
        reason,
    );
}
