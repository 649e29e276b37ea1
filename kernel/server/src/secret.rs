//! Query codes: how they are hashed, checked, and sealed in the stored answer to a registration.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Argon2, Params};
use sha2::{Digest as _, Sha256};

/// 128 random bits.
pub(crate) const CODE_BYTES: usize = 16;

/// Argon2 memory in KiB, and rounds. A code has 128 random bits that nobody can guess, so that the hash needn't be slow:
/// it only keeps a stolen table from opening cases.
const HASH_KIB: u32 = 64;
const HASH_ROUNDS: u32 = 1;

/// What the seal of a query code is bound to.
const SEAL_CONTEXT: &[u8] = b"fengqiao query code";

/// What a code is checked against where there is no such case, so that the answer takes the same time.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=64,t=1,p=1$bm9ib2R5bm9ib2R5bm8$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash under which a code is kept (PHC string).
pub(crate) fn code_hash(code: &str, salt: &[u8]) -> String {
    match hasher().hash_password_with_salt(code.as_bytes(), salt) {
        Ok(hash) => hash.to_string(),
        // The parameters are constants and the salt has sixteen bytes: a hash that fits nothing is the safe answer.
        Err(_) => NOBODYS_HASH.to_owned(),
    }
}

/// Whether a code is the one behind a hash.
pub(crate) fn code_fits(code: &str, hash: &str) -> bool {
    hasher()
        .verify_password(tidy(code).as_bytes(), hash)
        .is_ok()
}

/// Does the same work as a check, and never fits.
pub(crate) fn code_fits_nobody(code: &str) -> bool {
    let fits = code_fits(code, NOBODYS_HASH);
    debug_assert!(!fits);
    false
}

/// The code as it is stored in an answer: only who knows the request's key can open it again. Sealing twice opens.
pub(crate) fn seal(code: &str, key: &str, number: &str) -> Option<String> {
    let bytes = hex::decode(code)
        .ok()
        .filter(|bytes| bytes.len() == CODE_BYTES)?;
    let mut hash = Sha256::new();
    hash.update(SEAL_CONTEXT);
    hash.update(key.as_bytes());
    hash.update(number.as_bytes());
    let pad = hash.finalize();
    Some(hex::encode(
        bytes
            .iter()
            .zip(pad)
            .map(|(byte, pad)| byte ^ pad)
            .collect::<Vec<u8>>(),
    ))
}

/// Lower-case hexadecimal SHA-256.
pub(crate) fn sha256(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

fn hasher() -> Argon2<'static> {
    Params::new(HASH_KIB, HASH_ROUNDS, 1, None)
        .map(Argon2::from)
        .unwrap_or_default()
}

/// People copy codes with spaces, hyphens and capitals.
fn tidy(code: &str) -> String {
    code.chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_sealed_code_opens_with_the_same_key_and_number() {
        let sealed = seal(CODE, "key", "20240202-990101-0001-0002").unwrap();
        assert_ne!(sealed, CODE);
        assert_eq!(
            seal(&sealed, "key", "20240202-990101-0001-0002").unwrap(),
            CODE
        );
    }

    #[test]
    fn a_sealed_code_stays_shut_for_another_key_or_number() {
        let sealed = seal(CODE, "key", "one").unwrap();
        assert_ne!(seal(&sealed, "other", "one").unwrap(), CODE);
        assert_ne!(seal(&sealed, "key", "other").unwrap(), CODE);
    }

    #[test]
    fn a_code_may_be_typed_with_spaces_hyphens_and_capitals() {
        let hash = code_hash(CODE, &[3; 16]);
        assert!(code_fits(" 0011-2233-4455-6677 8899-AABB-CCDD-EEFF", &hash));
        assert!(!code_fits("00112233445566778899aabbccddeefe", &hash));
    }

    #[test]
    fn nobodys_hash_is_well_formed_and_fits_nothing() {
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODYS_HASH).is_ok());
        assert!(!code_fits_nobody(CODE));
    }
}
