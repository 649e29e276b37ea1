//! Pages of lists: how many rows, and after which.

use fengqiao_service::ports::store::{MAX_PAGE_ROWS, Page};

use crate::problem::Problem;

/// Rows of a page where the request doesn't say how many.
const DEFAULT_PAGE_ROWS: u32 = 50;

/// A page of the store.
pub(crate) fn page(after: Option<String>, wanted: Option<u32>) -> Page {
    Page {
        after,
        limit: limit(wanted),
    }
}

/// How many rows: what was wanted, within the limit.
pub(crate) fn limit(wanted: Option<u32>) -> u32 {
    wanted.unwrap_or(DEFAULT_PAGE_ROWS).clamp(1, MAX_PAGE_ROWS)
}

/// Where the next page begins: after the last row, where there may be more.
pub(crate) fn next(page: &Page, rows: usize, last: Option<&str>) -> Option<String> {
    let full = rows >= usize::try_from(page.limit).unwrap_or(usize::MAX);
    last.filter(|_| full).map(str::to_owned)
}

/// How many rows to leave out, where the cursor is their number.
pub(crate) fn skip(after: Option<&str>, skip: Option<usize>) -> Result<usize, Problem> {
    match (after, skip) {
        (Some(after), _) => after
            .parse()
            .map_err(|_| Problem::invalid_parameter("after", "请使用上一页的 next")),
        (None, skip) => Ok(skip.unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_fifty_rows_where_nobody_says_how_many() {
        assert_eq!((limit(None), limit(Some(51))), (50, 51));
    }
}
