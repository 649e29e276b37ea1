//! What SQLite's errors mean to the service.

use fengqiao_service::ports::store::{CommitError, StoreError};

/// What the queue answers when it is full.
const BUSY: &str = "写入队列已满（busy）：请稍后重试";
/// What a caller hears when the writer has ended.
const STOPPED: &str = "写入已停止：请重新启动";

pub(super) fn unavailable(error: sqlx::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

pub(super) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

pub(super) fn busy() -> StoreError {
    StoreError::Unavailable(BUSY.to_owned())
}

/// What was in the way has gone.
pub(super) fn changed() -> StoreError {
    StoreError::Unavailable("数据刚被他人更正：请重试".to_owned())
}

pub(super) fn stopped() -> StoreError {
    StoreError::Unavailable(STOPPED.to_owned())
}

/// The same failure for everyone in a batch.
pub(super) fn repeat(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why.clone()),
        StoreError::Corrupt(why) => StoreError::Corrupt(why.clone()),
        StoreError::Cursor(cursor) => StoreError::Cursor(cursor.clone()),
    }
}

/// The failure of something that neither expects a version nor takes a key.
pub(super) fn plain(error: CommitError) -> StoreError {
    match error {
        CommitError::Store(error) => error,
        other => corrupt(other),
    }
}
