use std::collections::HashSet;
use std::ops::ControlFlow;

use trail_logfile::{Limits, read};

use super::*;

const MIX: Sizes = Sizes::Mix { small: 2_000, busy: 4 };

#[test]
fn every_event_of_a_trail_has_an_id_that_tells_its_number() {
    let trail = Trail::of(&Sizes::Same { files: 7, events: 30 }, 1).unwrap();
    let mut numbers = Vec::new();
    for file in &trail.files {
        let summary = read(&file.object, &Limits::default(), |record| {
            let (_, id) = record.json.split_once("\"eventID\":\"").unwrap();
            numbers.push(number_of(&id.as_bytes()[..36]).unwrap());
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(summary.decompressed, file.size as u64);
    }
    assert_eq!(numbers, (0..210).collect::<Vec<_>>());
}

#[test]
fn the_same_seed_gives_the_same_trail_and_another_one_another() {
    let sizes = Sizes::Same { files: 3, events: 2 };
    let of = |seed| {
        let files = Trail::of(&sizes, seed).unwrap().files;
        files.into_iter().map(|file| (file.key, file.object)).collect::<Vec<_>>()
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn keys_are_those_of_log_files_and_no_two_are_the_same() {
    let mut rng = fastrand::Rng::with_seed(1);
    let keys: HashSet<String> = (0..20_000).map(|number| keys::draw(number, &mut rng)).collect();
    assert_eq!(keys.len(), 20_000);
    for key in &keys {
        let name = key.rsplit('/').next().unwrap();
        let parts: Vec<&str> = name.split('_').collect();
        assert!(key.starts_with(&format!("AWSLogs/{}/CloudTrail/{}/2026/", parts[0], parts[2])));
        assert_eq!((parts.len(), parts[3].len()), (5, "20260303T0050Z".len()), "{key}");
    }
}

#[test]
fn a_mix_has_the_sizes_of_a_delivered_trail() {
    let mut sizes = MIX.draw(&mut fastrand::Rng::with_seed(1));
    sizes.sort_unstable();
    let (small, busy) = sizes.split_at(2_000);
    assert!((4..=6).contains(&small[1_000]), "median {}", small[1_000]);
    assert!((14..=18).contains(&small[1_800]), "of 90 % {}", small[1_800]);
    let mean = small.iter().sum::<usize>() as f64 / 2_000.0;
    assert!((6.5..9.5).contains(&mean), "mean {mean}");
    assert!(busy.iter().all(|events| (4_270..=7_677).contains(events)));
}
