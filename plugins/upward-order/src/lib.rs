//! The mechanism `upward-order`.
