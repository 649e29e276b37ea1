//! The contract between kernel and plugins: what is published stays, everything is explained, and both sides mean the same JSON.

mod documents;
mod frozen;
mod items;
