//! What happens to a command: load, consult, decide, commit, dispatch. Owns the ports.

pub mod ports;
