//! 卷宗: sealed whole or refused with what is missing; read byte for byte, printed, never by a handling unit.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::door::{Answer, CHANNEL, DISPATCHER, Door, Handed, STRANGER, WATER};

fn seal(door: &Door, case: &str, seen: u64) -> Answer {
    let path = format!("/v1/cases/{case}/dossier");
    let key = format!("seal-{case}-{seen}");
    let asked = door.ask("POST", &path).token(DISPATCHER).key(&key);
    asked.seen(seen).json(&json!({})).send()
}

/// A case that went the whole way.
fn archived(door: &Door) -> Handed {
    let mut handed = door.dispatched("one", "water");
    let delivered = json!({ "delivery": "delivered", "way": "phone" });
    let steps = [
        (WATER, json!({ "do": "sign" })),
        (
            WATER,
            json!({ "do": "report", "text": "已换灯，有事打 13912345678" }),
        ),
        (
            DISPATCHER,
            json!({ "do": "reply", "text": "路灯已修好", "delivery": delivered }),
        ),
        (CHANNEL, json!({ "do": "rate", "grade": "satisfied" })),
        (DISPATCHER, json!({ "do": "archive" })),
    ];
    for (token, step) in steps {
        let done = door.command(token, &handed.number, handed.version, &step);
        handed.version = done.done()["version"].as_u64().unwrap();
    }
    handed
}

#[test]
fn a_case_in_work_is_refused_a_dossier_with_all_that_it_lacks() {
    let door = Door::open();
    let handed = door.dispatched("one", "water");
    let refused = seal(&door, &handed.number, handed.version);
    assert_eq!(refused.problem(), (409, "dossier-incomplete"));
    let missing = refused.body["missing"].as_array().unwrap();
    assert!(missing.contains(&json!("没有反馈")), "{missing:?}");
    let read = door.get(&format!("/v1/cases/{}/dossier", handed.number), DISPATCHER);
    assert_eq!(read.problem(), (409, "dossier-incomplete"));
    let refusals = format!("/v1/cases/{}/refusals", handed.number);
    let recorded = door.get(&refusals, DISPATCHER).done();
    assert_eq!(recorded["rows"][0]["code"], "dossier-incomplete");
}

#[test]
fn a_sealed_dossier_is_read_byte_for_byte_as_its_seal_says() {
    let door = Door::open();
    let handed = archived(&door);
    let path = format!("/v1/cases/{}/dossier", handed.number);
    assert_eq!(door.get(&path, DISPATCHER).problem(), (409, "not-sealed"));
    let stale = seal(&door, &handed.number, handed.version - 1);
    assert_eq!(stale.problem(), (412, "stale-version"));
    let sealed = seal(&door, &handed.number, handed.version);
    let again = seal(&door, &handed.number, handed.version);
    assert_eq!((sealed.status, &sealed.text), (200, &again.text));
    let case = door.get(&format!("/v1/cases/{}", handed.number), DISPATCHER);
    let case = case.done();
    let read = door.get(&path, DISPATCHER);
    let digest = hex::encode(Sha256::digest(read.text.as_bytes()));
    assert_eq!(case["sealed"]["sha256"], Value::from(digest));
    assert_eq!(read.body["through"], handed.version);
    assert_eq!(read.body["units"]["water"], "水务局");
    assert!(read.text.contains("139****5678"), "{}", read.text);
    for secret in ["13912345678", "13800138000", "王小明"] {
        assert!(!read.text.contains(secret), "{secret}");
    }
    let twice = seal(&door, &handed.number, handed.version + 1);
    assert_eq!(twice.problem(), (409, "already-sealed"));
}

#[test]
fn a_dossier_is_printed_on_a_page_of_its_own() {
    let door = Door::open();
    let handed = archived(&door);
    seal(&door, &handed.number, handed.version).done();
    let path = format!("/v1/cases/{}/dossier/page", handed.number);
    let page = door.get(&path, DISPATCHER);
    assert_eq!(page.media_type, "text/html; charset=utf-8");
    for words in ["卷宗", "水务局", "路灯已修好", "办理经过", "SHA-256"] {
        assert!(page.text.contains(words), "{words}");
    }
}

#[test]
fn only_who_sees_the_whole_case_reads_its_dossier_and_nobody_writes_one_themselves() {
    let door = Door::open();
    let handed = archived(&door);
    let forged = json!({ "do": "seal", "dossier": "一切正常", "sha256": "00" });
    let sent = door.command(DISPATCHER, &handed.number, handed.version, &forged);
    assert_eq!(sent.status, 403, "{}", sent.text);
    seal(&door, &handed.number, handed.version).done();
    let path = format!("/v1/cases/{}/dossier", handed.number);
    assert_eq!(door.get(&path, WATER).status, 403);
    assert_eq!(door.get(&path, STRANGER).status, 403);
}
