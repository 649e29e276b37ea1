//! The mechanism `mediation`.
