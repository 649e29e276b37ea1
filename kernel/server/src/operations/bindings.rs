//! `/v1/bindings`: put plugins in force for a division, and see which are.

use axum::extract::State;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{get, put};
use fengqiao_core::ids::{BindingId, Digest, DivisionCode};
use fengqiao_service::BindingOrder;
use fengqiao_service::ports::advisor::{Binding, Manifest};
use fengqiao_service::ports::store::{PluginRow, Store as _};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answers::ok;
use crate::app::Shared;
use crate::extract::{Document, Key, Params, Sender};
use crate::limits::MAX_BINDINGS_A_REQUEST;
use crate::once::once;
use crate::operation::{Group, Operation};
use crate::policy;
use crate::problem::Problem;
use crate::schemas::Rows;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::write::<Orders, Rows>(
            Group::Plugins,
            Method::PUT,
            "/v1/bindings",
            "put-bindings",
            "启用一个区划的全部绑定",
            || put(bind),
        )
        .note("整体替换该区划及其下级原有的绑定：要么全部生效，要么一个不变。新登记的案件使用新绑定，在办案件不受影响。")
        .slow(),
        Operation::read::<Rows>(Group::Plugins, "/v1/bindings", "list-bindings", "在用的绑定", || get(list))
            .with("division", "对该区划有效的绑定，连同其下级的"),
    ]
}

/// All bindings that a division and those below it are to have.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Orders {
    /// The division.
    division: DivisionCode,
    /// Its bindings.
    bindings: Vec<Order>,
}

/// A binding as somebody wants it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Its name.
    id: BindingId,
    /// The plugin: its name among those uploaded for the division or one above it, or the digest of any component.
    plugin: String,
    /// For which division; the whole one where it isn't said.
    #[serde(default)]
    division: Option<DivisionCode>,
    /// Its place among the bindings of the same division.
    #[serde(default)]
    order: u32,
    /// Its configuration.
    #[serde(default)]
    config: Map<String, Value>,
    /// For an intake plugin, the channel.
    #[serde(default)]
    channel: Option<String>,
}

async fn bind(
    State(app): State<Shared>,
    sender: Sender,
    key: Key,
    Document {
        value: orders,
        digest,
    }: Document<Orders>,
) -> Result<Response, Problem> {
    policy::check_division(&orders.division, sender.official()?)?;
    if orders.bindings.len() > MAX_BINDINGS_A_REQUEST {
        let detail = format!("一次最多启用 {MAX_BINDINGS_A_REQUEST} 个绑定");
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "too-many-bindings",
            "绑定过多",
            detail,
        )
        .with("limit", MAX_BINDINGS_A_REQUEST));
    }
    once(&app, &sender, key, &digest, async {
        let plugins = app.kernel.store().plugins().await?;
        let division = &orders.division;
        let wanted = orders
            .bindings
            .into_iter()
            .map(|order| resolve(order, division, &plugins));
        let bound = app
            .kernel
            .bind(division, wanted.collect::<Result<Vec<_>, _>>()?)
            .await?;
        tracing::info!(%division, bindings = bound.len(), "绑定已生效");
        let rows: Vec<Value> = bound
            .iter()
            .map(|binding| line(binding, &plugins))
            .collect();
        Ok((StatusCode::OK, json!({ "rows": rows, "next": null })))
    })
    .await
}

fn resolve(
    order: Order,
    within: &DivisionCode,
    plugins: &[PluginRow],
) -> Result<BindingOrder, Problem> {
    let division = order.division.unwrap_or_else(|| within.clone());
    if !within.contains(&division) {
        let detail = format!("绑定 {} 的区划 {division} 不在 {within} 之内", order.id);
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "outside-division",
            "区划不符",
            detail,
        )
        .with("binding", order.id.as_str())
        .with("division", division.as_str()));
    }
    let component = find(&order.plugin, &division, plugins).ok_or_else(|| {
        let detail = format!("没有名称或摘要为“{}”的插件：请先上传", order.plugin);
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "unknown-plugin",
            "插件不存在",
            detail,
        )
        .with("plugin", order.plugin.as_str())
    })?;
    let config = Value::Object(order.config).to_string();
    Ok(BindingOrder {
        id: order.id,
        division,
        order: order.order,
        component,
        config,
        channel: order.channel,
    })
}

/// The component of this digest, or the newest one of this name that was uploaded for the division: nobody's upload
/// changes what a name means elsewhere.
fn find(plugin: &str, division: &DivisionCode, plugins: &[PluginRow]) -> Option<Digest> {
    let by_digest = plugins.iter().find(|row| row.digest.as_str() == plugin);
    let for_it = |row: &&PluginRow| row.divisions.iter().any(|of| of.contains(division));
    let mut for_it = plugins.iter().filter(for_it);
    let by_name = || for_it.find(|row| name(row).is_some_and(|name| name == plugin));
    by_digest.or_else(by_name).map(|row| row.digest.clone())
}

fn name(row: &PluginRow) -> Option<String> {
    serde_json::from_str::<Manifest>(&row.manifest)
        .ok()
        .map(|manifest| manifest.name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    division: Option<DivisionCode>,
}

async fn list(
    State(app): State<Shared>,
    Params(query): Params<Query>,
) -> Result<Response, Problem> {
    let plugins = app.kernel.store().plugins().await?;
    let bindings = app.kernel.bindings();
    let concerned = |binding: &&Binding| {
        query.division.as_ref().is_none_or(|division| {
            division.contains(&binding.division) || binding.division.contains(division)
        })
    };
    let rows: Vec<Value> = bindings
        .iter()
        .filter(concerned)
        .map(|binding| line(binding, &plugins))
        .collect();
    Ok(ok(&json!({ "rows": rows, "next": null })))
}

fn line(binding: &Binding, plugins: &[PluginRow]) -> Value {
    let plugin = plugins
        .iter()
        .find(|row| row.digest == binding.component)
        .and_then(name);
    json!({
        "id": binding.id,
        "division": binding.division,
        "order": binding.order,
        "plugin": plugin,
        "digest": binding.component,
        "hooks": binding.hooks,
        "channel": binding.channel,
        "config": serde_json::from_str::<Value>(&binding.config).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uploaded_for(divisions: &[&str]) -> [PluginRow; 1] {
        let manifest = json!({ "name": "routes", "version": "1.0.0", "title": "派单", "licence": "Apache-2.0", "hooks": [] });
        [PluginRow {
            digest: "c0".parse().unwrap(),
            manifest: manifest.to_string(),
            uploaded_by: "somebody".to_owned(),
            divisions: divisions.iter().map(|code| code.parse().unwrap()).collect(),
            uploaded_at: jiff::Timestamp::UNIX_EPOCH,
        }]
    }

    #[test]
    fn a_plugin_is_found_by_its_name_below_those_who_uploaded_it_and_nowhere_else() {
        let township: DivisionCode = "990101001000".parse().unwrap();
        for (divisions, found) in [
            (["990101000000"].as_slice(), true),
            (&["990102000000", "990100000000"], true),
            (&["990101001001"], false),
            (&["990102000000"], false),
            (&[], false),
        ] {
            let by_name = find("routes", &township, &uploaded_for(divisions));
            assert_eq!(by_name.is_some(), found, "{divisions:?}");
        }
    }
}
