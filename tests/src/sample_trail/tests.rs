//! What the sample promises.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::value::RawValue;

use super::calls::{DATA, MANAGEMENT};
use super::odd::{ODDITIES, Oddity};
use super::*;

/// The records of a file, as text.
fn records_of(file: &SampleFile) -> Vec<String> {
    let body = String::from_utf8(file.body().unwrap()).unwrap();
    let list = if body.starts_with('[') {
        body
    } else {
        let log: BTreeMap<String, &RawValue> = serde_json::from_str(&body).unwrap();
        log.get("Records").map_or("[]", |list| list.get()).to_owned()
    };
    let records: Vec<&RawValue> = serde_json::from_str(&list).unwrap();
    records.into_iter().map(|record| record.get().to_owned()).collect()
}

fn fields(record: &str) -> BTreeMap<String, &RawValue> {
    serde_json::from_str(record).unwrap()
}

fn all_records(files: &[SampleFile]) -> Vec<String> {
    files.iter().flat_map(records_of).collect()
}

fn id_of(record: &str) -> String {
    let fields = fields(record);
    let id = fields.get("eventID").or(fields.get("eventId")).expect("every record has an id");
    serde_json::from_str(id.get()).unwrap()
}

/// A GUID in its usual spelling, version 4.
fn is_guid(id: &str) -> bool {
    let parts: Vec<&str> = id.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
        && parts[2].starts_with('4')
}

#[test]
fn committed_files_are_what_the_generator_makes() {
    let committed = load(&directory()).unwrap();
    let made = generate(SEED);
    let keys = |files: &[SampleFile]| files.iter().map(|it| it.key.clone()).collect::<Vec<_>>();
    assert_eq!(keys(&committed), keys(&made), "run `make-sample-trail`");
    for (committed, made) in committed.iter().zip(&made) {
        // The content, not the compressed bytes: those change with the compressor.
        assert!(committed.body().unwrap() == made.body().unwrap(), "{} differs", made.key);
        assert_eq!((committed.kind, committed.records), (made.kind, made.records));
        assert_eq!(committed.gz[..10], made.gz[..10], "gzip header of {}", made.key);
    }
}

#[test]
fn same_seed_makes_the_same_bytes_and_another_seed_others() {
    assert_eq!(generate(7), generate(7));
    assert_ne!(generate(7), generate(8));
}

#[test]
fn every_file_inflates_to_the_records_it_counts() {
    for file in generate(SEED) {
        assert_eq!(records_of(&file).len(), file.records, "{}", file.key);
        assert_eq!(file.records == 0, file.kind == SampleKind::Digest, "{}", file.key);
        assert!(!file.body().unwrap().contains(&b'\n'), "{} is one line", file.key);
    }
}

#[test]
fn every_event_id_is_a_guid_of_its_own() {
    let mut seen = HashSet::new();
    for record in all_records(&generate(SEED)) {
        let id = id_of(&record);
        assert!(is_guid(&id), "{id}");
        assert!(seen.insert(id.clone()), "{id} twice");
    }
}

#[test]
fn sample_has_the_promised_size() {
    let files = generate(SEED);
    let records: usize = files.iter().map(|file| file.records).sum();
    let bytes: usize = files.iter().map(|file| file.gz.len()).sum();
    assert!((3_000..=5_000).contains(&records), "{records} records");
    assert!((12..=120).contains(&files.len()), "{} files", files.len());
    assert!(bytes < 600_000, "{bytes} bytes");
    assert!(files.iter().any(|file| file.records == 1));
    assert!(files.iter().any(|file| file.records == 400));
}

#[test]
fn keys_are_laid_out_as_cloudtrail_does() {
    let files = generate(SEED);
    let unique: HashSet<&str> = files.iter().map(|file| file.key.as_str()).collect();
    assert_eq!(unique.len(), files.len());
    for SampleFile { key, kind, .. } in &files {
        let parts: Vec<&str> = key.rsplit('/').collect();
        let [name, day, month, year, region, folder, account, owner, ..] = parts[..] else {
            assert_eq!(parts.len(), 8, "{key}");
            continue;
        };
        assert_eq!(folder, kind.folder());
        assert!(owner == "AWSLogs" || owner == "o-exampleorgid", "{key}");
        assert!(name.starts_with(&format!("{account}_{folder}_{region}_")), "{key}");
        assert!(name.contains(&format!("_{year}{month}{day}T")), "{key}");
        assert_eq!(SampleKind::of_key(key), Some(*kind));
    }
    let distinct = |position: usize| {
        let of = |file: &SampleFile| file.key.rsplit('/').nth(position).unwrap().to_owned();
        files.iter().map(of).collect::<BTreeSet<String>>().len()
    };
    assert_eq!((distinct(4), distinct(6)), (5, 4), "regions and accounts");
    assert_eq!((distinct(1), distinct(5)), (2, 5), "days and kinds");
}

#[test]
fn every_call_and_every_oddity_occurs() {
    let records = all_records(&generate(SEED));
    let seen: BTreeSet<(String, String)> = records
        .iter()
        .filter_map(|record| {
            let fields = fields(record);
            let text = |name: &str| serde_json::from_str(fields.get(name)?.get()).ok();
            Some((text("eventSource")?, text("eventName")?))
        })
        .collect();
    for call in MANAGEMENT.iter().chain(DATA) {
        let pair = (format!("{}.amazonaws.com", call.service), call.name.to_owned());
        assert!(seen.contains(&pair), "{pair:?}");
    }
    for oddity in ODDITIES {
        assert!(records.iter().any(|record| is(oddity, record)), "{oddity:?}");
    }
}

/// Whether `record` is of the oddity's call, and has its fields but for what a scene fills in.
fn is(oddity: &Oddity, record: &str) -> bool {
    let fields = fields(record);
    let call = fields.get("eventName").map_or("", |name| name.get().trim_matches('"'));
    call == oddity.call
        && oddity.changes.iter().all(|(name, value)| match (fields.get(*name), value) {
            (Some(found), Some(template)) => fits(found.get(), template),
            (found, value) => found.is_none() && value.is_none(),
        })
}

fn fits(text: &str, template: &str) -> bool {
    let mut rest = text;
    for (turn, part) in template.split('$').enumerate() {
        let fixed = part.trim_start_matches(|c: char| c.is_ascii_lowercase() || c == '_');
        let fixed = if turn == 0 { part } else { fixed };
        let Some((before, after)) = rest.split_once(fixed) else {
            return false;
        };
        if turn == 0 && !before.is_empty() {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

#[test]
fn every_type_of_identity_and_every_version_occurs() {
    let text = all_records(&generate(SEED)).concat();
    let types = "Root IAMUser AssumedRole Role FederatedUser Directory AWSAccount AWSService \
                 IdentityCenterUser SAMLUser WebIdentityUser Unknown";
    for name in types.split_whitespace() {
        assert!(text.contains(&format!("\"userIdentity\":{{\"type\":\"{name}\"")), "{name}");
    }
    assert!(text.contains("\"userIdentity\":{\"accountId\":"), "no type");
    assert!(text.contains("ANONYMOUS_PRINCIPAL"));
    for minor in 5..=11 {
        assert!(text.contains(&format!("\"eventVersion\":\"1.{minor:02}\"")), "1.{minor:02}");
    }
    for outcome in ["Success", "Failure"] {
        assert!(text.contains(&format!("{{\"ConsoleLogin\":\"{outcome}\"}}")), "{outcome}");
    }
    for one in ["VpceAccessDenied", "\"state\":\"End\"", "AwsAggregatedEvent", "AccessDenied\""] {
        assert!(text.contains(one), "{one}");
    }
}

#[test]
fn every_word_of_a_template_is_filled_in() {
    for record in all_records(&generate(SEED)) {
        for part in record.split('$').skip(1) {
            assert!(part.starts_with("LATEST"), "{part:.40}");
        }
    }
}

#[test]
fn nothing_in_it_is_anybodys() {
    let text = all_records(&generate(SEED)).concat();
    for prefix in ["AKIA", "ASIA", "AIDA", "AROA"] {
        for rest in text.split(&format!("\"{prefix}")).skip(1) {
            let id = rest.split(['"', ':']).next().unwrap();
            assert!(id.ends_with("EXAMPLE") && (16..=17).contains(&id.len()), "{prefix}{id}");
        }
    }
    for address in text.split("\"sourceIPAddress\":\"").skip(1) {
        let address = address.split('"').next().unwrap();
        let documentation = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:", "0.0.0.0"];
        let ours = documentation.iter().any(|range| address.starts_with(range))
            || address.starts_with("AWS Internal")
            || address.ends_with(".amazonaws.com")
            || address == "host.example.com";
        assert!(ours, "{address}");
    }
}

#[test]
fn digests_chain_and_name_every_log_by_its_hash() {
    let files = generate(SEED);
    let body = |file: &SampleFile| String::from_utf8(file.body().unwrap()).unwrap();
    let hashes: BTreeMap<&str, String> =
        files.iter().map(|file| (file.key.as_str(), digest::sha256(&body(file)))).collect();
    let mut named = BTreeSet::new();
    let mut first = 0;
    for file in files.iter().filter(|file| file.kind == SampleKind::Digest) {
        let digest: serde_json::Value = serde_json::from_str(&body(file)).unwrap();
        assert_eq!(digest["digestS3Object"], file.key);
        match digest["previousDigestS3Object"].as_str() {
            Some(previous) => assert_eq!(digest["previousDigestHashValue"], hashes[previous]),
            None => first += 1,
        }
        for log in digest["logFiles"].as_array().unwrap() {
            let key = log["s3Object"].as_str().unwrap();
            assert_eq!(log["hashValue"], hashes[key]);
            assert!(named.insert(key.to_owned()), "{key} twice");
        }
    }
    let logs = files.iter().filter(|file| file.kind == SampleKind::Events).count();
    assert_eq!((named.len(), first), (logs, estate::PLACES.len()));
}

#[test]
fn written_sample_is_read_back_and_replaces_what_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let stale = directory.path().join("AWSLogs/111122223333/CloudTrail/stale.json.gz");
    fs::create_dir_all(stale.parent().unwrap()).unwrap();
    fs::write(&stale, b"").unwrap();
    let written = write_to(directory.path()).unwrap();
    assert!(!stale.exists());
    assert_eq!(load(directory.path()).unwrap(), written);
}

#[test]
fn sized_objects_are_as_many_and_as_long_as_asked_with_new_ids() {
    let files: Vec<SampleFile> = generate_sized(20, 70).collect();
    let keys: HashSet<&str> = files.iter().map(|file| file.key.as_str()).collect();
    let ids: HashSet<String> = all_records(&files).iter().map(|record| id_of(record)).collect();
    assert_eq!((files.len(), keys.len(), ids.len()), (20, 20, 1_400));
    assert!(files.iter().all(|file| records_of(file).len() == file.records));
    assert!(ids.iter().all(|id| is_guid(id)));
    let bytes: usize = files.iter().map(|file| file.body().unwrap().len()).sum();
    let mean = bytes / 1_400;
    assert!((1_200..1_800).contains(&mean), "{mean} bytes a record");
}

#[test]
fn object_of_a_size_inflates_to_that_size_to_the_byte() {
    for size in [20_000, 20_001, 65_537, 1_000_000, 5_000_003] {
        let file = object_of(size).unwrap();
        let body = file.body().unwrap();
        assert_eq!(body.len() as u64, size);
        let records = records_of(&file);
        let ids: HashSet<String> = records.iter().map(|record| id_of(record)).collect();
        assert_eq!((records.len(), ids.len()), (file.records, file.records));
    }
    assert_eq!(records_of(&object_of(0).unwrap()).len(), 1);
}

#[test]
fn large_object_compresses_as_a_real_one_does() {
    let size = 64 << 20;
    let file = object_of(size).unwrap();
    let ratio = size / file.gz.len() as u64;
    assert!((4..16).contains(&ratio), "{ratio} : 1");
}
