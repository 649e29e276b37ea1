//! Components, bindings, binding sets and reference data.

use fengqiao_core::ids::{BindingId, BindingSetId, Digest, DivisionCode};
use fengqiao_service::ports::advisor::Binding;
use fengqiao_service::ports::store::{
    Edition, PluginRow, ReferenceChange, ReferenceRow, StoreError,
};
use jiff::Timestamp;
use serde_json::json;

use super::SqliteStore;
use super::error::{corrupt, plain, unavailable};
use super::rows::{from_json, millis, optional, text, time, to_json};
use super::script::Script;
use super::writer::Task;

impl SqliteStore {
    pub(super) async fn write_plugin(
        &self,
        plugin: PluginRow,
        component: Vec<u8>,
    ) -> Result<(), StoreError> {
        let digest = String::from(plugin.digest);
        let mut script = Script::new();
        script
            .then(
                "INSERT INTO components (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [digest.clone().into(), component.into()],
            )
            .then(
                "INSERT INTO plugins (digest, manifest, uploaded_by, uploaded_at) \
                 VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    digest.clone().into(),
                    plugin.manifest.into(),
                    plugin.uploaded_by.into(),
                    millis(plugin.uploaded_at).into(),
                ],
            )
            .then(
                "INSERT INTO plugin_divisions (digest, division) \
                 SELECT ?, value FROM json_each(?) WHERE TRUE ON CONFLICT DO NOTHING",
                [digest.into(), to_json(&plugin.divisions)?.into()],
            );
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
                [millis(at).into(), to_json(&ended)?.into()],
            )
            .then(
                "INSERT INTO bindings (id, revision, division, rank, binding, put_at) \
                 SELECT value ->> 0, 1 + (SELECT count(*) FROM bindings WHERE id = value ->> 0), \
                 value ->> 1, value ->> 2, value ->> 3, ? FROM json_each(?)",
                [millis(at).into(), to_json(&rows)?.into()],
            );
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
        let mut script = Script::new();
        script.then(
            "INSERT INTO binding_sets (id, binding_set) \
             SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM binding_sets WHERE id = ?1)",
            [text(id.as_str()), text(json)],
        );
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

    /// A version that is the newest already isn't put again, nor is an edition that was in force before.
    pub(super) async fn write_reference(&self, change: &ReferenceChange) -> Result<(), StoreError> {
        let mut script = Script::new();
        for row in &change.rows {
            script.then(
                "INSERT INTO reference_data (name, version, content, keeper, at) \
                 SELECT ?1, ?2, ?3, ?4, ?5 WHERE ?2 IS NOT \
                 (SELECT version FROM reference_data WHERE name = ?1 ORDER BY seq DESC LIMIT 1)",
                [
                    text(row.name.as_str()),
                    text(row.version.as_str()),
                    text(row.content.as_str()),
                    optional(row.keeper.as_ref().map(DivisionCode::as_str)),
                    millis(row.at).into(),
                ],
            );
        }
        script.then(
            "DELETE FROM reference_data WHERE name IN (SELECT value FROM json_each(?1)) \
             AND seq NOT IN (SELECT max(seq) FROM reference_data GROUP BY name)",
            [text(to_json(&change.without_past)?)],
        );
        script.then(
            "INSERT INTO editions (version, edition) \
             SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM editions WHERE version = ?1)",
            [
                text(change.edition.version.as_str()),
                text(to_json(&change.edition)?),
            ],
        );
        self.record(script).await
    }

    pub(super) async fn read_edition(
        &self,
        version: Option<&str>,
    ) -> Result<Option<Edition>, StoreError> {
        let json: Option<String> = sqlx::query_scalar(
            "SELECT edition FROM editions WHERE version = coalesce(?, version) ORDER BY seq DESC LIMIT 1",
        )
        .bind(version)
        .fetch_optional(&self.readers)
        .await
        .map_err(unavailable)?;
        json.map(|json| from_json(&json)).transpose()
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

    pub(super) async fn write_dispatched(
        &self,
        ids: &[i64],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut script = Script::new();
        script.then(
            "UPDATE outbox SET dispatched_at = ? \
             WHERE dispatched_at IS NULL AND id IN (SELECT value FROM json_each(?))",
            [millis(at).into(), to_json(&ids)?.into()],
        );
        self.record(script).await
    }

    /// Writes what expects no version and answers nothing.
    pub(super) async fn record(&self, script: Script) -> Result<(), StoreError> {
        self.write(Task::Script(script)).await.map_err(plain)?;
        Ok(())
    }
}
