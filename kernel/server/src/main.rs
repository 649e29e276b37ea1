//! The process `fengqiao`.
fn main() {}
