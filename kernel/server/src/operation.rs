//! One HTTP operation as data: the router, the gate and the OpenAPI document are all made from it, so that they can't disagree.

use std::time::Duration;

use axum::http::Method;
use axum::routing::MethodRouter;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::app::Shared;
use crate::limits::{LONG_REQUEST_TIME, MAX_BODY_BYTES, REQUEST_TIME};

/// One method on one path.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    /// Its stable name: `register-case`.
    pub(crate) name: &'static str,
    /// What it does, in a few words.
    pub(crate) title: &'static str,
    /// What one has to know to use it.
    pub(crate) note: &'static str,
    /// The group that it is shown in.
    pub(crate) group: Group,
    pub(crate) headers: Headers,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) request: Option<Body>,
    /// The status of success, and what is answered then.
    pub(crate) answer: (u16, Option<Body>),
    pub(crate) time_limit: Duration,
    /// Bytes that the request's body may have.
    pub(crate) body_limit: usize,
    pub(crate) handler: fn() -> MethodRouter<Shared>,
}

/// Where an operation stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Cases,
    Channels,
    Linked,
    Query,
    Dockets,
    Assessing,
    Reference,
    Plugins,
    Process,
    Demonstration,
}

impl Group {
    /// All of them, in the order of the page.
    pub(crate) const ALL: [Group; 10] = [
        Group::Cases,
        Group::Channels,
        Group::Linked,
        Group::Query,
        Group::Dockets,
        Group::Assessing,
        Group::Reference,
        Group::Plugins,
        Group::Process,
        Group::Demonstration,
    ];

    /// Its title.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Group::Cases => "案件",
            Group::Channels => "渠道来件",
            Group::Linked => "链接平台",
            Group::Query => "凭查询码办理",
            Group::Dockets => "单位、区划与待办",
            Group::Assessing => "统计与考核",
            Group::Reference => "参考数据",
            Group::Plugins => "插件与绑定",
            Group::Process => "运行状态",
            Group::Demonstration => "演示",
        }
    }
}

/// Which headers a request has to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Headers {
    /// Nothing is written.
    Plain,
    /// `Idempotency-Key`.
    Key,
    /// `Idempotency-Key` and `If-Match`.
    KeyAndVersion,
}

/// A parameter in the query string.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) note: &'static str,
}

/// What a request or an answer holds.
pub(crate) struct Body {
    pub(crate) media_type: &'static str,
    pub(crate) schema: Option<fn(&mut SchemaGenerator) -> Schema>,
}

impl Body {
    /// A JSON document of a known shape.
    pub(crate) fn json<T: JsonSchema>() -> Self {
        Self {
            media_type: "application/json",
            schema: Some(|generator| generator.subschema_for::<T>()),
        }
    }

    /// A text or bytes.
    pub(crate) fn of(media_type: &'static str) -> Self {
        Self {
            media_type,
            schema: None,
        }
    }
}

/// A parameter with its note.
pub(crate) fn parameter(name: &'static str, note: &'static str) -> Parameter {
    Parameter { name, note }
}

impl Operation {
    /// A read that answers JSON.
    pub(crate) fn read<T: JsonSchema>(
        group: Group,
        path: &'static str,
        name: &'static str,
        title: &'static str,
        handler: fn() -> MethodRouter<Shared>,
    ) -> Self {
        Self {
            method: Method::GET,
            path,
            name,
            title,
            note: "",
            group,
            headers: Headers::Plain,
            parameters: Vec::new(),
            request: None,
            answer: (200, Some(Body::json::<T>())),
            time_limit: REQUEST_TIME,
            body_limit: MAX_BODY_BYTES,
            handler,
        }
    }

    /// A write that takes and answers JSON.
    pub(crate) fn write<Q: JsonSchema, A: JsonSchema>(
        group: Group,
        method: Method,
        path: &'static str,
        name: &'static str,
        title: &'static str,
        handler: fn() -> MethodRouter<Shared>,
    ) -> Self {
        Self {
            method,
            headers: Headers::Key,
            request: Some(Body::json::<Q>()),
            ..Self::read::<A>(group, path, name, title, handler)
        }
    }

    pub(crate) fn note(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    pub(crate) fn with(mut self, name: &'static str, note: &'static str) -> Self {
        self.parameters.push(parameter(name, note));
        self
    }

    pub(crate) fn headers(self, headers: Headers) -> Self {
        Self { headers, ..self }
    }

    pub(crate) fn up_to(self, body_limit: usize) -> Self {
        Self { body_limit, ..self }
    }

    pub(crate) fn takes(self, body: Body) -> Self {
        Self {
            request: Some(body),
            ..self
        }
    }

    pub(crate) fn answers(self, status: u16, body: Option<Body>) -> Self {
        Self {
            answer: (status, body),
            ..self
        }
    }

    pub(crate) fn created(mut self) -> Self {
        self.answer.0 = 201;
        self
    }

    pub(crate) fn slow(self) -> Self {
        Self {
            time_limit: LONG_REQUEST_TIME,
            ..self
        }
    }
}
