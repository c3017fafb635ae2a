//! Whether the daemon is ready, and what keeps it from being so: for `/readyz` and as metrics.

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use std::collections::BTreeMap;
use std::fmt;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use trail_ingest::Health;
use trail_sink::Condition;

/// All that readiness depends on.
#[derive(Clone, Debug)]
pub(crate) struct Readiness {
    pub(crate) health: Health,
    pub(crate) sinks: Vec<(String, watch::Receiver<Condition>)>,
    pub(crate) stop: CancellationToken,
}

impl Readiness {
    /// Why the daemon is not ready, by component; empty when it is.
    pub(crate) fn reasons(&self) -> BTreeMap<String, String> {
        let components = self.components().into_iter();
        components.filter_map(|(component, reason)| Some((component, reason?))).collect()
    }

    /// Every component that is known, and why it is not ready.
    fn components(&self) -> BTreeMap<String, Option<String>> {
        let mut components = self.health.components();
        for (name, condition) in &self.sinks {
            let reason = condition.borrow().reason().map(str::to_owned);
            components.insert(format!("sink {name}"), reason);
        }
        if self.stop.is_cancelled() {
            components.insert("daemon".to_owned(), Some("stopping".to_owned()));
        }
        components
    }
}

impl Collector for Readiness {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let components = self.components();
        let help = "Whether the daemon is ready: 1 or 0.";
        let metric = encoder.encode_descriptor("traild_ready", help, None, MetricType::Gauge)?;
        gauge(components.values().all(Option::is_none)).encode(metric)?;

        let help = "Whether a component works, as far as is known: 1 or 0.";
        let name = "traild_component_ready";
        let mut metric = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
        for (component, reason) in components {
            gauge(reason.is_none()).encode(metric.encode_family(&[("component", component)])?)?;
        }
        Ok(())
    }
}

fn gauge(holds: bool) -> ConstGauge {
    ConstGauge::new(i64::from(holds))
}
