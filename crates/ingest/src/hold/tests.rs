use super::*;
use crate::memory::{Call, EntryFault, Happening, MemoryQueue};
use tokio::time::sleep;

const VISIBILITY: Duration = Duration::from_secs(30);
const BACK: Happening = Happening::Hidden(Duration::ZERO);

struct Fixture {
    queue: Arc<MemoryQueue>,
    holds: Holds,
    done: CancellationToken,
    keeper: JoinSet<()>,
    metrics: Metrics,
}

impl Fixture {
    fn new() -> Self {
        let queue = Arc::new(MemoryQueue::new());
        let metrics = Metrics::default();
        let port = Arc::clone(&queue) as Arc<dyn Queue>;
        let holds = Holds::new(port, VISIBILITY, metrics.clone(), Health::default());
        let done = CancellationToken::new();
        let mut keeper = JoinSet::new();
        keeper.spawn(holds.clone().keep(done.clone()));
        Self { queue, holds, done, keeper, metrics }
    }

    async fn hold_one(&self) -> Hold {
        self.queue.send("held");
        let received = self.queue.receive(1, VISIBILITY, VISIBILITY).await;
        self.holds.hold(&received.unwrap()[0])
    }

    fn hidden(&self) -> Vec<Happening> {
        let log = self.queue.log().into_iter().map(|logged| logged.what);
        log.filter(|what| matches!(what, Happening::Hidden(_))).collect()
    }

    async fn end(mut self) -> usize {
        self.done.cancel();
        self.keeper.join_next().await.unwrap().unwrap();
        self.holds.lock().held.len()
    }
}

#[tokio::test(start_paused = true)]
async fn dropped_hold_gives_its_message_back_at_once() {
    let fixture = Fixture::new();
    drop(fixture.hold_one().await);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(fixture.hidden(), [BACK]);
    assert_eq!(fixture.metrics.held.get(), 0);
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn settled_hold_is_neither_extended_nor_given_back() {
    let fixture = Fixture::new();
    fixture.hold_one().await.settle();
    sleep(VISIBILITY * 4).await;
    assert_eq!(fixture.hidden(), []);
    assert_eq!(fixture.metrics.held.get(), 0);
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_is_given_back_after_the_delay_asked_for() {
    let fixture = Fixture::new();
    let delay = Duration::from_secs(60);
    fixture.hold_one().await.release_after(delay);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(fixture.hidden(), [Happening::Hidden(delay)]);
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_released_while_it_is_being_extended_is_given_back_after_that() {
    let fixture = Fixture::new();
    let slow = Duration::from_secs(3);
    fixture.queue.take_time(Call::ChangeVisibility, slow);
    let hold = fixture.hold_one().await;
    sleep(VISIBILITY / 2 + Duration::from_secs(1)).await;
    assert_eq!(fixture.queue.calls(Call::ChangeVisibility), 1, "under way");
    drop(hold);
    sleep(slow * 3).await;
    assert_eq!(fixture.hidden(), [Happening::Hidden(VISIBILITY), BACK]);
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_settled_while_it_is_being_extended_is_left_alone_after_that() {
    let fixture = Fixture::new();
    let slow = Duration::from_secs(3);
    fixture.queue.take_time(Call::ChangeVisibility, slow);
    let hold = fixture.hold_one().await;
    sleep(VISIBILITY / 2 + Duration::from_secs(1)).await;
    assert_eq!(fixture.queue.calls(Call::ChangeVisibility), 1, "under way");
    let deleted = fixture.queue.delete(&[hold.receipt().clone()]).await;
    assert!(deleted.unwrap().is_empty());
    hold.settle();
    sleep(VISIBILITY * 4).await;
    assert_eq!(fixture.queue.calls(Call::ChangeVisibility), 1);
    assert_eq!(fixture.metrics.holds_lost.get(), 0);
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_whose_delete_worked_unheard_is_not_counted_as_lost() {
    let fixture = Fixture::new();
    let hold = fixture.hold_one().await;
    hold.deleting();
    let deleted = fixture.queue.delete(&[hold.receipt().clone()]).await;
    assert!(deleted.unwrap().is_empty());
    sleep(VISIBILITY * 2).await;
    assert_eq!(fixture.queue.calls(Call::ChangeVisibility), 1, "and not held any more");
    assert_eq!(fixture.metrics.holds_lost.get(), 0);
    hold.settle();
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_that_came_into_view_before_it_was_deleted_is_counted_as_lost() {
    let fixture = Fixture::new();
    let hold = fixture.hold_one().await;
    hold.deleting();
    fixture.queue.fail_next(Call::ChangeVisibility, 20);
    sleep(VISIBILITY + Duration::from_millis(1)).await;
    let again = fixture.queue.receive(1, VISIBILITY, VISIBILITY).await.unwrap();
    assert_eq!(again.len(), 1, "it is in view");
    fixture.queue.mend();
    sleep(VISIBILITY / 2).await;
    assert_eq!(fixture.metrics.holds_lost.get(), 1);
    hold.settle();
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn keeper_ends_only_when_everything_is_given_back() {
    let fixture = Fixture::new();
    let hold = fixture.hold_one().await;
    let faults = (Call::ChangeVisibility, 2, EntryFault::Passing);
    fixture.queue.fail_entries(faults.0, faults.1, faults.2);
    fixture.done.cancel();
    drop(hold);
    let queue = Arc::clone(&fixture.queue);
    assert_eq!(fixture.end().await, 0);
    assert_eq!(queue.count(|what| what == BACK), 1);
}

#[tokio::test(start_paused = true)]
async fn release_that_always_fails_is_left_to_the_timeout() {
    let fixture = Fixture::new();
    let hold = fixture.hold_one().await;
    fixture.queue.fail_next(Call::ChangeVisibility, 1_000);
    drop(hold);
    let queue = Arc::clone(&fixture.queue);
    assert_eq!(fixture.end().await, 0);
    assert_eq!(queue.calls(Call::ChangeVisibility), 3);
}

#[tokio::test(start_paused = true)]
async fn two_receives_of_one_message_are_held_apart() {
    let fixture = Fixture::new();
    let first = fixture.hold_one().await;
    fixture.queue.expose();
    let again = fixture.queue.receive(1, VISIBILITY, VISIBILITY).await;
    let second = fixture.holds.hold(&again.unwrap()[0]);
    drop(first);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(fixture.hidden(), [], "the old receipt is good for nothing");
    sleep(VISIBILITY * 3).await;
    assert!(fixture.hidden().len() >= 5 && !fixture.hidden().contains(&BACK));
    second.settle();
    assert_eq!(fixture.end().await, 0);
}

#[tokio::test(start_paused = true)]
async fn message_is_extended_beside_one_that_can_be_held_no_longer() {
    let fixture = Fixture::new();
    let old = fixture.hold_one().await;
    tokio::time::sleep_until(old.deadline() - VISIBILITY / 4).await;
    let young = fixture.hold_one().await;
    let before = fixture.hidden().len();
    sleep(VISIBILITY * 3).await;
    assert!(fixture.hidden().len() >= before + 5, "{} extensions", fixture.hidden().len() - before);
    young.settle();
    old.settle();
    assert_eq!(fixture.end().await, 0);
}
