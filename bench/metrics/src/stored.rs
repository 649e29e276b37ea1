//! The same month from a store: rows read and counted, beside plain SQL over columns that a careful person would have made.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use fengqiao_core::ids::DivisionCode;
use fengqiao_metrics::{
    Appeals, Basis, CaseAccount, CaseFacts, Countable, Counting, CountingRules,
};
use fengqiao_service::ports::store::{FactsFilter, Store};
use fengqiao_store::SqliteStore;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::cases;

/// Cases that are handed over at a time.
const CHUNK: usize = 5_000;
/// How much of a place's code is a province, a prefecture, a county, a township, a village.
const LEVELS: [u32; 5] = [2, 4, 6, 9, 12];

/// Both ways over so many cases of one month, from the same disk.
pub async fn measure(folder: &Path, count: usize) -> Result<()> {
    let reach = DivisionCode::parse("999900000000")?;
    let store = SqliteStore::open(&folder.join(format!("ours-{count}.sqlite"))).await?;
    let options = SqliteConnectOptions::new()
        .filename(folder.join(format!("plain-{count}.sqlite")))
        .create_if_missing(true);
    let plain = SqlitePool::connect_with(options).await?;
    sqlx::raw_sql(
        "CREATE TABLE cases (id TEXT PRIMARY KEY, unit TEXT, place TEXT, accepted INTEGER, closed INTEGER); \
         CREATE INDEX by_time ON cases (accepted)",
    )
    .execute(&plain)
    .await?;
    for first in (0..count).step_by(CHUNK) {
        let some = cases::some(first, CHUNK.min(count - first))?;
        fill(&plain, &some).await?;
        let accounts: Vec<CaseAccount> = some.into_iter().map(account).collect();
        store.import_facts(&accounts, &reach).await?;
    }
    let (ours, closed) = counted(&store).await?;
    let (sql, same) = queried(&plain).await?;
    ensure!(
        closed == same,
        "{closed} are closed, and {same} by plain SQL"
    );
    println!(
        "  {count:>10} cases: {:>6} ms for every formula of everybody, {:>5} ns a case; {:>5} ms for one formula by plain SQL; {}.{} times",
        ours.as_millis(),
        ours.as_nanos() / count as u128,
        sql.as_millis(),
        ours.as_micros() / sql.as_micros().max(1),
        ours.as_micros() * 10 / sql.as_micros().max(1) % 10,
    );
    Ok(())
}

fn account(facts: CaseFacts) -> CaseAccount {
    CaseAccount {
        facts,
        procedures: Vec::new(),
    }
}

/// As the kernel counts: find, read, read by the place's rules, count.
async fn counted(store: &SqliteStore) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    let period = cases::month()?;
    let (appeals, rules) = (Appeals::default(), CountingRules::default());
    let mut counting = Counting::new(period, &appeals, Vec::new());
    let filter = FactsFilter {
        division: None,
        from: period.before.from(),
        until: period.window.until(),
    };
    let ids = store.find_facts(&filter).await?;
    for some in ids.chunks(CHUNK) {
        for account in store.facts(some).await? {
            counting.case(&rules.read(account));
        }
    }
    let sheets = counting.finish();
    let closed = sheets.whole.fact(Countable::AcceptedClosed, Basis::Raw);
    Ok((begun.elapsed(), closed))
}

/// The closing rate alone: by unit, and by the divisions of each level.
async fn queried(plain: &SqlitePool) -> Result<(Duration, u64)> {
    let begun = Instant::now();
    let window = cases::month()?.window;
    let (from, until) = (
        window.from().as_millisecond(),
        window.until().as_millisecond(),
    );
    let mut closed = 0;
    let mut columns = vec!["unit".to_owned()];
    columns.extend(LEVELS.map(|digits| format!("substr(place, 1, {digits})")));
    for column in columns {
        let sql = format!(
            "SELECT {column}, count(*), count(closed) FROM cases \
             WHERE accepted >= ? AND accepted < ? GROUP BY 1"
        );
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(from)
            .bind(until)
            .fetch_all(plain)
            .await?;
        closed = rows
            .iter()
            .map(|(_, _, closed)| closed.unsigned_abs())
            .sum();
    }
    Ok((begun.elapsed(), closed))
}

async fn fill(plain: &SqlitePool, some: &[CaseFacts]) -> Result<()> {
    let as_of = cases::month()?.as_of;
    let mut transaction = plain.begin().await?;
    for case in some {
        let closed = case.closed_as_of(as_of).map(|it| it.at.as_millisecond());
        let unit = case.lead_as_of(as_of).map(|unit| unit.as_str());
        sqlx::query("INSERT INTO cases VALUES (?, ?, ?, ?, ?)")
            .bind(case.case.as_str())
            .bind(unit.unwrap_or_default())
            .bind(case.place.as_str())
            .bind(case.instants.accepted_at.map(|at| at.as_millisecond()))
            .bind(closed)
            .execute(&mut *transaction)
            .await?;
    }
    Ok(transaction.commit().await?)
}
