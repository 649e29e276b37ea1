//! The fields of a message, whatever form it has: names with what stands under them, in the message's order.

mod json;
mod letter;
mod table;
mod xml;

use fengqiao_sdk::prelude::*;

use crate::config::Format;

/// The fields of one message.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

/// Takes a message apart.
pub(crate) fn fields(format: Format, text: &str) -> Result<Fields, PluginError> {
    match format {
        Format::Xml => xml::fields(text),
        Format::Json => json::fields(text),
        Format::Letter => Ok(letter::fields(text)),
        Format::TableRow => table::fields(text),
    }
}

impl Fields {
    fn put(&mut self, name: String, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.0.push((name, value.to_owned()));
        }
    }

    /// What stands under a name: the whole path (`工单/诉求人/姓名`), or its end.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let whole = self.0.iter().find(|(path, _)| path == name);
        let ends = |path: &str| {
            path.strip_suffix(name)
                .is_some_and(|before| before.ends_with('/'))
        };
        whole
            .or_else(|| self.0.iter().find(|(path, _)| ends(path)))
            .map(|(_, value)| value.as_str())
    }
}
