//! `/operator/seasons/{season}/number-rules`: the province table of 考生号 patterns (D5), imported as CSV.

use axum::extract::{Request, State};
use http_body_util::{BodyExt, Limited};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use yikao_domain::profile::{NumberRule, NumberRules, Season};
use yikao_domain::refusal::{Refusal, RefusalCode};
use yikao_domain::time::Timestamp;
use yikao_store::season;

use crate::audit;
use crate::auth::actor::{Actor, PlatformRole};
use crate::extract::Path;
use crate::problem::{FieldError, Problem};
use crate::roster_file;
use crate::seasons;
use crate::state::App;

/// The largest table, in bytes.
const MAX_BYTES: usize = 256 * 1024;

/// A season's table.
#[derive(Debug, Serialize, ToSchema)]
pub struct NumberRulesView {
    /// The season.
    pub season: Season,
    /// Whether it was imported; otherwise the usual table holds.
    pub imported: bool,
    /// When it was imported, ms.
    #[schema(required)]
    pub imported_at: Option<Timestamp>,
    /// Its rows.
    pub rules: Vec<NumberRule>,
}

/// A season's table of 考生号 patterns.
#[utoipa::path(get, path = "/operator/seasons/{season}/number-rules", tag = "operator",
    params(("season" = u16, Path, description = "The year of the 高考", minimum = 2000, maximum = 2199)),
    responses(
        (status = 200, description = "The table that holds", body = NumberRulesView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Only for operators", body = crate::problem::ProblemBody),
        (status = 404, description = "No such season", body = crate::problem::ProblemBody),
    ))]
pub async fn show(
    State(app): State<App>,
    actor: Actor,
    Path(of): Path<String>,
) -> Result<axum::Json<NumberRulesView>, Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    Ok(axum::Json(view(&app, parsed(&of)?).await?))
}

/// Imports a season's table: rows of province (or `*`), count of digits, prefixes separated by `|`, in which `{code}`
/// is the province's region code and `{yy}` the season.
#[utoipa::path(put, path = "/operator/seasons/{season}/number-rules", tag = "operator",
    params(("season" = u16, Path, description = "The year of the 高考", minimum = 2000, maximum = 2199)),
    request_body(content((Vec<u8> = "text/csv")), description = "The table as CSV, in UTF-8 or GBK"),
    responses(
        (status = 200, description = "The table that holds now", body = NumberRulesView),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
        (status = 403, description = "Only for operators, or not from one of the apps", body = crate::problem::ProblemBody),
        (status = 404, description = "No such season", body = crate::problem::ProblemBody),
        (status = 413, description = "Too large", body = crate::problem::ProblemBody),
        (status = 422, description = "A row that cannot be read", body = crate::problem::ProblemBody),
    ))]
pub async fn import(
    State(app): State<App>,
    actor: Actor,
    Path(of): Path<String>,
    request: Request,
) -> Result<axum::Json<NumberRulesView>, Problem> {
    actor.require_platform(PlatformRole::Operator)?;
    let of = parsed(&of)?;
    let body = Limited::new(request.into_body(), MAX_BYTES).collect().await;
    let bytes = body.map_err(|_| Problem::too_large(MAX_BYTES))?.to_bytes();
    let rows = roster_file::read(&bytes).map_err(|_| Problem::new(RefusalCode::RosterFileEmpty))?;
    let rules = NumberRules::read(&rows).map_err(|errors| {
        let rows: Vec<_> = errors.iter().map(|error| error.row.to_string()).collect();
        let refusal = Refusal::new(RefusalCode::ProfileRules).with("rows", rows.join("、"));
        let named =
            errors.iter().map(|error| FieldError::new(&format!("rows[{}]", error.row), trouble(error)));
        Problem::from(refusal).naming(named.collect())
    })?;
    keep(&app, &actor, of, &rules).await?;
    Ok(axum::Json(view(&app, of).await?))
}

fn trouble(error: &yikao_domain::profile::RuleError) -> &'static str {
    use yikao_domain::profile::RuleTrouble::{Digits, Prefix, Province, Rows};
    match error.trouble {
        Province => "province",
        Digits => "digits",
        Prefix => "prefix",
        Rows => "rows",
    }
}

async fn keep(app: &App, actor: &Actor, of: Season, rules: &NumberRules) -> Result<(), Problem> {
    let row = season::Season {
        season: of.to_string(),
        number_rules: serde_json::to_string(rules)?,
        imported_by: actor.account,
        imported_at: app.clock.now(),
    };
    let detail = json!({ "rows": rules.0.len() });
    let line = audit::line(app, actor, None, "season.number_rules_imported", "season", &detail);
    let kept = app.db.write_with((row, line), |tx, (row, line)| {
        Box::pin(async move {
            season::put(tx, row);
            audit::keep(tx, line, &row.season);
            Ok(())
        })
    });
    Ok(kept.await?)
}

fn parsed(text: &str) -> Result<Season, Problem> {
    Season::parse(text).ok_or_else(Problem::not_found)
}

async fn view(app: &App, of: Season) -> Result<NumberRulesView, Problem> {
    let mut tx = app.db.reader().await?;
    let row = season::get(&mut tx, &of.to_string()).await?;
    let rules = seasons::rules(&mut tx, of).await?;
    Ok(NumberRulesView {
        season: of,
        imported: row.is_some(),
        imported_at: row.map(|row| row.imported_at),
        rules: rules.0,
    })
}
