//! Whose reference data is: nobody brings, changes or takes away what isn't within their reach.

use std::collections::BTreeMap;

use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ReferenceError;
use fengqiao_service::ports::store::{Edition, ReferenceChange, ReferenceRow, Store as _};
use jiff::Timestamp;

use super::{ALL, COUNTY, Kernel, OTHER_COUNTY, kernel};
use crate::sqlite::backend::Files;

const DIVISIONS: &str = "code,name,level,parent\n";
const OF_ALL: &str = "";

/// Brings a file for whoever reaches this division.
async fn put(
    kernel: &Kernel,
    reach: &str,
    (kind, file): (&str, &str),
    content: &str,
) -> Result<String, ReferenceError> {
    let reach: DivisionCode = reach.parse().unwrap();
    let content = content.to_owned();
    kernel.put_reference(kind, file, content, &reach).await
}

/// A catalogue that is kept for a division, or for none.
fn catalogue(code: &str, division: &str) -> String {
    let kept = match division {
        OF_ALL => String::new(),
        division => format!("division = \"{division}\"\n"),
    };
    format!(
        "[catalogue]\ncode = \"{code}\"\nversion = \"1\"\n{kept}key = [\"item\"]\n\n[[row]]\nitem = \"lamp\"\n"
    )
}

/// Keeps a file as a kernel of before may have done.
async fn kept(kernel: &Kernel, name: &str, content: &str, keeper: Option<&str>) {
    let row = ReferenceRow {
        name: name.to_owned(),
        version: "before".to_owned(),
        content: content.to_owned(),
        keeper: keeper.map(|keeper| keeper.parse().unwrap()),
        at: Timestamp::UNIX_EPOCH,
    };
    let change = ReferenceChange {
        rows: vec![row],
        without_past: Vec::new(),
        edition: Edition {
            version: name.to_owned(),
            day: "2024-02-02".parse().unwrap(),
            files: BTreeMap::new(),
            at: Timestamp::UNIX_EPOCH,
        },
    };
    kernel.store().put_reference(&change).await.unwrap();
}

fn is_out_of_reach(taken: &Result<String, ReferenceError>) -> bool {
    matches!(taken, Err(ReferenceError::OutOfReach { .. }))
}

fn is_everybodys(taken: &Result<String, ReferenceError>) -> bool {
    matches!(taken, Err(ReferenceError::Everybodys { .. }))
}

#[tokio::test]
async fn only_whoever_reaches_all_divisions_brings_a_catalogue_that_holds_everywhere() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let everywhere = catalogue("routes", OF_ALL);
    let taken = put(&kernel, COUNTY, ("catalogue", "a"), &everywhere).await;
    assert!(is_everybodys(&taken), "{taken:?}");
    let own = catalogue("routes", COUNTY);
    put(&kernel, COUNTY, ("catalogue", "a"), &own)
        .await
        .unwrap();
    put(&kernel, ALL, ("catalogue", "b"), &everywhere)
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_brings_or_changes_or_takes_away_a_division_beyond_their_reach() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let of = |rows: &str| format!("{DIVISIONS}{rows}");
    let own = of("990101002000,乡,township,990101000000\n");
    let theirs = of("990102001000,乡,township,990102000000\n");
    let file = ("divisions", "more");
    let taken = put(&kernel, COUNTY, file, &theirs).await;
    assert!(is_out_of_reach(&taken), "brought: {taken:?}");
    put(&kernel, COUNTY, file, &own).await.unwrap();
    // The county's file, in which the province wrote a division of the other county.
    put(&kernel, ALL, file, &theirs).await.unwrap();
    let other = of("990102001000,改名乡,township,990102000000\n");
    let taken = put(&kernel, COUNTY, file, &other).await;
    assert!(is_out_of_reach(&taken), "changed: {taken:?}");
    let taken = put(&kernel, COUNTY, file, DIVISIONS).await;
    assert!(is_out_of_reach(&taken), "taken away: {taken:?}");
    put(&kernel, ALL, file, &own).await.unwrap();
}

#[tokio::test]
async fn a_file_that_has_no_keeper_is_replaced_by_whoever_reaches_all_divisions_only() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let theirs = catalogue("routes", OTHER_COUNTY);
    kept(&kernel, "catalogue:a", &theirs, None).await;
    for reach in [COUNTY, OTHER_COUNTY] {
        let own = catalogue("routes", reach);
        let taken = put(&kernel, reach, ("catalogue", "a"), &own).await;
        assert!(is_everybodys(&taken), "{reach}: {taken:?}");
    }
    put(&kernel, ALL, ("catalogue", "a"), &theirs)
        .await
        .unwrap();
}

#[tokio::test]
async fn nobody_replaces_a_catalogue_of_another_division_under_a_file_name_of_their_own() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let (own, theirs) = (
        catalogue("routes", COUNTY),
        catalogue("routes", OTHER_COUNTY),
    );
    kept(&kernel, "catalogue:a", &theirs, Some(COUNTY)).await;
    let taken = put(&kernel, COUNTY, ("catalogue", "a"), &own).await;
    assert!(is_out_of_reach(&taken), "{taken:?}");
    let everywhere = catalogue("routes", OF_ALL);
    kept(&kernel, "catalogue:b", &everywhere, Some(COUNTY)).await;
    let taken = put(&kernel, COUNTY, ("catalogue", "b"), &own).await;
    assert!(is_everybodys(&taken), "{taken:?}");
}

#[tokio::test]
async fn nobody_brings_or_takes_away_a_row_of_a_register_beyond_their_reach() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let row = |id: &str, division: &str, until: &str| {
        format!("id,division,valid-until,name,unit\n{id},{division},{until},室,roads\n")
    };
    let file = ("rooms", "a.csv");
    let theirs = row("r1", OTHER_COUNTY, "");
    let taken = put(&kernel, COUNTY, file, &theirs).await;
    assert!(is_out_of_reach(&taken), "brought: {taken:?}");
    let past = row("r1", OTHER_COUNTY, "2001-01-01");
    let taken = put(&kernel, COUNTY, file, &past).await;
    assert!(is_out_of_reach(&taken), "of the past: {taken:?}");
    put(&kernel, COUNTY, file, &row("r1", COUNTY, ""))
        .await
        .unwrap();
    put(&kernel, ALL, file, &theirs).await.unwrap();
    let taken = put(&kernel, COUNTY, file, &row("r2", COUNTY, "")).await;
    assert!(is_out_of_reach(&taken), "taken away: {taken:?}");
}
