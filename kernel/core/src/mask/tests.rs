//! What is left of numbers, names and addresses.

use proptest::prelude::*;

use crate::mask::{address, identity, name, phone, text};

#[test]
fn a_phone_keeps_its_first_three_and_last_four_digits() {
    assert_eq!(phone("13812341234"), "138****1234");
    assert_eq!(phone("138 1234 1234"), "138****1234");
    assert_eq!(phone("12345"), "****");
    assert_eq!(phone(""), "****");
}

#[test]
fn a_name_keeps_its_first_character() {
    assert_eq!(name("张三"), "张*");
    assert_eq!(name("欧阳娜娜"), "欧*");
    assert_eq!(name(""), "");
}

#[test]
fn an_identity_number_keeps_its_last_character() {
    assert_eq!(identity("99010119900101123X"), "****X");
}

#[test]
fn an_address_ends_with_its_street() {
    assert_eq!(
        address("某省某市某县某镇解放路12号3栋501"),
        "某省某市某县某镇解放路***"
    );
    assert_eq!(address("某县东街阳光小区8栋"), "某县东街***");
    assert_eq!(address("某镇"), "某镇");
    assert_eq!(address("三单元二楼"), "***");
}

#[test]
fn numbers_in_a_statement_are_masked_however_they_are_written() {
    let cases = [
        ("电话13812341234，谢谢", "电话138****1234，谢谢"),
        ("电话１３８１２３４１２３４", "电话138****1234"),
        ("138-1234-1234", "138****1234"),
        ("138 1234 1234。", "138****1234。"),
        ("+8613812341234", "+861****1234"),
        ("身份证99010119900101123X", "身份证****X"),
        ("身份证990101 19900101 123x", "身份证****X"),
        ("座机0999-8765432", "座机099****5432"),
        ("卡号6222020000001234567", "卡号****7"),
    ];
    for (written, shown) in cases {
        assert_eq!(text(written), shown);
    }
}

#[test]
fn ordinary_numbers_stay() {
    let plain = [
        "2024年3月5日14时，12户、40人，欠款138000元",
        "2024-03-05 10:00，编号202403050001",
        "邮编528500，区划990101001001",
        "网格 12-3，13 栋 1 单元",
    ];
    for words in plain {
        assert_eq!(text(words), words);
    }
}

proptest! {
    #[test]
    fn masking_twice_is_masking_once(words in "[0-9０-９xX \\-—一-丁a-z]{0,60}") {
        let once = text(&words);
        prop_assert_eq!(text(&once), once);
    }

    #[test]
    fn no_mobile_number_survives(before in "[一-丁，。]{0,5}", tail in "[0-9]{8}", after in "[一-丁，。]{0,5}") {
        for prefix in ["13", "15", "19"] {
            let number = format!("{prefix}{}{tail}", 8);
            let masked = text(&format!("{before}{number}{after}"));
            prop_assert!(!masked.contains(&number));
        }
    }
}
