//! Words, people, and the records beside the history.

use std::collections::BTreeMap;

use fengqiao_core::actor::Actor;
use fengqiao_core::ids::{BindingId, Digest, PersonId, Subject, TextId};
use fengqiao_service::ports::store::{
    Commit, Consultation, Kept, Page, Person, RefusedAttempt, Store, StoreError,
};

use super::Backend;
use super::draft::{Draft, at, case_id, code};

/// Rare characters, quotes, line ends, four-byte characters, the empty word.
pub async fn chinese_words_come_back_as_they_were(backend: impl Backend) {
    let store = backend.open().await;
    let words = [
        "楼上漏水三个月，“没人管”！\n\t'；--",
        "𠮷田镇龘䶮村",
        "",
        "\\u0000 {\"a\":[1]}",
    ];
    let mut commit = Draft::registered("甲1", 1).commit();
    let mut written = BTreeMap::new();
    for (number, words) in words.iter().enumerate() {
        let id = text(&format!("文{number}"));
        commit.texts.push((
            id.clone(),
            Subject::Case(case_id("甲1")),
            (*words).to_owned(),
        ));
        written.insert(id, (*words).to_owned());
    }
    let full = Person {
        name: "张𠮷".to_owned(),
        phone: Some("13800001234".to_owned()),
        identity_number: Some("99010119900307123X".to_owned()),
        address: Some("幸福里 3 号楼".to_owned()),
    };
    commit.persons = vec![(person("人1"), Subject::Case(case_id("甲1")), full.clone())];
    store.commit(commit).await.unwrap();
    let ids: Vec<TextId> = written.keys().cloned().collect();
    assert_eq!(store.texts(&ids).await.unwrap(), written);
    let people = store
        .persons(&[person("人1"), person("人2")])
        .await
        .unwrap();
    assert_eq!(people, BTreeMap::from([(person("人1"), full)]));
}

/// Erasing what is erased already is no fault.
pub async fn an_erased_person_or_text_is_missing_and_the_rest_stays(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1);
    let mut commit = case.commit();
    for number in 1..=2 {
        let subject = Subject::Case(case_id("甲1"));
        commit.texts.push((
            text(&format!("t{number}")),
            subject.clone(),
            "话".to_owned(),
        ));
        commit
            .persons
            .push((person(&format!("p{number}")), subject, named("张三")));
    }
    store.commit(commit).await.unwrap();
    assert_eq!(
        store
            .erase(&[person("p1")], &[text("t1"), text("t9")])
            .await
            .unwrap(),
        2
    );
    assert_eq!(
        store.erase(&[person("p1")], &[text("t1")]).await.unwrap(),
        0
    );
    let texts = store.texts(&[text("t1"), text("t2")]).await.unwrap();
    let persons = store.persons(&[person("p1"), person("p2")]).await.unwrap();
    assert_eq!(texts.into_keys().collect::<Vec<_>>(), [text("t2")]);
    assert_eq!(persons.into_keys().collect::<Vec<_>>(), [person("p2")]);
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case.case())
    );
}

/// It is kept as it was handed in.
pub async fn a_query_hash_belongs_to_its_case(backend: impl Backend) {
    let store = backend.open().await;
    let mut commit = Draft::registered("甲1", 1).commit();
    commit.query_hashes = vec![(case_id("甲1"), "$argon2id$…".to_owned())];
    store.commit(commit).await.unwrap();
    let hash = store.query_hash(&case_id("甲1")).await.unwrap();
    assert_eq!(hash.as_deref(), Some("$argon2id$…"));
    assert_eq!(store.query_hash(&case_id("甲2")).await.unwrap(), None);
}

/// They change no version, and can be recorded alone.
pub async fn refused_attempts_and_consultations_stand_newest_first(backend: impl Backend) {
    let store = backend.open().await;
    let case = Draft::registered("甲1", 1);
    let mut commit = case.commit();
    commit.consultations = vec![consultation("first", 1), consultation("second", 1)];
    store.commit(commit).await.unwrap();
    let refusals = vec![refused("sign", 2), refused("report", 3)];
    let nowhere = RefusedAttempt {
        subject: None,
        ..refused("register", 4)
    };
    let commit = Commit {
        refusals: [refusals.as_slice(), &[nowhere]].concat(),
        ..Commit::default()
    };
    store.commit(commit).await.unwrap();
    let of = Subject::Case(case_id("甲1"));
    let mut page = Page {
        after: None,
        limit: 10,
    };
    let attempts = records(store.refused(&of, &page).await.unwrap());
    assert_eq!(attempts, [refusals[1].clone(), refusals[0].clone()]);
    let all = [consultation("second", 1), consultation("first", 1)];
    let consulted = store.consultations(&of, &page).await.unwrap();
    assert_eq!(records(consulted.clone()), all);
    assert_eq!(
        store.case(&case_id("甲1")).await.unwrap().as_deref(),
        Some(&case.case())
    );
    page.after = Some(consulted[0].cursor.clone());
    let mut newest = Commit {
        consultations: vec![consultation("third", 2)],
        ..Commit::default()
    };
    newest.at = Some(at(2));
    store.commit(newest).await.unwrap();
    // What arrives meanwhile moves no page.
    let rest = store.consultations(&of, &page).await.unwrap();
    assert_eq!(records(rest), all[1..]);
    page.after = Some("x".to_owned());
    let refused = store.consultations(&of, &page).await.unwrap_err();
    assert!(matches!(refused, StoreError::Cursor(_)), "{refused}");
}

fn records<R>(kept: Vec<Kept<R>>) -> Vec<R> {
    kept.into_iter().map(|kept| kept.record).collect()
}

fn refused(command: &str, millis: i64) -> RefusedAttempt {
    RefusedAttempt {
        subject: Some(Subject::Case(case_id("甲1"))),
        command: command.to_owned(),
        code: "wrong-stage".to_owned(),
        actor: Actor::Kernel,
        at: at(millis),
    }
}

fn consultation(hook: &str, millis: i64) -> Consultation {
    Consultation {
        subject: Subject::Case(case_id("甲1")),
        version: 0,
        hook: hook.to_owned(),
        binding: BindingId::parse("binding").unwrap(),
        component: Digest::parse("c0").unwrap(),
        input: Digest::parse("1f").unwrap(),
        reference: "e1".to_owned(),
        answer: Err(code("trap")),
        at: at(millis),
    }
}

/// A person with a name.
pub fn named(name: &str) -> Person {
    Person {
        name: name.to_owned(),
        phone: None,
        identity_number: None,
        address: None,
    }
}

/// A handle of words.
pub fn text(id: &str) -> TextId {
    TextId::parse(id).unwrap()
}

/// A handle of a person.
pub fn person(id: &str) -> PersonId {
    PersonId::parse(id).unwrap()
}
