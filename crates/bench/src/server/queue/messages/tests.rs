use super::*;

const LONG: Duration = Duration::from_secs(10);

struct Subject {
    messages: Messages,
    faults: Faults,
    now: Instant,
}

impl Subject {
    fn with(count: usize) -> Self {
        let mut messages = Messages::new("trail", true);
        let now = Instant::now();
        for number in 0..count {
            messages.send(now, format!("body {number}"), BTreeMap::new());
        }
        Self { messages, faults: Faults::default(), now }
    }

    fn after(&mut self, seconds: u64) -> &mut Self {
        self.now += Duration::from_secs(seconds);
        self
    }

    fn take(&mut self) -> Vec<Received> {
        self.messages.take(self.now, 10, Some(LONG), &self.faults)
    }

    fn bodies(&mut self) -> Vec<String> {
        self.take().iter().map(|received| received.body.to_string()).collect()
    }

    fn delete(&mut self, receipt: &str) -> Result<bool, ReceiptError> {
        self.messages.delete(self.now, receipt)
    }
}

#[test]
fn received_message_is_hidden_until_its_timeout() {
    let mut subject = Subject::with(2);
    assert_eq!(subject.bodies(), ["body 0", "body 1"]);
    assert!(subject.after(9).take().is_empty());
    let again = subject.after(1).take();
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|received| received.receives == 2));
}

#[test]
fn old_receipt_deletes_nothing_and_the_newest_does() {
    let mut subject = Subject::with(1);
    let old = subject.take().remove(0);
    let new = subject.after(10).take().remove(0);
    assert_eq!(subject.delete(&old.receipt), Ok(false));
    assert_eq!(subject.messages.depth(subject.now).messages, 1);
    assert_eq!(subject.after(3).delete(&new.receipt), Ok(true));
    assert_eq!(subject.delete(&new.receipt), Ok(false));
    assert_eq!(subject.delete("nonsense"), Err(ReceiptError::Invalid));
    assert_eq!(subject.messages.lags, [Duration::from_secs(13)]);
}

#[test]
fn receipt_whose_time_is_over_deletes_while_nobody_else_received() {
    let mut subject = Subject::with(1);
    let received = subject.take().remove(0);
    assert_eq!(subject.after(60).delete(&received.receipt), Ok(true));
    assert!(subject.take().is_empty());
}

#[test]
fn visibility_is_changed_only_in_flight() {
    let mut subject = Subject::with(1);
    let received = subject.take().remove(0);
    let mut change = |after, visibility| {
        subject.after(after);
        let visibility = Duration::from_secs(visibility);
        subject.messages.change_visibility(subject.now, &received.receipt, visibility)
    };
    assert_eq!(change(9, 20), Ok(()));
    assert_eq!(change(19, 20), Ok(()));
    assert_eq!(change(1, 0), Ok(()));
    assert_eq!(change(0, 20), Err(ReceiptError::NotInFlight));
    let again = subject.take().remove(0);
    assert_eq!(subject.delete(&again.receipt), Ok(true));
    let gone = subject.messages.change_visibility(subject.now, &again.receipt, LONG);
    assert_eq!(gone, Err(ReceiptError::Gone));
}

#[test]
fn message_received_too_often_is_exhausted() {
    let mut subject = Subject::with(1);
    subject.messages.max_receives = Some(2);
    for _receive in 0..2 {
        assert_eq!(subject.take().len(), 1);
        assert!(subject.messages.exhausted.is_empty());
        subject.after(10);
    }
    assert!(subject.take().is_empty());
    assert_eq!(subject.messages.exhausted, ["body 0"]);
    assert_eq!(subject.messages.depth(subject.now).messages, 0);
}

#[test]
fn both_receipts_of_a_duplicate_are_good() {
    let mut subject = Subject::with(1);
    subject.faults.set(|rates| rates.sqs.duplicate = 1.0);
    let first = subject.messages.take(subject.now, 1, Some(LONG), &subject.faults).remove(0);
    subject.faults.quiet();
    let second = subject.after(1).take().remove(0);
    assert_eq!(first.id, second.id);
    let extended = subject.messages.change_visibility(subject.now, &first.receipt, LONG);
    assert_eq!(extended, Ok(()));
    assert_eq!(subject.delete(&first.receipt), Ok(true));
    assert_eq!(subject.delete(&second.receipt), Ok(false));
}

#[test]
fn every_message_comes_once_in_any_order() {
    let mut subject = Subject::with(10);
    subject.faults.set(|rates| rates.sqs.reordered = 1.0);
    let bodies = subject.bodies();
    let mut sorted = bodies.clone();
    sorted.sort();
    assert_ne!(bodies, sorted);
    sorted.dedup();
    assert_eq!(sorted.len(), 10);
}
