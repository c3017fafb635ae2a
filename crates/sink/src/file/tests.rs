use super::*;
use crate::conformance::{event, parcel};
use crate::reason::reason_of;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use tempfile::{TempDir, tempdir};

fn options(directory: &Path) -> FileOptions {
    FileOptions {
        directory: directory.to_owned(),
        compression: Compression::None,
        rotate_bytes: NonZeroU64::new(1 << 20).expect("not zero"),
        rotate_after: Duration::from_secs(3_600),
    }
}

async fn sink(directory: &TempDir) -> FileSink {
    FileSink::open(options(directory.path())).await.expect("opened")
}

async fn write(sink: &FileSink, key: &str, part: u32, events: u64) {
    let written = sink.write(&Batch::of(parcel(key, part, events))).await;
    assert_eq!(written.expect("stored"), Written::default());
}

fn names(directory: &Path) -> Vec<String> {
    let files = read_back::files(directory);
    files.iter().map(|path| read_back::name(path).to_owned()).collect()
}

#[tokio::test]
async fn open_file_is_told_by_its_name_until_it_is_closed() {
    let directory = tempdir().expect("directory");
    let sink = sink(&directory).await;
    assert_eq!(names(directory.path()), Vec::<String>::new());
    write(&sink, "a", 0, 2).await;
    let [open] = names(directory.path()).try_into().expect("one file");
    assert!(open.starts_with("trail-2") && open.ends_with("Z-1.ndjson.open"), "{open}");
    sink.close().await.expect("closed");
    assert_eq!(names(directory.path()), [open.strip_suffix(".open").expect("open")]);
}

#[tokio::test]
async fn file_is_closed_when_it_is_large_enough() {
    let directory = tempdir().expect("directory");
    let mut options = options(directory.path());
    options.rotate_bytes = NonZeroU64::new(100).expect("not zero");
    let sink = FileSink::open(options).await.expect("opened");
    for part in 0..5 {
        write(&sink, "a", part, 2).await;
    }
    let names = names(directory.path());
    let open = names.iter().filter(|name| name.ends_with(".open")).count();
    assert_eq!((names.len(), open), (3, 1), "{names:?}");
    let expect: Vec<Vec<u8>> = (0..10).map(|index| event("a", index)).collect();
    assert_eq!(read_back::lines(directory.path()), expect);
}

#[tokio::test(start_paused = true)]
async fn file_is_closed_when_it_is_old_enough_though_nothing_comes() {
    let directory = tempdir().expect("directory");
    let sink = sink(&directory).await;
    for round in 1..4 {
        write(&sink, "a", 0, 2).await;
        assert!(names(directory.path()).iter().any(|name| name.ends_with(".open")));
        tokio::time::sleep(Duration::from_secs(3_599)).await;
        assert!(names(directory.path()).iter().any(|name| name.ends_with(".open")));
        tokio::time::sleep(Duration::from_secs(2)).await;
        let names = names(directory.path());
        assert_eq!(names.len(), round);
        assert!(names.iter().all(|name| !name.ends_with(".open")), "{names:?}");
    }
}

#[tokio::test]
async fn second_sink_on_a_directory_is_refused_until_the_first_is_closed() {
    let directory = tempdir().expect("directory");
    let first = sink(&directory).await;
    let error = FileSink::open(options(directory.path())).await.expect_err("in use");
    assert!(matches!(error, OpenError::InUse { .. }), "{error}");
    assert!(error.to_string().contains("in use by another process"), "{error}");
    first.close().await.expect("closed");
    drop(sink(&directory).await);
    let late = first.write(&Batch::of(parcel("a", 0, 1))).await;
    assert!(matches!(late, Err(WriteError::Retry { .. })), "{late:?}");
}

#[tokio::test]
async fn directory_and_files_are_for_the_owner_only() {
    let parent = tempdir().expect("directory");
    let directory = parent.path().join("made/here");
    let sink = FileSink::open(options(&directory)).await.expect("opened");
    write(&sink, "a", 0, 1).await;
    let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let file = read_back::files(&directory).remove(0);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&directory.join(".lock")), 0o600);
}

#[tokio::test]
async fn file_that_has_taken_the_name_meanwhile_is_not_overwritten() {
    let directory = tempdir().expect("directory");
    let sink = sink(&directory).await;
    write(&sink, "a", 0, 1).await;
    let taken = read_back::files(directory.path()).remove(0).with_extension("");
    fs::write(&taken, "{\"other\":1}\n").expect("written");
    sink.close().await.expect("closed");
    assert_eq!(fs::read(&taken).expect("there"), b"{\"other\":1}\n");
    assert_eq!(names(directory.path()).len(), 2);
    assert!(read_back::lines(directory.path()).contains(&event("a", 0)));
}

#[tokio::test]
async fn file_that_was_removed_is_not_written_to_any_more() {
    let directory = tempdir().expect("directory");
    let sink = sink(&directory).await;
    write(&sink, "a", 0, 1).await;
    fs::remove_file(read_back::files(directory.path()).remove(0)).expect("removed");
    write(&sink, "a", 1, 1).await;
    assert_eq!(read_back::lines(directory.path()), [event("a", 1)]);
    fs::remove_file(read_back::files(directory.path()).remove(0)).expect("removed");
    sink.close().await.expect("closed");
}

#[tokio::test]
async fn probe_leaves_nothing_and_tells_of_a_directory_that_is_gone() {
    let parent = tempdir().expect("directory");
    let directory = parent.path().join("data");
    let sink = FileSink::open(options(&directory)).await.expect("opened");
    sink.probe().await.expect("accepts");
    let left: Vec<_> = fs::read_dir(&directory).expect("there").collect();
    assert_eq!(left.len(), 1, "only the lock: {left:?}");
    fs::remove_dir_all(&directory).expect("removed");
    let reason = reason_of(&sink.probe().await.expect_err("gone"));
    assert!(reason.contains(&*directory.to_string_lossy()), "{reason}");
}

#[tokio::test]
async fn empty_batch_makes_no_file() {
    let directory = tempdir().expect("directory");
    let sink = sink(&directory).await;
    write(&sink, "a", 0, 0).await;
    assert_eq!(names(directory.path()), Vec::<String>::new());
    sink.close().await.expect("closed");
    assert_eq!(names(directory.path()), Vec::<String>::new());
}

#[tokio::test]
async fn dropped_write_is_whole_or_not_there() {
    let directory = tempdir().expect("directory");
    let sink = Arc::new(sink(&directory).await);
    for part in 0..50 {
        let batch = Batch::of(parcel("dropped", part, 100));
        tokio::select! {
            biased;
            _answer = sink.write(&batch) => {}
            () = tokio::task::yield_now() => {}
        }
    }
    write(&sink, "kept", 0, 1).await;
    sink.close().await.expect("closed");
    let lines = read_back::lines(directory.path());
    assert_eq!(lines.len() % 100, 1);
    assert!(lines.contains(&event("kept", 0)));
}

#[test]
fn torn_write_is_cut_back_before_the_next() {
    let directory = tempdir().expect("directory");
    let path = directory.path().join("trail-1-1.ndjson");
    let file = fs::File::options().append(true).create_new(true).open(&path).expect("file");
    let other = file.try_clone().expect("handle");
    let mut open = open_file::OpenFile::new(path.clone(), file);
    open.append(Compression::None, &[b"one\n"]).expect("written");
    std::io::Write::write_all(&mut &other, b"half a li").expect("written");
    open.tear();
    open.append(Compression::None, &[b"two\n"]).expect("written");
    assert_eq!(fs::read(&path).expect("there"), b"one\ntwo\n");
}
