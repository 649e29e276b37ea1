//! The OpenAPI 3.1 document, generated from the operations and the types that they read and write.

use axum::http::Method;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::operation::{Body, Headers, Operation};
use crate::policy::{self, Access};
use crate::problem::PROBLEM_JSON;
use crate::schemas::ProblemSchema;

/// The document.
pub(crate) fn document(operations: &[Operation]) -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<ProblemSchema>();
    let mut paths = Map::new();
    for operation in operations {
        let described = describe(operation, &mut generator, &json!(problem));
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(path) = path.as_object_mut() {
            path.insert(operation.method.as_str().to_lowercase(), described);
        }
    }
    let schemas = generator.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "枫桥内核",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "群众诉求闭环办理。出错时一律答复 application/problem+json，code 稳定，next 说明下一步。",
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn describe(operation: &Operation, generator: &mut SchemaGenerator, problem: &Value) -> Value {
    let (status, body) = &operation.answer;
    let mut answer = json!({ "description": operation.title });
    if let (Some(body), Some(object)) = (body, answer.as_object_mut()) {
        object.insert("content".to_owned(), content(body, generator));
    }
    let mut described = json!({
        "operationId": operation.name,
        "summary": operation.title,
        "description": operation.note,
        "tags": [operation.group.label()],
        "parameters": parameters(operation),
        "responses": {
            status.to_string(): answer,
            "default": { "description": "未办成的原因", "content": { PROBLEM_JSON: { "schema": problem } } },
        },
    });
    let Some(object) = described.as_object_mut() else {
        return described;
    };
    if let Some(body) = &operation.request {
        let content = content(body, generator);
        object.insert(
            "requestBody".to_owned(),
            json!({ "required": true, "content": content }),
        );
    }
    match policy::operation(operation.name) {
        Access::Anyone => {}
        Access::Officials => {
            object.insert("security".to_owned(), json!([{ "token": [] }]));
        }
        Access::Roles(roles) | Access::Linked(roles) => {
            object.insert("security".to_owned(), json!([{ "token": [] }]));
            let words: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            object.insert("x-roles".to_owned(), json!(words));
        }
    }
    described
}

fn content(body: &Body, generator: &mut SchemaGenerator) -> Value {
    let schema = body
        .schema
        .map_or(json!({}), |schema| json!(schema(generator)));
    json!({ body.media_type: { "schema": schema } })
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let text = json!({ "type": "string" });
    let mut all: Vec<Value> = Vec::new();
    let mut put = |name: &str, place: &str, required: bool, note: &str| {
        all.push(json!({ "name": name, "in": place, "required": required, "description": note, "schema": text }));
    };
    for part in operation.path.split('/') {
        if let Some(name) = part
            .strip_prefix('{')
            .and_then(|part| part.strip_suffix('}'))
        {
            put(name, "path", true, "");
        }
    }
    for parameter in &operation.parameters {
        put(parameter.name, "query", false, parameter.note);
    }
    let (key, version) = match operation.headers {
        Headers::Plain => (false, false),
        Headers::Key => (true, false),
        Headers::KeyAndVersion => (true, true),
    };
    if key {
        put(
            "Idempotency-Key",
            "header",
            true,
            "每个写请求一个新值；重试用同一个值，答复相同。",
        );
    }
    if version {
        put(
            "If-Match",
            "header",
            true,
            "读取时得到的 ETag，例如 \"3\"；从未有过事项的台账为 \"0\"。",
        );
    }
    all
}

/// The path's operations in the order of their methods, for the page.
pub(crate) const METHODS: [Method; 3] = [Method::GET, Method::POST, Method::PUT];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations;

    #[test]
    fn every_reference_in_the_document_leads_somewhere() {
        let document = document(&operations::all(true));
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(at)) = object.get("$ref") {
                        let pointer = at.trim_start_matches('#');
                        assert!(document.pointer(pointer).is_some(), "{at}");
                    }
                    open.extend(object.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
    }

    #[test]
    fn every_operation_is_described_once() {
        let all = operations::all(true);
        let document = document(&all);
        for operation in all {
            let described =
                &document["paths"][operation.path][operation.method.as_str().to_lowercase()];
            assert_eq!(described["operationId"], operation.name);
        }
    }

    #[test]
    fn every_command_is_in_the_document() {
        let document = document(&operations::all(false)).to_string();
        for command in [
            "register",
            "dispatch",
            "send-back",
            "hand-up",
            "open-proceeding",
            "revoke-grant",
            "set-allowance",
            "cancel-booking",
        ] {
            assert!(
                document.contains(&format!("\"const\":\"{command}\"")),
                "{command}"
            );
        }
    }
}
