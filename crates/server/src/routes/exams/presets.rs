//! `GET /presets`: starting points for exams.

use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::policy::Preset;
use yikao_domain::task::{Draft, standard};
use yikao_domain::text::Language;

use crate::auth::actor::Actor;
use crate::language::Reader;

/// A starting point for an exam's settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct PresetView {
    /// The name on the wire.
    pub id: Preset,
    /// Its name in Chinese.
    pub title_zh: &'static str,
    /// Its name in English.
    pub title_en: &'static str,
    /// What it settles, in the reader's language.
    pub description: &'static str,
    /// What is to be done before an exam that begins with it.
    pub tasks: Vec<Draft>,
}

/// Starting points for exams.
#[utoipa::path(get, path = "/presets", tag = "exams", responses(
    (status = 200, description = "Starting points", body = Vec<PresetView>),
    (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
))]
pub async fn presets(_: Actor, reader: Reader) -> axum::Json<Vec<PresetView>> {
    let view = |id: Preset| {
        let ((title_zh, title_en), (in_chinese, in_english)) = (id.titles(), id.descriptions());
        let description = match reader.language {
            Language::Chinese => in_chinese,
            Language::English => in_english,
        };
        PresetView { id, title_zh, title_en, description, tasks: standard(id) }
    };
    axum::Json(Preset::ALL.map(view).into())
}
