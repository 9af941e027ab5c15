//! `GET /me/reviews`: where one's own questions to the desk stand.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yikao_domain::consent::ConsentKind;
use yikao_domain::standing::FaceStanding;
use yikao_domain::time::Timestamp;

use crate::auth::actor::Actor;
use crate::consents;
use crate::faces;
use crate::language::Reader;
use crate::problem::{Problem, RefusalView};
use crate::reviews::view::{self, MyReview};
use crate::sittings::view::Action;
use crate::state::App;

/// One's own standing and reviews.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyDesk {
    /// How one stands with face checks.
    pub face: FaceStanding,
    /// What the red bar says; none while all is well.
    #[schema(required)]
    pub bar: Option<RefusalView>,
    /// `ask_desk`, `verify_face`: each open, or why not.
    pub actions: Vec<Action>,
    /// One's reviews, newest first.
    pub reviews: Vec<MyReview>,
    /// Whether somebody is at the desk now.
    pub desk_open: bool,
    /// When the desk opens and closes, in its own zone: minutes after midnight.
    pub desk_hours: (u16, u16),
    /// The desk's IANA time zone.
    pub desk_zone: String,
    /// Server time, ms.
    pub server_time: Timestamp,
}

/// Where one stands.
#[utoipa::path(get, path = "/me/reviews", tag = "reviews",
    responses(
        (status = 200, description = "One's standing and reviews", body = MyDesk),
        (status = 401, description = "Not signed in", body = crate::problem::ProblemBody),
    ))]
pub async fn list(
    State(app): State<App>,
    actor: Actor,
    reader: Reader,
) -> Result<axum::Json<MyDesk>, Problem> {
    Ok(axum::Json(own(&app, &actor, &reader).await?))
}

/// One's own standing and reviews.
pub async fn own(app: &App, actor: &Actor, reader: &Reader) -> Result<MyDesk, Problem> {
    let (standing, asked) = {
        let mut tx = app.db.reader().await?;
        let (standing, _) = faces::standing(&mut tx, actor.account).await?;
        (standing, faces::is_asked(app, &mut tx, actor.candidate()).await?)
    };
    let now = app.clock.now();
    let lacks =
        if asked { consents::missing(app, actor.candidate(), ConsentKind::Faces).await? } else { None };
    // Who was never asked to show their face is not told off for not having done so.
    let bar = standing.bar(lacks, now).filter(|_| asked || standing.standing != FaceStanding::Unverified);
    Ok(MyDesk {
        face: standing.standing,
        bar: bar.map(|bar| RefusalView::new(&bar, reader)),
        actions: vec![
            Action::new("ask_desk", standing.may_ask_desk(now).err().as_ref(), reader),
            Action::new("verify_face", standing.may_verify().err().as_ref(), reader),
        ],
        reviews: view::mine(app, reader, actor.candidate()).await?,
        desk_open: app.desk.is_open(now),
        desk_hours: (app.desk.hours.opens_min, app.desk.hours.closes_min),
        desk_zone: app.desk.zone.name().to_owned(),
        server_time: now,
    })
}
