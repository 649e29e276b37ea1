//! The printable dossier: one HTML page made from the sealed bytes, which loads nothing from elsewhere.

use fengqiao_calendar::local_text;
use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

const STYLE: &str = "@page{size:A4;margin:18mm 16mm}body{font:14px/1.7 'Songti SC','SimSun','Noto Serif CJK SC',serif;\
max-width:52rem;margin:0 auto;padding:1rem;color:#111}h1{font-size:1.5rem;text-align:center;letter-spacing:.3em}\
h2{font-size:1.05rem;border-bottom:1.5px solid #111;margin:1.6rem 0 .5rem;break-after:avoid}table{border-collapse:collapse;\
width:100%}td,th{border:1px solid #777;padding:.2rem .5rem;text-align:left;vertical-align:top;font-weight:400}\
th{background:#f2f2f2;white-space:nowrap}tr{break-inside:avoid}.s{font-family:ui-monospace,monospace;word-break:break-all}\
ul{margin:.2rem 0;padding-left:1.2rem}p{margin:.3rem 0}.n{color:#444;font-size:12px}";

/// The page of a sealed dossier.
pub(crate) fn page(dossier: &Value, sha256: &str) -> String {
    let case = &dossier["case"];
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { "卷宗 " (text(&case["case"])) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "卷宗" }
                (about(dossier))
                (parts(dossier))
                (way(dossier))
                (clocks(dossier))
                (procedures(dossier))
                (approvals(dossier))
                (evidence(case))
                (seal(dossier, sha256))
            }
        }
    }
    .into_string()
}

fn about(dossier: &Value) -> Markup {
    let case = &dossier["case"];
    let (matter, source) = (&case["matter"], &case["source"]);
    let facts = [
        ("案件编号", text(&case["case"])),
        ("环节", text(&case["stage-label"])),
        ("登记时间", time(&case["registered-at"])),
        ("渠道", text(&source["channel"])),
        ("类别", text(&matter["category"])),
        ("地点（区划）", text(&matter["place"])),
        ("主办单位", unit(dossier, &case["lead"])),
        ("涉及人数", text(&matter["people"])),
        ("诉求内容", text(&matter["text"])),
    ];
    html! {
        h2 { "一、基本情况" }
        table { @for (name, value) in facts { @if !value.is_empty() { tr { th { (name) } td { (value) } } } } }
        h2 { "二、结果" }
        table {
            @for (name, key) in [("办结", "closed"), ("解决", "solved"), ("满意", "satisfied")] {
                @let fact = &case["outcome"][key];
                tr {
                    th { (name) }
                    td { @if fact.is_null() { "没有记录" } @else { (text(&fact["value"])) } }
                    td { (time(&fact["at"])) }
                    td { (text(&fact["source"])) }
                }
            }
        }
    }
}

fn parts(dossier: &Value) -> Markup {
    let case = &dossier["case"];
    html! {
        h2 { "三、当事人与承办单位" }
        table {
            @for party in rows(&case["parties"]) {
                @let person = &party["person"];
                tr { th { (text(&party["role"])) } td { (text(&person["name"])) " " (unit(dossier, &party["unit"])) } td { (text(&person["phone"])) } }
            }
        }
        table {
            @for part in rows(&case["assignments"]) {
                tr {
                    th { (text(&part["role-label"])) }
                    td { (unit(dossier, &part["unit"])) }
                    td { "交办 " (time(&part["given-at"])) }
                    td { @if !part["signed-at"].is_null() { "签收 " (time(&part["signed-at"])) } }
                }
            }
        }
    }
}

fn way(dossier: &Value) -> Markup {
    html! {
        h2 { "四、办理经过" }
        table {
            @for entry in rows(&dossier["case"]["timeline"]) {
                tr {
                    th { (time(&entry["at"])) }
                    td { (text(&entry["what"])) @if !entry["text"].is_null() { p { (text(&entry["text"])) } } }
                    td { (text(&entry["by"])) " " (unit(dossier, &entry["unit"])) }
                }
            }
        }
    }
}

fn clocks(dossier: &Value) -> Markup {
    html! {
        h2 { "五、时限及其理由" }
        table {
            @for clock in rows(&dossier["case"]["clocks"]) {
                tr {
                    th { (text(&clock["label"])) }
                    td { (text(&clock["due-text"])) "（" (text(&clock["state"])) "）" }
                    td {
                        (text(&clock["source"])) " " (text(&clock["unconfirmed"]))
                        ul { @for step in rows(&clock["explanation"]) { li { (text(step)) } } }
                    }
                }
            }
        }
    }
}

fn procedures(dossier: &Value) -> Markup {
    let procedures = rows(&dossier["case"]["proceedings"]);
    html! {
        h2 { "六、程序" }
        @if procedures.is_empty() { p { "没有" } }
        table {
            @for one in procedures {
                tr {
                    th { (text(&one["label"])) }
                    td { (text(&one["state-label"])) }
                    td { (unit(dossier, &one["issuer"])) @if !one["addressee"].is_null() { " → " (unit(dossier, &one["addressee"])) } }
                    td { ul { @for field in rows(&one["fields"]) { li { (text(&field[0])) "：" (text(&field[1])) } } } }
                }
            }
        }
    }
}

fn approvals(dossier: &Value) -> Markup {
    let approvals = rows(&dossier["case"]["approvals"]);
    html! {
        h2 { "七、审批" }
        @if approvals.is_empty() { p { "没有" } }
        table {
            @for one in approvals {
                tr {
                    th { (text(&one["what"])) }
                    td { "提请 " (time(&one["asked-at"])) " " (unit(dossier, &one["asked-unit"])) }
                    td { (text(&one["role"])) " " (text(&one["verdict"])) " " (time(&one["decided-at"])) }
                }
            }
        }
    }
}

fn evidence(case: &Value) -> Markup {
    let pieces = rows(&case["matter"]["evidence"]);
    html! {
        h2 { "八、材料清单（SHA-256）" }
        @if pieces.is_empty() { p { "没有" } }
        table { @for piece in pieces { tr { th { (text(&piece["media"])) } td class="s" { (text(&piece["digest"])) } } } }
    }
}

fn seal(dossier: &Value, sha256: &str) -> Markup {
    html! {
        h2 { "九、封存" }
        p { "本卷宗涵盖第 1 至第 " (text(&dossier["through"])) " 号记录，封存内容的 SHA-256 摘要为：" }
        p class="s" { (sha256) }
        p class="n" { "格式 " (text(&dossier["format"])) "。姓名、电话等个人信息已遮蔽。可用任何 SHA-256 工具核对卷宗的 JSON 文件。" }
    }
}

/// A value as people read it; nothing for none.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn time(value: &Value) -> String {
    let at = value.as_str().and_then(|at| at.parse::<Timestamp>().ok());
    at.map_or_else(|| text(value), local_text)
}

/// A unit by the name that it had when the dossier was sealed.
fn unit(dossier: &Value, value: &Value) -> String {
    let name = value.as_str().and_then(|id| dossier["units"][id].as_str());
    name.map_or_else(|| text(value), str::to_owned)
}

fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_somebody_wrote_is_never_markup() {
        let entry = json!({ "at": "2024-03-05T02:00:00Z", "what": "反馈", "text": "<script>", "by": "承办人" });
        let page = page(&json!({ "case": { "timeline": [entry] } }), "d1");
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>"));
        assert!(page.contains("2024-03-05 10:00"));
    }

    #[test]
    fn a_unit_is_named_as_when_it_was_sealed_and_the_page_loads_nothing() {
        let dossier = json!({ "units": { "u1": "住建局" }, "case": { "lead": "u1" } });
        let page = page(&dossier, "d1");
        assert!(page.contains("住建局") && page.contains("d1"));
        assert!(!page.contains("src=") && !page.contains("href=") && !page.contains("url("));
    }
}
