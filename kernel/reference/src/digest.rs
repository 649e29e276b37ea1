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

    pub(crate) fn list(&mut self, fields: &[String]) {
        self.count(fields.len());
        for field in fields {
            self.field(field);
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn version(take: impl Fn(&mut Digest)) -> String {
        let mut digest = Digest::default();
        take(&mut digest);
        digest.version()
    }

    #[test]
    fn fields_do_not_run_together() {
        let one = version(|digest| ["ab", "c"].iter().for_each(|field| digest.field(field)));
        let other = version(|digest| ["a", "bc"].iter().for_each(|field| digest.field(field)));
        assert_ne!(one, other);
    }

    #[test]
    fn lists_do_not_run_together() {
        let [a, b] = ["a", "b"].map(str::to_owned);
        let one = version(|digest| {
            [vec![a.clone(), b.clone()], vec![]]
                .iter()
                .for_each(|list| digest.list(list))
        });
        let other = version(|digest| {
            [vec![a.clone()], vec![b.clone()]]
                .iter()
                .for_each(|list| digest.list(list))
        });
        assert_ne!(one, other);
    }

    #[test]
    fn nothing_differs_from_an_empty_field() {
        assert_ne!(
            version(|digest| digest.option(None)),
            version(|digest| digest.option(Some("")))
        );
    }
}
