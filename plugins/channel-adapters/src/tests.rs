//! Messages as their senders write them.

use encoding_rs::GB18030;
use fengqiao_sdk::prelude::*;
use serde_json::{Value, json};

use crate::ChannelAdapters;
use crate::config::Config;
use crate::times::instant;

const ORDER: &[u8] = include_bytes!("../samples/work-order.xml");
const POST: &[u8] = include_bytes!("../samples/post.xml");
const EVENT: &[u8] = include_bytes!("../samples/grid-event.json");
const LETTER: &[u8] = include_bytes!("../samples/letter.txt");

fn config(value: Value) -> Config {
    serde_json::from_value(value).unwrap()
}

fn assumed() -> Value {
    json!({ "mark": "A", "source": "字段名为假定" })
}

fn orders() -> Config {
    config(json!({
        "format": "xml",
        "fields": {
            "number": "OrderNo", "text": ["Title", "Detail"], "kind": "Type", "category": "Class",
            "place": ["Address"], "name": "Name", "phone": "Phone", "anonymous": "Hidden",
            "posted-at": "CallTime", "repeat-of": "FirstOrderNo",
        },
        "kinds": { "投诉": "complaint", "咨询": "consultation" },
        "categories": { "井盖缺失": "市政设施/井盖缺失" },
        "place": "990101000000",
        "places": { "乙社区": "990101001004", "乙社区第一网格": "990101001004001" },
        "provenance": assumed(),
    }))
}

fn posts() -> Config {
    config(json!({
        "format": "xml",
        "fields": { "number": "MsgId", "text": ["Content"], "posted-at": "CreateTime" },
        "place": "990101005002", "marks": ["early-sign"],
        "take-only": [{ "field": "MsgType", "values": ["text"], "code": "no-text", "text": "只收文字消息", "provenance": assumed() }],
        "provenance": assumed(),
    }))
}

fn events() -> Config {
    config(json!({
        "format": "json",
        "fields": {
            "number": "eventNo", "text": ["event/desc"], "category": "type", "place": ["gridCode"],
            "name": "reporter/name", "phone": "mobile", "posted-at": "occurredAt",
        },
        "categories": { "井盖缺失": "市政设施/井盖缺失" },
        "take-only": [{ "field": "circle", "values": ["大循环"], "code": "small-loop", "text": "小循环事件由网格自行处置", "provenance": assumed() }],
        "provenance": assumed(),
    }))
}

fn letters() -> Config {
    config(json!({
        "format": "letter",
        "fields": { "number": "编号", "text": ["正文"], "place": ["地址"], "name": "姓名", "phone": "电话", "address": "地址" },
        "places": { "丙镇": "990101104000" },
        "provenance": assumed(),
    }))
}

fn rows() -> Config {
    config(json!({
        "format": "table-row",
        "fields": { "number": "编号", "text": ["内容"], "place": ["地点"], "phone": "电话", "people": "人数" },
        "places": { "丙镇": "990101104000" },
        "mark-by": [{ "field": "紧急", "values": ["是"], "mark": "emergency" }],
        "provenance": assumed(),
    }))
}

fn reading(config: &Config, raw: &[u8]) -> Reading {
    ChannelAdapters::intake(config, "channel", raw).unwrap()
}

fn submission(config: &Config, raw: &[u8]) -> Value {
    match reading(config, raw) {
        Reading::Submission(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn refused(config: &Config, raw: &[u8]) -> String {
    ChannelAdapters::intake(config, "channel", raw)
        .unwrap_err()
        .to_string()
}

#[test]
fn a_work_order_in_xml_is_read_with_entities_cdata_and_emoji() {
    let read = submission(&orders(), ORDER);
    let matter = &read["matter"];
    assert_eq!(matter["kind"], "complaint");
    assert_eq!(matter["category"], "市政设施/井盖缺失");
    assert_eq!(matter["place"], "990101001004001");
    assert_eq!(
        matter["text"],
        "井盖破损\n门口的井盖<破损>，车辆&行人通行危险😟"
    );
    assert_eq!(read["source"]["external"], "JC20240304001234");
    assert_eq!(read["source"]["posted-at"], "2024-03-04T08:52:10+08:00");
    assert_eq!(read["parties"][0]["person"]["name"], "李建国");
    assert_eq!(read["naming"], "named");
    let escaped = "<o><OrderNo>1</OrderNo><Title>A &lt;B&gt; &amp; &#20013;&#x6587; &quot;C&quot;</Title></o>";
    let read = submission(&orders(), escaped.as_bytes());
    assert_eq!(read["matter"]["text"], "A <B> & 中文 \"C\"");
    assert_eq!(read["matter"]["place"], "990101000000");
}

#[test]
fn whoever_wants_to_stay_unnamed_is_nobody_in_the_submission() {
    let text = std::str::from_utf8(ORDER).unwrap();
    let hidden = text.replace("<Hidden>否</Hidden>", "<Hidden>是</Hidden>");
    let read = submission(&orders(), hidden.as_bytes());
    assert_eq!(
        (&read["naming"], &read["parties"]),
        (&json!("anonymous"), &json!([]))
    );
    assert!(!read.to_string().contains("李建国"));
    let no_name = text.replace("<Name>李建国</Name>", "");
    let read = submission(&orders(), no_name.as_bytes());
    assert_eq!(read["parties"][0]["person"]["name"], "未留姓名");
}

#[test]
fn gbk_a_byte_order_mark_and_other_line_ends_make_no_difference() {
    let plain = submission(&orders(), ORDER);
    let text = std::str::from_utf8(ORDER).unwrap();
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(submission(&orders(), windows.as_bytes()), plain);
    let (gbk, _, lossy) = GB18030.encode(text);
    assert!(!lossy && std::str::from_utf8(&gbk).is_err());
    assert_eq!(submission(&orders(), &gbk), plain);
    let broken = [b"<a>".as_slice(), &[0xff, 0xff], b"</a>"].concat();
    assert!(refused(&orders(), &broken).contains("GB18030"));
}

#[test]
fn ten_thousand_characters_come_through_whole() {
    let long = "诉".repeat(10_000);
    let xml = format!("<o><Detail>{long}</Detail></o>");
    let read = submission(&orders(), xml.as_bytes());
    assert_eq!(read["matter"]["text"], long);
}

#[test]
fn a_post_is_read_at_the_second_that_it_was_posted_and_marked_as_the_place_says() {
    let read = submission(&posts(), POST);
    assert_eq!(read["source"]["external"], "24080001");
    assert_eq!(read["source"]["posted-at"], "2021-08-13T14:00:00Z");
    assert_eq!(read["matter"]["marks"], json!(["early-sign"]));
    assert_eq!(read["naming"], "anonymous");
    let picture = std::str::from_utf8(POST)
        .unwrap()
        .replace("[text]", "[image]");
    match reading(&posts(), picture.as_bytes()) {
        Reading::NotForUs(coded) => assert_eq!(coded.code, "no-text"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn of_grid_events_only_those_of_the_big_loop_come_over() {
    let read = submission(&events(), EVENT);
    assert_eq!(read["matter"]["place"], "990101001004001");
    assert_eq!(read["matter"]["category"], "市政设施/井盖缺失");
    assert_eq!(read["matter"]["text"], "巡查发现井盖缺失\n已设围挡");
    assert_eq!(read["source"]["posted-at"], "2024-08-26T08:40:00+08:00");
    let small = std::str::from_utf8(EVENT)
        .unwrap()
        .replace("大循环", "小循环");
    match reading(&events(), small.as_bytes()) {
        Reading::NotForUs(coded) => {
            assert_eq!(coded.code, "small-loop");
            assert_eq!(coded.document, "小循环事件由网格自行处置");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_letter_has_what_stands_above_it_and_its_text() {
    let read = submission(&letters(), LETTER);
    assert_eq!(read["source"]["external"], "XJ-2021-017");
    assert_eq!(read["matter"]["place"], "990101104000");
    let text = read["matter"]["text"].as_str().unwrap();
    assert!(text.starts_with("尊敬的领导：") && text.contains("村头的路坏了半年。"));
    assert_eq!(read["parties"][0]["person"]["phone"], "13800001111");
    // Without a place that is known, a person has to read it.
    assert!(refused(&letters(), "路坏了".as_bytes()).contains("不知道发生在哪里"));
}

#[test]
fn a_row_of_a_table_is_read_by_the_names_above_it() {
    let table = "编号,地点,内容,电话,人数,紧急\n7,丙镇,\"他说：\"\"没水\"\"，\n三天了\",13800001111,40,是\n";
    let read = submission(&rows(), table.as_bytes());
    assert_eq!(read["matter"]["text"], "他说：\"没水\"，\n三天了");
    assert_eq!(read["matter"]["people"], 40);
    assert_eq!(read["matter"]["marks"], json!(["emergency"]));
    assert_eq!(read["parties"][0]["person"]["name"], "未留姓名");
    for (wrong, why) in [
        ("编号,内容\n", "没有内容行"),
        ("编号,内容\n1,a\n2,b\n", "不止一行"),
        ("编号,内容\n1,a,b\n", "表头只有 2 格"),
        ("编号,内容,地点\n1,,丙镇\n", "没有诉求内容"),
    ] {
        assert!(refused(&rows(), wrong.as_bytes()).contains(why), "{wrong}");
    }
}

#[test]
fn a_message_that_says_whose_repeat_it_is_names_the_first() {
    let bare = "<o><OrderNo>2</OrderNo><FirstOrderNo>1</FirstOrderNo></o>";
    assert!(
        matches!(reading(&orders(), bare.as_bytes()), Reading::Duplicate(first) if first == "1")
    );
    let again = "<o><OrderNo>2</OrderNo><FirstOrderNo>1</FirstOrderNo><Title>再催</Title></o>";
    assert_eq!(submission(&orders(), again.as_bytes())["repeats"], "1");
}

#[test]
fn what_is_no_message_says_what_is_wrong_with_it() {
    for raw in ["", "<a><b></a>", "<a>", "路灯", "<a>&unknown;</a>"] {
        assert!(refused(&orders(), raw.as_bytes()).contains("XML"), "{raw}");
    }
    for raw in ["", "{", "[1]", "\"a\""] {
        assert!(
            refused(&events(), raw.as_bytes()).contains("JSON") || raw.starts_with('['),
            "{raw}"
        );
    }
    let bomb = "<!DOCTYPE a [<!ENTITY b \"x\">]><a><Title>&b;</Title></a>";
    assert!(refused(&orders(), bomb.as_bytes()).contains("未知的实体"));
}

#[test]
fn times_are_read_as_they_are_written_in_offices() {
    for (written, read) in [
        ("2024-03-04 09:30:00", "2024-03-04T09:30:00+08:00"),
        ("2024/3/4 9:30", "2024-03-04T09:30:00+08:00"),
        ("2024年3月4日 9时30分", "2024-03-04T09:30:00+08:00"),
        ("2024-03-04", "2024-03-04T00:00:00+08:00"),
        ("2024-03-04T09:30:00+08:00", "2024-03-04T09:30:00+08:00"),
        ("1709516000", "2024-03-04T01:33:20Z"),
        ("951782400", "2000-02-29T00:00:00Z"),
    ] {
        assert_eq!(instant(written).unwrap(), read, "{written}");
    }
    let wrong = ["昨天", "2024-13-01", "2024-01-01 25:00", "12"];
    let on_no_clock = [
        "2024-03-04 上午13:00",
        "2024-03-04 下午0:30",
        "2024-03-04 晚上12:00",
    ];
    for wrong in wrong.into_iter().chain(on_no_clock) {
        assert!(instant(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn halves_of_the_day_are_read_on_the_clock_of_twelve_hours() {
    for (written, hour) in [
        ("2024-03-04 上午9:30", "09:30"),
        ("2024-03-04 上午12:05", "00:05"),
        ("2024年3月4日凌晨1时5分", "01:05"),
        ("2024年3月4日中午12时", "12:00"),
        ("2024年3月4日中午1时", "13:00"),
        ("2024年3月4日下午3时30分", "15:30"),
        ("2024/3/4 下午 12:00:00", "12:00"),
        ("2024/3/4 下午15:30", "15:30"),
        ("2024/3/4 晚上8:15", "20:15"),
        ("2024-03-04 03:30 PM", "15:30"),
        ("2024-03-04 12:00 AM", "00:00"),
    ] {
        let read = format!("2024-03-04T{hour}:00+08:00");
        assert_eq!(instant(written).unwrap(), read, "{written}");
    }
}
