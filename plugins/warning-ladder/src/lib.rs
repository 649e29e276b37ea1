//! The mechanism `warning-ladder`.
