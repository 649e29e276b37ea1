//! The top-level sections of a component, as far as a custom section has to be found among them.

/// Bytes of the header: magic, version, layer.
const HEADER_BYTES: usize = 8;

/// The number of a custom section.
const CUSTOM: u8 = 0;

/// The bytes don't divide into sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("组件的分段不完整")]
pub(crate) struct Torn;

/// The contents of every top-level custom section of this name; those of nested modules and components aren't looked at.
///
/// # Errors
/// A section is cut off.
pub(crate) fn custom<'a>(component: &'a [u8], name: &str) -> Result<Vec<&'a [u8]>, Torn> {
    let mut rest = component.get(HEADER_BYTES..).ok_or(Torn)?;
    let mut found = Vec::new();
    while let Some((id, after)) = rest.split_first() {
        let (length, after) = leb128(after)?;
        let (section, after) = after.split_at_checked(length).ok_or(Torn)?;
        rest = after;
        if *id == CUSTOM {
            let (length, section) = leb128(section)?;
            let (own, content) = section.split_at_checked(length).ok_or(Torn)?;
            if own == name.as_bytes() {
                found.push(content);
            }
        }
    }
    Ok(found)
}

/// An unsigned 32-bit number of at most five bytes, seven bits each.
fn leb128(bytes: &[u8]) -> Result<(usize, &[u8]), Torn> {
    let mut value = 0_u64;
    for (at, byte) in bytes.iter().take(5).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            let value = u32::try_from(value).map_err(|_| Torn)?;
            let value = usize::try_from(value).map_err(|_| Torn)?;
            return Ok((value, bytes.get(at + 1..).unwrap_or_default()));
        }
    }
    Err(Torn)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &[u8] = b"\0asm\x0d\0\x01\0";

    #[test]
    fn a_custom_section_is_found_by_its_name_among_others() {
        let sections = b"\x01\x02ab\x00\x04\x01xyz\x00\x05\x02xyzw";
        let component = [HEADER, sections].concat();
        assert_eq!(custom(&component, "xy"), Ok(vec![&b"zw"[..]]));
        assert_eq!(custom(&component, "x"), Ok(vec![&b"yz"[..]]));
        assert_eq!(custom(&component, "y"), Ok(vec![]));
    }

    #[test]
    fn sections_that_are_cut_off_are_refused() {
        for cut in [
            &b"\x00"[..],
            b"\x00\x05\x02xy",
            b"\x00\x02\x05x",
            b"\x00\x80\x80\x80\x80\x80\x00",
            b"\x00\xff\xff\xff\xff\x7f",
        ] {
            assert_eq!(custom(&[HEADER, cut].concat(), "xy"), Err(Torn));
        }
        assert_eq!(custom(b"\0asm", "xy"), Err(Torn));
    }
}
