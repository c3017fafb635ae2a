use super::*;
use tokio::task::JoinSet;

const QUICK: Duration = Duration::from_millis(20);

impl Pace {
    fn limit(&self) -> usize {
        self.state().limit
    }
}

/// More who want a place than there will ever be: each keeps it.
async fn crowd(pace: &Pace) -> JoinSet<()> {
    let mut crowd = JoinSet::new();
    for _ in 0..500 {
        let places = pace.places().clone();
        crowd.spawn(async move {
            let _place = places.take().await;
            std::future::pending::<()>().await;
        });
    }
    tokio::task::yield_now().await;
    crowd
}

fn answered(pace: &Pace, count: usize, after: Duration) {
    for _ in 0..count {
        pace.answered(after);
    }
}

fn free(places: &Places) -> usize {
    std::iter::from_fn(|| places.try_take()).collect::<Vec<_>>().len()
}

#[tokio::test(start_paused = true)]
async fn grows_while_all_places_are_taken_and_not_beyond_the_most() {
    let pace = Pace::new(64, Gauge::default());
    assert_eq!(pace.limit(), FIRST);
    pace.answered(QUICK);
    assert_eq!(pace.limit(), FIRST, "there were free places");
    let _crowd = crowd(&pace).await;
    answered(&pace, 20, QUICK);
    assert_eq!(pace.limit(), FIRST + 20);
    answered(&pace, 100, QUICK);
    assert_eq!(pace.limit(), 64);
    assert_eq!(free(pace.entries()), 2 * 64);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_halves_and_what_follows_it_within_a_second_does_not() {
    let pace = Pace::new(400, Gauge::default());
    let _crowd = crowd(&pace).await;
    answered(&pace, 368, QUICK);
    assert_eq!(pace.limit(), 400);
    pace.refused();
    pace.refused();
    assert_eq!(pace.limit(), 200);
    tokio::time::advance(BETWEEN_CUTS).await;
    pace.refused();
    assert_eq!(pace.limit(), 100);
    // From now on one more each round.
    answered(&pace, 100, QUICK);
    assert_eq!(pace.limit(), 101);
    answered(&pace, 100, QUICK);
    assert_eq!(pace.limit(), 101);
    for _ in 0..20 {
        tokio::time::advance(BETWEEN_CUTS).await;
        pace.refused();
    }
    assert_eq!(pace.limit(), LEAST);
}

#[tokio::test(start_paused = true)]
async fn answers_that_take_longer_end_the_growth_and_then_take_back() {
    let pace = Pace::new(400, Gauge::default());
    let _crowd = crowd(&pace).await;
    answered(&pace, 100, QUICK);
    let limit = pace.limit();
    // The mean follows slowly: some still count as quick.
    answered(&pace, 400, 4 * QUICK);
    assert!(pace.limit() < limit + 40, "{}", pace.limit());
    let limit = pace.limit();
    answered(&pace, 400, 4 * QUICK);
    assert_eq!(pace.limit(), limit);
    answered(&pace, 400, 30 * QUICK);
    assert_eq!(pace.limit(), limit - limit / 8);
    // What was far away stays far away: after two minutes this is what is usual.
    tokio::time::advance(REMEMBERED).await;
    answered(&pace, 400, 4 * QUICK);
    tokio::time::advance(REMEMBERED).await;
    answered(&pace, 400, 4 * QUICK);
    let limit = pace.limit();
    answered(&pace, 400, 4 * QUICK);
    assert!(pace.limit() > limit);
}

#[tokio::test(start_paused = true)]
async fn places_that_are_taken_away_while_they_are_held_do_not_come_back() {
    let places = Places::new(4);
    let held: Vec<_> = std::iter::from_fn(|| places.try_take()).collect();
    places.remove(3);
    drop(held);
    assert_eq!(free(&places), 1);
    places.add(2);
    assert_eq!(free(&places), 3);
    let held: Vec<_> = std::iter::from_fn(|| places.try_take()).collect();
    places.remove(2);
    places.add(1);
    drop(held);
    assert_eq!(free(&places), 2);
}

#[tokio::test]
async fn who_stops_waiting_does_not_count_as_waiting() {
    let places = Places::new(0);
    let waits = tokio::time::timeout(Duration::from_millis(1), places.take());
    assert!(waits.await.is_err());
    assert!(!places.are_taken());
}

#[test]
fn what_is_allowed_goes_before_the_least() {
    let pace = Pace::new(2, Gauge::default());
    pace.refused();
    assert_eq!(pace.limit(), 2);
}
