//! Components, bindings, binding sets and reference data.

use fengqiao_core::ids::{BindingId, BindingSetId, Digest, DivisionCode};
use fengqiao_service::ports::advisor::Binding;
use fengqiao_service::ports::store::{PluginRow, ReferenceRow, StoreError};
use jiff::Timestamp;
use serde_json::json;

use super::SqliteStore;
use super::error::{corrupt, plain, unavailable};
use super::rows::{from_json, millis, time, to_json};
use super::script::Script;

impl SqliteStore {
    pub(super) async fn write_plugin(
        &self,
        plugin: PluginRow,
        component: Vec<u8>,
    ) -> Result<(), StoreError> {
        let digest = String::from(plugin.digest);
        let mut script = Script::new();
        script
            .then("INSERT INTO components (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(digest.clone())?
            .bind(component)?
            .then(
                "INSERT INTO plugins (digest, manifest, uploaded_by, uploaded_at) \
                 VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(digest.clone())?
            .bind(plugin.manifest)?
            .bind(plugin.uploaded_by)?
            .bind(millis(plugin.uploaded_at))?
            .then(
                "INSERT INTO plugin_divisions (digest, division) \
                 SELECT ?, value FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING",
            )
            .bind(digest)?
            .bind(to_json(&plugin.divisions)?)?;
        self.record(script).await
    }

    pub(super) async fn list_plugins(&self) -> Result<Vec<PluginRow>, StoreError> {
        let rows: Vec<(String, String, String, i64, String)> = sqlx::query_as(
            "SELECT digest, manifest, uploaded_by, uploaded_at, \
                 (SELECT json_group_array(division) FROM plugin_divisions AS of WHERE of.digest = plugins.digest) \
             FROM plugins ORDER BY seq DESC",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.into_iter()
            .map(|(digest, manifest, uploaded_by, uploaded_at, divisions)| {
                Ok(PluginRow {
                    digest: Digest::parse(&digest).map_err(corrupt)?,
                    manifest,
                    uploaded_by,
                    divisions: from_json(&divisions)?,
                    uploaded_at: time(uploaded_at)?,
                })
            })
            .collect()
    }

    pub(super) async fn read_component(
        &self,
        digest: &Digest,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        sqlx::query_scalar("SELECT bytes FROM components WHERE digest = ?")
            .bind(digest.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)
    }

    pub(super) async fn write_bindings(
        &self,
        fresh: &[Binding],
        gone: &[BindingId],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut rows = Vec::with_capacity(fresh.len());
        for binding in fresh {
            let json = to_json(binding)?;
            rows.push(json!([binding.id, binding.division, binding.order, json]));
        }
        let ended: Vec<&BindingId> = fresh
            .iter()
            .map(|binding| &binding.id)
            .chain(gone)
            .collect();
        let mut script = Script::new();
        script
            .then(
                "UPDATE bindings SET ended_at = ? \
                 WHERE ended_at IS NULL AND id IN (SELECT value FROM json_each(?))",
            )
            .bind(millis(at))?
            .bind(to_json(&ended)?)?
            .then(
                "INSERT INTO bindings (id, revision, division, rank, binding, put_at) \
                 SELECT value ->> 0, 1 + (SELECT count(*) FROM bindings WHERE id = value ->> 0), \
                 value ->> 1, value ->> 2, value ->> 3, ? FROM json_each(?)",
            )
            .bind(millis(at))?
            .bind(to_json(&rows)?)?;
        self.record(script).await
    }

    /// By division, the widest first, and by their order there.
    pub(super) async fn list_bindings(&self) -> Result<Vec<Binding>, StoreError> {
        let rows: Vec<String> = sqlx::query_scalar(
            "SELECT binding FROM bindings WHERE ended_at IS NULL ORDER BY division, rank, id",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.iter().map(|json| from_json(json)).collect()
    }

    pub(super) async fn write_binding_set(
        &self,
        id: &BindingSetId,
        json: &str,
    ) -> Result<(), StoreError> {
        let id = id.as_str().to_owned();
        let mut script = Script::new();
        script
            .then(
                "INSERT INTO binding_sets (id, binding_set) \
                 SELECT ?, ? WHERE NOT EXISTS (SELECT 1 FROM binding_sets WHERE id = ?)",
            )
            .bind(id.clone())?
            .bind(json.to_owned())?
            .bind(id)?;
        self.record(script).await
    }

    pub(super) async fn read_binding_set(
        &self,
        id: &BindingSetId,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT binding_set FROM binding_sets WHERE id = ?")
            .bind(id.as_str())
            .fetch_optional(&self.readers)
            .await
            .map_err(unavailable)
    }

    /// The version that is the newest already isn't put again.
    pub(super) async fn write_reference(&self, row: &ReferenceRow) -> Result<(), StoreError> {
        let mut script = Script::new();
        script
            .then(
                "INSERT INTO reference_data (name, version, content, keeper, at) \
                 SELECT ?, ?, ?, ?, ? WHERE ? IS NOT \
                 (SELECT version FROM reference_data WHERE name = ? ORDER BY seq DESC LIMIT 1)",
            )
            .bind(row.name.clone())?
            .bind(row.version.clone())?
            .bind(row.content.clone())?
            .bind(row.keeper.as_ref().map(|keeper| keeper.as_str().to_owned()))?
            .bind(millis(row.at))?
            .bind(row.version.clone())?
            .bind(row.name.clone())?;
        self.record(script).await
    }

    pub(super) async fn list_reference(&self) -> Result<Vec<ReferenceRow>, StoreError> {
        let rows: Vec<(String, String, String, Option<String>, i64)> = sqlx::query_as(
            "SELECT name, version, content, keeper, at FROM reference_data \
             WHERE seq IN (SELECT max(seq) FROM reference_data GROUP BY name) ORDER BY name",
        )
        .fetch_all(&self.readers)
        .await
        .map_err(unavailable)?;
        rows.into_iter()
            .map(|(name, version, content, keeper, at)| {
                let keeper = keeper.as_deref().map(DivisionCode::parse);
                Ok(ReferenceRow {
                    name,
                    version,
                    content,
                    keeper: keeper.transpose().map_err(corrupt)?,
                    at: time(at)?,
                })
            })
            .collect()
    }

    pub(super) async fn write_dispatched(&self, id: i64, at: Timestamp) -> Result<(), StoreError> {
        let mut script = Script::new();
        script
            .then("UPDATE outbox SET dispatched_at = ? WHERE id = ? AND dispatched_at IS NULL")
            .bind(millis(at))?
            .bind(id)?;
        self.record(script).await
    }

    /// Writes what expects no version and answers nothing.
    async fn record(&self, script: Script) -> Result<(), StoreError> {
        self.write(script, Vec::new(), false).await.map_err(plain)?;
        Ok(())
    }
}
