//! One binding of the plugin, asked as the kernel asks it.

use std::sync::Arc;

use anyhow::{Result, bail};
use bench_table::Answer;
use fengqiao_core::advice::Triage;
use fengqiao_core::ids::{BindingId, Digest, DivisionCode};
use fengqiao_core::profile::Profile;
use fengqiao_core::snapshot::Snapshot;
use fengqiao_host::WasmAdvisor;
use fengqiao_service::ports::advisor::{Advisor, Binding, Hook};
use tokio::runtime::Runtime;

use super::{ALL, ANSWERED, RECEIVED};
use crate::Contender;

pub struct Asked {
    name: &'static str,
    host: Arc<WasmAdvisor>,
    runtime: Arc<Runtime>,
    binding: Binding,
    /// Handed in instead of the case.
    instead: Option<Snapshot>,
}

impl Asked {
    pub fn new(
        name: &'static str,
        host: Arc<WasmAdvisor>,
        runtime: Arc<Runtime>,
        component: &Digest,
        config: String,
    ) -> Result<Self> {
        host.check_config(component, &config)?;
        let binding = Binding {
            id: BindingId::parse("bench")?,
            division: DivisionCode::parse("990101000000")?,
            order: 0,
            component: component.clone(),
            config,
            hooks: vec![Hook::Triage],
            inputs: vec![(Hook::Triage, ALL.to_vec())],
            queries: Vec::new(),
            channel: None,
            profile: Profile::default(),
        };
        Ok(Self {
            name,
            host,
            runtime,
            binding,
            instead: None,
        })
    }

    /// Withholds every group, as from a plugin that declares none.
    pub fn without_case(mut self) -> Self {
        self.instead = Some(Snapshot {
            case: None,
            stage: None,
            as_of: Default::default(),
            place: None,
            matter: None,
            parties: None,
            source: None,
            history: None,
            assignments: None,
            clocks: None,
            proceedings: None,
            withheld: Vec::new(),
            ext: Vec::new(),
        });
        self
    }
}

impl Contender for Asked {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_whole(&self) -> bool {
        self.instead.is_none() && self.name != RECEIVED && self.name != ANSWERED
    }

    fn decide(&mut self, case: &Snapshot) -> Result<Option<Answer>> {
        let case = self.instead.as_ref().unwrap_or(case);
        let answer = self
            .runtime
            .block_on(self.host.triage(&self.binding, case))?;
        let Some(answer) = answer else {
            return Ok(None);
        };
        let Triage::Accept {
            lead,
            others,
            clocks,
            ..
        } = answer
        else {
            bail!("it says {answer:?}");
        };
        let limit = clocks
            .into_iter()
            .next()
            .map(|clock| clock.spec.to_string());
        Ok(Some(Answer {
            lead: lead.into(),
            assists: others.into_iter().map(|other| other.unit.into()).collect(),
            limit: limit.unwrap_or_default(),
        }))
    }
}
