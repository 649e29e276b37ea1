//! A process that is killed loses no command that it acknowledged.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use fengqiao_core::ids::Subject;
use fengqiao_service::ports::store::Store;
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::{
    Draft, VILLAGE, accepted, assigned, case_id, clock, task,
};
use tokio::task::JoinSet;

use super::backend::Files;

/// Where the process that is to be killed writes.
const DATABASE: &str = "FENGQIAO_CRASH_DATABASE";
const WRITERS: usize = 8;
const KILL_AFTER: [usize; 6] = [1, 3, 10, 64, 200, 500];

#[tokio::test]
async fn no_acknowledged_command_is_lost_to_kill_nine() {
    if let Some(database) = std::env::var_os(DATABASE) {
        return write_for_ever(Path::new(&database)).await;
    }
    let files = Files::new();
    let mut acknowledged = BTreeMap::new();
    for acknowledgements in KILL_AFTER {
        kill_after(acknowledgements, &files.database(), &mut acknowledged);
        let store = files.open().await;
        for (id, version) in &acknowledged {
            check(&store, id, *version).await;
        }
    }
    assert!(acknowledged.len() >= WRITERS);
}

/// Every acknowledged event is there, no event is missing between them, and the row is what they fold into.
async fn check(store: &SqliteStore, id: &str, acknowledged: u64) {
    let subject = Subject::Case(case_id(id));
    let events = store.events(&subject, 0, 100).await.unwrap();
    let versions: Vec<u64> = events.iter().map(|recorded| recorded.version).collect();
    let all: Vec<u64> = (1..=versions.len() as u64).collect();
    assert_eq!(versions, all);
    assert!(
        versions.len() as u64 >= acknowledged,
        "{id}: {acknowledged} acknowledged, {versions:?} there"
    );
    assert_eq!(store.verify(&subject).await.unwrap(), []);
}

/// Starts a process that writes, kills it once it acknowledged so many commands, and notes all that it acknowledged.
fn kill_after(count: usize, database: &Path, acknowledged: &mut BTreeMap<String, u64>) {
    let mut child = start(database);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut seen = 0;
    for line in lines.by_ref() {
        seen += usize::from(note(&line.unwrap(), acknowledged));
        if seen == count {
            child.kill().unwrap();
            break;
        }
    }
    // What was printed before the signal arrived was acknowledged as well; a torn last line wasn't printed.
    for line in lines {
        note(&line.unwrap(), acknowledged);
    }
    assert!(!child.wait().unwrap().success());
    assert!(seen == count, "the process ended by itself after {seen}");
}

fn start(database: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "sqlite::crash::no_acknowledged_command_is_lost_to_kill_nine",
            "--exact",
            "--nocapture",
        ])
        .env(DATABASE, database)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn note(line: &str, acknowledged: &mut BTreeMap<String, u64>) -> bool {
    let mut words = line.split(' ');
    let (Some("ack"), Some(id), Some(version), Some(".")) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return false;
    };
    acknowledged.insert(id.to_owned(), version.parse().unwrap());
    true
}

/// The process that is to be killed: writers that go on with their own cases, four commands each.
async fn write_for_ever(database: &Path) {
    // The harness has begun a line.
    println!();
    let store = SqliteStore::open(database).await.unwrap();
    let run = store.cases(&Default::default(), &page()).await.unwrap();
    let run = run
        .first()
        .map_or(0, |row| row.case.registered_at.as_millisecond() % 1000 + 1);
    let mut writers = JoinSet::new();
    for writer in 0..WRITERS {
        let store = store.clone();
        writers.spawn(async move {
            for number in 0.. {
                handle_one(&store, &format!("{run}-{writer}-{number}"), run).await;
            }
        });
    }
    writers.join_all().await;
}

async fn handle_one(store: &SqliteStore, id: &str, run: i64) {
    let mut draft = Draft::registered(id, run);
    for event in [
        accepted(),
        assigned("unit", 2),
        clock(2, 9),
        task(3, VILLAGE, 5),
    ] {
        store.commit(draft.commit()).await.unwrap();
        acknowledge(id, draft.docket().version);
        draft = Draft::on(draft.case()).then(run, event);
    }
}

fn acknowledge(id: &str, version: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "ack {id} {version} .").unwrap();
    out.flush().unwrap();
}

fn page() -> fengqiao_service::ports::store::Page {
    fengqiao_service::ports::store::Page {
        after: None,
        limit: 1,
    }
}
