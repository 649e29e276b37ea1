//! What a plugin author sees: one trait a hook, one macro, and no bindings.

#[doc(hidden)]
pub mod bindings;
