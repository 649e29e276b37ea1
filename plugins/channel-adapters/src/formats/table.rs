//! A row of a table: the names in the first line, the cells in the second.

use fengqiao_sdk::prelude::*;

use super::Fields;

pub(super) fn fields(text: &str) -> Result<Fields, PluginError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let wrong = |error: csv::Error| PluginError::bad_input(format!("不是 CSV 表格：{error}"));
    let names = reader.headers().map_err(wrong)?.clone();
    let mut rows = reader.records();
    let Some(row) = rows.next().transpose().map_err(wrong)? else {
        return Err(PluginError::bad_input("只有表头，没有内容行"));
    };
    if rows.next().is_some() {
        return Err(PluginError::bad_input(
            "有不止一行内容：多行的表请按批次发送",
        ));
    }
    if row.len() > names.len() {
        return Err(PluginError::bad_input(format!(
            "这一行有 {} 格，表头只有 {} 格",
            row.len(),
            names.len()
        )));
    }
    let mut fields = Fields::default();
    for (name, cell) in names.iter().zip(row.iter()) {
        fields.put(name.trim().to_owned(), cell);
    }
    Ok(fields)
}
