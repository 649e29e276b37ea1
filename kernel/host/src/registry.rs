//! Admitted components by digest: compiled once, linked once a hook.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use fengqiao_core::ids::Digest;
use fengqiao_service::ports::advisor::{AdmitError, Hook, Inspection};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};

use crate::bindings::Capabilities;
use crate::bindings::{
    assess::AssessPluginPre, guard::GuardPluginPre, intake::IntakePluginPre,
    profile::ProfilePluginPre, react::ReactPluginPre, triage::TriagePluginPre,
};
use crate::call::CallState;
use crate::capabilities::Provided;
use crate::config::ConfigSchema;
use crate::inspect;
use crate::limits::{Limits, size};
use crate::promptness::Promptness;

/// How a component stands with the host.
pub(crate) struct Standing {
    /// How many calls it may have at once.
    pub(crate) share: Arc<Semaphore>,
    /// Whether it may run on the thread of whoever asks.
    pub(crate) promptness: Promptness,
}

/// A component that can be asked.
pub(crate) struct Loaded {
    pub(crate) standing: Arc<Standing>,
    pub(crate) inspection: Inspection,
    pub(crate) config: ConfigSchema,
    pub(crate) profile: Option<ProfilePluginPre<CallState>>,
    pub(crate) intake: Option<IntakePluginPre<CallState>>,
    pub(crate) triage: Option<TriagePluginPre<CallState>>,
    pub(crate) guard: Option<GuardPluginPre<CallState>>,
    pub(crate) react: Option<ReactPluginPre<CallState>>,
    pub(crate) assess: Option<AssessPluginPre<CallState>>,
}

impl Standing {
    /// That of a component that nobody knows yet.
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            share: Arc::new(Semaphore::new(size(limits.calls_per_plugin))),
            promptness: Promptness::new(),
        }
    }
}

/// All of them.
pub(crate) struct Registry {
    engine: Engine,
    linker: Arc<Linker<CallState>>,
    loaded: RwLock<BTreeMap<Digest, Arc<Loaded>>>,
    /// Components are compiled one at a time.
    compiler: Semaphore,
}

impl Registry {
    /// An empty registry with everything linked that a plugin may import.
    ///
    /// # Errors
    /// The capabilities can't be linked; a fault of this program.
    pub(crate) fn new(engine: Engine) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(&engine);
        let provided: fn(&mut CallState) -> &mut Provided = |state| state.provided();
        Capabilities::add_to_linker::<_, HasSelf<Provided>>(&mut linker, provided)?;
        Ok(Self {
            engine,
            linker: Arc::new(linker),
            loaded: RwLock::default(),
            compiler: Semaphore::new(1),
        })
    }

    pub(crate) fn get(&self, component: &Digest) -> Option<Arc<Loaded>> {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.get(component).cloned()
    }

    pub(crate) fn len(&self) -> usize {
        let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
        loaded.len()
    }

    /// Checks, compiles and links a component; one that is there already is left as it is.
    ///
    /// # Errors
    /// Why it isn't admitted; nothing is kept then.
    pub(crate) async fn admit(
        &self,
        bytes: &[u8],
        limits: &Arc<Limits>,
        runtime: &Handle,
    ) -> Result<Inspection, AdmitError> {
        inspect::bytes(bytes, limits)?;
        let digest = inspect::digest(bytes)?;
        let turn = self.compiler.acquire().await;
        let _turn = turn.map_err(|error| inspect::refused("compile", error.to_string()))?;
        if let Some(loaded) = self.get(&digest) {
            return Ok(loaded.inspection.clone());
        }
        let (engine, linker) = (self.engine.clone(), Arc::clone(&self.linker));
        let (bytes, limits) = (bytes.to_vec(), Arc::clone(limits));
        let work = runtime.spawn_blocking(move || {
            let component = compile(&engine, &bytes)?;
            let inspection = inspect::component(&bytes, &component, digest, &limits)?;
            link(&linker, &component, inspection, &limits)
        });
        let loaded = work
            .await
            .map_err(|error| inspect::refused("compile", error.to_string()))??;
        let inspection = loaded.inspection.clone();
        let mut all = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(inspection.digest.clone(), Arc::new(loaded));
        Ok(inspection)
    }
}

/// The one place where bytes from outside are compiled. They are WebAssembly, never a compiled artefact.
fn compile(engine: &Engine, bytes: &[u8]) -> Result<Component, AdmitError> {
    Component::from_binary(engine, bytes)
        .map_err(|error| inspect::refused("invalid", format!("组件无法编译：{error:#}")))
}

fn link(
    linker: &Linker<CallState>,
    component: &Component,
    inspection: Inspection,
    limits: &Limits,
) -> Result<Loaded, AdmitError> {
    let config = ConfigSchema::new(inspection.manifest.config_schema.as_ref())?;
    let pre = linker
        .instantiate_pre(component)
        .map_err(|error| inspect::refused("import-type", format!("导入的类型不符：{error:#}")))?;
    let hooks = inspection.manifest.hooks.clone();
    let linked = Linked { pre, hooks };
    Ok(Loaded {
        standing: Arc::new(Standing::new(limits)),
        config,
        profile: linked.hook(Hook::Profile, ProfilePluginPre::new)?,
        intake: linked.hook(Hook::Intake, IntakePluginPre::new)?,
        triage: linked.hook(Hook::Triage, TriagePluginPre::new)?,
        guard: linked.hook(Hook::Guard, GuardPluginPre::new)?,
        react: linked.hook(Hook::React, ReactPluginPre::new)?,
        assess: linked.hook(Hook::Assess, AssessPluginPre::new)?,
        inspection,
    })
}

struct Linked {
    pre: InstancePre<CallState>,
    hooks: Vec<Hook>,
}

impl Linked {
    /// The bindings of a hook, where the component has it.
    fn hook<P>(
        &self,
        hook: Hook,
        bind: impl FnOnce(InstancePre<CallState>) -> wasmtime::Result<P>,
    ) -> Result<Option<P>, AdmitError> {
        if !self.hooks.contains(&hook) {
            return Ok(None);
        }
        let bound = bind(self.pre.clone());
        bound
            .map(Some)
            .map_err(|error| inspect::refused("export-type", format!("导出的类型不符：{error:#}")))
    }
}
