//! Who is on a care list: asked by phone or identity number, answered with yes or no.

use fengqiao_core::ids::DivisionCode;

use crate::register::Register;

/// Phones and identity numbers with the division of their row, sorted.
#[derive(Debug, Clone, Default)]
pub(crate) struct Care(Vec<(Box<str>, DivisionCode)>);

impl Care {
    pub(crate) fn of(register: &Register) -> Self {
        let mut marks: Vec<_> = register
            .iter()
            .flat_map(|row| {
                let division: Option<DivisionCode> = row.division().parse().ok();
                let columns = ["phone", "identity-number"].into_iter();
                columns.filter_map(move |column| Some((mark(row.get(column)?), division.clone()?)))
            })
            .collect();
        marks.sort();
        Self(marks)
    }

    /// The divisions that keep this phone or number on a list.
    pub(crate) fn keepers(&self, number: &str) -> impl Iterator<Item = &DivisionCode> {
        let number = mark(number);
        let start = self.0.partition_point(|(own, _)| *own < number);
        let rest = self.0.get(start..).unwrap_or_default().iter();
        rest.take_while(move |(own, _)| *own == number)
            .map(|(_, division)| division)
    }
}

/// A number as it is compared: without what people put between its digits.
fn mark(number: &str) -> Box<str> {
    let kept = number.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_uppercase())
        .collect::<String>()
        .into()
}
