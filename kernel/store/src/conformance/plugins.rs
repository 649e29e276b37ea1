//! Components, bindings, binding sets, reference data.

use fengqiao_core::ids::{BindingId, BindingSetId, Digest};
use fengqiao_service::ports::advisor::{Binding, Hook};
use fengqiao_service::ports::store::{Edition, PluginRow, ReferenceChange, ReferenceRow, Store};

use super::Backend;
use super::draft::{VILLAGE, at, division};

/// Who uploaded it first stays who uploaded it.
pub async fn the_same_component_twice_is_one(backend: impl Backend) {
    let store = backend.open().await;
    let bytes = vec![0, 97, 115, 109, 255];
    store
        .put_plugin(plugin("aa", "first"), bytes.clone())
        .await
        .unwrap();
    store
        .put_plugin(plugin("aa", "second"), bytes.clone())
        .await
        .unwrap();
    store
        .put_plugin(plugin("bb", "third"), vec![1])
        .await
        .unwrap();
    let plugins = store.plugins().await.unwrap();
    assert_eq!(plugins, [plugin("bb", "third"), plugin("aa", "first")]);
    assert_eq!(store.component(&digest("aa")).await.unwrap(), Some(bytes));
    assert_eq!(store.component(&digest("cc")).await.unwrap(), None);
}

/// Each division once, whoever came first.
pub async fn a_component_belongs_to_every_division_that_uploaded_it(backend: impl Backend) {
    let store = backend.open().await;
    for code in [VILLAGE, "990000000000", VILLAGE] {
        let mut row = plugin("aa", "somebody");
        row.divisions = vec![division(code)];
        store.put_plugin(row, vec![1]).await.unwrap();
    }
    let plugins = store.plugins().await.unwrap();
    let both = [division("990000000000"), division(VILLAGE)];
    assert_eq!(plugins[0].divisions, both);
}

/// Of each id one is in force, ordered by division and place.
pub async fn a_new_revision_of_a_binding_replaces_the_old_one(backend: impl Backend) {
    let store = backend.open().await;
    let wide = binding("wide", "990000000000", 9, "{}");
    let old = binding("local", VILLAGE, 2, "{}");
    let new = binding("local", VILLAGE, 2, r#"{"days":3}"#);
    let first = binding("first", VILLAGE, 1, "{}");
    store
        .put_bindings(&[old, first.clone()], &[], at(1))
        .await
        .unwrap();
    store
        .put_bindings(&[new.clone(), wide.clone()], &[], at(2))
        .await
        .unwrap();
    assert_eq!(
        store.bindings().await.unwrap(),
        [wide.clone(), first, new.clone()]
    );
    let gone = [binding_id("first"), binding_id("unknown")];
    store.put_bindings(&[], &gone, at(3)).await.unwrap();
    assert_eq!(store.bindings().await.unwrap(), [wide.clone(), new.clone()]);
    let back = binding("first", VILLAGE, 1, "{}");
    store
        .put_bindings(std::slice::from_ref(&back), &[binding_id("wide")], at(4))
        .await
        .unwrap();
    assert_eq!(store.bindings().await.unwrap(), [back, new]);
}

/// The same digest twice is one; its content stays.
pub async fn a_binding_set_never_changes(backend: impl Backend) {
    let store = backend.open().await;
    let id = BindingSetId::parse("5e7").unwrap();
    assert_eq!(store.binding_set(&id).await.unwrap(), None);
    store
        .put_binding_set(&id, r#"{"rules":"一"}"#)
        .await
        .unwrap();
    store
        .put_binding_set(&id, r#"{"rules":"二"}"#)
        .await
        .unwrap();
    let kept = store.binding_set(&id).await.unwrap();
    assert_eq!(kept.as_deref(), Some(r#"{"rules":"一"}"#));
}

/// An earlier version that is put again is the newest once more.
pub async fn the_newest_reference_data_counts(backend: impl Backend) {
    let store = backend.open().await;
    let rows = [
        reference("units", "v1", 1),
        reference("divisions", "d1", 1),
        reference("units", "v2", 2),
        reference("units", "v1", 3),
        reference("units", "v1", 4),
    ];
    for row in &rows {
        let change = change(vec![row.clone()], "e1");
        store.put_reference(&change).await.unwrap();
    }
    let newest = store.reference().await.unwrap();
    assert_eq!(newest, [rows[1].clone(), rows[3].clone()]);
}

/// What made up an edition is found by its version; the one that was new last stands for the present.
pub async fn an_edition_is_kept_as_it_was(backend: impl Backend) {
    let store = backend.open().await;
    assert_eq!(store.edition(None).await.unwrap(), None);
    let first = change(vec![reference("units:u.toml", "v1", 1)], "e1");
    let second = change(Vec::new(), "e2");
    for put in [&first, &second, &first] {
        store.put_reference(put).await.unwrap();
    }
    assert_eq!(
        store.edition(Some("e1")).await.unwrap(),
        Some(first.edition)
    );
    assert_eq!(store.edition(None).await.unwrap(), Some(second.edition));
    assert_eq!(store.edition(Some("e3")).await.unwrap(), None);
}

fn plugin(digest_text: &str, uploaded_by: &str) -> PluginRow {
    PluginRow {
        digest: digest(digest_text),
        manifest: r#"{"title":"调解"}"#.to_owned(),
        uploaded_by: uploaded_by.to_owned(),
        divisions: vec![division(VILLAGE)],
        uploaded_at: at(1),
    }
}

fn binding(id: &str, of: &str, order: u32, config: &str) -> Binding {
    Binding {
        id: binding_id(id),
        division: division(of),
        order,
        component: digest("aa"),
        config: config.to_owned(),
        hooks: vec![Hook::Triage],
        inputs: Vec::new(),
        queries: Vec::new(),
        channel: None,
        profile: Default::default(),
    }
}

fn binding_id(text: &str) -> BindingId {
    BindingId::parse(text).unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::parse(text).unwrap()
}

fn change(rows: Vec<ReferenceRow>, version: &str) -> ReferenceChange {
    let files = rows
        .iter()
        .map(|row| (row.name.clone(), row.version.clone()));
    let edition = Edition {
        version: version.to_owned(),
        day: "2024-02-02".parse().unwrap(),
        files: files.collect(),
        at: at(1),
    };
    ReferenceChange {
        rows,
        without_past: Vec::new(),
        edition,
    }
}

fn reference(name: &str, version: &str, millis: i64) -> ReferenceRow {
    ReferenceRow {
        name: name.to_owned(),
        version: version.to_owned(),
        content: format!("code,name\n{version},村"),
        keeper: (name == "units").then(|| division(VILLAGE)),
        at: at(millis),
    }
}
