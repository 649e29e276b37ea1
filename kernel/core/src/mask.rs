//! Masking (脱敏): what is left of a phone number, a name, an address and free text when nobody may read them whole.

/// Digits in the runs of an identity, passport or bank number: from here on a run is hidden whatever it is.
const MIN_IDENTITY_DIGITS: usize = 15;

/// A phone number with its first three and last four digits; fewer than eight digits are hidden whole.
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter_map(digit).collect();
    match (digits.get(..3), digits.len().checked_sub(4)) {
        (Some(head), Some(tail)) if digits.len() >= 8 => {
            format!("{head}****{}", digits.get(tail..).unwrap_or(""))
        }
        _ => "****".to_owned(),
    }
}

/// The family name and a star, whatever the length of the rest: `张*`.
pub fn name(full: &str) -> String {
    match full.trim().chars().next() {
        Some(first) => format!("{first}*"),
        None => String::new(),
    }
}

/// An identity number with nothing but its last character: `******************X` says no birthday and no place.
pub fn identity(number: &str) -> String {
    let last = number.trim().chars().last();
    last.map_or_else(String::new, |last| format!("****{last}"))
}

/// An address down to its street; the number, the building and the estate are hidden.
pub fn address(full: &str) -> String {
    let chars: Vec<char> = full.chars().collect();
    let stop = chars
        .iter()
        .enumerate()
        .position(|(at, c)| digit(*c).is_some() || begins_dwelling(&chars, at))
        .unwrap_or(chars.len());
    let kept = chars
        .iter()
        .take(stop)
        .rposition(|c| "省市县区旗州盟乡镇道路街巷".contains(*c))
        .map_or(0, |last| last + 1);
    let street: String = chars.iter().take(kept).collect();
    if kept == chars.len() {
        street
    } else {
        format!("{street}***")
    }
}

/// Below the street: an estate, a community, a village, a building.
fn begins_dwelling(chars: &[char], at: usize) -> bool {
    let pair: String = chars.iter().skip(at).take(2).collect();
    let estate = ["小区", "社区", "单元", "大厦", "公寓", "花园"];
    estate.contains(&pair.as_str()) || chars.get(at).is_some_and(|c| "村号栋幢楼室弄".contains(*c))
}

/// Free text with mobile, landline and identity numbers masked, also when they are written in full-width digits or
/// in groups. Masking twice is masking once.
pub fn text(words: &str) -> String {
    let chars: Vec<char> = words.chars().collect();
    let mut out = String::with_capacity(words.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if digit(*c).is_none() {
            out.push(*c);
            at += 1;
            continue;
        }
        let groups = groups(&chars, at);
        let (used, hidden) = number(&groups);
        let end = groups.get(used - 1).map_or(at + 1, |group| group.end);
        match hidden {
            Some(masked) => out.push_str(&masked),
            None => out.extend(chars.iter().take(end).skip(at)),
        }
        at = end;
    }
    out
}

/// A run of digits, perhaps closed by the X of an identity number, and the index behind it.
struct Group {
    digits: String,
    end: usize,
}

/// Up to three runs of digits from `at` on, with one blank or hyphen between them.
fn groups(chars: &[char], at: usize) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut start = at;
    while groups.len() < 3 {
        let mut digits: String = chars.iter().skip(start).map_while(|c| digit(*c)).collect();
        if digits.is_empty() {
            break;
        }
        let mut end = start + digits.len();
        if chars.get(end).is_some_and(|c| "xXｘＸ".contains(*c)) {
            digits.push('X');
            end += 1;
        }
        groups.push(Group { digits, end });
        if !chars.get(end).is_some_and(|c| " -－—　".contains(*c)) {
            break;
        }
        start = end + 1;
    }
    groups
}

/// How many of the groups make one number, and what is left of it; at least one group is used.
fn number(groups: &[Group]) -> (usize, Option<String>) {
    let part = |n: usize| groups.get(n).map_or("", |group| group.digits.as_str());
    let lengths = (part(0).len(), part(1).len(), part(2).len());
    let joined = |n: usize| (0..n).map(part).collect::<String>();
    if lengths.0 >= MIN_IDENTITY_DIGITS {
        return (1, Some(identity(part(0))));
    }
    if is_mobile(part(0)) {
        return (1, Some(phone(part(0))));
    }
    match lengths {
        (3, 4, 4) | (3, 3, 5) if is_mobile(&joined(3)) => (3, Some(phone(&joined(3)))),
        (6, 8, 4) => (3, Some(identity(&joined(3)))),
        (2, 11, _) if part(0) == "86" && is_mobile(part(1)) => (2, Some(phone(part(1)))),
        (3 | 4, 7 | 8, _) if part(0).starts_with('0') => (2, Some(phone(&joined(2)))),
        _ => (1, None),
    }
}

/// Eleven digits that begin like a mobile number, or thirteen with the country's code.
fn is_mobile(digits: &str) -> bool {
    let local = if digits.len() == 13 {
        digits.strip_prefix("86").unwrap_or("")
    } else {
        digits
    };
    let second = local.as_bytes().get(1);
    local.len() == 11 && local.starts_with('1') && second.is_some_and(|b| (b'3'..=b'9').contains(b))
}

/// The ASCII digit that a character stands for: itself, or its full-width form.
fn digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
