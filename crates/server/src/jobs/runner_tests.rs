use clap::Parser;
use tempfile::TempDir;
use tokio::sync::mpsc;
use yikao_domain::time::Timestamp;
use yikao_store::job::NewJob;

use super::*;
use crate::config::Config;

#[derive(Parser)]
struct Flags {
    #[command(flatten)]
    config: Config,
}

async fn an_app(dir: &TempDir) -> App {
    let data = dir.path().display().to_string();
    let flags = Flags::parse_from(["yikao", "--data", &data, "--tls", "off"]);
    crate::start::app(flags.config).await.unwrap()
}

async fn order(app: &App, lane: &'static str, kind: &'static str, wanted_at: i64) {
    let now = app.clock.now();
    let new = NewJob {
        id: JobId::from_uuid(app.clock.new_uuid()),
        school_id: None,
        kind: kind.into(),
        dedup_key: None,
        body: String::new(),
        lane: lane.into(),
        wanted_at: Timestamp(wanted_at),
        due_at: now,
        created_at: now,
    };
    let ordered = app.db.write_with(new, |tx, new| {
        Box::pin(async move {
            job::enqueue(tx, new);
            Ok(())
        })
    });
    ordered.await.unwrap();
}

/// Says what it begins, and never ends where the job is a long one.
fn tells(begun: mpsc::UnboundedSender<String>) -> Doing {
    Arc::new(move |_, job| {
        let begun = begun.clone();
        Box::pin(async move {
            begun.send(job.kind.clone())?;
            if job.kind == "long" {
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    })
}

fn lane(name: &'static str, width: usize, doing: &Doing) -> Lane {
    Lane { name, width, patience: Duration::from_mins(1), doing: Arc::clone(doing) }
}

#[tokio::test]
async fn a_job_that_never_ends_holds_up_neither_its_own_lane_nor_another() {
    let dir = TempDir::new().unwrap();
    let app = an_app(&dir).await;
    let (begun, mut seen) = mpsc::unbounded_channel();
    let doing = tells(begun);
    order(&app, "footage", "long", 1).await;
    order(&app, "footage", "wanted later", 3).await;
    order(&app, "footage", "wanted sooner", 2).await;
    order(&app, "quick", "receipt", 9).await;
    let lanes = vec![lane("footage", 2, &doing), lane("quick", 1, &doing)];
    let lanes = Lanes::start(&app, lanes).await.unwrap();
    let mut order = Vec::new();
    for _ in 0..4 {
        order.push(seen.recv().await.unwrap());
    }
    order.retain(|kind| kind != "receipt");
    assert_eq!(order, ["long", "wanted sooner", "wanted later"]);
    drop(lanes);
}

#[tokio::test]
async fn a_job_cut_off_by_the_servers_end_can_be_claimed_at_once() {
    let dir = TempDir::new().unwrap();
    let app = an_app(&dir).await;
    let (begun, mut seen) = mpsc::unbounded_channel();
    order(&app, "footage", "long", 1).await;
    let impatient = Lane { patience: Duration::ZERO, ..lane("footage", 1, &tells(begun)) };
    let lanes = Lanes::start(&app, vec![impatient]).await.unwrap();
    assert_eq!(seen.recv().await.unwrap(), "long");
    lanes.stop().await;
    let again = claim(&app, "footage").await.unwrap().expect("it was given back");
    assert_eq!((again.kind.as_str(), again.attempts), ("long", 2));
}

#[tokio::test]
async fn a_job_that_is_done_is_not_done_again_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let app = an_app(&dir).await;
    let (begun, mut seen) = mpsc::unbounded_channel();
    order(&app, "quick", "receipt", 1).await;
    let lanes = Lanes::start(&app, vec![lane("quick", 1, &tells(begun))]).await.unwrap();
    assert_eq!(seen.recv().await.unwrap(), "receipt");
    lanes.stop().await;
    assert!(claim(&app, "quick").await.unwrap().is_none());
}
