//! Workers: they come when needed, break alone, and leave.

use std::time::Duration;

use yikao_vision::{Patience, Vision, VisionConfig, VisionError};

use crate::pictures::{config, file, jpeg, plain, vision};

/// Memory of a process in MB.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[tokio::test]
async fn nothing_runs_before_the_first_picture_and_one_worker_serves_many() {
    let vision = vision();
    assert!(vision.workers().is_empty());
    vision.look(file("obama.jpg")).await.unwrap();
    let first = vision.workers();
    assert_eq!(first.len(), 1);
    vision.look(file("biden.jpg")).await.unwrap();
    assert_eq!(vision.workers(), first);
}

#[tokio::test]
async fn a_worker_that_is_killed_over_a_picture_is_a_clear_error_and_the_next_picture_is_seen() {
    let vision = vision();
    vision.look(file("obama.jpg")).await.unwrap();
    // Stopped, it takes the picture and does not answer.
    let worker = vision.workers()[0];
    signal(worker, "-STOP");
    let mut asked = std::pin::pin!(vision.look(file("biden.jpg")));
    let waited = tokio::time::timeout(Duration::from_millis(300), &mut asked).await;
    assert!(waited.is_err(), "a stopped worker answered");
    signal(worker, "-KILL");
    let told = asked.await;
    assert!(matches!(&told, Err(VisionError::Crashed(how)) if how.contains("signal")));
    assert_eq!(vision.look(file("obama.jpg")).await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn a_worker_that_died_while_idle_is_replaced_without_a_word() {
    let vision = vision();
    vision.look(jpeg(&plain(100))).await.unwrap();
    let worker = vision.workers()[0];
    signal(worker, "-KILL");
    while state(worker) != Some('Z') {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(vision.look(file("obama.jpg")).await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn a_picture_that_takes_too_long_is_given_up() {
    let vision = Vision::new(VisionConfig { wall: Duration::from_millis(1), ..config() });
    let told = vision.look(file("obama.jpg")).await;
    assert!(matches!(told, Err(VisionError::TookTooLong)), "{told:?}");
    assert!(vision.workers().is_empty());
}

#[tokio::test]
async fn who_comes_when_too_many_wait_is_told_so() {
    let vision = Vision::new(VisionConfig { waiting: 0, ..config() });
    assert!(matches!(vision.look(file("obama.jpg")).await, Err(VisionError::Busy)));
}

#[tokio::test]
async fn a_picture_for_which_nobody_waits_gives_way_to_those_who_do() {
    let vision = Vision::new(VisionConfig { workers: 1, ..config() });
    let aside = || vision.look_with(file("obama.jpg"), Patience::IfIdle);
    assert_eq!(aside().await.unwrap().faces.len(), 1);
    let worker = vision.workers()[0];
    signal(worker, "-STOP");
    let mut asked = std::pin::pin!(vision.look(file("biden.jpg")));
    assert!(tokio::time::timeout(Duration::from_millis(100), &mut asked).await.is_err());
    assert!(matches!(aside().await, Err(VisionError::Busy)));
    signal(worker, "-CONT");
    assert_eq!(asked.await.unwrap().faces.len(), 1);
    assert_eq!(aside().await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn an_idle_worker_ends() {
    let vision = Vision::new(VisionConfig { idle: Duration::from_millis(50), ..config() });
    vision.look(jpeg(&plain(100))).await.unwrap();
    while !vision.workers().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(vision.look(file("obama.jpg")).await.unwrap().faces.len(), 1);
}

#[tokio::test]
async fn missing_models_are_named_to_the_operator() {
    let vision = Vision::new(VisionConfig { arguments: vec!["/nowhere".to_owned()], ..config() });
    let told = vision.look(file("obama.jpg")).await;
    assert!(matches!(&told, Err(VisionError::Unavailable(what)) if what.contains("make setup")), "{told:?}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_unavailable() {
    let vision = Vision::new(VisionConfig { program: "/nowhere/yikao".into(), ..config() });
    assert!(matches!(vision.look(file("obama.jpg")).await, Err(VisionError::Unavailable(_))));
}

#[tokio::test]
async fn the_largest_picture_that_is_taken_fits_into_the_memory_of_a_worker() {
    let vision = vision();
    let large =
        image::RgbImage::from_fn(8160, 6120, |x, y| image::Rgb([(x % 251) as u8, (y % 241) as u8, 90]));
    vision.look(jpeg(&large)).await.unwrap();
    assert!(memory(vision.workers()[0]) < 900, "{} MB", memory(vision.workers()[0]));
}

#[tokio::test]
async fn a_thousand_bad_pictures_leave_a_worker_as_it_was() {
    let vision = vision();
    vision.look(file("obama.jpg")).await.unwrap();
    let (worker, before) = (vision.workers()[0], memory(vision.workers()[0]));
    for _ in 0..1000 {
        vision.look("no picture".into()).await.unwrap_err();
    }
    assert_eq!(vision.workers(), [worker]);
    assert!(memory(worker) <= before + 8);
}

/// What the system says a process is doing: `Z` once it has ended and nobody has asked how.
fn state(process: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

fn signal(process: u32, name: &str) {
    let sent = std::process::Command::new("kill").args([name, &process.to_string()]).status().unwrap();
    assert!(sent.success());
}
