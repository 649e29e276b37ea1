//! Dispatch by category and item, beside a scan of the rows.

use anyhow::Result;
use fengqiao_reference::{Catalogue, Source};

use crate::measure::{line, mixed};

const CATEGORIES: usize = 40;

pub fn measure(rounds: usize) -> Result<()> {
    for size in [1_946, 19_460, 97_300] {
        let category = |item: usize| format!("类别{:02}", item % CATEGORIES);
        let name = |item: usize| format!("事项{item:06}");
        let mut text = String::from("category,item,lead,limit\n");
        for item in 0..size {
            text += &format!(
                "{},{},部门{:03},3wd\n",
                category(item),
                name(item),
                item % 97
            );
        }
        let head = fengqiao_reference::CatalogueHead {
            code: "dispatch".to_owned(),
            version: "1".to_owned(),
            key: vec!["category".to_owned(), "item".to_owned()],
            ..Default::default()
        };
        let catalogue = Catalogue::from_csv(head, &Source::new("dispatch.csv", &text))?;
        let keys: Vec<(String, String)> = (0..1_000)
            .map(|at| mixed(at) % size)
            .map(|item| (category(item), name(item)))
            .collect();
        let key = |question: usize| {
            let (category, item) = &keys[question % keys.len()];
            [category.as_str(), item.as_str()]
        };
        let lead = |row: Option<&fengqiao_reference::Row>| {
            row.and_then(|row| row.get("lead")).map_or(0, str::len)
        };
        for question in 0..50 {
            assert!(lead(catalogue.lookup(&key(question))) > 0);
        }
        let kernel = |question| lead(catalogue.lookup(&key(question)));
        let plain = |question| {
            let [category, item] = key(question);
            let mut rows = catalogue.rows().iter();
            let found = rows
                .find(|row| row.get("category") == Some(category) && row.get("item") == Some(item));
            lead(found)
        };
        line(
            "dispatch by category and item",
            size,
            rounds,
            Box::new(kernel),
            Box::new(plain),
        );
    }
    Ok(())
}
