//! Enrolment of a face: whoever follows the challenge and looks like their document is verified; a still, another person,
//! a lost face and another phone are not, and the desk is the other road.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pictures are small, and what lies outside is cut off"
)]

use axum::http::Method;
use image::RgbImage;
use serde_json::{Value, json};
use yikao_domain::face::{Landmarks, Point};
use yikao_server::auth::actor::PlatformRole;
use yikao_server::seed;
use yikao_store::{args, face};

use crate::dump::{Dump, Log};
use crate::util::{Answer, Call, Person, TestApp, photo};

/// In front of a camera: a photo that can be made to move as a head does.
struct Booth {
    app: TestApp,
    person: Person,
    live: RgbImage,
    at: Landmarks,
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

impl Booth {
    /// Somebody whose document bears one photo, and who looks like another.
    async fn open(document: &str, live: &str) -> Self {
        let app = TestApp::start_seeing().await;
        let person = app.person().await;
        app.agree(&person).await;
        let sent = format!("/me/pictures/{}?kind=document_page", app.id());
        let sent = Call::new(Method::PUT, &sent).by(&person).raw("image/jpeg", photo(document));
        let page = app.ask(sent).await.expect(200)["id"].clone();
        let form = json!({ "name": "Martin", "document_type": "passport", "document_number": "E12345678",
            "province": "北京", "pictures": { "page": page } });
        app.command(Method::PUT, &person, "/me/identity", form).await.expect(200);
        let whole = image::load_from_memory(&photo(live)).unwrap();
        let live = whole.resize(480, 900, image::imageops::FilterType::Triangle).to_rgb8();
        let look = app.app.vision.look(jpeg(&live).into()).await.unwrap();
        let at = look.largest().unwrap().landmarks;
        Self { app, person, live, at }
    }

    /// The photo with every pixel taken from where `from` says.
    fn warped(&self, from: impl Fn(f32, f32) -> (f32, f32)) -> Vec<u8> {
        let (width, height) = self.live.dimensions();
        let picture = RgbImage::from_fn(width, height, |x, y| {
            let (x, y) = from(x as f32, y as f32);
            let inside = |at: f32, most: u32| (at.round().max(0.0) as u32).min(most - 1);
            *self.live.get_pixel(inside(x, width), inside(y, height))
        });
        jpeg(&picture)
    }

    /// A straight look; each differs a little from the others, as a camera's pictures do.
    fn still(&self, nth: u32) -> Vec<u8> {
        let mut picture = self.live.clone();
        picture.put_pixel(nth, 0, image::Rgb([nth as u8, 255, 0]));
        jpeg(&picture)
    }

    /// The nose moves between the eyes: `share` of their distance to the picture's right.
    fn turned(&self, share: f32) -> Vec<u8> {
        let (nose, apart) = (self.at.nose, self.at.eye_distance());
        let (across, down) = (0.35 * apart, 0.35 * apart);
        self.warped(|x, y| {
            let far = ((x - nose.x) / across).powi(2) + ((y - nose.y) / down).powi(2);
            (x - share * apart * (-far / 2.0).exp(), y)
        })
    }

    fn centre(&self) -> Point {
        let (left, right) = (self.at.left_eye, self.at.right_eye);
        Point { x: f32::midpoint(left.x, right.x), y: f32::midpoint(left.y, right.y) }
    }

    /// The head leans and grows around the middle of the eyes.
    fn leaning(&self, degrees: f32, times: f32) -> Vec<u8> {
        let (centre, (sine, cosine)) = (self.centre(), degrees.to_radians().sin_cos());
        self.warped(|x, y| {
            let (x, y) = ((x - centre.x) / times, (y - centre.y) / times);
            (centre.x + x * cosine + y * sine, centre.y - x * sine + y * cosine)
        })
    }

    fn doing(&self, motion: &Value) -> Vec<u8> {
        match motion.as_str().unwrap() {
            "turn_left" => self.turned(0.35),
            "turn_right" => self.turned(-0.35),
            "tilt" => self.leaning(15.0, 1.0),
            "closer" => self.leaning(0.0, 1.3),
            other => panic!("{other}"),
        }
    }

    async fn begin(&self) -> Value {
        self.app.post(&self.person, "/me/face-challenges", json!({})).await.expect(201)
    }

    async fn show(&self, challenge: &Value, number: u64, picture: Vec<u8>) -> Answer {
        self.show_as(&self.person, challenge, number, picture).await
    }

    async fn show_as(&self, person: &Person, challenge: &Value, number: u64, picture: Vec<u8>) -> Answer {
        let path =
            format!("/me/face-challenges/{}/frames?number={number}", challenge["id"].as_str().unwrap());
        self.app.ask(Call::new(Method::POST, &path).by(person).raw("image/jpeg", picture)).await
    }

    async fn finish(&self, challenge: &Value) -> Answer {
        let path = format!("/me/face-challenges/{}/finish", challenge["id"].as_str().unwrap());
        self.app.post(&self.person, &path, json!({})).await
    }

    /// Does what is asked, and answers what the last frame said.
    async fn follow(&self, challenge: &Value) -> Value {
        self.show(challenge, 1, self.still(5)).await.expect(200);
        let mut last = Value::Null;
        for (at, motion) in challenge["steps"].as_array().unwrap().iter().enumerate() {
            last = self.show(challenge, at as u64 + 2, self.doing(motion)).await.expect(200);
        }
        last
    }

    async fn standing(&self) -> Value {
        self.app.get(&self.person, "/me/reviews").await.expect(200)
    }

    async fn selfies(&self) -> i64 {
        let mut tx = self.app.app.db.reader().await.unwrap();
        let (count,): (i64,) = tx
            .fetch_one("SELECT count(*) FROM picture WHERE kind = 'selfie' AND dropped_at IS NULL", args![])
            .await
            .unwrap();
        count
    }
}

#[tokio::test]
async fn whoever_follows_and_looks_like_their_document_is_verified() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    let last = booth.follow(&challenge).await;
    assert_eq!((&last["steps_done"], &last["complete"]), (&json!(3), &json!(true)), "{challenge} {last}");
    let made = booth.finish(&challenge).await.expect(200);
    assert_eq!(made["next"]["step"], "clear", "{made}");
    // Asked again, the answer is the same.
    assert_eq!(booth.finish(&challenge).await.expect(200), made);
    assert_eq!(booth.standing().await["face"], "verified");
    let again = booth.app.post(&booth.person, "/me/face-challenges", json!({})).await;
    assert_eq!(again.refusal(409), "face.already_verified");
    let mut tx = booth.app.app.db.reader().await.unwrap();
    let known = face::references(&mut tx, booth.person.account).await.unwrap();
    let mut sources: Vec<&str> = known.iter().map(|one| one.source.as_str()).collect();
    sources.sort_unstable();
    assert_eq!(sources, ["challenge", "document"]);
    // A passport's number is not read: a person compares it.
    assert_eq!((&made["outcome"], &made["words"]["code"]), (&json!("flag"), &json!("face.document_unread")));
}

#[tokio::test]
async fn a_portrait_of_somebody_else_is_never_what_later_checks_compare_with() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let id = booth.app.id();
    let path = format!("/me/pictures/{id}?kind=portrait");
    let sent = Call::new(Method::PUT, &path).by(&booth.person).raw("image/jpeg", photo("biden.jpg"));
    booth.app.ask(sent).await.expect(200);
    let form = json!({ "class": "other", "school_roll": { "school": "Lycée", "stage": "final year" },
        "portrait_picture": id });
    booth.app.command(Method::PUT, &booth.person, "/me/profile", form).await.expect(200);
    let challenge = booth.begin().await;
    booth.follow(&challenge).await;
    let made = booth.finish(&challenge).await.expect(200);
    assert_eq!(made["next"]["step"], "clear", "{made}");
    let mut tx = booth.app.app.db.reader().await.unwrap();
    let known = face::references(&mut tx, booth.person.account).await.unwrap();
    assert!(known.iter().all(|one| one.source != "portrait"));
}

#[tokio::test]
async fn a_still_never_follows_and_three_of_them_raise_the_red_bar() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    for left in [json!(2), json!(1), Value::Null] {
        let challenge = booth.begin().await;
        for number in 1..=4 {
            let seen = booth
                .show(&challenge, number, booth.still(number as u32 + 10 * left.as_u64().unwrap_or(0) as u32))
                .await
                .expect(200);
            assert_eq!((&seen["frames"], &seen["steps_done"]), (&json!(number), &json!(0)));
        }
        let made = booth.finish(&challenge).await.expect(200);
        assert_eq!((&made["outcome"], &made["words"]["code"]), (&json!("fail"), &json!("face.not_followed")));
        assert_eq!(made["next"]["left"], left);
    }
    assert_eq!(booth.standing().await["bar"]["code"], "face.struck");
}

#[tokio::test]
async fn the_very_same_picture_and_the_very_same_frame_count_once() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    for number in [1, 1, 2] {
        let seen = booth.show(&challenge, number, booth.still(1)).await.expect(200);
        assert_eq!(seen["frames"], 1);
    }
    assert_eq!(booth.show(&challenge, 9, booth.still(2)).await.expect(200)["frames"], 1);
    // Not even in another challenge.
    let another = booth.begin().await;
    assert_eq!(booth.show(&another, 1, booth.still(1)).await.expect(200)["frames"], 0);
}

#[tokio::test]
async fn somebody_elses_document_fails_and_the_desk_holds_both_side_by_side() {
    let booth = Booth::open("biden.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    assert_eq!(booth.follow(&challenge).await["complete"], true);
    let made = booth.finish(&challenge).await.expect(200);
    assert_eq!((&made["outcome"], &made["words"]["code"]), (&json!("fail"), &json!("face.not_same_person")));
    assert_eq!(booth.standing().await["face"], "unverified");
    let asked = booth.app.post(&booth.person, "/me/reviews", json!({})).await.expect(201);
    let id = asked["reviews"][0]["id"].as_str().unwrap();
    let agent = booth.app.platform(PlatformRole::Agent).await;
    let facts = booth.app.get(&agent, &format!("/desk/reviews/{id}")).await.expect(200)["facts"].clone();
    let labels: Vec<_> = facts["pictures"].as_array().unwrap().iter().map(|one| &one["label"]).collect();
    assert_eq!(labels, ["document_page", "enrolment"]);
    assert!(facts["automatic"]["checks"][0]["distance"].as_f64().unwrap() > 0.6, "{facts}");
    for shown in facts["pictures"].as_array().unwrap() {
        let path = format!("/desk/reviews/{id}/pictures/{}", shown["id"].as_str().unwrap());
        assert_eq!(booth.app.get(&agent, &path).await.status, 200);
    }
}

#[tokio::test]
async fn a_face_that_is_lost_is_no_pass_and_no_strike() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    booth.show(&challenge, 1, booth.still(1)).await.expect(200);
    let away = jpeg(&RgbImage::from_fn(480, 640, |x, y| image::Rgb([(x % 200) as u8, (y % 150) as u8, 90])));
    let seen = booth.show(&challenge, 2, away).await.expect(200);
    let made = seen["result"].clone();
    assert_eq!((&made["outcome"], &made["words"]["code"]), (&json!("cannot_tell"), &json!("face.lost")));
    assert_eq!(made["next"], json!({ "step": "again", "left": null }));
    // Whatever comes after it, it is over.
    assert_eq!(booth.show(&challenge, 3, booth.still(2)).await.expect(200)["result"], made);
    assert_eq!(booth.finish(&challenge).await.expect(200), made);
    let challenge = booth.begin().await;
    assert_eq!(booth.follow(&challenge).await["complete"], true);
}

#[tokio::test]
async fn until_a_straight_look_is_taken_each_fault_has_its_words_and_nothing_counts() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    let dark = jpeg(&RgbImage::new(480, 640));
    let seen = booth.show(&challenge, 1, dark).await.expect(200);
    assert_eq!((&seen["frames"], &seen["words"]["code"]), (&json!(0), &json!("face.too_dark")));
    assert_eq!(booth.show(&challenge, 1, b"no picture".to_vec()).await.refusal(422), "picture.unreadable");
    assert_eq!(booth.show(&challenge, 1, vec![0xff; 2_000_000]).await.refusal(413), "request.too_large");
    assert_eq!(booth.selfies().await, 0);
    assert_eq!(booth.show(&challenge, 1, booth.still(1)).await.expect(200)["frames"], 1);
}

#[tokio::test]
async fn a_challenge_is_for_one_phone_and_one_candidate_and_used_once() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    let cookie = seed::sign_in(&booth.app.app, booth.person.account).await.unwrap();
    let phone = Person { account: booth.person.account, cookie };
    let other = booth.app.person().await;
    booth.app.agree(&other).await;
    for stranger in [&phone, &other] {
        let shown = booth.show_as(stranger, &challenge, 1, booth.still(1)).await;
        assert_eq!(shown.refusal(404), "request.not_found");
    }
    let newer = booth.begin().await;
    assert_eq!(booth.show(&challenge, 1, booth.still(1)).await.refusal(410), "face.challenge_over");
    booth.show(&newer, 1, booth.still(1)).await.expect(200);
    booth.app.app.clock.advance(121_000);
    assert_eq!(booth.show(&newer, 2, booth.still(2)).await.refusal(410), "face.challenge_over");
    assert_eq!(booth.finish(&newer).await.refusal(410), "face.challenge_over");
    // Too late is no failure.
    assert_eq!(booth.standing().await["face"], "unverified");
}

#[tokio::test]
async fn a_beginning_that_is_repeated_is_the_same_challenge_and_beginnings_are_counted() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let command = json!({ "command_id": booth.app.id() });
    let first = booth.app.post(&booth.person, "/me/face-challenges", command.clone()).await.expect(201);
    let again = booth.app.post(&booth.person, "/me/face-challenges", command).await.expect(201);
    assert_eq!((&first["id"], &first["steps"]), (&again["id"], &again["steps"]));
    for _ in 1..20 {
        booth.begin().await;
    }
    let one_more = booth.app.post(&booth.person, "/me/face-challenges", json!({})).await;
    assert_eq!(one_more.refusal(429), "face.challenge_many");
}

#[tokio::test]
async fn without_consent_or_a_picture_to_compare_with_nothing_begins() {
    let app = TestApp::start().await;
    let person = app.candidate(&seed::somebody("王小艺", 7)).await;
    let begin = async || app.post(&person, "/me/face-challenges", json!({})).await;
    assert_eq!(begin().await.refusal(403), "consent.required");
    app.agree(&person).await;
    assert_eq!(begin().await.refusal(409), "face.no_portrait");
    let nobody = app.person().await;
    app.agree(&nobody).await;
    let refused = app.post(&nobody, "/me/face-challenges", json!({})).await;
    assert_eq!(refused.refusal(409), "identity.required");
}

#[tokio::test]
async fn a_consent_that_is_withdrawn_meanwhile_ends_it_and_leaves_nothing() {
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    let challenge = booth.begin().await;
    booth.show(&challenge, 1, booth.still(1)).await.expect(200);
    assert_eq!(booth.selfies().await, 1);
    let withdraw = Call::new(Method::DELETE, "/me/consents/faces").by(&booth.person);
    booth.app.ask(withdraw).await.expect(200);
    assert_eq!(booth.show(&challenge, 2, booth.still(2)).await.refusal(403), "consent.required");
    assert_eq!(booth.selfies().await, 0);
    booth.app.agree(&booth.person).await;
    assert_eq!(booth.finish(&challenge).await.refusal(404), "request.not_found");
}

#[tokio::test]
async fn nothing_of_a_face_is_kept_or_logged_in_clear() {
    let log = Log::listen();
    let booth = Booth::open("obama.jpg", "obama2.jpg").await;
    // One that stays open, with what its frames measured; one that passes flagged: references and a picture are kept.
    let open = booth.begin().await;
    booth.show(&open, 1, booth.still(7)).await.expect(200);
    let look = booth.app.app.vision.look(booth.still(5).into()).await.unwrap();
    let embedding = look.largest().unwrap().embedding.unwrap();
    let challenge = booth.begin().await;
    booth.follow(&challenge).await;
    assert_eq!(booth.finish(&challenge).await.expect(200)["outcome"], "flag");
    assert_eq!(booth.selfies().await, 2);
    let folder = booth.app.stop().await;

    let dump = Dump::of(folder.path(), &log);
    let numbers = serde_json::to_string(&embedding).unwrap();
    let secrets =
        [&embedding.to_bytes()[..32], &numbers.as_bytes()[1..40], b"JFIF\0".as_slice(), b"\"embedding\""];
    for secret in secrets {
        assert_eq!(dump.places(secret), Vec::<&str>::new(), "{:?}", String::from_utf8_lossy(secret));
    }
    // The search finds what is there: why it was flagged is no secret.
    assert!(!dump.places(b"document_unread").is_empty(), "{:?}", dump.sizes());
}
