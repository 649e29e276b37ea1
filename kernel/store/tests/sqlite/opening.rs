//! Opening a file: what is refused, and in which words; and what becomes of what an older program kept.

use fengqiao_core::ids::DivisionCode;
use fengqiao_service::ports::store::{PluginRow, Store as _};
use fengqiao_store::SqliteStore;
use fengqiao_store::conformance::Backend;
use fengqiao_store::conformance::draft::at;

use super::backend::Files;

async fn refusal(files: &Files) -> String {
    SqliteStore::open(&files.database())
        .await
        .unwrap_err()
        .to_string()
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_in_a_clear_sentence() {
    let files = Files::new();
    drop(files.open().await);
    files
        .intrude(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', TRUE, x'00', 0)",
        )
        .await
        .unwrap();
    let refusal = refusal(&files).await;
    assert!(
        refusal.contains("更新的程序") && refusal.contains("9999"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_database_made_by_other_migrations_is_refused() {
    let files = Files::new();
    drop(files.open().await);
    files
        .intrude("UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1")
        .await
        .unwrap();
    let refusal = refusal(&files).await;
    assert!(refusal.contains("校验和不符"), "{refusal}");
}

#[tokio::test]
async fn a_missing_directory_is_refused_and_not_made() {
    let files = Files::new();
    let missing = files.database().join("missing").join("kernel.sqlite");
    let refusal = SqliteStore::open(&missing).await.unwrap_err().to_string();
    assert!(refusal.contains("目录"), "{refusal}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let files = Files::new();
    let words = "不是数据库，只是一段文字。".repeat(200);
    std::fs::write(files.database(), &words).unwrap();
    SqliteStore::open(&files.database()).await.unwrap_err();
    assert_eq!(std::fs::read(files.database()).unwrap(), words.as_bytes());
}

/// A file as the program kept it before it noted whose things are, with one component in it.
async fn before_keepers() -> Files {
    let files = Files::new();
    drop(files.open().await);
    files
        .intrude(
            "DROP TABLE plugin_divisions; \
             ALTER TABLE reference_data DROP COLUMN keeper; \
             DROP TABLE editions; DROP TABLE facts; DROP TABLE unit_facts; DROP TABLE assessments; \
             DROP TABLE messages; DROP INDEX persons_by_phone; \
             DROP TABLE linked_outbox; DROP TABLE linked_statuses; DROP TABLE linked_open; \
             DELETE FROM _sqlx_migrations WHERE version >= 6; \
             INSERT INTO components (digest, bytes) VALUES ('c0', x'00'); \
             INSERT INTO plugins (digest, manifest, uploaded_by, uploaded_at) VALUES ('c0', '{}', 'first', 0)",
        )
        .await
        .unwrap();
    files
}

#[tokio::test]
async fn a_component_of_before_stays_everybodys_whoever_uploads_it_again() {
    let files = before_keepers().await;
    let store = files.open().await;
    let township: DivisionCode = "990101001000".parse().unwrap();
    let again = PluginRow {
        digest: "c0".parse().unwrap(),
        manifest: "{}".to_owned(),
        uploaded_by: "second".to_owned(),
        divisions: vec![township],
        uploaded_at: at(1),
    };
    store.put_plugin(again, vec![0]).await.unwrap();
    let plugins = store.plugins().await.unwrap();
    for anybody in ["010000000000", "450000000000", "990102001001001"] {
        let anybody: DivisionCode = anybody.parse().unwrap();
        let is_theirs = plugins[0].divisions.iter().any(|of| of.contains(&anybody));
        assert!(is_theirs, "{anybody}");
    }
}
