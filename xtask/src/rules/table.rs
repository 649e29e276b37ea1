//! What became of the cases without each rule, as a table.

use comfy_table::{ContentArrangement, Table, presets};

use super::{Rule, Verdict};
use crate::stage;

/// One row a rule; how its case failed, or why it doesn't guard it.
pub(super) fn of(tried: &[(&Rule, Verdict)]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(stage::columns())
        .set_header(["规则", "插件", "守住它的样例案件", "", "拿掉之后"]);
    for (rule, verdict) in tried {
        let (mark, words) = match verdict {
            Verdict::Guarded(words) => ("✓ 守住", words.as_str()),
            Verdict::Unguarded => ("✗ 没守住", "案件照样如预期"),
            Verdict::Untried(words) => ("✗ 没试成", words.as_str()),
        };
        let case = format!("{}/{}", rule.jurisdiction, rule.case);
        table.add_row([&rule.rule, &rule.plugin, &case, mark, words]);
    }
    table
}
