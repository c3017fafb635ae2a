use super::*;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

const MIB: usize = 1 << 20;

/// Uses a room as decompression does.
async fn filled(rooms: &Rooms, bytes: usize) -> Room {
    let mut room = rooms.take(bytes).await;
    room.buffer().unwrap().resize(bytes, 0);
    room
}

async fn is_pending<F: Future>(mut future: Pin<&mut F>) -> bool {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending())).await
}

#[tokio::test]
async fn buffer_is_used_again() {
    let rooms = Rooms::new(64 * MIB);
    let first = filled(&rooms, 28 * MIB - 70_000).await;
    let place = first.buffer.as_ptr();
    drop(first);
    assert_eq!(rooms.used(), 0);
    let second = filled(&rooms, 28 * MIB - 5_000).await;
    assert_eq!(second.buffer.as_ptr(), place);
    assert_eq!(rooms.used(), 28 * MIB);
}

#[tokio::test]
async fn idle_buffers_go_when_their_memory_is_needed() {
    let rooms = Rooms::new(64 * MIB);
    let both = (filled(&rooms, 30 * MIB).await, filled(&rooms, 30 * MIB).await);
    drop(both);
    // Neither is of use: one is too small, two are too many.
    let large = filled(&rooms, 60 * MIB).await;
    assert_eq!(rooms.used(), 60 * MIB);
    assert!(rooms.idle().is_empty());
    drop(large);
    let small = filled(&rooms, MIB).await;
    assert!(small.buffer.capacity() < 2 * MIB, "a large buffer for a small file");
}

#[tokio::test]
async fn who_waits_gets_what_comes_back_in_the_order_asked() {
    let rooms = Rooms::new(64 * MIB);
    let (one, two) = (filled(&rooms, 30 * MIB).await, filled(&rooms, 30 * MIB).await);
    let mut third = pin!(rooms.take(30 * MIB));
    let mut fourth = pin!(rooms.take(MIB));
    assert!(is_pending(third.as_mut()).await);
    assert!(is_pending(fourth.as_mut()).await, "it overtakes");
    let place = one.buffer.as_ptr();
    drop(one);
    let third = third.await;
    assert_eq!(third.buffer.as_ptr(), place);
    let fourth = fourth.await;
    assert!(rooms.used() <= rooms.total());
    drop((two, third, fourth));
    assert_eq!(rooms.used(), 0);
}

#[tokio::test(start_paused = true)]
async fn buffers_are_freed_after_a_while() {
    let rooms = Rooms::new(64 * MIB);
    drop(filled(&rooms, 30 * MIB).await);
    rooms.forget();
    assert_eq!(rooms.idle().len(), 1);
    tokio::time::advance(KEPT).await;
    rooms.forget();
    assert!(rooms.idle().is_empty());
}

#[tokio::test]
async fn more_than_there_is_takes_all() {
    let rooms = Rooms::new(MIB);
    let room = rooms.take(10 * MIB).await;
    assert_eq!(rooms.used(), MIB);
    drop(room);
    assert_eq!(rooms.used(), 0);
}

#[test]
fn sizes_are_rounded_by_an_eighth_at_most() {
    for bytes in [1, 4_096, 70_000, MIB, MIB + 1, 28 * MIB + 17] {
        let rounded = class(bytes);
        assert!(
            rounded >= bytes && rounded - bytes <= (bytes / 8).max(4_096),
            "{bytes}: {rounded}"
        );
    }
}
