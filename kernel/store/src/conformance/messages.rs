//! What channels sent: each message once, settled once, and what may be about the same as another matter.

use fengqiao_core::actor::Actor;
use fengqiao_core::command::Naming;
use fengqiao_core::event::Event;
use fengqiao_core::ids::{Digest, PersonRef, Subject, TextId};
use fengqiao_core::matter::{Party, PartyRole};
use fengqiao_service::ports::store::{
    Commit, CommitError, Encoding, Likeness, Message, MessageFilter, MessageState, MessageWrite,
    Page, Person, Sent, Store,
};

use super::Backend;
use super::draft::{Draft, VILLAGE, at, case_id, code, division};
use super::personal::{named, person, text};

/// By the sender's number and by what it says; the other one of either is refused with all that came with it.
pub async fn a_message_is_written_once_and_found_by_its_number_or_its_digest(
    backend: impl Backend,
) {
    let store = backend.open().await;
    let first = unread("m1", Some("H-1"), "d1");
    store.commit(of(new(&first))).await.unwrap();
    for (number, digest, by_bytes, by_number) in [
        (Some("H-1"), "d2", false, true),
        (Some("H-2"), "d1", true, false),
        (None, "d1", true, false),
        (Some("H-1"), "d1", true, true),
        (Some("H-2"), "d2", false, false),
    ] {
        let asked = sent(number, digest);
        let expected = |found: bool| found.then(|| first.clone());
        let found = store.same_message(&asked).await.unwrap();
        assert_eq!(found, expected(by_bytes), "{number:?} {digest}");
        let found = store.numbered_message(&asked).await.unwrap();
        assert_eq!(found, expected(by_number), "{number:?} {digest}");
    }
    let elsewhere = Sent {
        channel: code("letters"),
        ..sent(Some("H-1"), "d1")
    };
    assert_eq!(store.same_message(&elsewhere).await.unwrap(), None);
    assert_eq!(store.numbered_message(&elsewhere).await.unwrap(), None);
    for again in [unread("m2", Some("H-1"), "d2"), unread("m3", None, "d1")] {
        let mut commit = Draft::registered("甲1", 1).commit();
        commit.message = Some(new(&again));
        let refused = store.commit(commit).await;
        assert!(
            matches!(refused, Err(CommitError::MessageTaken)),
            "{refused:?}"
        );
    }
    assert_eq!(store.case(&case_id("甲1")).await.unwrap(), None);
    let again = MessageWrite::Repeated {
        id: text("m1"),
        at: at(9),
    };
    store.commit(of(again)).await.unwrap();
    let found = store.message(&text("m1")).await.unwrap().unwrap();
    assert_eq!((found.repeats, found.repeated_at), (1, Some(at(9))));
}

/// Once; its words belong to the case from then on.
pub async fn a_message_is_settled_once_and_its_words_go_with_the_case(backend: impl Backend) {
    let store = backend.open().await;
    let mut commit = of(new(&unread("m1", None, "d1")));
    let hub = Subject::Division(division(VILLAGE));
    commit.texts = vec![(text("m1"), hub, "原文".to_owned())];
    store.commit(commit).await.unwrap();
    let settle = || {
        let mut commit = Draft::registered("甲1", 2).commit();
        commit.message = Some(MessageWrite::Settled {
            id: text("m1"),
            number: Some(code("H-5")),
            state: MessageState::Registered(case_id("甲1")),
            at: at(2),
            by: Actor::Kernel,
        });
        commit
    };
    store.commit(settle()).await.unwrap();
    let refused = store.commit(settle()).await;
    assert!(
        matches!(refused, Err(CommitError::MessageTaken)),
        "{refused:?}"
    );
    let found = store.message(&text("m1")).await.unwrap().unwrap();
    assert_eq!(found.state, MessageState::Registered(case_id("甲1")));
    assert_eq!(found.settled, Some((at(2), Actor::Kernel)));
    assert_eq!(found.sent.number, Some(code("H-5")));
    let subject = Subject::Case(case_id("甲1"));
    let words = store.subject_texts(&subject).await.unwrap();
    assert_eq!(words.get(&text("m1")).map(String::as_str), Some("原文"));
    let of_case = MessageFilter {
        case: Some(case_id("甲1")),
        ..MessageFilter::default()
    };
    let page = Page {
        after: None,
        limit: 10,
    };
    assert_eq!(store.messages(&of_case, &page).await.unwrap().len(), 1);
    let unread = MessageFilter {
        state: Some("unread".to_owned()),
        ..MessageFilter::default()
    };
    assert_eq!(store.messages(&unread, &page).await.unwrap(), []);
}

/// By place and category since a time, and by who reported; whoever is the other side of a case didn't report it.
pub async fn cases_that_may_be_the_same_are_found_by_matter_and_by_reporter(backend: impl Backend) {
    let store = backend.open().await;
    for (id, millis, category, role, phone) in [
        (
            "same",
            10,
            Some("noise"),
            PartyRole::Reporter,
            "13800000001",
        ),
        ("old", 1, Some("noise"), PartyRole::Reporter, "13800000002"),
        (
            "other",
            10,
            Some("waste"),
            PartyRole::Reporter,
            "13800000003",
        ),
        ("accused", 10, None, PartyRole::Respondent, "13800000003"),
    ] {
        store
            .commit(reported(id, millis, category, role, phone))
            .await
            .unwrap();
    }
    let found = async |likeness: Likeness, limit| {
        let alike = store.alike(&likeness, limit).await.unwrap();
        let line = |alike: &fengqiao_service::ports::store::Alike| {
            let id = alike.case.id.to_string();
            (id, alike.same_matter, alike.same_reporter)
        };
        alike.iter().map(line).collect::<Vec<_>>()
    };
    let noise = Some((division(VILLAGE), code("noise"), at(5)));
    let reporter = Some((vec!["13800000003".to_owned()], at(5)));
    let both = Likeness {
        except: None,
        matter: noise.clone(),
        reporters: reporter,
    };
    let same = ("same".to_owned(), true, false);
    let other = ("other".to_owned(), false, true);
    assert_eq!(found(both.clone(), 10).await, [same.clone(), other]);
    assert_eq!(found(both, 1).await, [same]);
    let itself = Likeness {
        except: Some(case_id("same")),
        matter: noise,
        reporters: Some((vec!["13800000001".to_owned()], at(5))),
    };
    assert_eq!(found(itself, 10).await, []);
}

/// A case with one party that has a telephone.
fn reported(id: &str, millis: i64, category: Option<&str>, role: PartyRole, phone: &str) -> Commit {
    let draft = Draft::registered_as(id, millis, VILLAGE, category);
    let mut commit = draft.commit();
    let handle = person(&format!("{id}.person"));
    let party = Party {
        role,
        person: Some(PersonRef { id: handle.clone() }),
        unit: None,
        principal: None,
    };
    for write in &mut commit.writes {
        for recorded in &mut write.events {
            if let Event::Registered {
                parties, naming, ..
            } = &mut recorded.event
            {
                *parties = vec![party.clone()];
                *naming = Naming::Named;
            }
        }
        if let fengqiao_service::ports::store::After::Case(case) = &mut write.after {
            std::sync::Arc::make_mut(case).parties = vec![party.clone()];
        }
    }
    let who = Person {
        phone: Some(phone.to_owned()),
        ..named("张三")
    };
    commit.persons = vec![(handle, Subject::Case(case_id(id)), who)];
    commit
}

fn of(message: MessageWrite) -> Commit {
    Commit {
        message: Some(message),
        at: Some(at(1)),
        ..Commit::default()
    }
}

fn new(message: &Message) -> MessageWrite {
    MessageWrite::New(Box::new(message.clone()))
}

fn sent(number: Option<&str>, digest: &str) -> Sent {
    Sent {
        division: division(VILLAGE),
        channel: code("hotline"),
        number: number.map(code),
        digest: Digest::parse(digest).unwrap(),
    }
}

fn unread(id: &str, number: Option<&str>, digest: &str) -> Message {
    Message {
        id: TextId::parse(id).unwrap(),
        sent: sent(number, digest),
        media: "text/xml".to_owned(),
        encoding: Encoding::Utf8,
        state: MessageState::Unread(code("trap")),
        received_at: at(1),
        received_by: Actor::Kernel,
        repeats: 0,
        repeated_at: None,
        settled: None,
    }
}
