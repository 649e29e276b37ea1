//! Why the store didn't do what it was asked.

use fengqiao_core::ids::Subject;

/// The store couldn't answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something is wrong with the database or its disk.
    #[error("存储暂不可用：{0}")]
    Unavailable(String),
    /// A row couldn't be read back.
    #[error("存储内容损坏：{0}")]
    Corrupt(String),
    /// The page's cursor isn't one that this store gave.
    #[error("翻页位置 `{0}` 无效：请从第一页重新开始")]
    Cursor(String),
}

/// The commit wasn't made.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Another command came first; load again and decide again.
    #[error("{subject} 已被他人更新到版本 {actual}（预期 {expected}）")]
    Conflict {
        /// Whose.
        subject: Subject,
        /// The version decided on.
        expected: u64,
        /// The version found.
        actual: u64,
    },
    /// The same key was committed meanwhile.
    #[error("相同的 Idempotency-Key 正在处理或已处理")]
    KeyTaken,
    /// The same message was committed meanwhile, or somebody else settled it.
    #[error("同一来件已由他人登记或处理：请刷新后再看")]
    MessageTaken,
    /// An assessment recorded one of that kind and name before.
    #[error("同名的考核记录此前已经登记")]
    RecordTaken,
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}
