//! Known answers of the seal chain, computed by an independent program from the published formula.

use super::*;

fn uuid(from: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes(std::array::from_fn(|i| from + u8::try_from(i).unwrap()))
}

fn chain(owner: Owner) -> Chain {
    Chain::start(SittingId::from_uuid(uuid(0)), owner, PartId::from_uuid(uuid(32)))
}

fn take() -> Owner {
    Owner::Take(TakeId::from_uuid(uuid(16)))
}

#[test]
fn a_chain_starts_with_what_it_belongs_to() {
    assert_eq!(
        chain(take()).head().to_hex(),
        "2ab7c654d02cdb6e500f13e91c548b788a3b69fd3c9536920fceb6eb3a0d7eb7"
    );
    let run = Owner::SubjectRun(SubjectRunId::from_uuid(uuid(16)));
    assert_eq!(
        chain(run).head().to_hex(),
        "739766023effa28787198a46cb36c0da5978399955e47da7b49f7491cb958fa0"
    );
}

#[test]
fn each_seal_binds_all_segments_so_far() {
    let mut chain = chain(take());
    assert_eq!(
        chain.push(b"first").head.to_hex(),
        "2c19cc93040640d8eb986b34ddf4080d7f9ad96a27b055b60bdc0657a730f1c5"
    );
    assert_eq!(
        chain.push(b"").head.to_hex(),
        "13b118182408bb5b26bf42951912fe511c253e9cb4202e7e17a632118f366ca2"
    );
    let third = chain.push(&vec![b'a'; 262_144]);
    assert_eq!(third.head.to_hex(), "b786de2fdd629d2936484262136635a7a8407be15c8580a2bf47d7ab6cdf9732");
    assert_eq!(third.index, 3);
}

#[test]
fn a_chain_goes_on_from_a_known_seal() {
    let mut whole = chain(take());
    let first = whole.push(b"first");
    let mut resumed = Chain::resume(first);
    assert_eq!(resumed.push(b"second"), whole.push(b"second"));
}

#[test]
fn a_hash_is_written_in_lower_case_and_read_only_so() {
    let head = chain(take()).head();
    assert_eq!(head.to_hex().parse(), Ok(head));
    assert_eq!(head.to_hex().to_uppercase().parse::<Hash32>(), Err(NotAHash));
    assert_eq!("00".parse::<Hash32>(), Err(NotAHash));
}

#[test]
fn an_owner_is_known_by_its_kind_byte() {
    assert_eq!(Owner::from_bytes(take().kind_byte(), *take().id_bytes()), Some(take()));
    assert_eq!(Owner::from_bytes(3, [0; 16]), None);
}

#[test]
fn what_no_seal_commits_to_before_the_close_is_late() {
    let at = |index, ms| (index, Timestamp(ms));
    assert_eq!(late_from(&[at(1, 10), at(2, 20)], Timestamp(20)), None);
    assert_eq!(late_from(&[at(1, 10), at(2, 30), at(3, 40)], Timestamp(20)), Some((2, Timestamp(40))));
    // The pulse with the newest seal came in time, the bytes after the close.
    assert_eq!(late_from(&[at(1, 30), at(2, 31), at(2, 19)], Timestamp(20)), None);
    assert_eq!(late_from(&[], Timestamp(20)), None);
}
