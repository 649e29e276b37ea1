//! From bytes to text: UTF-8, or the national encodings that older systems still send.

use std::borrow::Cow;

use encoding_rs::GB18030;
use fengqiao_sdk::prelude::*;

/// The text of a message without its byte order mark. GB18030 has GBK and GB2312 in it.
pub(crate) fn text(raw: &[u8]) -> Result<Cow<'_, str>, PluginError> {
    let raw = raw.strip_prefix(b"\xef\xbb\xbf").unwrap_or(raw);
    if let Ok(text) = std::str::from_utf8(raw) {
        return Ok(Cow::Borrowed(text));
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(raw)
        .ok_or_else(|| {
            PluginError::bad_input("既不是 UTF-8 也不是 GB18030（GBK）：请发送方核对编码")
        })
}
