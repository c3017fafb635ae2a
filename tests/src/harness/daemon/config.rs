//! The daemon's configuration: the harness's, with a test's over it.

use crate::harness::trail::Trail;
use anyhow::Context as _;
use toml::{Table, Value};

/// Where the sink writes.
pub(super) const EVENTS: &str = "events";
/// Its standard error.
pub(super) const LOG: &str = "traild.log";
/// Its standard output.
pub(super) const STANDARD_OUTPUT: &str = "stdout.txt";

/// The configuration for this trail, with `overrides` over it, the last on top.
pub(super) fn compose(trail: &Trail, overrides: &[String]) -> anyhow::Result<String> {
    let mut config = of_trail(trail.queue_url(), trail.bucket())?;
    for text in overrides {
        let over: Table = text.parse().with_context(|| format!("this is no TOML:\n{text}"))?;
        lay_over(&mut config, over);
    }
    Ok(config.to_string())
}

/// Short waits, and a port that nobody else has.
fn of_trail(queue_url: &str, bucket: &str) -> anyhow::Result<Table> {
    let text = format!(
        "[source]\nqueue_url = {}\nbuckets = [{}]\nreceive_wait = \"1s\"\n\
         [admin]\nlisten = \"127.0.0.1:0\"\n\
         [quarantine]\npath = \"quarantine\"\n\
         [[sink]]\ntype = \"file\"\npath = \"{EVENTS}\"\n",
        Value::from(queue_url),
        Value::from(bucket),
    );
    text.parse().context("the harness's own configuration is no TOML")
}

/// Keys of tables one by one; all else as a whole.
fn lay_over(config: &mut Table, over: Table) {
    for (name, value) in over {
        match (config.get_mut(&name), value) {
            (Some(Value::Table(below)), Value::Table(above)) => lay_over(below, above),
            (_, value) => {
                config.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(over: &str) -> Table {
        let mut config = of_trail("http://127.0.0.1/0/q", "b").unwrap();
        lay_over(&mut config, over.parse().unwrap());
        config.to_string().parse().unwrap()
    }

    #[test]
    fn key_goes_over_the_one_of_the_harness_and_its_neighbours_stay() {
        let config = with("[source]\nreceive_wait = \"5s\"\n[limits]\nrecord = 9");
        assert_eq!(config["source"]["receive_wait"].as_str(), Some("5s"));
        assert_eq!(config["source"]["queue_url"].as_str(), Some("http://127.0.0.1/0/q"));
        assert_eq!(config["limits"]["record"].as_integer(), Some(9));
    }

    #[test]
    fn sinks_replace_the_sink_of_the_harness() {
        assert_eq!(with("")["sink"].as_array().unwrap().len(), 1);
        let config = with("[[sink]]\ntype = \"stdout\"");
        let sinks = config["sink"].as_array().unwrap();
        assert_eq!((sinks.len(), sinks[0]["type"].as_str()), (1, Some("stdout")));
    }
}
