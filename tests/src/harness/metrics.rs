//! What the daemon says of itself at `/metrics`, read.

use std::collections::BTreeMap;

/// Samples, in the order they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    samples: Vec<Sample>,
}

/// One line of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The name, `_total` included where it is a counter.
    pub name: String,
    /// The labels.
    pub labels: BTreeMap<String, String>,
    /// The value.
    pub value: f64,
}

impl Metrics {
    /// Reads the text format of `OpenMetrics`. Lines that are no samples are passed over.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        Self { samples: samples.filter_map(Sample::parse).collect() }
    }

    /// All samples.
    #[must_use]
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    /// The sum of the samples of this name whose labels include all of these: 0 if there is none,
    /// as a counter with labels is not there before it has counted.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        let of_name = self.samples.iter().filter(|sample| sample.name == name);
        let matching = of_name.filter(|sample| sample.has(labels));
        matching.map(|sample| sample.value).sum()
    }

    /// As [`Metrics::sum`], of a counter, whose values are whole.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counters are whole and not negative; the cast saturates"
    )]
    pub fn count(&self, name: &str, labels: &[(&str, &str)]) -> u64 {
        self.sum(name, labels) as u64
    }
}

impl Sample {
    fn parse(line: &str) -> Option<Self> {
        let (series, value) = match line.rsplit_once('}') {
            Some((series, value)) => (series, value),
            None => line.split_once(' ')?,
        };
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let value = value.split_whitespace().next()?.parse().ok()?;
        Some(Self { name: name.to_owned(), labels: parse_labels(labels), value })
    }

    fn has(&self, labels: &[(&str, &str)]) -> bool {
        let has =
            |(label, value): &(&str, &str)| self.labels.get(*label).is_some_and(|own| own == value);
        labels.iter().all(has)
    }
}

/// `a="1",b="2"`. A quote within a value is escaped, as are a backslash and a line break.
fn parse_labels(mut text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    while let Some((name, rest)) = text.split_once("=\"") {
        let Some((value, rest)) = quoted(rest) else {
            break;
        };
        labels.insert(name.to_owned(), value);
        text = rest.strip_prefix(',').unwrap_or(rest);
    }
    labels
}

/// The value up to the quote that ends it, and what comes after.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return Some((value, characters.as_str())),
            '\\' => match characters.next()? {
                'n' => value.push('\n'),
                escaped => value.push(escaped),
            },
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP traild_records Records read from objects.\n\
        # TYPE traild_records counter\n\
        traild_records_total 12\n\
        traild_events_total{sink=\"a\",outcome=\"delivered\"} 7\n\
        traild_events_total{sink=\"b\",outcome=\"delivered\"} 5 1700000000.0\n\
        traild_events_total{sink=\"b\",outcome=\"quarantined\"} 1\n\
        odd{why=\"a \\\"}\\\" and, b=\\\\\"} 0.5\n\
        # EOF\n";

    #[test]
    fn samples_are_summed_over_the_labels_not_named() {
        let metrics = Metrics::parse(TEXT);
        assert_eq!(metrics.count("traild_records_total", &[]), 12);
        assert_eq!(metrics.count("traild_events_total", &[("outcome", "delivered")]), 12);
        assert_eq!(metrics.count("traild_events_total", &[("sink", "b")]), 6);
        assert_eq!(metrics.samples().len(), 5);
    }

    #[test]
    fn counter_that_is_not_there_is_zero() {
        let metrics = Metrics::parse(TEXT);
        assert_eq!(metrics.count("traild_panics_total", &[]), 0);
        assert_eq!(metrics.count("traild_events_total", &[("sink", "c")]), 0);
    }

    #[test]
    fn label_may_hold_every_character() {
        let metrics = Metrics::parse(TEXT);
        assert_eq!(metrics.sum("odd", &[("why", "a \"}\" and, b=\\")]), 0.5);
    }
}
