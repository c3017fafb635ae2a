//! Processing one message: held, lived through, and its disposition carried out.

use crate::acknowledge::Done;
use crate::disposition::{Disposition, Finding, decide, not_set_aside};
use crate::health::chain;
use crate::hold::Hold;
use crate::life;
use crate::metrics::{Chooser, Outcome, Reason};
use crate::pipeline::Pipeline;
use crate::queue::{DeadLettered, Message, QueueError};
use crate::receive::Received;
use crate::report::Report;
use crate::selection::Chosen;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use trail_event::List;
use trail_notification::ObjectRef;

impl Pipeline {
    /// One message from its receipt to its fate.
    pub(crate) async fn process(self: Arc<Self>, received: Received, done: mpsc::Sender<Done>) {
        let Received { message, hold, places } = received;
        let finding = if self.stop.is_cancelled() {
            Finding::Stopped
        } else {
            let life = life::of_message(&self, &message, places.entry);
            match tokio::time::timeout_at(hold.deadline(), life).await {
                Ok(finding) => finding,
                Err(_elapsed) => Finding::HeldTooLong,
            }
        };
        let reason = finding.reason();
        if matches!(finding, Finding::Panicked) {
            self.metrics.panics.inc();
        }
        match self.carry_out(decide(finding), &message, reason).await {
            Some(delay) => {
                if self.stop.is_cancelled() {
                    // A receive that is still waiting would take it again, and hide it.
                    self.receiving_over.cancelled().await;
                }
                self.release(hold, delay, reason);
            }
            // Nobody takes it only after the grace period: then the hold is dropped with it.
            None => drop(done.send(Done { hold, slot: places.slot }).await),
        }
    }

    /// Carries out a disposition as far as the queue is concerned. `None`: delete the message;
    /// else give it back after the delay.
    async fn carry_out(
        &self,
        disposition: Disposition,
        message: &Message,
        reason: &'static str,
    ) -> Option<Duration> {
        let dead_letter = match disposition {
            Disposition::Delete => return None,
            Disposition::Release(delay) => return Some(delay),
            Disposition::DeadLetter(dead_letter) => dead_letter,
        };
        let stored = self.queue.dead_letter(message, &dead_letter).await;
        self.health.judge("dead-letter queue", &stored);
        let (message_id, receives) = (&message.id, message.receives);
        let (detail, object) = (dead_letter.detail, dead_letter.object);
        let passing = matches!(stored, Err(QueueError::Unavailable(_)));
        match stored {
            Ok(DeadLettered::Durable) => {
                tracing::error!(message_id, reason, detail, object, "dead-lettered");
                self.metrics.dead_lettered.get_or_create(&Reason { reason }).inc();
                return None;
            }
            Ok(DeadLettered::NoDeadLetterQueue) => {
                let hint = "give the queue a dead-letter queue: until then the message comes again";
                tracing::error!(message_id, reason, detail, object, hint, "cannot set aside");
            }
            Err(error) => {
                let error = chain(&error);
                tracing::error!(message_id, reason, detail, object, error, "could not dead-letter");
            }
        }
        Some(not_set_aside(passing, receives))
    }

    fn release(&self, hold: Hold, delay: Duration, reason: &'static str) {
        self.metrics.released.get_or_create(&Reason { reason }).inc();
        hold.release_after(delay);
    }

    /// Takes the account of an object that was read to its end.
    pub(crate) fn account(
        &self,
        object: &ObjectRef,
        report: &Report,
        chosen: &[Chosen],
        decompressed: u64,
    ) -> Finding {
        if !report.balances() {
            debug_assert!(report.balances(), "records of {object} are unaccounted for: {report:?}");
            tracing::error!(%object, ?report, "records unaccounted for, message will be given back");
            return Finding::Lost;
        }
        self.metrics.objects.inc();
        self.metrics.records.inc_by(report.read);
        self.metrics.decompressed_bytes.inc_by(decompressed);
        for (route, count) in self.routes.iter().zip(&report.sinks) {
            let outcomes = [
                ("delivered", count.delivered),
                ("filtered", count.filtered),
                ("quarantined", count.quarantined),
            ];
            for (outcome, events) in outcomes {
                let label = Outcome { sink: route.name.clone(), outcome };
                self.metrics.events.get_or_create(&label).inc_by(events);
            }
        }
        chosen.iter().for_each(|chosen| self.count_choices(chosen));
        tracing::debug!(%object, records = report.read, "object delivered");
        Finding::Delivered
    }

    /// Counts, for each sink that shares the selectors, what each of their entries chose.
    fn count_choices(&self, Chosen { routes, tally }: &Chosen) {
        for route in routes.iter().filter_map(|place| self.routes.get(*place)) {
            let lists = [
                (List::Select, &tally.selected, &self.metrics.selected_events),
                (List::Exclude, &tally.excluded, &self.metrics.excluded_events),
            ];
            for (list, counts, metric) in lists {
                for (selector, events) in route.selectors.names(list).zip(counts) {
                    let (sink, selector) = (route.name.clone(), selector.to_owned());
                    metric.get_or_create(&Chooser { sink, selector }).inc_by(*events);
                }
            }
        }
    }

    pub(crate) fn count_ignored(&self, reason: &'static str) {
        self.metrics.ignored.get_or_create(&Reason { reason }).inc();
    }
}
