//! Personal data is in two tables and nowhere else, and leaves the files with its row.

use fengqiao_core::ids::{PersonId, Subject, TextId};
use fengqiao_service::ports::store::{Edition, Person, ReferenceChange, ReferenceRow, Store};
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{
    Draft, VILLAGE, accepted, answer, at, case_id, clock, key, task,
};
use fengqiao_store::conformance::personal::{person, text};
use sqlx::{AssertSqlSafe, Row};

use super::backend::Files;

const CANARY: &str = "金丝雀七号";
const CASES: usize = 120;

/// Many cases, whose words and people all carry the canary, in lengths that split pages.
async fn filled(store: &SqliteStore) -> (Vec<PersonId>, Vec<TextId>) {
    let (mut persons, mut texts) = (Vec::new(), Vec::new());
    for number in 0..CASES {
        // Not in order, so that rows are put between others.
        let id = format!("{:03}", number * 37 % CASES);
        let draft = Draft::registered(&id, 1).then(2, accepted());
        let draft = draft.then(3, clock(1, 9)).then(3, task(2, VILLAGE, 3));
        let mut commit = draft.commit();
        let subject = Subject::Case(case_id(&id));
        let words = format!("{CANARY}说：{}", CANARY.repeat(1 + number * number % 700));
        commit.texts = vec![(text(&id), subject.clone(), words)];
        let canary = Person {
            name: CANARY.to_owned(),
            phone: Some(CANARY.to_owned()),
            identity_number: Some(CANARY.to_owned()),
            address: Some(CANARY.repeat(1 + number % 9)),
        };
        commit.persons = vec![(person(&id), subject, canary)];
        commit.answer = Some((key(&id), answer(1)));
        store.commit(commit).await.unwrap();
        persons.push(person(&id));
        texts.push(text(&id));
    }
    (persons, texts)
}

#[tokio::test]
async fn personal_data_is_in_its_own_two_tables_only() {
    let files = Files::new();
    filled(&files.open().await).await;
    let mut intruder = files.intruder().await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
    )
    .fetch_all(&mut intruder)
    .await
    .unwrap();
    let mut with_canary = Vec::new();
    for table in &tables {
        let rows = sqlx::query(AssertSqlSafe(format!("SELECT * FROM {table}")))
            .fetch_all(&mut intruder)
            .await
            .unwrap();
        let seen = rows.iter().any(|row| {
            (0..row.len()).any(|column| {
                let bytes: Option<Vec<u8>> = row.get_unchecked(column);
                contains(&bytes.unwrap_or_default(), CANARY)
            })
        });
        if seen {
            with_canary.push(table.as_str());
        }
    }
    with_canary.sort_unstable();
    assert_eq!(with_canary, ["persons", "texts"]);
    assert!(tables.len() > 15, "{tables:?}");
}

#[tokio::test]
async fn erased_words_and_people_leave_no_byte_in_any_file() {
    let files = Files::new();
    let store = files.open().await;
    let (persons, texts) = filled(&store).await;
    assert!(contains(&files.bytes(), CANARY));
    let erased = store.erase(&persons, &texts).await.unwrap();
    assert_eq!(erased, 2 * CASES as u64);
    assert!(!contains(&files.bytes(), CANARY));
    assert!(store.case(&case_id("001")).await.unwrap().is_some());
    drop(store);
    files.open().await;
    assert!(!contains(&files.bytes(), CANARY));
}

#[tokio::test]
async fn erasing_one_person_leaves_no_byte_of_theirs_among_the_others() {
    let files = Files::new();
    let store = files.open().await;
    let (persons, texts) = filled(&store).await;
    let mut commit = Draft::registered("甲1", 1).commit();
    let subject = Subject::Case(case_id("甲1"));
    commit.texts = vec![(text("055x"), subject.clone(), "独一无二的诉说".repeat(300))];
    store.commit(commit).await.unwrap();
    assert!(contains(&files.bytes(), "独一无二的诉说"));
    // Half of the others go first, so that pages are merged around what stays.
    let half = texts.len() / 2;
    store.erase(&persons[..half], &texts[..half]).await.unwrap();
    store.erase(&[], &[text("055x")]).await.unwrap();
    assert!(!contains(&files.bytes(), "独一无二的诉说"));
    assert_eq!(store.texts(&texts).await.unwrap().len(), CASES - half);
}

fn contains(bytes: &[u8], words: &str) -> bool {
    bytes
        .windows(words.len())
        .any(|window| window == words.as_bytes())
}

#[tokio::test]
async fn a_file_that_holds_people_leaves_no_older_version_when_it_is_replaced() {
    let files = Files::new();
    let store = files.open().await;
    for (version, who) in [("v1", "张三丰"), ("v2", "李四光")] {
        let row = |name: &str| ReferenceRow {
            name: name.to_owned(),
            version: version.to_owned(),
            content: format!("id,person\n1,{who}\n"),
            keeper: None,
            at: at(1),
        };
        let change = ReferenceChange {
            rows: vec![row("posts:p.csv"), row("rooms:r.csv")],
            without_past: vec!["posts:p.csv".to_owned()],
            edition: Edition {
                version: version.to_owned(),
                day: "2024-02-02".parse().unwrap(),
                files: Default::default(),
                at: at(1),
            },
        };
        store.put_reference(&change).await.unwrap();
    }
    let newest = store.reference().await.unwrap();
    assert!(newest.iter().all(|row| row.version == "v2"));
    // Of the rooms, which hold nobody, the older version is still there to be found.
    let statement = "UPDATE reference_data SET at = at WHERE name = ";
    let posts = files.intrude(&format!("{statement}'posts:p.csv'")).await;
    let rooms = files.intrude(&format!("{statement}'rooms:r.csv'")).await;
    assert_eq!((posts.unwrap(), rooms.unwrap()), (1, 2));
}
