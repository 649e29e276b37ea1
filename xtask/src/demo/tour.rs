//! What a person can do with the kernel that the demonstration leaves running.

use fengqiao_tests::jurisdiction::{Jurisdiction, Principal};

use crate::stage::Place;

/// Who looks around first: over the whole jurisdiction.
const VISITORS: [&str; 2] = ["supervisor", "dispatcher"];

/// Addresses, one ready-made question a jurisdiction, and how to stop.
pub(super) fn of(base: &str, place: &Place, all: &[Jurisdiction]) -> String {
    let mut lines = vec![
        format!("内核正在 {base} 运行，按 Ctrl-C 结束。"),
        String::new(),
        format!("  接口说明（浏览器打开）  {base}/"),
        format!("  接口说明（OpenAPI）     {base}/openapi.json"),
        format!("  运行指标                {base}/metrics"),
        format!("  数据与日志              {}", place.data().display()),
        String::new(),
        "令牌只用于演示，都写在各辖区的 principals.toml 里。例如查看案件：".to_owned(),
    ];
    for jurisdiction in all {
        if let Some(visitor) = visitor(jurisdiction) {
            lines.push(String::new());
            lines.push(format!("  # {}，{}", jurisdiction.title, visitor.name));
            lines.push(format!(
                "  curl -H 'Authorization: Bearer {}' {base}/v1/cases",
                visitor.token
            ));
        }
    }
    lines.join("\n")
}

fn visitor(jurisdiction: &Jurisdiction) -> Option<&Principal> {
    VISITORS
        .iter()
        .find_map(|role| jurisdiction.principal(role))
}
