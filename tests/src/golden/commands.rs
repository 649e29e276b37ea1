//! Which commands a golden case may write, and with which fields.

/// A command as a golden case writes it.
pub(super) struct Words {
    /// Its word.
    pub(super) act: &'static str,
    /// What must be written.
    pub(super) needs: &'static [&'static str],
    /// What may be written.
    pub(super) may: &'static [&'static str],
}

const fn words(
    act: &'static str,
    needs: &'static [&'static str],
    may: &'static [&'static str],
) -> Words {
    Words { act, needs, may }
}

/// Every command, and `wait`, which only lets time pass.
pub(super) const ALL: &[Words] = &[
    words("wait", &[], &[]),
    words(
        "register",
        &["channel", "kind", "place", "text"],
        &[
            "category",
            "point",
            "marks",
            "portfolios",
            "people",
            "amount-yuan",
            "reporter",
            "representatives",
            "respondent",
            "accused",
            "protection",
            "photos",
            "first-receiver",
            "assistance",
            "external",
            "posted-at",
            "detected-at",
        ],
    ),
    // The message as its sender sends it: a file beside the cases.
    words("receive", &["channel", "payload"], &["number", "reporter"]),
    // A linked platform says something about its order.
    words(
        "say",
        &["state"],
        &["text", "photos", "documents", "solved"],
    ),
    words("accept", &[], &[]),
    words("decline", &["ground", "text"], &[]),
    words("refer", &["route", "text"], &[]),
    words("dispatch", &[], &["lead", "assists"]),
    words("assign", &["unit", "role"], &["result"]),
    words("release", &["how", "text"], &["unit"]),
    words("sign", &[], &[]),
    words("object", &["text"], &[]),
    words("rule", &["ruling", "text"], &[]),
    words("contact", &["text"], &[]),
    words("arrive", &[], &["photos"]),
    words("progress", &["text"], &[]),
    words("attach", &[], &["photos", "documents"]),
    words("extend", &["clock", "length", "text"], &[]),
    words("suspend", &["review-at", "text"], &[]),
    words("resume", &[], &[]),
    words("report", &["text"], &["photos", "documents", "solved"]),
    words("send-back", &["text"], &[]),
    words("reply", &["text"], &["way", "undeliverable"]),
    words("rate", &["grade"], &["text"]),
    words("follow-up", &["result", "via"], &["text"]),
    words("close", &[], &[]),
    words("rework", &["text"], &[]),
    words("archive", &[], &[]),
    words("seal", &[], &[]),
    words("withdraw", &["text"], &[]),
    words("terminate", &["ground", "text"], &[]),
    words("merge", &["into"], &[]),
    words("unmerge", &["text"], &[]),
    words("split", &["kind", "place", "text"], &["category", "marks"]),
    words("link", &["into", "relation"], &[]),
    words("hand-up", &["to", "reason"], &["lead"]),
    words("hand-down", &["to", "reason"], &["lead"]),
    words("hand-over", &["lead", "text"], &[]),
    words("transfer", &["to", "text"], &[]),
    words("urge", &["text"], &[]),
    words("instruct", &["text"], &["answer-within"]),
    words("answer", &["text"], &[]),
    words("protect", &["protection"], &[]),
    words("recuse", &["unit", "text"], &[]),
    words("waive", &["what", "text"], &[]),
    words("decide", &["verdict"], &["text", "addressee"]),
    words("finish-task", &["task"], &[]),
    words("flag", &["flag"], &[]),
    words("open-proceeding", &["proceeding"], &["addressee", "with"]),
    words(
        "move-proceeding",
        &["proceeding", "move"],
        &["addressee", "with"],
    ),
    // A room of the register, for this case.
    words("book", &["room", "from", "until"], &[]),
    words(
        "grant",
        &["proceeding", "grantee", "addressees", "from", "until"],
        &["scope"],
    ),
    words("revoke-grant", &["grantee"], &[]),
    words("set-allowance", &["allowance", "year", "yuan", "text"], &[]),
];

/// Whether there is such a command.
#[must_use]
pub fn is_known(act: &str) -> bool {
    find(act).is_some()
}

pub(super) fn find(act: &str) -> Option<&'static Words> {
    ALL.iter().find(|words| words.act == act)
}
