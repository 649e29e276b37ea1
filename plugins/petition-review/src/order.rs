//! What comes after what: a review in time, a re-review of it in time, and nothing after that. Whoever asks for something
//! else is told why not, and what they may still do.

use fengqiao_sdk::case::Proceeding;
use fengqiao_sdk::guard::Verdict;

use crate::graph::{
    ASK, ASK_AGAIN, ASKED, ASKED_AGAIN, CONCLUDED, LAPSED, REVIEW_ORGAN, REVIEWED, SERVED,
};

const REVIEW: &str = ASK;
const RE_REVIEW: &str = ASK_AGAIN;

/// Why a request comes too early, too late or once too often; none where its turn has come.
pub(crate) fn out_of_turn(wanted: &str, review: Option<&Proceeding>) -> Option<Verdict> {
    let Some(review) = review else {
        return Some(not_served());
    };
    match (wanted, review.state.as_str(), review.field(REVIEW_ORGAN)) {
        (_, CONCLUDED, _) => Some(concluded()),
        (_, LAPSED, None) => Some(out_of_window("书面答复")),
        (_, LAPSED, Some(_)) => Some(out_of_window("复查意见")),
        (RE_REVIEW, SERVED | ASKED, _) => Some(no_review()),
        (_, ASKED | ASKED_AGAIN, _) => Some(under_way()),
        (REVIEW, REVIEWED, _) => Some(reviewed()),
        _ => None,
    }
}

fn not_served() -> Verdict {
    Verdict::refuse(
        "not-served",
        "还没有送达书面答复，不能申请复查、复核：请等候书面答复，对答复不服的再在期限内申请",
    )
}

fn no_review() -> Verdict {
    Verdict::refuse(
        "no-review",
        "还没有复查意见，不能申请复核：请先申请复查，对复查意见不服的再申请复核",
    )
}

fn under_way() -> Verdict {
    Verdict::refuse(
        "under-way",
        "申请已经受理，正在办理，不重复受理：请等候书面意见",
    )
}

fn reviewed() -> Verdict {
    Verdict::refuse(
        "already-reviewed",
        "已经作出复查意见，不再复查：对复查意见不服的，可以在期限内向复查机关的上一级机关申请复核",
    )
}

fn concluded() -> Verdict {
    Verdict::refuse(
        "concluded",
        "复核意见是信访终结意见，以同一事实和理由再次申请的不再受理：有新的事实和理由的，可以另行提出",
    )
}

fn out_of_window(of: &str) -> Verdict {
    let text = format!("收到{of}后没有在期限内申请，不再受理：有新的事实和理由的，可以另行提出");
    Verdict::refuse("out-of-window", &text)
}
