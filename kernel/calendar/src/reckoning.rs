//! One computation in progress: it counts, rolls over, and notes its reasons on the way.

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use crate::calendar::Calendar;
use crate::clock::ClockError;
use crate::explain::{day_text, duration_text, rest_text, spec_text, working_day_text};
use crate::instant::{end_of_day, local_date, local_text};
use crate::spec::Spec;

/// Festivals and make-up days named in the reasons of one count; further ones are summed up.
const MAX_NAMED: usize = 12;

/// Where a count arrived, and the sentence that says so.
pub(crate) struct End {
    pub(crate) at: Timestamp,
    sentence: String,
}

/// How long a clock stood still, in the unit that its end was counted in.
#[derive(Clone, Copy)]
pub(crate) enum Pause {
    Exact(SignedDuration),
    CalendarDays(u32),
    WorkingDays(u32),
}

/// The state of one computation.
pub(crate) struct Reckoning<'a> {
    calendar: &'a Calendar,
    steps: Vec<String>,
    provisional: bool,
}

impl<'a> Reckoning<'a> {
    /// Begins with the reasons found so far.
    pub(crate) fn new(calendar: &'a Calendar, steps: Vec<String>) -> Self {
        Self {
            calendar,
            steps,
            provisional: false,
        }
    }

    /// Notes a reason.
    pub(crate) fn say(&mut self, sentence: String) {
        self.steps.push(sentence);
    }

    /// Counts a limit from an instant, before any roll-over.
    pub(crate) fn count(&mut self, from: Timestamp, spec: Spec) -> Result<End, ClockError> {
        let day = local_date(from);
        match spec {
            Spec::Minutes(n) => after(from, SignedDuration::from_mins(n.into()), &spec_text(spec)),
            Spec::Hours(n) => after(from, SignedDuration::from_hours(n.into()), &spec_text(spec)),
            Spec::SameDay => with_day(day, format!("当日为{}", day_text(day))),
            Spec::CalendarDays(n) => {
                let last = plus_days(day, n)?;
                with_day(last, format!("第{n}日为{last}"))
            }
            Spec::WorkingDays(n) => {
                let last = self.plus_working_days(day, n)?;
                with_day(last, format!("第{n}个工作日为{last}"))
            }
            Spec::Months(n) => corresponding(day, Span::new().try_months(n)),
            Spec::Years(n) => corresponding(day, Span::new().try_years(n)),
        }
    }

    /// Notes where a count arrived and, where the law says so, moves it off a day of rest.
    pub(crate) fn settle(&mut self, end: End, rolls: bool) -> Result<Timestamp, ClockError> {
        let last = local_date(end.at);
        if !rolls {
            self.say(end.sentence);
            return Ok(end.at);
        }
        if self.is_working_day(last) {
            let kept = match self.calendar.make_up_name(last) {
                Some(_) => format!("{}，{}为调休上班日，不顺延", end.sentence, day_text(last)),
                None => end.sentence,
            };
            self.say(kept);
            return Ok(end.at);
        }
        let (rest, working) = self.rest_from(last)?;
        self.say(format!("{}，{rest}", end.sentence));
        self.say(working_day_text(self.calendar, working));
        self.say(format!(
            "最后一日为休息日，依民法典第二百零三条顺延至{working}"
        ));
        end_of_day(working)
    }

    /// Measures a pause in the unit that the end was counted in.
    pub(crate) fn pause(
        &mut self,
        unit: Spec,
        paused_at: Timestamp,
        resumed_at: Timestamp,
    ) -> Result<Pause, ClockError> {
        let between = format!(
            "{}暂停，{}恢复",
            local_text(paused_at),
            local_text(resumed_at)
        );
        if unit.is_wall_clock() {
            let time = resumed_at.duration_since(paused_at);
            self.say(format!("{between}，按实际停止的{}计", duration_text(time)));
            return Ok(Pause::Exact(time));
        }
        let (mut calendar_days, mut working_days) = (0, 0);
        let (mut day, until) = (local_date(paused_at), local_date(resumed_at));
        let by_working_days = matches!(unit, Spec::WorkingDays(_));
        while day < until {
            calendar_days += 1;
            if by_working_days && self.is_working_day(day) {
                working_days += 1;
            }
            day = next(day)?;
        }
        if by_working_days {
            self.say(format!("{between}，停止{working_days}个工作日"));
            Ok(Pause::WorkingDays(working_days))
        } else {
            self.say(format!("{between}，停止{calendar_days}日"));
            Ok(Pause::CalendarDays(calendar_days))
        }
    }

    /// Where an end lies once the pause is added.
    pub(crate) fn after_pause(&mut self, end: Timestamp, pause: Pause) -> Result<End, ClockError> {
        let day = local_date(end);
        let at = match pause {
            Pause::Exact(time) => end.checked_add(time).map_err(|_| ClockError::Overflow)?,
            Pause::CalendarDays(0) | Pause::WorkingDays(0) => end,
            Pause::CalendarDays(n) => end_of_day(plus_days(day, n)?)?,
            Pause::WorkingDays(n) => end_of_day(self.plus_working_days(day, n)?)?,
        };
        Ok(End {
            at,
            sentence: format!("到期时刻由{}移至{}", local_text(end), local_text(at)),
        })
    }

    /// The reasons, closed by the due date, and whether they lean on days that no notice covers.
    pub(crate) fn finish(mut self, due: Timestamp) -> (Vec<String>, bool) {
        self.steps.push(format!("截止时间为{}", local_text(due)));
        (self.steps, self.provisional)
    }

    fn plus_working_days(&mut self, from: Date, amount: u32) -> Result<Date, ClockError> {
        let mut named = Named::default();
        let (mut day, mut counted) = (from, 0);
        while counted < amount {
            day = next(day)?;
            let works = self.is_working_day(day);
            counted += u32::from(works);
            named.note(self.calendar, day);
        }
        named.say(self);
        Ok(day)
    }

    /// What kinds of rest follow one another from a day off, and the working day after them.
    fn rest_from(&mut self, first: Date) -> Result<(String, Date), ClockError> {
        let mut parts: Vec<(String, Date)> = Vec::new();
        let mut day = first;
        while !self.is_working_day(day) {
            let text = self
                .calendar
                .day_off_name(day)
                .map(|name| rest_text(self.calendar, name, day));
            match (parts.last_mut(), text) {
                (Some((kind, until)), Some(text)) if *kind == text => *until = day,
                (_, Some(text)) => parts.push((text, day)),
                (_, None) => {}
            }
            day = next(day)?;
        }
        let rest: Vec<String> = parts
            .iter()
            .map(|(kind, until)| format!("{kind}至{until}"))
            .collect();
        Ok((rest.join("，"), day))
    }

    fn is_working_day(&mut self, day: Date) -> bool {
        if !self.calendar.covers(day) && !self.provisional {
            self.provisional = true;
            let why = format!(
                "{}年放假安排不在日历内，暂按周一至周五为工作日计算，公布后重新计算",
                day.year()
            );
            if !self.steps.contains(&why) {
                self.say(why);
            }
        }
        self.calendar.is_working_day(day)
    }
}

/// The festivals and make-up days that a count of working days passes.
#[derive(Default)]
struct Named {
    /// The festival being passed, its first day off and its last so far.
    off: Option<(String, Date, Date)>,
    sentences: Vec<String>,
    left_out: usize,
}

impl Named {
    fn note(&mut self, calendar: &Calendar, day: Date) {
        let holiday = calendar
            .day_off_name(day)
            .filter(|_| calendar.is_listed(day));
        match (&mut self.off, holiday) {
            (Some((name, _, until)), Some(same)) if name == same => *until = day,
            (_, Some(name)) => {
                self.close_run();
                self.off = Some((name.to_owned(), day, day));
            }
            (_, None) => self.close_run(),
        }
        if calendar.make_up_name(day).is_some() {
            self.push(format!("{day}为调休上班日，计入"));
        }
    }

    fn close_run(&mut self) {
        if let Some((name, from, until)) = self.off.take() {
            let span = if from == until {
                format!("{from}")
            } else {
                format!("{from}至{until}")
            };
            self.push(format!("{span}{name}放假，不计入"));
        }
    }

    fn push(&mut self, sentence: String) {
        if self.sentences.len() < MAX_NAMED {
            self.sentences.push(sentence);
        } else {
            self.left_out += 1;
        }
    }

    fn say(mut self, reckoning: &mut Reckoning<'_>) {
        self.close_run();
        reckoning.steps.append(&mut self.sentences);
        if self.left_out > 0 {
            reckoning.say(format!("期间另有放假和调休{}处，从略", self.left_out));
        }
    }
}

fn after(from: Timestamp, time: SignedDuration, amount: &str) -> Result<End, ClockError> {
    let at = from.checked_add(time).map_err(|_| ClockError::Overflow)?;
    let sentence = format!(
        "自{}起{amount}，不分昼夜和节假日，至{}",
        local_text(from),
        local_text(at)
    );
    Ok(End { at, sentence })
}

fn with_day(last: Date, sentence: String) -> Result<End, ClockError> {
    Ok(End {
        at: end_of_day(last)?,
        sentence,
    })
}

/// The corresponding day, or the month's last when there is none (民法典 202).
fn corresponding(day: Date, span: Result<Span, jiff::Error>) -> Result<End, ClockError> {
    let last = span
        .and_then(|span| day.checked_add(span))
        .map_err(|_| ClockError::Overflow)?;
    let sentence = if last.day() == day.day() {
        format!("到期月的对应日为{last}")
    } else {
        format!("到期月没有{}日，以月末日{last}为最后一日", day.day())
    };
    with_day(last, sentence)
}

fn plus_days(day: Date, amount: u32) -> Result<Date, ClockError> {
    let span = Span::new().try_days(amount);
    span.and_then(|span| day.checked_add(span))
        .map_err(|_| ClockError::Overflow)
}

fn next(day: Date) -> Result<Date, ClockError> {
    day.tomorrow().map_err(|_| ClockError::Overflow)
}
