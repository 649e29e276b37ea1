//! Fresh identifiers and secrets: a generator keyed once at start from the system's randomness.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fengqiao_calendar::local_date;
use fengqiao_core::ids::{CaseId, DivisionCode, PersonId, TextId};
use fengqiao_service::ports::{Ids, QueryCode};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::secret::{CODE_BYTES, code_hash};

/// Case numbers of one division and day differ in this many digits.
const NUMBER_SPACE: u64 = 100_000_000;

/// Gives out identifiers. Each is a digest of the key and a counter, so that giving one out can't fail.
#[derive(Clone)]
pub(crate) struct KernelIds {
    key: Arc<[u8; 32]>,
    counter: Arc<AtomicU64>,
}

impl KernelIds {
    /// Takes its key from the system.
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the adapter that owns randomness"
    )]
    pub(crate) fn from_system() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Self::keyed(key))
    }

    fn keyed(key: [u8; 32]) -> Self {
        Self {
            key: Arc::new(key),
            counter: Arc::new(AtomicU64::new(0)),
        }
    }

    /// A word for one request in the log.
    pub(crate) fn request(&self) -> String {
        hex::encode(self.bytes::<8>("request"))
    }

    fn bytes<const N: usize>(&self, purpose: &str) -> [u8; N] {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.key.as_slice());
        hash.update(count.to_be_bytes());
        hash.update(purpose.as_bytes());
        let digest = hash.finalize();
        let mut bytes = [0; N];
        for (byte, random) in bytes.iter_mut().zip(digest) {
            *byte = random;
        }
        bytes
    }
}

impl Ids for KernelIds {
    /// The day, the county (or what stands above it), and eight digits that say nothing: `20240202-990101-4821-7730`.
    /// A number that is taken already is a conflict at the commit, and the registration gets another one.
    fn case(&self, division: &DivisionCode, now: Timestamp) -> CaseId {
        let day = local_date(now).strftime("%Y%m%d").to_string();
        let county = division.as_str().get(..6).unwrap_or_default();
        let random = u64::from_be_bytes(self.bytes("case")) % NUMBER_SPACE;
        let (high, low) = (random / 10_000, random % 10_000);
        known(CaseId::parse(&format!("{day}-{county}-{high:04}-{low:04}")))
    }

    fn text(&self) -> TextId {
        known(TextId::parse(&hex::encode(self.bytes::<16>("text"))))
    }

    fn person(&self) -> PersonId {
        known(PersonId::parse(&hex::encode(self.bytes::<16>("person"))))
    }

    fn query_code(&self) -> QueryCode {
        let code = hex::encode(self.bytes::<CODE_BYTES>("query-code"));
        let hash = code_hash(&code, &self.bytes::<16>("salt"));
        QueryCode { code, hash }
    }
}

fn known<T, E>(parsed: Result<T, E>) -> T {
    parsed.unwrap_or_else(|_| unreachable!("digits, letters and hyphens are an identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::code_fits;

    #[test]
    fn a_case_number_names_the_day_in_china_and_the_county() {
        let ids = KernelIds::keyed([7; 32]);
        let late = "2024-02-02T17:00:00Z".parse().unwrap();
        let number = ids.case(&"990101001001".parse().unwrap(), late);
        assert!(number.as_str().starts_with("20240203-990101-"), "{number}");
    }

    #[test]
    fn no_two_identifiers_are_alike() {
        let ids = KernelIds::keyed([7; 32]);
        let mut seen: Vec<TextId> = (0..1_000).map(|_| ids.text()).collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 1_000);
    }

    #[test]
    fn a_query_code_fits_its_own_hash_and_no_other() {
        let ids = KernelIds::keyed([7; 32]);
        let (one, other) = (ids.query_code(), ids.query_code());
        assert!(code_fits(&one.code, &one.hash));
        assert!(!code_fits(&one.code, &other.hash));
    }
}
