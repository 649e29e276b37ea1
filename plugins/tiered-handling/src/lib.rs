//! The mechanism `tiered-handling`.
