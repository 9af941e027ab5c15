//! The table of contents: every route, by resource.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::PathItem;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::rate;
use crate::observe;
use crate::problem::{self, Problem};
use crate::routes::{
    accounts, console, desk, enrolments, exams, operator, papers, parts, pictures, reviews, roster, schools,
    server, sittings, takes, tasks,
};
use crate::state::App;
use crate::web;

#[derive(OpenApi)]
#[openapi(
    info(title = "Yikao 艺考", description = "Remote arts examinations. Times are ms since the epoch."),
    servers((url = "/api"))
)]
struct Described;

/// Every route of the API.
fn api() -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Described::openapi()).merge(candidates()).merge(schools())
}

/// What candidates and their phones ask.
fn candidates() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // the server
        .routes(routes!(server::server))
        // accounts
        .routes(routes!(accounts::codes::ask))
        .routes(routes!(accounts::codes::show))
        .routes(routes!(accounts::sign_up::sign_up))
        .routes(routes!(accounts::logins::sign_in, accounts::logins::list))
        .routes(routes!(accounts::logins::revoke))
        .routes(routes!(accounts::logins::reset))
        .routes(routes!(accounts::me::me))
        .routes(routes!(accounts::consents::list, accounts::consents::sign))
        .routes(routes!(accounts::consents::withdraw))
        // one's face
        .routes(routes!(accounts::face_challenges::begin))
        .routes(routes!(accounts::face_challenges::frame))
        .routes(routes!(accounts::face_challenges::finish))
        // a person at the desk
        .routes(routes!(reviews::list::list, reviews::orders::ask))
        .routes(routes!(reviews::orders::answer))
        .routes(routes!(reviews::orders::cancel))
        .routes(routes!(reviews::messages::list, reviews::messages::write))
        .routes(routes!(reviews::events::events))
        .routes(routes!(accounts::identity::show, accounts::identity::set))
        .routes(routes!(accounts::profile::show, accounts::profile::set))
        .routes(routes!(accounts::profile::check))
        .routes(routes!(accounts::desk_requests::document))
        .routes(routes!(accounts::desk_requests::appeal))
        .routes(routes!(accounts::desk_requests::correction))
        // pictures
        .routes(routes!(pictures::show::show, pictures::put::put, pictures::discard::discard))
        // enrolments
        .routes(routes!(enrolments::list::list))
        .routes(routes!(enrolments::confirm::confirm))
        .routes(routes!(enrolments::show::show))
        .merge(before_exams())
        // sittings
        .routes(routes!(sittings::enter::enter))
        .routes(routes!(sittings::show::show))
        .routes(routes!(sittings::events::events))
        .routes(routes!(sittings::finish::finish))
        .routes(routes!(sittings::submit::submit))
        .routes(routes!(sittings::receipts::receipts))
        .merge(takes())
}

/// What a candidate's phone asks in a sitting that was entered.
fn takes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // papers
        .routes(routes!(papers::sealed::sealed))
        .routes(routes!(papers::open::open))
        .routes(routes!(papers::keys::keys))
        // takes
        .routes(routes!(takes::face_check::check))
        .routes(routes!(takes::face_within::seen))
        .routes(routes!(takes::start::start))
        .routes(routes!(takes::beep::beep))
        .routes(routes!(takes::open_part::open_part))
        .routes(routes!(takes::finish::finish))
        .routes(routes!(takes::failure::failure))
        .routes(routes!(takes::interruption::interruption))
        .routes(routes!(takes::question::note))
        // footage
        .routes(routes!(parts::missing::missing))
        .routes(routes!(parts::pulse::pulse))
        .routes(routes!(parts::renew::renew))
        .routes(routes!(parts::media::media))
}

/// What candidates do before an exam.
fn before_exams() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(tasks::show::show))
        .routes(routes!(tasks::begin::begin))
        .routes(routes!(tasks::finish::finish))
        .routes(routes!(tasks::sign::sign))
        .routes(routes!(tasks::book::book))
        .routes(routes!(tasks::release::release))
        .routes(routes!(tasks::calendar::calendar))
}

/// What a school's staff and the operator ask.
fn schools() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        // schools
        .routes(routes!(schools::list::list, schools::create::create))
        .routes(routes!(schools::members::list, schools::members::add))
        .routes(routes!(schools::members::remove))
        // exams
        .routes(routes!(exams::presets::presets))
        .routes(routes!(exams::summary::summary))
        .routes(routes!(exams::list::list, exams::create::create))
        .routes(routes!(exams::show::show))
        .routes(routes!(exams::draft::save))
        .routes(routes!(exams::open::open))
        .routes(routes!(exams::close::close))
        // lists
        .routes(routes!(roster::preview::preview))
        .routes(routes!(roster::import::import))
        .routes(routes!(roster::list::list))
        .routes(routes!(roster::correct::correct, roster::remove::remove))
        // the desk
        .routes(routes!(console::sittings::sittings))
        .routes(routes!(console::live::live))
        .routes(routes!(console::review::review))
        .routes(routes!(console::orders::grant))
        .routes(routes!(console::orders::grant_attempt))
        .routes(routes!(console::orders::suspend))
        .routes(routes!(console::orders::resume))
        .routes(routes!(console::orders::reopen))
        .routes(routes!(console::orders::judge_late))
        .routes(routes!(console::orders::release_device))
        .routes(routes!(console::orders::end))
        .routes(routes!(sittings::bundle::bundle))
        .merge(agents())
        // support
        .routes(routes!(accounts::contact_change::look_up))
        .routes(routes!(accounts::contact_change::change))
        // the operator
        .routes(routes!(operator::messages::messages))
        .routes(routes!(operator::activation::issue))
        .routes(routes!(operator::jobs::jobs))
        .routes(routes!(operator::seasons::show, operator::seasons::import))
}

/// What agents and stewards ask.
fn agents() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(desk::queue::queue))
        .routes(routes!(desk::show::show))
        .routes(routes!(desk::picture::picture))
        .routes(routes!(desk::orders::claim))
        .routes(routes!(desk::orders::release))
        .routes(routes!(desk::orders::decide))
        .routes(routes!(desk::orders::ask))
        .routes(routes!(desk::orders::cancel))
        .routes(routes!(desk::candidates::find))
        .routes(routes!(desk::candidates::show))
        .routes(routes!(desk::corrections::correct))
        .routes(routes!(desk::messages::conversations))
        .routes(routes!(desk::messages::list, desk::messages::write))
        .routes(routes!(desk::events::events))
        .routes(routes!(desk::audit::list))
}

/// The segment route alone: the hot path goes through no layer that it does not need.
fn segments() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(parts::put_segment::put_segment))
}

/// The description of the API, as `openapi.json` holds it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut description) = api().merge(segments()).split_for_parts();
    let components = description.components.get_or_insert_default();
    let cookie = ApiKey::Cookie(ApiKeyValue::new(crate::auth::actor::COOKIE));
    components.add_security_scheme("login", SecurityScheme::ApiKey(cookie));
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.add_security_scheme("capability", bearer);
    description.paths.paths.values_mut().for_each(name_problems);
    description.paths.paths.iter_mut().for_each(|(path, item)| name_operations(path, item));
    description
}

/// Operations are named by method and path: the handlers' own names (`list`, `show`) come up several times.
fn name_operations(path: &str, item: &mut PathItem) {
    let words: Vec<_> = path.split(['/', '-', '{', '}']).filter(|word| !word.is_empty()).collect();
    let of_it = [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("delete", &mut item.delete),
        ("patch", &mut item.patch),
    ];
    for (method, operation) in of_it {
        if let Some(operation) = operation {
            operation.operation_id = Some(format!("{method}_{}", words.join("_")));
        }
    }
}

/// Problems have a content type of their own (RFC 9457).
fn name_problems(path: &mut PathItem) {
    let operations = [&mut path.get, &mut path.put, &mut path.post, &mut path.delete, &mut path.patch];
    for operation in operations.into_iter().flatten() {
        let refusals =
            operation.responses.responses.iter_mut().filter(|(status, _)| status.as_str() >= "400");
        for (_, response) in refusals {
            if let RefOr::T(response) = response
                && let Some(body) = response.content.shift_remove("application/json")
            {
                response.content.insert("application/problem+json".into(), body);
            }
        }
    }
}

/// The whole application.
pub fn router(app: App) -> Router {
    let (api, _) = api().split_for_parts();
    let (segments, _) = segments().split_for_parts();
    let api = api
        .fallback(|| async { Problem::not_found() })
        .layer(middleware::from_fn_with_state(app.clone(), limit))
        .layer(middleware::from_fn(observe::request));
    Router::new()
        .nest("/api", api)
        .nest("/api", segments)
        .route("/healthz", axum::routing::get(server::healthz))
        .route("/metrics", axum::routing::get(server::metrics))
        .route("/ca", axum::routing::get(server::ca::page))
        .route("/ca.crt", axum::routing::get(server::ca::certificate))
        .fallback(web::page)
        .layer(CatchPanicLayer::custom(|_| Problem::panicked().into_response()))
        .layer(middleware::from_fn(problem::render))
        .layer(middleware::from_fn(observe::protect))
        .with_state(app)
}

/// Asks who sends too much to wait.
async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    match rate::count(&app, request.headers(), request.extensions()).await {
        Ok(()) => next.run(request).await,
        Err(wait) => Problem::too_often(wait).into_response(),
    }
}
