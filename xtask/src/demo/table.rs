//! How every case went, as a table a jurisdiction.

use comfy_table::{ContentArrangement, Table, presets};
use fengqiao_tests::play::Row;

use crate::stage;

/// Nothing to see: where a way through the loop may be folded.
const FOLD: char = '\u{200b}';

/// All tables; below each, what differed from what its officers expected.
pub(super) fn of(rows: &[Row]) -> String {
    within(rows, stage::columns())
}

fn within(rows: &[Row], columns: u16) -> String {
    let mut text = String::new();
    for group in rows.chunk_by(|left, right| left.jurisdiction == right.jurisdiction) {
        let Some(first) = group.first() else { continue };
        let good = group.iter().filter(|row| row.difference.is_none()).count();
        text += &format!(
            "\n{}：{} 件样例案件，{good} 件如预期\n",
            first.jurisdiction,
            group.len()
        );
        text += &table(group, columns).trim_fmt();
        text.push('\n');
        for row in group {
            if let Some(difference) = &row.difference {
                text += &format!("✗ {}（{}）\n  {difference}\n", row.title, row.file);
            }
        }
    }
    text.replace(FOLD, "")
}

fn table(rows: &[Row], columns: u16) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(columns)
        .set_header(["案件", "办理过程", "主办单位", "时限", "结果", ""]);
    for column in table.column_iter_mut() {
        column.set_delimiter(FOLD);
    }
    for row in rows {
        table.add_row([
            row.title.clone(),
            way(row),
            row.lead.clone(),
            clocks(row),
            foldable(&row.outcome, '、'),
            verdict(row).to_owned(),
        ]);
    }
    table
}

/// 受理→分流→处置→反馈→待评价→办结
fn way(row: &Row) -> String {
    row.way.join(&format!("→{FOLD}"))
}

fn clocks(row: &Row) -> String {
    match (row.met, row.breached) {
        (0, 0) => "—".to_owned(),
        (met, 0) => format!("按时 {met}"),
        (0, breached) => format!("超时 {breached}"),
        (met, breached) => format!("按时 {met}，{FOLD}超时 {breached}"),
    }
}

fn foldable(text: &str, after: char) -> String {
    text.replace(after, &format!("{after}{FOLD}"))
}

fn verdict(row: &Row) -> &'static str {
    match row.difference {
        None => "✓ 如预期",
        Some(_) => "✗ 不符",
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn row(difference: Option<&str>) -> Row {
        Row {
            jurisdiction: "某县".to_owned(),
            title: "路灯不亮".to_owned(),
            file: "cases/01.toml".to_owned(),
            way: ["受理", "分流", "处置", "反馈", "待评价", "办结"]
                .map(str::to_owned)
                .into(),
            lead: "住房和城乡建设局".to_owned(),
            met: 3,
            breached: 1,
            outcome: "办结、已解决、满意".to_owned(),
            difference: difference.map(str::to_owned),
        }
    }

    #[test]
    fn a_case_is_told_in_local_words() {
        let text = within(&[row(None)], 200);
        for words in [
            "某县：1 件样例案件，1 件如预期",
            "受理→分流→处置→反馈→待评价→办结",
            "按时 3，超时 1",
            "办结、已解决、满意",
            "✓ 如预期",
        ] {
            assert!(text.contains(words), "{words}：\n{text}");
        }
    }

    #[test]
    fn what_differed_stands_below_the_table_with_its_file() {
        let text = within(&[row(Some("环节应为“closed”，实际为“handling”"))], 200);
        assert!(text.contains("✗ 不符"), "{text}");
        let below = "✗ 路灯不亮（cases/01.toml）\n  环节应为“closed”，实际为“handling”\n";
        assert!(text.ends_with(below), "{text}");
    }

    #[test]
    fn a_narrow_terminal_folds_between_stages() {
        let text = within(&[row(None)], 80);
        let widest = text.lines().map(console::measure_text_width).max();
        assert!(widest.is_some_and(|widest| widest <= 80), "{text}");
        assert!(text.contains("待评价"), "{text}");
    }
}
