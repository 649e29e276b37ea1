//! What a linked platform says back: each status is the ordinary command of the unit that it speaks for, once.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::command::{Claim, Command, ReleaseHow};
use fengqiao_core::ids::{Code, Digest, PrincipalId};
use fengqiao_core::matter::{AssignmentRole, AssignmentState, Evidence};
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{
    IdempotencyKey, LinkedOrder, LinkedOutcome, LinkedState, LinkedStatus, Person, Store,
};
use crate::ports::{Clock, Ids};
use crate::request::{Mode, Request, RequestKey, SubmitError, Target};

/// What a platform says about an order.
#[derive(Debug, Clone)]
pub struct Said {
    /// Which platform.
    pub platform: Code,
    /// The account by which it speaks.
    pub principal: PrincipalId,
    /// Its own number of this status.
    pub id: Code,
    /// A digest of all that it said.
    pub digest: Digest,
    /// The order's number.
    pub number: Code,
    /// The platform's own number of the order.
    pub theirs: Option<Code>,
    /// What it says.
    pub state: LinkedState,
    /// Its words.
    pub text: String,
    /// What came with it.
    pub evidence: Vec<Evidence>,
    /// What the unit claims.
    pub solved: Option<Claim>,
}

/// What became of it, and the refusal's words where it was refused just now.
#[derive(Debug, Clone)]
pub struct Carried {
    /// What is on record.
    pub status: LinkedStatus,
    /// Why it was refused, in words.
    pub why: Option<String>,
    /// Whether it had been said before.
    pub is_again: bool,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Carries out what a platform says. What can't be told at the moment is an error, and may be said again.
    pub async fn take_status(&self, said: Said) -> Result<Carried, SubmitError> {
        let before = self.store.linked_status(&said.platform, &said.id).await?;
        if let Some(status) = before {
            return match status.digest == said.digest {
                true => Ok(Carried {
                    status,
                    why: None,
                    is_again: true,
                }),
                false => Err(SubmitError::KeyReused),
            };
        }
        let order = self.store.linked_order(&said.platform, &said.number);
        let (outcome, refused) = match order.await? {
            None => (LinkedOutcome::Unknown, None),
            Some(order) => match self.carry(&order, &said).await? {
                Ok(outcome) => (outcome, None),
                Err(refused) => (LinkedOutcome::Refused, Some(refused)),
            },
        };
        let (refusal, why) = refused.map(|Refused { code, why }| (code, why)).unzip();
        let status = LinkedStatus {
            platform: said.platform,
            id: said.id,
            digest: said.digest,
            number: said.number,
            theirs: said.theirs,
            state: said.state,
            outcome,
            refusal,
            at: self.clock.now(),
        };
        self.store.put_linked_status(&status).await?;
        Ok(Carried {
            status,
            why,
            is_again: false,
        })
    }

    async fn carry(
        &self,
        order: &LinkedOrder,
        said: &Said,
    ) -> Result<Result<LinkedOutcome, Refused>, SubmitError> {
        let key = RequestKey {
            key: IdempotencyKey {
                principal: format!("platform:{}", said.platform),
                key: said.id.as_str().to_owned(),
            },
            request: said.digest.as_str().to_owned(),
        };
        // It was carried out, and whoever asked didn't hear of it: what stands now is no reason to refuse it.
        if self.answered(&key).await?.is_some() {
            return Ok(Ok(LinkedOutcome::Done));
        }
        let reference = self.reference();
        let unit = reference.units().get(&order.unit);
        let is_linked = reference.platform_of(&order.unit) == Some(said.platform.as_str());
        let Some(unit) = unit.filter(|_| is_linked) else {
            return Ok(Err(Refused::of(
                "not-linked",
                "该单位已不再经本平台派单：请联系分拨员",
            )));
        };
        let case = self.store.case(&order.case).await?;
        let case = case.ok_or_else(|| SubmitError::NoSuchCase(order.case.clone()))?;
        if case.bars(&order.unit) {
            return Ok(Err(Refused::of("recused", "该单位须回避本案")));
        }
        let part = case
            .assignments
            .iter()
            .find(|part| part.id == order.assignment);
        let Some(part) = part.filter(|part| part.state == AssignmentState::Active) else {
            let why = "该派单已收回或已办毕：请在贵平台结束这一件";
            return Ok(Err(Refused::of("order-over", why)));
        };
        let Some(command) = command(said, part.role, order) else {
            return Ok(Ok(LinkedOutcome::Noted));
        };
        let request = Request {
            target: Target::Case(order.case.clone()),
            command,
            actor: Actor::Official {
                principal: said.principal.clone(),
                role: Role::UnitHandler,
                unit: Some(order.unit.clone()),
                division: unit.division.clone(),
            },
            expected: None,
            key: Some(key),
            mode: Mode::Commit,
            message: None,
        };
        // What was done is on record as a status, whoever asks for its answer.
        match self.submit(request, &|_| (200, "{}".to_owned())).await {
            Ok(_) => Ok(Ok(LinkedOutcome::Done)),
            Err(SubmitError::Refused(refusal)) => Ok(Err(refusal.into())),
            Err(SubmitError::TooLong { limit, .. }) => {
                let why = format!("文字过长：最多 {limit} 个字符");
                Ok(Err(Refused::of("too-long", why)))
            }
            Err(error) => Err(error),
        }
    }
}

/// The unit's command; none where the platform only says that it has the order.
fn command(
    said: &Said,
    role: AssignmentRole,
    order: &LinkedOrder,
) -> Option<Command<String, Person>> {
    let text = said.text.clone();
    Some(match (said.state, role) {
        (LinkedState::Received, _) => return None,
        (LinkedState::Signed, _) => Command::Sign {},
        (LinkedState::Contacted, _) => Command::Contact { text },
        (LinkedState::Reported, AssignmentRole::Lead) => Command::Report {
            text,
            evidence: said.evidence.clone(),
            solved: said.solved,
        },
        (LinkedState::Reported, _) => Command::Release {
            assignment: order.assignment,
            how: ReleaseHow::Done,
            text,
        },
        (LinkedState::Returned, _) => Command::Object { text },
    })
}

/// Why a status wasn't carried out, for the platform to know.
struct Refused {
    code: Code,
    why: String,
}

impl Refused {
    fn of(code: &'static str, why: impl Into<String>) -> Self {
        let (code, why) = (Code::word(code), why.into());
        Self { code, why }
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let code = Code::parse(refusal.code()).unwrap_or_else(|_| Code::word("refused"));
        let why = refusal.to_string();
        Self { code, why }
    }
}
