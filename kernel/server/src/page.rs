//! The readable page of the interface: one self-contained HTML document made from the OpenAPI document.

use std::fmt::Write as _;

use serde_json::Value;

use crate::openapi::METHODS;
use crate::operation::Group;

const STYLE: &str = "body{font:16px/1.6 system-ui,'PingFang SC','Microsoft YaHei',sans-serif;max-width:62rem;margin:0 auto;\
padding:1rem 1.5rem 4rem;color:#1c2733;background:#fff}h1{font-size:1.5rem;margin-bottom:0}h2{font-size:1.15rem;\
border-bottom:1px solid #ccd5de;margin-top:2.2rem}nav a{margin-right:1rem}details{border:1px solid #dde4ea;\
border-radius:.4rem;margin:.5rem 0;padding:.4rem .8rem}summary{cursor:pointer}code,pre{font:14px/1.5 ui-monospace,monospace}\
.m{display:inline-block;min-width:3.2rem;font-weight:600;color:#0b5c4b}.p{color:#44525f}table{border-collapse:collapse;\
margin:.4rem 0}td,th{border:1px solid #dde4ea;padding:.15rem .6rem;text-align:left;vertical-align:top}a{color:#0b5c4b}\
@media(prefers-color-scheme:dark){body{background:#12181e;color:#d7dfe6}details,td,th{border-color:#33414d}.p{color:#9fb0bf}\
.m,a{color:#5fc7ae}}";

/// The page.
pub(crate) fn page(document: &Value) -> String {
    let mut page = String::new();
    // Writing to a string can't fail.
    let _infallible = write(&mut page, document);
    page
}

fn write(page: &mut String, document: &Value) -> std::fmt::Result {
    let info = |name: &str| escaped(word(&document["info"], name));
    write!(
        page,
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\
         <p class=\"p\">版本 {version} · <a href=\"/openapi.json\">openapi.json</a></p><p>{note}</p><nav>",
        title = info("title"),
        version = info("version"),
        note = info("description"),
    )?;
    for group in Group::ALL
        .iter()
        .filter(|group| operations(document, **group).next().is_some())
    {
        write!(
            page,
            "<a href=\"#{label}\">{label}</a>",
            label = group.label()
        )?;
    }
    page.push_str("<a href=\"#types\">数据类型</a></nav>");
    for group in Group::ALL {
        let mut members = operations(document, group).peekable();
        if members.peek().is_none() {
            continue;
        }
        write!(
            page,
            "<h2 id=\"{label}\">{label}</h2>",
            label = group.label()
        )?;
        for (method, path, operation) in members {
            one(page, method, path, operation)?;
        }
    }
    page.push_str("<h2 id=\"types\">数据类型</h2>");
    for (name, schema) in document["components"]["schemas"]
        .as_object()
        .into_iter()
        .flatten()
    {
        let text = serde_json::to_string_pretty(schema).unwrap_or_default();
        let (id, text) = (escaped(name), escaped(&text));
        write!(
            page,
            "<details id=\"type-{id}\"><summary><code>{id}</code></summary><pre>{text}</pre></details>"
        )?;
    }
    page.push_str("</body></html>");
    Ok(())
}

fn operations(
    document: &Value,
    group: Group,
) -> impl Iterator<Item = (&'static str, &str, &Value)> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        METHODS.iter().filter_map(move |method| {
            let (word, key) = match method.as_str() {
                "POST" => ("POST", "post"),
                "PUT" => ("PUT", "put"),
                _ => ("GET", "get"),
            };
            Some((word, path.as_str(), methods.get(key)?))
        })
    });
    all.filter(move |(_, _, operation)| operation["tags"][0] == group.label())
}

fn one(page: &mut String, method: &str, path: &str, operation: &Value) -> std::fmt::Result {
    write!(
        page,
        "<details><summary><span class=\"m\">{method}</span> <code>{path}</code> {summary}</summary><p>{note}</p>",
        path = escaped(path),
        summary = escaped(word(operation, "summary")),
        note = escaped(word(operation, "description")),
    )?;
    let roles: Vec<&str> = operation["x-roles"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let who = match (roles.is_empty(), operation.get("security").is_some()) {
        (false, _) => roles.join("、"),
        (true, true) => "任何有令牌的人".to_owned(),
        (true, false) => "任何人".to_owned(),
    };
    write!(page, "<p class=\"p\">谁可以用：{}</p>", escaped(&who))?;
    let parameters = operation["parameters"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    if !parameters.is_empty() {
        page.push_str("<table><tr><th>参数</th><th>位置</th><th>必填</th><th>说明</th></tr>");
        for parameter in parameters {
            write!(
                page,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escaped(word(parameter, "name")),
                escaped(word(parameter, "in")),
                if parameter["required"] == true {
                    "是"
                } else {
                    ""
                },
                escaped(word(parameter, "description")),
            )?;
        }
        page.push_str("</table>");
    }
    if let Some(body) = operation.get("requestBody") {
        write!(page, "<p>请求：{}</p>", content(&body["content"]))?;
    }
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let status = if status == "default" {
            "其他"
        } else {
            status
        };
        write!(page, "<p>{status}：{}</p>", content(&answer["content"]))?;
    }
    page.push_str("</details>");
    Ok(())
}

/// The media type, and the type with a link to it.
fn content(content: &Value) -> String {
    let mut text = String::new();
    for (media_type, body) in content.as_object().into_iter().flatten() {
        let name = body["schema"]["$ref"]
            .as_str()
            .and_then(|at| at.rsplit('/').next());
        let linked =
            name.map(|name| format!(" <a href=\"#type-{0}\"><code>{0}</code></a>", escaped(name)));
        text.push_str(&format!(
            "<code>{}</code>{}",
            escaped(media_type),
            linked.unwrap_or_default()
        ));
    }
    text
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{openapi, operations};

    #[test]
    fn the_page_shows_every_operation_and_loads_nothing_from_elsewhere() {
        let all = operations::all(true);
        let page = page(&openapi::document(&all));
        for operation in all {
            assert!(
                page.contains(&format!(
                    "<code>{}</code> {}",
                    operation.path, operation.title
                )),
                "{}",
                operation.name
            );
        }
        for outside in ["src=", "@import", "url(", "<script", "<link"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    #[test]
    fn text_from_the_document_is_never_markup() {
        assert_eq!(escaped("<b a=\"1\">&"), "&lt;b a=&quot;1&quot;&gt;&amp;");
    }
}
