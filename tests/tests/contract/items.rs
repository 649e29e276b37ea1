//! Every item of the contract says what it is and since when, and holds only what the contract may hold.

use fengqiao_guests::contract;
use wit_parser::{Docs, Resolve, Stability, Type, TypeDefKind};

#[test]
fn every_item_is_documented() {
    let mut bare = Vec::new();
    let mut look = |item: String, docs: &Docs| {
        if docs
            .contents
            .as_deref()
            .unwrap_or_default()
            .trim()
            .is_empty()
        {
            bare.push(item);
        }
    };
    for contract in contracts() {
        for (_, world) in &contract.worlds {
            look(world.name.clone(), &world.docs);
        }
        for (_, interface) in &contract.interfaces {
            let name = interface.name.clone().unwrap_or_default();
            look(name.clone(), &interface.docs);
            for (function, item) in &interface.functions {
                look(format!("{name}/{function}"), &item.docs);
            }
        }
        for (_, item) in own_types(&contract) {
            let name = item.name.clone().unwrap_or_default();
            look(name.clone(), &item.docs);
            for (part, docs) in parts(&item.kind) {
                look(format!("{name}.{part}"), docs);
            }
        }
    }
    assert!(bare.is_empty(), "without a sentence: {bare:?}");
}

#[test]
fn every_item_says_since_when_it_exists() {
    let mut silent = Vec::new();
    let mut look = |item: String, stability: &Stability| {
        if !matches!(stability, Stability::Stable { .. }) {
            silent.push(item);
        }
    };
    for contract in contracts() {
        for (_, world) in &contract.worlds {
            look(world.name.clone(), &world.stability);
        }
        for (_, interface) in &contract.interfaces {
            let name = interface.name.clone().unwrap_or_default();
            look(name.clone(), &interface.stability);
            for (function, item) in &interface.functions {
                look(format!("{name}/{function}"), &item.stability);
            }
        }
        for (_, item) in own_types(&contract) {
            look(item.name.clone().unwrap_or_default(), &item.stability);
        }
    }
    assert!(silent.is_empty(), "without @since: {silent:?}");
}

#[test]
fn there_is_no_floating_point_and_no_bare_bool() {
    for contract in contracts() {
        let in_types = contract.types.iter().flat_map(|(_, item)| held(&item.kind));
        let functions = contract
            .interfaces
            .iter()
            .flat_map(|(_, interface)| interface.functions.values());
        let in_functions = functions.flat_map(|f| f.params.iter().map(|p| p.ty).chain(f.result));
        for held in in_types.chain(in_functions) {
            assert!(
                !matches!(held, Type::F32 | Type::F64 | Type::Bool),
                "{held:?}"
            );
        }
    }
}

#[test]
fn an_error_is_never_a_bare_string() {
    for contract in contracts() {
        for (_, item) in &contract.types {
            if let TypeDefKind::Result(result) = &item.kind {
                assert!(matches!(result.err, Some(Type::Id(_))), "{:?}", item.name);
            }
        }
    }
}

fn contracts() -> Vec<Resolve> {
    let contract = |hook| contract::world(&contract::current(), hook).0;
    contract::HOOKS.into_iter().map(contract).collect()
}

/// Types with a name of their own: neither anonymous ones nor those used from another interface.
fn own_types(
    contract: &Resolve,
) -> impl Iterator<Item = (wit_parser::TypeId, &wit_parser::TypeDef)> {
    contract.types.iter().filter(|(_, item)| {
        item.name.is_some() && !matches!(item.kind, TypeDefKind::Type(Type::Id(_)))
    })
}

fn parts(kind: &TypeDefKind) -> Vec<(&str, &Docs)> {
    match kind {
        TypeDefKind::Record(record) => record
            .fields
            .iter()
            .map(|field| (field.name.as_str(), &field.docs))
            .collect(),
        TypeDefKind::Variant(variant) => variant
            .cases
            .iter()
            .map(|case| (case.name.as_str(), &case.docs))
            .collect(),
        TypeDefKind::Enum(cases) => cases
            .cases
            .iter()
            .map(|case| (case.name.as_str(), &case.docs))
            .collect(),
        _ => Vec::new(),
    }
}

fn held(kind: &TypeDefKind) -> Vec<Type> {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Option(held) | TypeDefKind::List(held) | TypeDefKind::Type(held) => {
            vec![*held]
        }
        TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
        _ => Vec::new(),
    }
}
