//! Cases as the kernel holds them when it asks: all groups given, the words in Chinese.

use anyhow::Result;
use bench_table::ROWS;
use fengqiao_core::snapshot::Snapshot;
use serde_json::{Value, json};

/// Every fifth row of the table is asked for once, and the last.
pub fn all() -> Result<Vec<Snapshot>> {
    let asked = ROWS.iter().step_by(5).chain(ROWS.last());
    asked
        .map(|row| Ok(serde_json::from_value(case(row.category))?))
        .collect()
}

fn case(category: &str) -> Value {
    json!({
        "case": "990101-20240202-000017",
        "stage": "accepted",
        "as-of": "2024-02-02T02:00:00Z",
        "place": {
            "place": "990101001002",
            "path": ["990000000000", "990100000000", "990101000000", "990101001000", "990101001002"],
            "handled-by": "990101000000",
            "point": { "lon-microdegrees": 112_884_213, "lat-microdegrees": 22_900_481 }
        },
        "matter": {
            "kind": "complaint",
            "category": category,
            "text": "反映人称楼下夜间仍在施工，噪声很大，孩子无法休息，已多次向物业反映未果，请尽快到场核实处理。",
            "amount-fen": 1_280_000,
            "people": 3,
            "portfolios": ["housing"],
            "marks": ["on-site"],
            "evidence": ["photo", "video"]
        },
        "parties": { "parties": [["reporter", null], ["respondent", "990101001000-物业服务中心"]] },
        "source": {
            "channel": "hotline",
            "first-receiver": "990101001000-便民服务中心",
            "assistance": "helped",
            "posted-at": "2024-02-01T15:30:00Z",
            "registered-at": "2024-02-02T01:58:00Z"
        },
        "history": {
            "objections": 0, "reworks": 0, "urges": 1, "flags": [], "level-moves": 0,
            "contacted-at": null, "arrived-at": null, "related": [["same-place", 2]]
        },
        "assignments": [],
        "clocks": [{
            "id": 1, "name": "accept", "owner": "990101001000-便民服务中心",
            "state": "met", "due": "2024-02-02T16:00:00Z"
        }],
        "proceedings": [],
        "withheld": []
    })
}
