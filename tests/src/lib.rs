//! Black-box tests live in `tests/`; this library is what they share.
