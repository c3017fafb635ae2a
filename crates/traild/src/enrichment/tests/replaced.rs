//! Files that are replaced, broken and taken away while they are used.

use super::*;

/// A database of one city, whose name is in every text of it.
fn town(name: &str) -> Vec<u8> {
    let area = json!({ "names": { "en": name }, "iso_code": name });
    let record = json!({ "city": area.clone(), "country": area.clone(), "subdivisions": [area] });
    database("GeoLite2-City", Addresses::Both, &[("192.0.2.0/24", record)])
}

fn city_name(files: &EnrichmentFiles) -> Option<String> {
    let mut found = None;
    files.locate([192, 0, 2, 1].into(), &mut |location| {
        found = location.city_name.map(str::to_owned);
    });
    found
}

/// The file of places, and how it was at the start.
fn places(files: &EnrichmentFiles) -> (&Watched<Places>, Option<Stamp>) {
    let file = files.places.as_ref().unwrap();
    (file, file.opened())
}

#[test]
fn file_that_did_not_change_is_not_read_again() {
    let folder = Folder::new().with_city(&town("Old"));
    let files = folder.open();
    let (file, mut seen) = places(&files);
    let before = Arc::as_ptr(&file.current());
    assert_eq!(file.look(&mut seen), Look::Unchanged);
    assert_eq!(Arc::as_ptr(&file.current()), before);
}

#[test]
fn new_file_takes_the_place_of_the_old_one_while_that_is_being_read() {
    let folder = Folder::new().with_city(&town("Old"));
    let files = folder.open();
    let (file, mut seen) = places(&files);
    files.locate([192, 0, 2, 1].into(), &mut |location| {
        folder.write("city.mmdb", &town("New"));
        assert_eq!(file.look(&mut seen), Look::Replaced);
        assert_eq!(location.city_name, Some("Old"));
        assert_eq!(location.region_code, Some("Old"));
    });
    assert_eq!(city_name(&files).as_deref(), Some("New"));
    assert_eq!(file.look(&mut seen), Look::Unchanged);
}

#[test]
fn readers_on_many_threads_see_one_database_or_the_other_never_both() {
    let folder = Folder::new().with_city(&town("Town-0"));
    let files = folder.open();
    let done = AtomicBool::new(false);
    let read = || {
        let mut answers = 0;
        while !done.load(Ordering::Relaxed) {
            files.locate([192, 0, 2, 1].into(), &mut |location| {
                let name = location.city_name.unwrap();
                assert!(name.starts_with("Town-"), "{name}");
                assert_eq!(location.country_code, Some(name));
                assert_eq!(location.region_name, Some(name));
                answers += 1;
            });
        }
        answers
    };
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..3).map(|_| scope.spawn(read)).collect();
        let (file, mut seen) = places(&files);
        let mut replace = |number| {
            folder.write("city.mmdb", &town(&format!("Town-{number}")));
            file.look(&mut seen)
        };
        let looks: Vec<Look> = (1..=200).map(&mut replace).collect();
        // Before anything is asserted, or a failure would leave the readers running.
        done.store(true, Ordering::Relaxed);
        assert!(looks.iter().all(|look| *look == Look::Replaced), "{looks:?}");
        let answers: u64 = readers.into_iter().map(|reader| reader.join().unwrap()).sum();
        assert!(answers > 0);
    });
    assert_eq!(city_name(&files).as_deref(), Some("Town-200"));
}

#[test]
fn broken_file_is_told_once_and_the_old_one_goes_on_until_a_good_one_comes() {
    let folder = Folder::new().with_city(&town("Old"));
    let files = folder.open();
    let (file, mut seen) = places(&files);
    let refused = |look: Look| matches!(look, Look::Refused(faults) if faults.len() == 1);
    let new = town("New");
    for broken in [&new[..new.len() / 2], b"", b"<html>sign in</html>", &asn()] {
        folder.write("city.mmdb", broken);
        assert!(refused(file.look(&mut seen)));
        assert_eq!(file.look(&mut seen), Look::Unchanged);
        assert_eq!(city_name(&files).as_deref(), Some("Old"));
    }
    fs::remove_file(folder.path("city.mmdb")).unwrap();
    assert!(refused(file.look(&mut seen)));
    assert_eq!(file.look(&mut seen), Look::Unchanged);
    assert_eq!(city_name(&files).as_deref(), Some("Old"));
    folder.write("city.mmdb", &new);
    assert_eq!(file.look(&mut seen), Look::Replaced);
    assert_eq!(city_name(&files).as_deref(), Some("New"));
}

#[test]
fn database_that_was_written_into_is_told_apart_from_one_that_was_replaced() {
    let folder = Folder::new().with_city(&town("Old")).with_accounts("111122223333,Old");
    let files = folder.open();
    let (file, mut seen) = places(&files);
    let touched = fs::File::options().append(true).open(folder.path("city.mmdb")).unwrap();
    touched.set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(file.look(&mut seen), Look::Replaced);
    // Longer, so that nothing that is mapped goes away.
    fs::write(folder.path("city.mmdb"), town("A longer name")).unwrap();
    assert_eq!(file.look(&mut seen), Look::Overwritten);
    assert_eq!(city_name(&files).as_deref(), Some("A longer name"));

    // A list of accounts is not mapped: an editor may write into it.
    let accounts = files.accounts.as_ref().unwrap();
    fs::write(folder.path("accounts.csv"), "111122223333,A longer name").unwrap();
    assert_eq!(accounts.look(&mut accounts.opened()), Look::Replaced);
    assert_eq!(name(&files, "111122223333").as_deref(), Some("A longer name"));
}

#[test]
fn link_that_is_turned_to_another_file_is_a_change() {
    let mut folder = Folder::new().with_city(&town("Old"));
    folder.write("other.mmdb", &town("New"));
    let link = folder.path("link.mmdb");
    std::os::unix::fs::symlink("city.mmdb", &link).unwrap();
    folder.settings.city_database = Some(link.clone());
    let files = folder.open();
    let (file, mut seen) = places(&files);
    std::os::unix::fs::symlink("other.mmdb", folder.path("beside")).unwrap();
    fs::rename(folder.path("beside"), &link).unwrap();
    assert_eq!(file.look(&mut seen), Look::Replaced);
    assert_eq!(city_name(&files).as_deref(), Some("New"));
}

#[tokio::test(start_paused = true)]
async fn files_are_looked_at_every_so_often_until_the_stop() {
    let folder = Folder::new().with_city(&town("Old")).with_accounts("111122223333,Old");
    let files = Arc::new(folder.open());
    let stop = CancellationToken::new();
    let mut tasks = JoinSet::new();
    let (watched, stopped) = (Arc::clone(&files), stop.clone());
    tasks.spawn(async move { watched.watch(stopped).await });

    let after = async |seconds: u64| {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let account = name(&files, "111122223333");
        (city_name(&files).unwrap(), account.unwrap())
    };
    let both = |city: &str, account: &str| (city.to_owned(), account.to_owned());

    folder.write("city.mmdb", &town("New"));
    folder.write("accounts.csv", b"111122223333,New");
    assert_eq!(after(59).await, both("Old", "Old"));
    assert_eq!(after(2).await, both("New", "New"));
    folder.write("city.mmdb", b"broken");
    folder.write("accounts.csv", b"broken");
    assert_eq!(after(60).await, both("New", "New"));
    folder.write("city.mmdb", &town("Newer"));
    assert_eq!(after(60).await, both("Newer", "New"));
    stop.cancel();
    tasks.join_all().await;
}
