//! Both readings of a text that contradicts itself stay as they are.

use fengqiao_metrics::{Contradiction, ContradictionError, Reading};
use serde::Deserialize;

const TOLD: &str = include_str!("../../../../examples/published/contradictions.toml");

#[derive(Deserialize)]
struct File {
    contradiction: Vec<Contradiction>,
}

fn reading(says: &str, source: &str) -> Reading {
    Reading {
        says: says.to_owned(),
        source: source.to_owned(),
    }
}

#[test]
fn the_published_contradictions_keep_every_reading() {
    let file: File = toml::from_str(TOLD).unwrap();
    assert_eq!(file.contradiction.len(), 3);
    for contradiction in file.contradiction {
        assert!(
            contradiction.readings().len() >= 2,
            "{}",
            contradiction.about()
        );
    }
}

#[test]
fn one_reading_is_no_contradiction_and_two_equal_ones_are_not_either() {
    let about = || "几个单位".to_owned();
    let one = Contradiction::new(about(), vec![reading("13个", "第一段")]).unwrap_err();
    assert_eq!(one, ContradictionError::OneReading(about()));
    let same = vec![reading("13个", "第一段"), reading("13个", "第二段")];
    assert_eq!(
        Contradiction::new(about(), same),
        Err(ContradictionError::Same(about()))
    );
    let unsaid = vec![reading("13个", "第一段"), reading("12个", " ")];
    assert_eq!(
        Contradiction::new(about(), unsaid),
        Err(ContradictionError::Unsaid(about()))
    );
}
