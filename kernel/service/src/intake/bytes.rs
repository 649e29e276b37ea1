//! What a message says as bytes: how they are kept as text, and when two are the same.

use crate::ports::store::{Encoding, StoreError};

/// How bytes are kept as text, and read back by [`original`].
pub(crate) fn kept(raw: &[u8]) -> (Encoding, String) {
    match std::str::from_utf8(raw) {
        Ok(text) => (Encoding::Utf8, text.to_owned()),
        Err(_) => (Encoding::Hex, hex::encode(raw)),
    }
}

/// The bytes as they came.
pub(crate) fn original(encoding: Encoding, words: String) -> Result<Vec<u8>, StoreError> {
    match encoding {
        Encoding::Utf8 => Ok(words.into_bytes()),
        Encoding::Hex => hex::decode(words).map_err(|error| StoreError::Corrupt(error.to_string())),
    }
}

/// What a message says, whatever mark it begins with and however its lines end.
pub(super) fn normal(raw: &[u8]) -> Vec<u8> {
    let raw = raw
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(raw)
        .trim_ascii();
    let mut normal = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                normal.push(b'\n');
            }
            byte => normal.push(byte),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_line_ends_and_blank_edges_make_no_other_message() {
        let same = [
            "甲\n乙".as_bytes(),
            "\u{feff}甲\r\n乙\r\n".as_bytes(),
            "\n甲\r乙 ".as_bytes(),
        ];
        for raw in same {
            assert_eq!(normal(raw), "甲\n乙".as_bytes());
        }
        assert_ne!(normal("甲 乙".as_bytes()), normal("甲\n乙".as_bytes()));
    }

    #[test]
    fn what_is_no_utf_8_is_kept_byte_for_byte() {
        let gbk = [0xc2, 0xb7, 0xb5, 0xc6];
        let (encoding, words) = kept(&gbk);
        assert_eq!((encoding, words.as_str()), (Encoding::Hex, "c2b7b5c6"));
        assert_eq!(original(encoding, words).unwrap(), gbk);
        let (encoding, words) = kept("路灯".as_bytes());
        assert_eq!(encoding, Encoding::Utf8);
        assert_eq!(original(encoding, words).unwrap(), "路灯".as_bytes());
    }
}
