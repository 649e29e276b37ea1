//! 封卷: once, at the end of the way, whole or with what is missing.

use std::collections::BTreeMap;

use fengqiao_core::command::{Command, Waivable};
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{PersonId, Subject, TextId};
use fengqiao_core::views::{PersonFacts, Sheet, dossier};

use crate::office::*;

/// What the views are computed from, with every word and person there.
struct Shelf {
    office: Office,
    history: Vec<Recorded>,
    texts: BTreeMap<TextId, String>,
    persons: BTreeMap<PersonId, PersonFacts>,
}

impl Shelf {
    fn of(office: Office) -> Self {
        let subject = Subject::Case(office.c1().id.clone());
        let mine = |r: &&std::rc::Rc<Recorded>| r.subject == subject;
        let history = office.log.iter().filter(mine).map(|r| (**r).clone());
        let history = history.collect();
        let texts = [(text().id, "已修好，拨打 13812345678".to_owned())].into();
        let people = office.c1().parties.iter().filter_map(|p| p.person.clone());
        let facts = PersonFacts {
            name: "张三".to_owned(),
            phone: None,
            identity_number: None,
            address: None,
        };
        let persons = people.map(|p| (p.id, facts.clone())).collect();
        Shelf {
            office,
            history,
            texts,
            persons,
        }
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet {
            case: self.office.c1(),
            history: &self.history,
            rules: &self.office.rules,
            texts: &self.texts,
            persons: &self.persons,
        }
    }
}

#[test]
fn a_dossier_is_sealed_once_by_the_hub_when_the_way_is_at_its_end() {
    refuses(closed(), &hub(), seal(), "wrong-stage");
    refuses(archived(), &handler("roads"), seal(), "not-yours");
    let office = check(archived(), &hub(), seal(), &["sealed"]);
    assert_eq!(office.c1().sealed.as_ref().unwrap().sha256.as_str(), "d1");
    refuses(office, &hub(), seal(), "already-sealed");
    let withdrawn = handling().given(citizen(), Command::Withdraw { text: no_text() });
    check(withdrawn, &hub(), seal(), &["sealed"]);
}

#[test]
fn a_dossier_tells_the_whole_way_with_numbers_masked() {
    let shelf = Shelf::of(archived());
    let sheet = shelf.sheet();
    assert_eq!(dossier::missing(&sheet), Vec::<String>::new());
    let names = dossier::units(&sheet).into_iter();
    let names = names.map(|unit| (unit.clone(), unit.to_string())).collect();
    let dossier = dossier::dossier(&sheet, names).unwrap();
    assert_eq!(dossier.through, sheet.case.docket.version);
    assert_eq!(dossier.case.events.len() as u64, dossier.through);
    assert!(dossier.units.contains_key(&unit("roads")));
    let words = serde_json::to_string(&dossier).unwrap();
    assert!(words.contains("138****5678") && !words.contains("13812345678"));
}

#[test]
fn a_case_in_work_says_all_that_its_dossier_lacks() {
    let missing = dossier::missing(&Shelf::of(handling()).sheet());
    let said = |words: &str| missing.iter().any(|lack| lack.contains(words));
    for words in [
        "环节，归档后才能封卷",
        "没有反馈",
        "没有回复",
        "没有评价",
        "反馈时限仍在计时",
    ] {
        assert!(said(words), "{words}: {missing:?}");
    }
    let waived = closed_without_rating();
    let missing = dossier::missing(&Shelf::of(waived).sheet());
    assert_eq!(missing.len(), 1, "{missing:?}");
}

/// Closed on a recorded waiver of the rating.
fn closed_without_rating() -> Office {
    replied().given(
        hub(),
        Command::Waive {
            what: Waivable::Rating,
            text: text(),
        },
    )
}

#[test]
fn a_dossier_whose_words_or_people_were_erased_is_not_whole() {
    let mut shelf = Shelf::of(archived());
    shelf.texts.clear();
    let missing = dossier::missing(&shelf.sheet());
    assert!(missing[0].contains("诉求内容的文字已删除"), "{missing:?}");
    assert!(
        missing
            .iter()
            .any(|m| m.contains("“反馈办理结果”的文字已删除"))
    );
    let mut shelf = Shelf::of(archived());
    shelf.persons.clear();
    assert_eq!(dossier::missing(&shelf.sheet()), ["当事人的信息已删除"]);
}
