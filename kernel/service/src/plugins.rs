//! Uploading plugins and putting bindings in force.

use std::collections::BTreeSet;
use std::sync::Arc;

use fengqiao_core::ids::{BindingId, Digest, DivisionCode};
use fengqiao_core::profile::ProfileError;

use crate::Service;
use crate::limits::MAX_BINDINGS;
use crate::ports::advisor::{AdmitError, AdviceError, Advisor, Binding, Hook, Inspection};
use crate::ports::store::{PluginRow, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::sets::BindingSet;
use crate::world::InForce;

/// What somebody wants in force.
#[derive(Debug, Clone)]
pub struct BindingOrder {
    /// Its name.
    pub id: BindingId,
    /// For which division.
    pub division: DivisionCode,
    /// Its place among the bindings of that division.
    pub order: u32,
    /// The component.
    pub component: Digest,
    /// The configuration, JSON text.
    pub config: String,
    /// For `intake`: the channel.
    pub channel: Option<String>,
}

/// Why a plugin or a binding isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// The component or its configuration isn't right.
    #[error(transparent)]
    Admit(#[from] AdmitError),
    /// The plugin couldn't say its profile.
    #[error("绑定 {binding} 无法给出配置档案：{error}")]
    Profile {
        /// Whose.
        binding: BindingId,
        /// Why.
        error: AdviceError,
    },
    /// The profiles don't go together.
    #[error(transparent)]
    Rules(#[from] ProfileError),
    /// There is no such division.
    #[error("区划 {0} 不存在：请先导入区划数据")]
    UnknownDivision(DivisionCode),
    /// Two bindings of one order have the same name, or one has the name of a binding elsewhere.
    #[error("绑定名 {0} 重复，或已用于其他区划：请换一个名称")]
    Duplicate(BindingId),
    /// Too many bindings.
    #[error("在用绑定超过上限 {MAX_BINDINGS}")]
    TooMany,
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Checks a component, gets it ready and keeps it, for the division of whoever uploads it.
    pub async fn upload(
        &self,
        component: Vec<u8>,
        by: &str,
        division: &DivisionCode,
    ) -> Result<Inspection, ManageError> {
        let inspection = self.advisor.admit(&component).await?;
        let manifest = serde_json::to_string(&inspection.manifest)
            .map_err(|e| AdmitError::Manifest(e.to_string()))?;
        let row = PluginRow {
            digest: inspection.digest.clone(),
            manifest,
            uploaded_by: by.to_owned(),
            divisions: vec![division.clone()],
            uploaded_at: self.clock.now(),
        };
        self.store.put_plugin(row, component).await?;
        Ok(inspection)
    }

    /// Puts all bindings of a division in force at once, in the place of those it had: all of them or none.
    pub async fn bind(
        &self,
        division: &DivisionCode,
        orders: Vec<BindingOrder>,
    ) -> Result<Vec<Binding>, ManageError> {
        let _one_at_a_time = self.managing.lock().await;
        let world = self.world();
        let replaced = |binding: &Binding| division.contains(&binding.division);
        let stays = world.bindings.bindings.iter();
        let mut in_force: Vec<Binding> = stays
            .filter(|binding| !replaced(binding))
            .cloned()
            .collect();
        let mut names: BTreeSet<BindingId> =
            in_force.iter().map(|binding| binding.id.clone()).collect();
        let plugins = self.store.plugins().await?;
        let mut fresh: Vec<Binding> = Vec::new();
        for order in orders {
            if !names.insert(order.id.clone()) {
                return Err(ManageError::Duplicate(order.id));
            }
            if world.reference.divisions().get(&order.division).is_none() {
                return Err(ManageError::UnknownDivision(order.division));
            }
            fresh.push(self.prepare(order, &plugins).await?);
        }
        in_force.extend(fresh.iter().cloned());
        if in_force.len() > MAX_BINDINGS {
            return Err(ManageError::TooMany);
        }
        // Every place that a fresh binding reaches joins without a collision, or nothing changes.
        for place in in_force.iter().map(|binding| &binding.division) {
            BindingSet::along(place, &in_force)?;
        }
        let now = self.clock.now();
        let gone: Vec<&Binding> = world
            .bindings
            .bindings
            .iter()
            .filter(|binding| replaced(binding) && !names.contains(&binding.id))
            .collect();
        let gone: Vec<BindingId> = gone.into_iter().map(|binding| binding.id.clone()).collect();
        self.store.put_bindings(&fresh, &gone, now).await?;
        self.change_world(|world| world.bindings = Arc::new(InForce::new(in_force)));
        Ok(fresh)
    }

    /// The bindings in force.
    pub fn bindings(&self) -> Arc<Vec<Binding>> {
        Arc::clone(&self.world().bindings.bindings)
    }

    async fn prepare(
        &self,
        order: BindingOrder,
        plugins: &[PluginRow],
    ) -> Result<Binding, ManageError> {
        self.advisor.check_config(&order.component, &order.config)?;
        let row = plugins.iter().find(|row| row.digest == order.component);
        let row = row.ok_or_else(|| AdmitError::Unknown(order.component.clone()))?;
        let manifest: crate::ports::advisor::Manifest =
            serde_json::from_str(&row.manifest).map_err(|e| AdmitError::Manifest(e.to_string()))?;
        let mut binding = Binding {
            id: order.id,
            division: order.division,
            order: order.order,
            component: order.component,
            config: order.config,
            hooks: manifest.hooks,
            inputs: manifest.inputs.into_iter().collect(),
            queries: manifest.queries,
            channel: order.channel,
            profile: fengqiao_core::profile::Profile::default(),
        };
        if binding.hooks.contains(&Hook::Profile) {
            binding.profile =
                self.advisor
                    .profile(&binding)
                    .await
                    .map_err(|error| ManageError::Profile {
                        binding: binding.id.clone(),
                        error,
                    })?;
        }
        Ok(binding)
    }

    /// At start: every component in force, or pinned by an open case, is compiled before the first command comes.
    pub(crate) async fn ready_plugins(&self) -> Result<(), crate::OpenError> {
        self.advisor.set_reference(self.world().reference);
        self.advisor.set_calendar(self.world().calendar);
        for row in self.store.plugins().await? {
            if let Some(component) = self.store.component(&row.digest).await? {
                self.advisor.admit(&component).await?;
            }
        }
        Ok(())
    }
}
