//! What a command leaves in the database, counted in both, so that anybody sees that they do the same work.

use anyhow::Result;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use crate::http::Connection as Client;
use crate::load;
use crate::site::Site;

const TABLES: [&str; 9] = [
    "events",
    "cases",
    "case_units",
    "clocks",
    "desk",
    "texts",
    "outbox",
    "consultations",
    "answers",
];

/// Rows and bytes of each table that 20 commands on one case leave behind, beyond those of the case itself.
pub struct Counted {
    name: &'static str,
    tables: Vec<(i64, i64)>,
}

pub async fn a_command(site: &Site) -> Result<Counted> {
    let mut client = Client::open(site.address).await?;
    let mut database = SqliteConnectOptions::new()
        .filename(&site.database)
        .read_only(true)
        .connect()
        .await?;
    // One case is made here; the round makes another like it before it begins, which is taken off again.
    let bare = count(&mut database).await?;
    site.new_case(&mut client, 0).await?;
    let made = count(&mut database).await?;
    load::round(site, 1, load::COMMANDS_A_CASE, u64::MAX - 1).await?;
    let after = count(&mut database).await?;
    database.close().await?;
    let rest = |index: usize| {
        let ((bare, bare_bytes), (made, made_bytes), (after, after_bytes)) =
            (bare[index], made[index], after[index]);
        (
            after - made - (made - bare),
            after_bytes - made_bytes - (made_bytes - bare_bytes),
        )
    };
    Ok(Counted {
        name: site.name(),
        tables: (0..TABLES.len()).map(rest).collect(),
    })
}

async fn count(database: &mut SqliteConnection) -> Result<Vec<(i64, i64)>> {
    let mut counts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        counts.push(count_one(database, table).await?);
    }
    Ok(counts)
}

/// Rows, and bytes of everything in them; none where there is no such table.
async fn count_one(database: &mut SqliteConnection, table: &str) -> Result<(i64, i64)> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(&mut *database)
        .await?;
    if columns.is_empty() {
        return Ok((0, 0));
    }
    let bytes: Vec<String> = columns
        .iter()
        .map(|column| format!("coalesce(octet_length({column}), 0)"))
        .collect();
    let sql = format!(
        "SELECT count(*), coalesce(sum({}), 0) FROM {table}",
        bytes.join(" + ")
    );
    Ok(sqlx::query_as(AssertSqlSafe(sql))
        .fetch_one(database)
        .await?)
}

pub fn print(counted: &[Counted]) {
    println!(
        "\nwhat a command adds, on average of {} on one case:",
        load::COMMANDS_A_CASE
    );
    print!("  {:14}", "");
    TABLES.iter().for_each(|table| print!(" {table:>15}"));
    println!();
    for Counted { name, tables } in counted {
        print!("  {name:14}");
        for (rows, bytes) in tables {
            let a_command = load::COMMANDS_A_CASE as f64;
            print!(
                " {:>4.1} r {:>6.0} B",
                *rows as f64 / a_command,
                *bytes as f64 / a_command
            );
        }
        println!();
    }
}
