//! The path of a division, its look-up by name and by written path, beside a map of owned codes and a scan.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use fengqiao_reference::{DivisionCode, Divisions, Source};

use crate::measure::{line, mixed, once, timed};

pub fn measure(rounds: usize, country: Option<&Path>) -> Result<()> {
    for size in [6_650, 66_500, 665_000] {
        at(rounds, size, &invented(size))?;
    }
    if let Some(path) = country {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        println!("the country, from {}:", path.display());
        at(rounds, text.lines().count() - 1, &text)?;
    }
    Ok(())
}

fn at(rounds: usize, size: usize, text: &str) -> Result<()> {
    let divisions = once("  loading the divisions", size, || {
        Divisions::load(&[Source::new("divisions.csv", text)])
    })?;
    // The plain way: each code with its parent and its name, as strings in a map.
    let owned = |code: &DivisionCode| code.as_str().to_owned();
    let map: BTreeMap<String, (Option<String>, String)> = divisions
        .iter()
        .map(|one| {
            (
                owned(one.code),
                (one.parent.map(owned), one.name.to_owned()),
            )
        })
        .collect();
    let codes: Vec<DivisionCode> = {
        let all: Vec<&DivisionCode> = divisions.iter().map(|one| one.code).collect();
        (0..1_000)
            .map(|at| all[mixed(at) % all.len()].clone())
            .collect()
    };
    let code = |question: usize| &codes[question % codes.len()];
    let name = |question: usize| divisions.get(code(question)).map_or("", |one| one.name);
    let path_in_map = |question: usize| {
        let mut names = Vec::new();
        let mut next = Some(code(question).as_str().to_owned());
        while let Some((parent, name)) = next.and_then(|code| map.get(&code)) {
            names.push(name.as_str());
            next = parent.clone();
        }
        names.len()
    };
    for question in 0..50 {
        assert_eq!(divisions.path(code(question)).len(), path_in_map(question));
    }
    let path = |question| divisions.path(code(question)).len();
    line(
        "path of a division (beside a map)",
        size,
        rounds,
        Box::new(path),
        Box::new(path_in_map),
    );

    let by_name = |question| divisions.by_name(name(question), None).len();
    let scan = |question: usize| {
        map.values()
            .filter(|(_, own)| own == name(question))
            .count()
    };
    line(
        "divisions of a name (beside a scan)",
        size,
        rounds,
        Box::new(by_name),
        Box::new(scan),
    );

    let written: Vec<String> = codes
        .iter()
        .map(|code| {
            let path = divisions.path(code);
            let names: Vec<&str> = path.iter().map(|one| one.name).collect();
            names.join("/")
        })
        .collect();
    let asked = |question: usize| written[question % written.len()].as_str();
    let by_path = |question| {
        divisions
            .search_path(asked(question), None, 0, 20)
            .items
            .len()
    };
    let scan = |question: usize| {
        let last = asked(question).rsplit('/').next().unwrap_or_default();
        map.values()
            .filter(|(_, own)| own.starts_with(last))
            .count()
    };
    line(
        "written path (beside a scan of names)",
        size,
        rounds,
        Box::new(by_path),
        Box::new(scan),
    );
    worst(&divisions, size, &written);
    Ok(())
}

/// A mean hides the village name that thousands have: the slowest of a thousand written paths, each at its best of seven.
fn worst(divisions: &Divisions, size: usize, written: &[String]) {
    let time = |path: &String| {
        let (_, took) = timed(|| divisions.search_path(path, None, 0, 20).items.len());
        took
    };
    let best = |path: &String| (0..7).map(|_| time(path)).min().unwrap_or_default();
    let slowest = written.iter().map(best).max().unwrap_or_default();
    println!(
        "{:44} {size:>9} {:>8.1} us",
        "  the slowest of 1,000 written paths",
        slowest.as_secs_f64() * 1e6
    );
}

fn count_of(county: usize, town: usize, village: usize) -> usize {
    (county * 100 + town) * 100 + village
}

/// As many divisions as asked for, of five levels, with names that repeat about as often as real ones do.
fn invented(size: usize) -> String {
    let mut text = String::from("code,name,level,parent\n");
    let mut count = 0;
    let mut row = |code: String, name: String, level: &str, parent: &str| {
        count += 1;
        text += &format!("{code},{name},{level},{parent}\n");
        count >= size
    };
    'all: for province in 11..99 {
        let above = format!("{province}0000000000");
        if row(above.clone(), format!("省{province}"), "province", "") {
            break 'all;
        }
        for county in 1..=99 {
            let code = format!("{province}01{county:02}000000");
            if county == 1
                && row(
                    format!("{province}0100000000"),
                    format!("市{province}"),
                    "prefecture",
                    &above,
                )
            {
                break 'all;
            }
            if row(
                code.clone(),
                format!("{:04}县", mixed(province * 100 + county) % 2_800),
                "county",
                &format!("{province}0100000000"),
            ) {
                break 'all;
            }
            for town in 1..=15 {
                let township = format!("{province}01{county:02}{town:03}000");
                if row(
                    township.clone(),
                    format!("{:05}镇", mixed(count_of(province, county, town)) % 30_000),
                    "township",
                    &code,
                ) {
                    break 'all;
                }
                for village in 1..=16 {
                    let own = format!("{province}01{county:02}{town:03}{village:03}");
                    let name = format!("{:06}村", mixed(count_of(county, town, village)) % 150_000);
                    if row(own, name, "village", &township) {
                        break 'all;
                    }
                }
            }
        }
    }
    text
}
