//! XML: elements by their path, attributes as `元素/@属性`. Nothing that a document type declares is ever followed.

use fengqiao_sdk::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::Fields;

pub(super) fn fields(text: &str) -> Result<Fields, PluginError> {
    let mut reader = Reader::from_str(text);
    let (mut fields, mut path) = (Fields::default(), Path::default());
    loop {
        let event = reader.read_event();
        match event.map_err(|error| wrong(&error))? {
            Event::Start(element) => {
                path.enter(&element);
                attributes(&element, &path.name(), &mut fields)?;
            }
            Event::Empty(element) => {
                path.enter(&element);
                attributes(&element, &path.name(), &mut fields)?;
                path.leave(&mut fields);
            }
            Event::Text(words) => path.say(&words.xml10_content()),
            Event::CData(words) => path.say(&words.xml10_content()),
            Event::GeneralRef(entity) => path.say(&resolved(&entity)?),
            Event::End(_) => path.leave(&mut fields),
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    if !path.0.is_empty() || fields == Fields::default() {
        return Err(PluginError::bad_input(
            "不是完整的 XML：没有元素，或元素没有结束",
        ));
    }
    Ok(fields)
}

/// The elements that are open, each with what it says so far.
#[derive(Default)]
struct Path(Vec<(String, String)>);

impl Path {
    fn enter(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name().into_inner().to_owned();
        self.0.push((name, String::new()));
    }

    fn say(&mut self, words: &str) {
        if let Some((_, said)) = self.0.last_mut() {
            said.push_str(words);
        }
    }

    fn name(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.join("/")
    }

    fn leave(&mut self, fields: &mut Fields) {
        let name = self.name();
        if let Some((_, said)) = self.0.pop() {
            fields.put(name, &said);
        }
    }
}

fn attributes(
    element: &BytesStart<'_>,
    path: &str,
    fields: &mut Fields,
) -> Result<(), PluginError> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| wrong(&error))?;
        let name = attribute.key.local_name().into_inner().to_owned();
        let value = attribute
            .normalized_value(quick_xml::XmlVersion::Explicit1_0)
            .map_err(|error| wrong(&error))?;
        fields.put(format!("{path}/@{name}"), &value);
    }
    Ok(())
}

/// A character by its number, or one of the five names that XML itself has.
fn resolved(entity: &BytesRef<'_>) -> Result<String, PluginError> {
    if let Some(character) = entity.resolve_char_ref().map_err(|error| wrong(&error))? {
        return Ok(character.to_string());
    }
    let name: &str = entity;
    match quick_xml::escape::resolve_xml_entity(name) {
        Some(text) => Ok(text.to_owned()),
        None => Err(PluginError::bad_input("XML 中有未知的实体")),
    }
}

fn wrong(error: &impl std::fmt::Display) -> PluginError {
    PluginError::bad_input(format!("不是完整的 XML：{error}"))
}
