//! The mechanism `one-three-x`.
