//! From a step of a golden case to the JSON that the kernel takes.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::golden::{Golden, Step, end_of, moment, start_of};
use crate::names::{ANONYMOUS, Names};
use crate::view::{Approval, Proceeding, View};

/// The citizen of the cases that name none.
pub const SOMEBODY: &str = "市民王某";
const SOMEBODYS_PHONE: &str = "13800138000";

/// What surrounds a step.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The case that the step belongs to.
    pub golden: &'a Golden,
    /// Names and codes.
    pub names: &'a Names,
    /// The subject as it stands now.
    pub now: View<'a>,
    /// The unit that acts.
    pub unit: Option<&'a str>,
}

/// The body of a registration.
pub fn registration(step: &Step, golden: &Golden, names: &Names) -> Result<Value> {
    let anonymous = step.by == ANONYMOUS;
    let matter = matter(step, names)?;
    let mut source = json!({ "channel": names.channel(step.text("channel").unwrap_or_default())? });
    if let Some(unit) = step.text("first-receiver") {
        put(
            &mut source,
            "first-receiver",
            Some(names.unit(unit)?.into()),
        );
    }
    put(
        &mut source,
        "external",
        step.text("external").map(Value::from),
    );
    for field in ["posted-at", "detected-at"] {
        if let Some(text) = step.text(field) {
            let at = moment(text, golden.day_one).map_err(anyhow::Error::msg)?;
            put(&mut source, field, Some(at.to_string().into()));
        }
    }
    let assistance = step
        .text("assistance")
        .map(|mode| json!({ "mode": mode, "consent": "given" }));
    put(&mut source, "assistance", assistance);
    let mut parties = Vec::new();
    parties.push(if anonymous {
        json!({ "role": "reporter" })
    } else {
        let (name, phone) = reporter(step);
        json!({ "role": "reporter", "person": { "name": name, "phone": phone } })
    });
    for name in step.texts("representatives") {
        parties.push(json!({ "role": "representative", "person": { "name": name } }));
    }
    if let Some(name) = step.text("respondent") {
        parties.push(match names.unit(name) {
            Ok(unit) => json!({ "role": "respondent", "unit": unit }),
            Err(_) => json!({ "role": "respondent", "person": { "name": name } }),
        });
    }
    if let Some(unit) = step.text("accused") {
        parties.push(json!({ "role": "accused", "unit": names.unit(unit)? }));
    }
    let mut body = json!({
        "matter": matter,
        "source": source,
        "naming": if anonymous { "anonymous" } else { "named" },
        "parties": parties,
        "evidence": evidence(step),
    });
    put(
        &mut body,
        "protection",
        step.text("protection").map(Value::from),
    );
    Ok(body)
}

/// What it is about, as the step says it.
fn matter(step: &Step, names: &Names) -> Result<Value> {
    let mut matter = json!({
        "kind": step.text("kind"),
        "place": names.place(step.text("place").unwrap_or_default())?,
        "text": step.text("text"),
        "marks": step.texts("marks"),
        "portfolios": step.texts("portfolios"),
        "people": step.number("people").unwrap_or(0),
    });
    put(
        &mut matter,
        "category",
        step.text("category").map(Value::from),
    );
    put(
        &mut matter,
        "amount-fen",
        step.number("amount-yuan")
            .map(|yuan| Value::from(yuan * 100)),
    );
    let on_the_map = step.text("point").map(point).transpose()?;
    put(&mut matter, "point", on_the_map);
    Ok(matter)
}

/// `经度,纬度` in decimal degrees of WGS84, at most six places, as the kernel takes them.
fn point(text: &str) -> Result<Value> {
    let wrong = || format!("point 应写作“经度,纬度”（WGS84，十进制度，至多六位小数）：{text}");
    let (lon, lat) = text.split_once(',').with_context(wrong)?;
    let microdegrees = |degrees: &str| -> Result<i32> {
        let (whole, part) = degrees.trim().split_once('.').with_context(wrong)?;
        anyhow::ensure!(!part.is_empty() && part.len() <= 6, wrong());
        format!("{whole}{part:0<6}").parse().with_context(wrong)
    };
    Ok(json!({
        "lon-microdegrees": microdegrees(lon)?,
        "lat-microdegrees": microdegrees(lat)?,
    }))
}

/// Who reported: name and phone.
#[must_use]
pub fn reporter(step: &Step) -> (&str, &str) {
    let said = step.table("reporter");
    let word = |key: &str| said.and_then(|table| table.get(key)?.as_str());
    (
        word("name").unwrap_or(SOMEBODY),
        word("phone").unwrap_or(SOMEBODYS_PHONE),
    )
}

/// The room that a step books, and the body: from when until when, for which case.
pub fn booking<'a>(step: &'a Step, golden: &Golden, case: &str) -> Result<(&'a str, Value)> {
    let at = |field: &str| {
        let text = step.text(field).unwrap_or_default();
        moment(text, golden.day_one).map_err(anyhow::Error::msg)
    };
    let (from, until) = (at("from")?.to_string(), at("until")?.to_string());
    let body = json!({ "from": from, "until": until, "about": case });
    Ok((step.text("room").unwrap_or_default(), body))
}

/// The body of any other command; numbers inside the case are looked up in how it stands.
pub fn command(step: &Step, scene: &Scene<'_>) -> Result<Value> {
    let mut body = json!({ "do": step.act });
    for field in [
        "text",
        "ground",
        "route",
        "ruling",
        "grade",
        "result",
        "reason",
        "relation",
        "protection",
        "verdict",
        "flag",
        "answer-within",
        "how",
    ] {
        put(&mut body, field, step.text(field).map(Value::from));
    }
    for (field, value) in own_fields(step, scene)? {
        put(&mut body, field, Some(value));
    }
    if let ("split", Some(object)) = (step.act.as_str(), body.as_object_mut()) {
        // The words are the new matter's.
        object.remove("text");
    }
    Ok(body)
}

fn own_fields(step: &Step, scene: &Scene<'_>) -> Result<Vec<(&'static str, Value)>> {
    let unit = |field: &str| {
        step.text(field)
            .map(|name| scene.names.unit(name))
            .transpose()
    };
    let place = |field: &str| scene.names.place(step.text(field).unwrap_or_default());
    let mut fields: Vec<(&'static str, Value)> = Vec::new();
    match step.act.as_str() {
        "dispatch" => {
            fields.extend(unit("lead")?.map(|lead| ("lead", lead.into())));
            let assists: Result<Vec<Value>> = step
                .texts("assists")
                .into_iter()
                .map(|name| Ok(appointment(scene.names.unit(name)?, "assist", "owed")))
                .collect();
            fields.push(("others", assists?.into()));
        }
        "assign" => {
            let unit = unit("unit")?.unwrap_or_default();
            let role = step.text("role").unwrap_or_default();
            fields.push((
                "appointment",
                appointment(unit, role, step.text("result").unwrap_or("owed")),
            ));
        }
        "release" => {
            let unit = unit("unit")?
                .or(scene.unit)
                .context("请写明 unit，或由协办单位自己办")?;
            let mut parts = scene.now.parts().into_iter();
            let part = parts
                .find(|part| part.unit == unit && part.state == "active")
                .context("该单位在本案中没有承担工作")?;
            fields.push(("assignment", part.id.into()));
        }
        "arrive" | "attach" => fields.push(("evidence", evidence(step))),
        "report" => {
            fields.push(("evidence", evidence(step)));
            fields.extend(step.text("solved").map(|claim| ("solved", claim.into())));
        }
        "extend" => {
            let name = step.text("clock").unwrap_or_default();
            let live = |state: &str| state == "running" || state == "paused";
            let mut clocks = scene.now.clocks().into_iter().rev();
            let clock = clocks.find(|clock| clock.name == name && live(&clock.state));
            let clock = clock.with_context(|| format!("没有正在走的时限 {name}"))?;
            fields.push(("clock", clock.id.into()));
            fields.push(("by", step.text("length").into()));
        }
        "suspend" => {
            let at = moment(
                step.text("review-at").unwrap_or_default(),
                scene.golden.day_one,
            );
            fields.push((
                "review-at",
                at.map_err(anyhow::Error::msg)?.to_string().into(),
            ));
        }
        "reply" => {
            let delivery = match step.text("undeliverable") {
                Some(ground) => json!({ "delivery": "undeliverable", "ground": ground }),
                None => {
                    json!({ "delivery": "delivered", "way": step.text("way").unwrap_or("sms") })
                }
            };
            fields.push(("delivery", delivery));
        }
        "follow-up" => fields.push(("by", step.text("via").into())),
        "split" => fields.push(("matter", matter(step, scene.names)?)),
        "transfer" => fields.push(("to", place("to")?.into())),
        "hand-up" | "hand-down" => {
            fields.push(("to", place("to")?.into()));
            fields.extend(unit("lead")?.map(|lead| ("lead", lead.into())));
        }
        "hand-over" => fields.push(("lead", unit("lead")?.into())),
        "answer" => {
            let open = scene
                .now
                .instructions()
                .last()
                .copied()
                .context("没有待答复的批示")?;
            fields.push(("instruction", open.into()));
        }
        "recuse" => fields.push(("unit", unit("unit")?.into())),
        "waive" => fields.push(("what", json!({ "waived": step.text("what") }))),
        "decide" => {
            let addressee = unit("addressee")?;
            let about = |approval: &Approval| {
                addressee.is_none() || approval.proceeding == addressed(addressee, scene)
            };
            let mut waiting = scene.now.waiting().into_iter().rev();
            let waiting = waiting.find(about).context("没有待批准的事项")?;
            fields.push(("approval", waiting.id.into()));
        }
        "finish-task" => {
            let code = step.text("task").unwrap_or_default();
            let mut tasks = scene.now.tasks().into_iter();
            let task = tasks
                .find(|task| task.1 == code)
                .with_context(|| format!("没有待办 {code}"))?;
            fields.push(("task", task.0.into()));
        }
        "open-proceeding" => {
            fields.push(("kind", step.text("proceeding").into()));
            fields.extend(unit("addressee")?.map(|addressee| ("addressee", addressee.into())));
            fields.push(("fields", filled_in(step)));
        }
        "move-proceeding" => {
            fields.push(("proceeding", newest(step, scene)?.into()));
            fields.push(("code", step.text("move").into()));
            fields.push(("fields", filled_in(step)));
        }
        "grant" => fields.push(("terms", terms(step, scene)?)),
        "revoke-grant" => {
            let grantee = unit("grantee")?.unwrap_or_default();
            let grant = scene
                .now
                .grant_to(grantee)
                .context("该单位没有有效的授权")?;
            fields.push(("grant", grant.into()));
        }
        "set-allowance" => {
            fields.push(("kind", step.text("allowance").into()));
            fields.push(("year", step.number("year").into()));
            let fen = step.number("yuan").map(|yuan| yuan * 100);
            fields.push(("ceiling-fen", fen.into()));
        }
        _ => {}
    }
    Ok(fields)
}

/// The number of the newest proceeding that is addressed to a unit.
fn addressed(unit: Option<&str>, scene: &Scene<'_>) -> Option<u64> {
    let mut proceedings = scene.now.proceedings().into_iter().rev();
    let found = proceedings.find(|proceeding| proceeding.addressee.as_deref() == unit)?;
    Some(found.id)
}

/// What a grant says: the unit of whoever gives it delegates, from the first day to the end of the last one.
fn terms(step: &Step, scene: &Scene<'_>) -> Result<Value> {
    let unit = |name: &str| scene.names.unit(name);
    let text = |field: &str| step.text(field).unwrap_or_default();
    let addressees: Result<Vec<&str>> = step.texts("addressees").into_iter().map(unit).collect();
    let scope = step.text("scope").or(step.on.as_deref());
    Ok(json!({
        "grantor": scene.unit.context("授权人须属于一个单位")?,
        "grantee": unit(text("grantee"))?,
        "kind": text("proceeding"),
        "addressees": addressees?,
        "scope": scene.names.place(scope.unwrap_or_default())?,
        "from": start_of(text("from")).map_err(anyhow::Error::msg)?.to_string(),
        "until": end_of(text("until")).map_err(anyhow::Error::msg)?.to_string(),
    }))
}

/// The newest proceeding of the kind, to the addressee where one is written; a number that nothing has where there is none, so that the kernel says so.
fn newest(step: &Step, scene: &Scene<'_>) -> Result<u64> {
    let kind = step.text("proceeding").unwrap_or_default();
    let to = step.text("addressee").map(|name| scene.names.unit(name));
    let to = to.transpose()?;
    let meant =
        |own: &Proceeding| own.kind == kind && (to.is_none() || own.addressee.as_deref() == to);
    let mut proceedings = scene.now.proceedings().into_iter().rev();
    Ok(proceedings.find(meant).map_or(999_999, |own| own.id))
}

fn filled_in(step: &Step) -> Value {
    let with = step.table("with").into_iter().flatten();
    // Money is written in yuan and sent in fen.
    let field = |(key, value): (&String, &toml::Value)| match (key.strip_suffix("-yuan"), value) {
        (Some(what), toml::Value::Integer(yuan)) => {
            Some((format!("{what}-fen"), (yuan * 100).to_string().into()))
        }
        (_, value) => Some((key.clone(), value.as_str()?.into())),
    };
    let fields: Map<String, Value> = with.filter_map(field).collect();
    Value::Object(fields)
}

fn appointment(unit: &str, role: &str, result: &str) -> Value {
    json!({ "unit": unit, "role": role, "result": result })
}

/// Evidence by the digest of what it is called: the bytes themselves stay with whoever took the picture.
pub(crate) fn evidence(step: &Step) -> Value {
    let piece = |media: &'static str| move |name: &str| json!({ "digest": hex::encode(Sha256::digest(name)), "media": media });
    let photos = step.texts("photos").into_iter().map(piece("photo"));
    let documents = step.texts("documents").into_iter().map(piece("document"));
    photos.chain(documents).collect()
}

fn put(body: &mut Value, key: &str, value: Option<Value>) {
    if let (Some(object), Some(value)) = (body.as_object_mut(), value) {
        object.insert(key.to_owned(), value);
    }
}

/// The case that a step names besides its own.
pub fn other_case<'a>(
    step: &'a Step,
    known: impl Fn(&str) -> Option<&'a str>,
) -> Result<Option<&'a str>> {
    let Some(alias) = step.text("into") else {
        return Ok(None);
    };
    match known(alias) {
        Some(id) => Ok(Some(id)),
        None => bail!("“{alias}”还没有登记"),
    }
}
