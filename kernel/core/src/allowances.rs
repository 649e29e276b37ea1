//! Setting allowances, and what the moves of proceedings draw on them, in the same decision.

use std::collections::BTreeMap;

use fengqiao_calendar::local_date;

use crate::actor::{Actor, Role};
use crate::allowance::{Allowance, Draw, DrawHow, yuan};
use crate::context::Context;
use crate::docket::Docket;
use crate::event::Event;
use crate::ids::{Code, DivisionCode, Seq, Subject, TextRef};
use crate::proceeding::{End, Fields};
use crate::refusal::Refusal;

/// The most allowances that one division's docket may hold: kinds and years together.
pub const MAX_ALLOWANCES: usize = 64;
/// The most reservations that may be open on one allowance at a time.
pub const MAX_RESERVATIONS: usize = 2_000;

/// Sets a year's ceiling on a division's docket, or changes it; recorded by the division's system administrator from a
/// document, which the text names.
pub fn set(
    subject: &Subject,
    docket: &Docket,
    kind: &Code,
    year: i16,
    ceiling_fen: u64,
    text: &TextRef,
    ctx: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let command = || Code::word("set-allowance");
    let Subject::Division(division) = subject else {
        return Err(Refusal::NotForThisSubject { command: command() });
    };
    let may = matches!(ctx.actor, Actor::Official { role: Role::SystemAdmin, division: reach, .. }
        if reach.contains(division));
    if !may {
        return Err(Refusal::NotYours { command: command() });
    }
    if text.chars == 0 {
        return Err(Refusal::TextMissing);
    }
    check_terms(division, kind, year, ceiling_fen, ctx)?;
    match docket.allowances.iter().find(|own| own.is(kind, year)) {
        Some(own) if ceiling_fen < own.taken_fen() => {
            let taken = yuan(own.taken_fen());
            return Err(invalid(format!(
                "已预留和支出 {taken} 元，上限不能低于此数"
            )));
        }
        None if docket.allowances.len() >= MAX_ALLOWANCES => {
            return Err(Refusal::TooMany {
                limit: Code::word("allowances"),
            });
        }
        Some(_) | None => {}
    }
    Ok(vec![Event::AllowanceSet {
        kind: kind.clone(),
        year,
        ceiling_fen,
        text: text.clone(),
    }])
}

fn check_terms(
    division: &DivisionCode,
    kind: &Code,
    year: i16,
    ceiling_fen: u64,
    ctx: &Context<'_>,
) -> Result<(), Refusal> {
    let Some(rule) = ctx.rules.allowances.get(kind) else {
        return Err(invalid(format!("本地规则没有设立“{kind}”这项额度")));
    };
    if rule.level != division.level() {
        return Err(invalid(format!("“{}”不设在这一级", rule.label)));
    }
    let this_year = local_date(ctx.now).year();
    if year != this_year && year != this_year.saturating_add(1) {
        return Err(invalid("只能设定本年度或下一年度的额度".to_owned()));
    }
    if let Some(most) = rule.at_most_fen.filter(|most| ceiling_fen > *most) {
        return Err(Refusal::OverCeiling {
            allowance: kind.clone(),
            year,
            wanted_fen: ceiling_fen,
            left_fen: most,
        });
    }
    if let Some(least) = rule.at_least_fen.filter(|least| ceiling_fen < *least) {
        return Err(Refusal::BelowFloor {
            allowance: kind.clone(),
            floor_fen: least,
        });
    }
    Ok(())
}

/// What the moves among a subject's events draw on allowances, as events on the dockets of the divisions that have them.
///
/// One that isn't allowed refuses the whole command. What a proceeding that ended has reserved and not spent is free
/// again, however it ended.
pub(crate) fn follow<'a>(
    subject: &Subject,
    before: &'a Docket,
    events: impl Iterator<Item = &'a Event>,
    division: &DivisionCode,
    ctx: &Context<'_>,
) -> Result<Vec<(Subject, Event)>, Refusal> {
    let mut till = Till {
        subject,
        division,
        ctx,
        dockets: ctx.allowances.to_vec(),
        drawn: Vec::new(),
    };
    let mut running: BTreeMap<Seq, Running> = before
        .proceedings
        .iter()
        .map(|p| (p.id, Running::new(&p.kind, &p.state, &p.fields)))
        .collect();
    for event in events {
        match event {
            Event::ProceedingOpened { proceeding: p } => {
                running.insert(p.id, Running::new(&p.kind, &p.state, &p.fields));
            }
            Event::ProceedingMoved {
                proceeding,
                code,
                to,
                end,
                fields,
            } => {
                let Some(own) = running.get_mut(proceeding) else {
                    continue;
                };
                let draw = own.draw(code, ctx);
                own.state = to.clone();
                own.fields
                    .extend(fields.iter().map(|(k, v)| (k.clone(), v.clone())));
                if let Some(draw) = draw {
                    till.draw(*proceeding, &draw, own, fields)?;
                }
                if *end == End::Ends {
                    till.release(*proceeding, None)?;
                }
            }
            _ => {}
        }
    }
    Ok(till.drawn)
}

/// A proceeding as it stands between two of the events.
struct Running {
    kind: Code,
    state: Code,
    fields: Fields,
}

impl Running {
    fn new(kind: &Code, state: &Code, fields: &Fields) -> Self {
        Running {
            kind: kind.clone(),
            state: state.clone(),
            fields: fields.clone(),
        }
    }

    fn draw(&self, code: &Code, ctx: &Context<'_>) -> Option<Draw> {
        let graph = ctx.rules.proceedings.get(&self.kind)?;
        let mut moves = graph.moves.iter();
        let found = moves.find(|m| m.from == self.state && &m.code == code)?;
        found.draw.clone()
    }
}

/// The allowances on the path as they stand after what was drawn so far.
struct Till<'a> {
    subject: &'a Subject,
    division: &'a DivisionCode,
    ctx: &'a Context<'a>,
    dockets: Vec<(DivisionCode, Vec<Allowance>)>,
    drawn: Vec<(Subject, Event)>,
}

impl Till<'_> {
    fn draw(
        &mut self,
        proceeding: Seq,
        draw: &Draw,
        running: &Running,
        given: &Fields,
    ) -> Result<(), Refusal> {
        match draw.how {
            DrawHow::Reserve => {
                let fen = amount(&running.fields, &draw.amount)?.ok_or_else(|| {
                    Refusal::FieldMissing {
                        field: draw.amount.clone(),
                    }
                })?;
                self.reserve(proceeding, &draw.allowance, fen)
            }
            DrawHow::Spend => {
                let fen = amount(given, &draw.amount)?;
                self.spend(proceeding, draw, fen)
            }
            DrawHow::Release => self.release(proceeding, Some(&draw.allowance)),
        }
    }

    /// Of the nearest division up from the one that handles the matter which has such an allowance this year.
    fn reserve(&mut self, proceeding: Seq, kind: &Code, fen: u64) -> Result<(), Refusal> {
        let year = local_date(self.ctx.now).year();
        if self.kept(proceeding, Some(kind)).is_some() {
            return Err(invalid("该程序已经预留过".to_owned()));
        }
        let path = self.division.path();
        let nearest = path.iter().rev().find_map(|division| {
            let (_, own) = self.dockets.iter().find(|(of, _)| of == division)?;
            let found = own.iter().find(|own| own.is(kind, year))?;
            Some((division.clone(), found))
        });
        let Some((division, found)) = nearest else {
            return Err(Refusal::NoAllowance {
                allowance: kind.clone(),
                year,
            });
        };
        if fen > found.left_fen() {
            return Err(Refusal::OverCeiling {
                allowance: kind.clone(),
                year,
                wanted_fen: fen,
                left_fen: found.left_fen(),
            });
        }
        if found.reservations.len() >= MAX_RESERVATIONS {
            return Err(Refusal::TooMany {
                limit: Code::word("reservations"),
            });
        }
        self.emit(
            division,
            Event::AllowanceReserved {
                kind: kind.clone(),
                year,
                holder: self.subject.clone(),
                proceeding,
                fen,
            },
        )
    }

    fn spend(&mut self, proceeding: Seq, draw: &Draw, fen: Option<u64>) -> Result<(), Refusal> {
        let Some((division, kind, year, kept)) = self.kept(proceeding, Some(&draw.allowance))
        else {
            return Err(invalid("没有预留，不能支出".to_owned()));
        };
        let fen = fen.unwrap_or(kept);
        if fen > kept {
            return Err(Refusal::FieldInvalid {
                field: draw.amount.clone(),
                reason: format!("支出不得超过预留的 {} 元", yuan(kept)),
            });
        }
        self.emit(
            division,
            Event::AllowanceSpent {
                kind,
                year,
                holder: self.subject.clone(),
                proceeding,
                fen,
            },
        )
    }

    /// Frees what is kept for a proceeding: of one kind, which must be there, or of all.
    fn release(&mut self, proceeding: Seq, kind: Option<&Code>) -> Result<(), Refusal> {
        if kind.is_some() && self.kept(proceeding, kind).is_none() {
            return Err(invalid("没有预留，不能退回".to_owned()));
        }
        while let Some((division, kind, year, fen)) = self.kept(proceeding, kind) {
            self.emit(
                division,
                Event::AllowanceReleased {
                    kind,
                    year,
                    holder: self.subject.clone(),
                    proceeding,
                    fen,
                },
            )?;
        }
        Ok(())
    }

    /// What is kept for a proceeding: where, of which allowance, how much.
    fn kept(&self, proceeding: Seq, kind: Option<&Code>) -> Option<(DivisionCode, Code, i16, u64)> {
        self.dockets.iter().find_map(|(division, own)| {
            let mut own = own
                .iter()
                .filter(|a| kind.is_none_or(|kind| &a.kind == kind));
            own.find_map(|a| {
                let kept = a.reservation(self.subject, proceeding)?;
                Some((division.clone(), a.kind.clone(), a.year, kept.fen))
            })
        })
    }

    fn emit(&mut self, division: DivisionCode, event: Event) -> Result<(), Refusal> {
        let docket = self.dockets.iter_mut().find(|(of, _)| of == &division);
        let own = docket.map(|(_, own)| own);
        own.and_then(|own| apply(own, &event))
            .ok_or_else(|| Refusal::Inconsistent {
                fault: "额度变动不能接续".to_owned(),
            })?;
        self.drawn.push((Subject::Division(division), event));
        Ok(())
    }
}

/// Folds an event into a docket's allowances; nothing where it doesn't fit.
pub(crate) fn apply(own: &mut Vec<Allowance>, event: &Event) -> Option<()> {
    use crate::allowance::Reservation;
    match event {
        Event::AllowanceSet {
            kind,
            year,
            ceiling_fen,
            ..
        } => match own.iter_mut().find(|a| a.is(kind, *year)) {
            Some(known) => known.ceiling_fen = *ceiling_fen,
            None => own.push(Allowance {
                kind: kind.clone(),
                year: *year,
                ceiling_fen: *ceiling_fen,
                spent_fen: 0,
                reservations: Vec::new(),
            }),
        },
        Event::AllowanceReserved {
            kind,
            year,
            holder,
            proceeding,
            fen,
        } => {
            let allowance = own.iter_mut().find(|a| a.is(kind, *year))?;
            allowance.reservations.push(Reservation {
                holder: holder.clone(),
                proceeding: *proceeding,
                fen: *fen,
            });
        }
        Event::AllowanceSpent {
            kind,
            year,
            holder,
            proceeding,
            fen,
        } => {
            let allowance = own.iter_mut().find(|a| a.is(kind, *year))?;
            free(allowance, holder, *proceeding)?;
            allowance.spent_fen = allowance.spent_fen.saturating_add(*fen);
        }
        Event::AllowanceReleased {
            kind,
            year,
            holder,
            proceeding,
            ..
        } => {
            let allowance = own.iter_mut().find(|a| a.is(kind, *year))?;
            free(allowance, holder, *proceeding)?;
        }
        _ => return None,
    }
    Some(())
}

fn free(allowance: &mut Allowance, holder: &Subject, proceeding: Seq) -> Option<()> {
    let mut kept = allowance.reservations.iter();
    let index = kept.position(|kept| &kept.holder == holder && kept.proceeding == proceeding)?;
    allowance.reservations.remove(index);
    Some(())
}

/// An amount in fen, where it is filled in.
fn amount(fields: &Fields, field: &Code) -> Result<Option<u64>, Refusal> {
    let Some(text) = fields.get(field).map(|text| text.trim()) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(fen) if fen > 0 => Ok(Some(fen)),
        _ => Err(Refusal::FieldInvalid {
            field: field.clone(),
            reason: "请填写以分为单位的正整数".to_owned(),
        }),
    }
}

fn invalid(reason: String) -> Refusal {
    Refusal::AllowanceInvalid { reason }
}

#[cfg(test)]
mod tests;
