//! Whether a declared proceeding is sound: reachable, ending, without traps, every state owned.

use crate::ids::Code;

/// What is wrong with a proceeding graph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphFault {
    /// A word is used twice.
    #[error("`{0}` 重复")]
    Duplicate(Code),
}
