//! The table of plugins that a person reads after a build.

use comfy_table::{CellAlignment, Table, presets};

use super::{Built, Plugin};

const DIGEST_DIGITS: usize = 12;

/// One row a plugin: its name, size, digest and what it exports.
pub(super) fn of(built: &Built) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["plugin", "size", "sha-256", "exports"]);
    if let Some(size) = table.column_mut(1) {
        size.set_cell_alignment(CellAlignment::Right);
    }
    for plugin in &built.plugins {
        table.add_row(row(plugin));
    }
    table
}

fn row(plugin: &Plugin) -> [String; 4] {
    [
        plugin.name.clone(),
        format!("{} KiB", plugin.size_bytes.div_ceil(1024)),
        plugin.sha256.chars().take(DIGEST_DIGITS).collect(),
        plugin.exports.join("\n"),
    ]
}
