use super::*;
use trail_logfile::Position;

const OBJECT: &str = "s3://b/k";
const AT_ONCE: Disposition = Disposition::Release(Duration::ZERO);
const LATER: Disposition = Disposition::Release(BACK_OFF);

fn unreadable(error: FetchError) -> Finding {
    Finding::Unreadable { object: OBJECT.to_owned(), error }
}

fn corrupt(error: trail_logfile::Error) -> Finding {
    Finding::Corrupt { object: OBJECT.to_owned(), error }
}

fn not_allowed() -> Finding {
    Finding::NotAllowed { object: OBJECT.to_owned() }
}

fn truncated() -> trail_logfile::Error {
    trail_logfile::Error::Truncated { at: Position { offset: 40, records: 3 }, part: "json text" }
}

/// What is told of a finding that sets a message aside.
fn told(finding: Finding) -> (&'static str, String, Option<String>) {
    match decide(finding) {
        Disposition::DeadLetter(letter) => (letter.reason, letter.detail, letter.object),
        other @ (Disposition::Delete | Disposition::Release(_)) => panic!("{other:?}"),
    }
}

#[test]
fn only_what_is_done_is_deleted() {
    assert_eq!(decide(Finding::Delivered), Disposition::Delete);
    assert_eq!(decide(Finding::NothingToDo), Disposition::Delete);
}

#[test]
fn what_a_fault_outside_keeps_from_being_done_comes_again() {
    for finding in [
        unreadable(FetchError::Denied),
        unreadable(FetchError::Unavailable),
        Finding::HeldTooLong,
        Finding::Panicked,
        Finding::Lost,
    ] {
        let shown = format!("{finding:?}");
        assert_eq!(decide(finding), LATER, "{shown}");
    }
    let times = [0, 1, 2, 3, 9, 1_000].map(|receives| not_set_aside(false, receives).as_secs());
    assert_eq!(times, [60, 60, 120, 240, 1_800, 1_800]);
    assert_eq!(not_set_aside(true, 9).as_secs(), 60);
    assert!(BACK_OFF >= Duration::from_secs(10), "a hot loop");
}

#[test]
fn what_the_stop_interrupts_comes_again_at_once() {
    assert_eq!(decide(Finding::Stopped), AT_ONCE);
    assert_eq!(decide(unreadable(FetchError::Stopped)), AT_ONCE);
}

#[test]
fn what_is_no_use_to_try_again_is_set_aside_with_reason_and_object() {
    let (reason, detail, object) = told(Finding::Unrecognized(Unrecognized::UnknownShape));
    assert_eq!((reason, object), ("unknown_shape", None));
    assert!(detail.contains("no known shape"), "{detail}");

    let (reason, _, object) = told(not_allowed());
    assert_eq!((reason, object.as_deref()), ("refused", Some(OBJECT)));

    for (error, expect) in [
        (FetchError::NotFound, "not_found"),
        (FetchError::Replaced, "replaced"),
        (FetchError::Archived, "archived"),
    ] {
        let (reason, detail, object) = told(unreadable(error));
        assert_eq!((reason, object.as_deref()), (expect, Some(OBJECT)));
        assert!(!detail.is_empty());
    }
}

#[test]
fn corrupt_object_is_set_aside_with_its_position_and_what_was_delivered() {
    let (reason, detail, object) = told(corrupt(truncated()));
    assert_eq!((reason, object.as_deref()), ("truncated", Some(OBJECT)));
    let expect = "json text ends too early at decompressed byte 40, after 3 records, \
                  which were delivered";
    assert_eq!(detail, expect);
}

/// Findings from the least to the worst; those of one row are alike.
fn rows() -> [Vec<Finding>; 6] {
    [
        vec![Finding::NothingToDo],
        vec![Finding::Delivered],
        vec![
            Finding::Unrecognized(Unrecognized::NotJson),
            not_allowed(),
            corrupt(truncated()),
            unreadable(FetchError::NotFound),
            unreadable(FetchError::Replaced),
            unreadable(FetchError::Archived),
        ],
        vec![unreadable(FetchError::Denied), unreadable(FetchError::Unavailable)],
        vec![Finding::HeldTooLong, Finding::Panicked, Finding::Lost],
        vec![Finding::Stopped, unreadable(FetchError::Stopped)],
    ]
}

#[test]
fn of_two_findings_the_worse_decides_in_either_order() {
    let count = rows().len();
    for low in 0..count {
        for high in low + 1..count {
            for (n, m) in pairs(rows()[low].len(), rows()[high].len()) {
                let pick = |row: usize, n: usize| rows()[row].swap_remove(n);
                let expect = pick(high, m).reason();
                assert_eq!(pick(low, n).or_worse(pick(high, m)).reason(), expect);
                assert_eq!(pick(high, m).or_worse(pick(low, n)).reason(), expect);
            }
        }
    }
}

fn pairs(first: usize, second: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..first).flat_map(move |n| (0..second).map(move |m| (n, m)))
}

#[test]
fn every_finding_has_a_reason_that_can_be_counted() {
    for finding in rows().into_iter().flatten() {
        let reason = finding.reason();
        let fits = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(!reason.is_empty() && reason.chars().all(fits), "{reason}");
    }
}
