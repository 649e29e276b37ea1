//! The registers that there are, and what their columns hold. Words that a jurisdiction chooses are those of its catalogues.

use super::{Column, Fields, Holds, Kind};
use crate::datum::Datum;
use crate::error::Reason;
use crate::geo::{in_the_country, microdegrees};
use fengqiao_core::matter::Point;

/// Every register, in the order in which they may name each other.
pub static KINDS: [Kind; 11] = [
    Kind {
        code: "stations",
        title: "服务站点",
        columns: &[
            must("name", Holds::Text),
            must("kind", Holds::Word("station-kinds")),
            must("services", Holds::Words("station-services")),
            may("unit", Holds::Unit),
            must("lon", Holds::Text),
            must("lat", Holds::Text),
            must("datum", Holds::Text),
        ],
        check: |row| station_point(row).map(drop),
    },
    Kind {
        code: "posts",
        title: "岗位与人员",
        columns: &[
            must("name", Holds::Text),
            must("unit", Holds::Unit),
            may("person", Holds::Personal),
            may("phone", Holds::Personal),
        ],
        check: anything,
    },
    Kind {
        code: "sponsors",
        title: "定点包联与第一责任人",
        columns: &[
            must("unit", Holds::Unit),
            must("kind", Holds::OneOf(&["sponsor", "first-responsible"])),
            must("post", Holds::Row("posts")),
        ],
        check: anything,
    },
    Kind {
        code: "grid-aliases",
        title: "部门网格与基础网格对应",
        columns: &[must("name", Holds::Text), must("unit", Holds::Unit)],
        check: anything,
    },
    Kind {
        code: "teams",
        title: "网格队伍",
        columns: &[
            must("kind", Holds::Word("team-kinds")),
            may("skills", Holds::Words("skills")),
            may("unit", Holds::Unit),
            may("person", Holds::Personal),
            may("phone", Holds::Personal),
        ],
        check: anything,
    },
    Kind {
        code: "rosters",
        title: "志愿者名册",
        columns: &[
            must("kind", Holds::Word("roster-kinds")),
            may("skills", Holds::Words("skills")),
            may("person", Holds::Personal),
            may("phone", Holds::Personal),
        ],
        check: anything,
    },
    Kind {
        code: "mediation-bodies",
        title: "调解组织",
        columns: &[
            must("name", Holds::Text),
            must("kind", Holds::Word("mediation-kinds")),
            may("trades", Holds::Words("trades")),
            may("unit", Holds::Unit),
            may("person", Holds::Personal),
            may("phone", Holds::Personal),
        ],
        check: anything,
    },
    Kind {
        code: "rooms",
        title: "可预约场所",
        columns: &[
            must("name", Holds::Text),
            must("unit", Holds::Unit),
            may("uses", Holds::Words("room-uses")),
            may("seats", Holds::Count),
        ],
        check: anything,
    },
    Kind {
        code: "care",
        title: "重点家庭与重点人员",
        columns: &[
            must("kind", Holds::Word("care-kinds")),
            may("unit", Holds::Unit),
            may("person", Holds::Personal),
            may("phone", Holds::Personal),
            may("identity-number", Holds::Personal),
        ],
        check: |row| match row("phone").or(row("identity-number")) {
            Some(_) => Ok(()),
            None => Err(Reason::Empty {
                field: "phone 或 identity-number".to_owned(),
            }),
        },
    },
    Kind {
        code: "linked-platforms",
        title: "链接平台",
        columns: &[must("name", Holds::Text)],
        check: anything,
    },
    Kind {
        code: "linked-units",
        title: "经链接平台派单的单位",
        columns: &[
            must("unit", Holds::Unit),
            must("platform", Holds::Row("linked-platforms")),
        ],
        check: anything,
    },
];

/// The kind of this code.
#[must_use]
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

const fn must(name: &'static str, holds: Holds) -> Column {
    Column {
        name,
        holds,
        required: true,
    }
}

const fn may(name: &'static str, holds: Holds) -> Column {
    Column {
        name,
        holds,
        required: false,
    }
}

fn anything(_: &Fields<'_>) -> Result<(), Reason> {
    Ok(())
}

/// Where a station is, in WGS84.
pub(crate) fn station_point(row: &Fields<'_>) -> Result<Point, Reason> {
    let text = |column| row(column).unwrap_or_default();
    read_point(&text("lon"), &text("lat"), &text("datum"))
}

/// Reads a point as people write it: decimal degrees and the word of a datum; in WGS84.
///
/// # Errors
/// What is wrong with it; also a point that isn't in this country.
pub fn read_point(lon: &str, lat: &str, datum: &str) -> Result<Point, Reason> {
    let datum = Datum::named(datum).ok_or_else(|| Reason::BadValue {
        field: "datum".to_owned(),
        value: datum.to_owned(),
        wanted: "坐标系应为 WGS84、CGCS2000、GCJ-02、BD-09 之一",
    })?;
    let point = Point {
        lon_microdegrees: microdegrees("lon", lon)?,
        lat_microdegrees: microdegrees("lat", lat)?,
    };
    Ok(datum.to_wgs84(in_the_country(point)?))
}
