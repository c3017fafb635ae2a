//! What a crash or a full disk leaves behind: cut files, killed processes, writes cut short.

use super::open_file::OpenFile;
use super::*;
use crate::conformance::{event, parcel};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::tempdir;

const ALL: [Compression; 3] = [Compression::None, Compression::Gzip, Compression::Zstd];

fn options(directory: &Path, compression: Compression) -> FileOptions {
    FileOptions {
        directory: directory.to_owned(),
        compression,
        rotate_bytes: NonZeroU64::new(1 << 30).expect("not zero"),
        rotate_after: Duration::from_secs(3_600),
    }
}

/// The bytes of an open file after each of `writes` writes of three events.
async fn written(compression: Compression, writes: u32) -> (String, Vec<Vec<u8>>) {
    let directory = tempdir().expect("directory");
    let sink = FileSink::open(options(directory.path(), compression)).await.expect("opened");
    let mut states = vec![Vec::new()];
    for part in 0..writes {
        let written = sink.write(&Batch::of(parcel("a", part, 3))).await;
        assert_eq!(written.expect("stored"), Written::default());
        let file = read_back::files(directory.path()).remove(0);
        states.push(fs::read(file).expect("there"));
    }
    let name = read_back::name(&read_back::files(directory.path())[0]).to_owned();
    (name, states)
}

/// The bytes that repair keeps of a file that holds `bytes`, and that it decodes to whole lines.
async fn repaired(name: &str, compression: Compression, bytes: &[u8]) -> Vec<u8> {
    let directory = tempdir().expect("directory");
    fs::write(directory.path().join(name), bytes).expect("written");
    let sink = FileSink::open(options(directory.path(), compression)).await.expect("opened");
    sink.close().await.expect("closed");
    let lines = read_back::lines(directory.path());
    let expect: Vec<Vec<u8>> = (0..lines.len() as u64).map(|index| event("a", index)).collect();
    assert_eq!(lines, expect);
    match read_back::files(directory.path()).as_slice() {
        [] => Vec::new(),
        [file] => {
            assert_eq!(Some(read_back::name(file)), name.strip_suffix(".open"));
            fs::read(file).expect("there")
        }
        files => panic!("{files:?}"),
    }
}

/// The length that must be kept of `bytes`: whole lines, or the writes that are whole.
fn whole(compression: Compression, bytes: &[u8], states: &[Vec<u8>]) -> usize {
    if compression == Compression::None {
        let last = bytes.iter().rposition(|&byte| byte == b'\n');
        return last.map_or(0, |last| last + 1);
    }
    let lengths = states.iter().map(Vec::len);
    lengths.filter(|length| *length <= bytes.len()).max().unwrap_or(0)
}

#[tokio::test]
async fn file_cut_at_any_byte_keeps_all_that_is_whole_and_nothing_else() {
    for compression in ALL {
        let (name, states) = written(compression, 3).await;
        let all = states.last().expect("state");
        for length in 0..=all.len() {
            let kept = repaired(&name, compression, &all[..length]).await;
            let expect = whole(compression, &all[..length], &states);
            assert_eq!(kept.len(), expect, "{compression:?} cut to {length} bytes");
            assert_eq!(kept, all[..expect]);
        }
    }
}

#[tokio::test]
async fn what_stands_behind_damage_is_kept_apart() {
    for compression in [Compression::Gzip, Compression::Zstd] {
        let (name, states) = written(compression, 3).await;
        let (first, mut bytes) = (states[1].len(), states[3].clone());
        // In the second write: the third was answered too, and decodes.
        bytes[(first + states[2].len()) / 2] ^= 0xff;
        let directory = tempdir().expect("directory");
        fs::write(directory.path().join(&name), &bytes).expect("written");
        let sink = FileSink::open(options(directory.path(), compression)).await.expect("opened");
        sink.close().await.expect("closed");
        let closed = name.strip_suffix(".open").expect("open");
        let kept = fs::read(directory.path().join(format!("{closed}.damaged"))).expect("kept");
        assert_eq!(fs::read(directory.path().join(closed)).expect("closed"), bytes[..first]);
        assert_eq!(kept, bytes[first..], "{compression:?}");
    }
}

#[tokio::test]
async fn garbage_after_what_is_whole_is_cut_off() {
    for compression in ALL {
        let (name, states) = written(compression, 2).await;
        let all = states.last().expect("state");
        // Zeros are what a file system leaves where it grew a file but never wrote it.
        for garbage in
            [&[0_u8; 70_000][..], b"\x1f\x8b\x08 no gzip", b"\x28\xb5\x2f\xfd no zstd", b"half"]
        {
            let torn = [all, garbage].concat();
            assert_eq!(&repaired(&name, compression, &torn).await, all, "{compression:?}");
        }
        // A unit whose last bytes never reached the disk fails its checksum.
        if compression != Compression::None {
            let mut torn = all.clone();
            let end = torn.len();
            torn[end - 20..].fill(0);
            assert_eq!(repaired(&name, compression, &torn).await, states[1], "{compression:?}");
        }
    }
}

#[tokio::test]
async fn line_longer_than_the_window_is_cut_off_whole() {
    let (name, states) = written(Compression::None, 1).await;
    for length in [65_535, 65_536, 65_537, 300_000] {
        let torn = [states[1].as_slice(), &vec![b'x'; length]].concat();
        assert_eq!(repaired(&name, Compression::None, &torn).await, states[1]);
    }
}

#[tokio::test]
async fn files_of_others_are_left_alone() {
    let directory = tempdir().expect("directory");
    let names =
        ["notes.open", "trail-x.txt.open", "quarantine-1-1.ndjson.open", "trailer.ndjson.open"];
    for name in names {
        fs::write(directory.path().join(name), "half").expect("written");
    }
    fs::write(directory.path().join("target"), "half").expect("written");
    let link = directory.path().join("trail-1-1.ndjson.open");
    std::os::unix::fs::symlink(directory.path().join("target"), &link).expect("link");
    let sink = FileSink::open(options(directory.path(), Compression::None)).await;
    drop(sink.expect("opened"));
    for name in names.into_iter().chain(["target", "trail-1-1.ndjson.open"]) {
        let content = fs::read_to_string(directory.path().join(name)).expect(name);
        assert_eq!(content, "half", "{name}");
    }
}

/// Tells a copy of this test binary what to be: the name of a compression and a directory.
const ROLE: &str = "TRAIL_SINK_TEST_WRITER";

#[expect(clippy::disallowed_methods, reason = "how a test tells its child process what to do")]
fn role() -> Option<(Compression, PathBuf)> {
    let role = std::env::var(ROLE).ok()?;
    let (name, directory) = role.split_once(' ').expect("two words");
    let compression = ALL.into_iter().find(|all| format!("{all:?}") == name);
    Some((compression.expect("a compression"), directory.into()))
}

fn child(test: &str, limit: &str, compression: Compression, directory: &Path) -> Child {
    // Ignored signals stay ignored in what is started, so a write over the limit is an error.
    let script = format!("trap '' XFSZ; {limit} exec \"$0\" --exact --nocapture {test}");
    Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().expect("this binary"))
        .env(ROLE, format!("{compression:?} {}", directory.display()))
        .stdout(Stdio::piped())
        .spawn()
        .expect("started")
}

/// The child: writes without end, and says what was answered.
#[tokio::test]
async fn child_that_writes_until_it_is_killed() {
    let Some((compression, directory)) = role() else {
        return;
    };
    let sink = FileSink::open(options(&directory, compression)).await.expect("opened");
    for part in 0.. {
        let written = sink.write(&Batch::of(parcel("a", part, 50))).await;
        assert_eq!(written.expect("stored"), Written::default());
        let said = format!("\nstored {part}\n");
        std::io::Write::write_all(&mut std::io::stdout(), said.as_bytes()).expect("said");
    }
}

#[tokio::test]
async fn killed_writer_loses_nothing_that_was_answered() {
    for compression in ALL {
        let directory = tempdir().expect("directory");
        let mut child = child(
            "file::crash_tests::child_that_writes_until_it_is_killed",
            "",
            compression,
            directory.path(),
        );
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let said = output.lines().map(|line| line.expect("text"));
        let mut stored = said.filter(|line| line.starts_with("stored "));
        let last = stored.nth(40).expect("written on");
        child.kill().expect("killed");
        let last = stored.last().unwrap_or(last);
        child.wait().expect("ended");
        let sink = FileSink::open(options(directory.path(), compression)).await.expect("opened");
        sink.close().await.expect("closed");
        let answered =
            last.strip_prefix("stored ").expect("number").parse::<u64>().expect("number");
        let lines = read_back::lines(directory.path());
        assert!(lines.len() as u64 >= (answered + 1) * 50, "{compression:?}");
        let expect: Vec<Vec<u8>> = (0..lines.len() as u64).map(|index| event("a", index)).collect();
        assert_eq!(lines, expect);
    }
}

/// The child: writes until the file may not grow, then batches small enough and too large.
#[tokio::test]
async fn child_that_writes_into_a_wall() {
    let Some((compression, directory)) = role() else {
        return;
    };
    let sink = FileSink::open(options(&directory, compression)).await.expect("opened");
    let (mut tried, mut answered) = (HashSet::new(), HashSet::new());
    let (mut failed, mut answered_after) = (0, 0);
    for (part, events) in (0..).zip([200, 200, 60, 30, 20, 10, 5, 2, 1, 1].repeat(8)) {
        let key = format!("{part}-");
        let events: Vec<Vec<u8>> = (0..events).map(|index| event(&key, index)).collect();
        tried.extend(events.clone());
        match sink.write(&Batch::of(parcel(&key, 0, events.len() as u64))).await {
            Ok(_) => {
                answered.extend(events);
                answered_after += usize::from(failed > 0);
            }
            Err(error) => {
                assert!(matches!(error, WriteError::Retry { .. }), "{error:?}");
                failed += 1;
            }
        }
    }
    assert!(failed > 5, "only {failed} writes failed");
    assert!(answered_after > 0, "no write found room after one had not");
    drop(sink);
    let sink = FileSink::open(options(&directory, compression)).await.expect("opened");
    sink.close().await.expect("closed");
    let lines: HashSet<Vec<u8>> = read_back::lines(&directory).into_iter().collect();
    assert!(answered.is_subset(&lines), "an answered event is gone");
    assert!(lines.is_subset(&tried), "a torn line is there");
}

#[tokio::test]
async fn write_cut_short_by_a_full_disk_leaves_no_half_line_in_the_middle() {
    for compression in ALL {
        let directory = tempdir().expect("directory");
        let child = child(
            "file::crash_tests::child_that_writes_into_a_wall",
            "ulimit -f 16;",
            compression,
            directory.path(),
        );
        let output = child.wait_with_output().expect("ended");
        let text = String::from_utf8_lossy(&output.stdout);
        let passed = output.status.success() && text.contains("1 passed");
        assert!(passed, "{compression:?}: {text}");
    }
}

#[test]
fn first_write_is_not_answered_before_the_name_of_the_file_is_durable() {
    let parent = tempdir().expect("directory");
    let (here, away) = (parent.path().join("here"), parent.path().join("away"));
    fs::create_dir(&here).expect("made");
    let path = here.join("trail-1.ndjson.open");
    let file = File::options().append(true).create_new(true).open(&path).expect("made");
    let mut file = OpenFile::new(path, file);
    fs::rename(&here, &away).expect("moved");
    let refused = file.append(Compression::None, &[b"{}\n"]).expect_err("no directory to sync");
    assert_eq!(refused.to_string(), format!("could not sync directory {}", here.display()));
    fs::rename(&away, &here).expect("moved back");
    file.append(Compression::None, &[b"[]\n"]).expect("stored");
    assert_eq!(read_back::lines(&here), [b"[]".to_vec()]);
    fs::rename(&here, &away).expect("moved");
    file.append(Compression::None, &[b"{}\n"]).expect("its name is durable already");
}

#[test]
fn write_that_is_not_on_the_disk_is_not_answered() {
    let directory = tempdir().expect("directory");
    let path = directory.path().join("trail-1.ndjson.open");
    // It takes what is written to it, and cannot be synced.
    let (_reader, writer) = std::io::pipe().expect("pipe");
    let mut file = OpenFile::new(path.clone(), File::from(OwnedFd::from(writer)));
    let refused = file.append(Compression::None, &[b"{}\n"]).expect_err("nothing to sync");
    assert_eq!(refused.to_string(), format!("could not sync {}", path.display()));
}
