//! The short digest that names a version of reference data.

use sha2::{Digest as _, Sha256};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Bytes of SHA-256 that a version keeps; 128 bits are enough to tell versions apart.
const VERSION_BYTES: usize = 16;

/// Takes fields one by one; each goes in with its length, so that no two lists of fields look alike.
#[derive(Default)]
pub(crate) struct Digest(Sha256);

impl Digest {
    pub(crate) fn field(&mut self, field: &str) {
        self.count(field.len());
        self.0.update(field.as_bytes());
    }

    pub(crate) fn option(&mut self, field: Option<&str>) {
        self.count(usize::from(field.is_some()));
        self.field(field.unwrap_or_default());
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    pub(crate) fn version(self) -> String {
        let bytes = self.0.finalize();
        let digits = bytes.iter().take(VERSION_BYTES).flat_map(|byte| {
            [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]].map(char::from)
        });
        digits.collect()
    }
}
