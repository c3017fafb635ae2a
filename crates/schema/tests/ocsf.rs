//! What an event is in OCSF.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "ocsf/corpora.rs"]
mod corpora;
#[path = "ocsf/enriched.rs"]
mod enriched;
#[path = "ocsf/particular.rs"]
mod particular;
#[path = "ocsf/required.rs"]
mod required;
#[path = "ocsf/samples.rs"]
mod samples;

use serde_json::Value;
use trail_event::Reader;
use trail_schema::ocsf::{Detail, Options, Unmapped};
use trail_schema::{Encoder, Format, Schema, Scratch};

const VERSIONS: [Schema; 2] = [Schema::Ocsf11, Schema::Ocsf18];

/// Every way to write OCSF.
fn encoders() -> Vec<Encoder> {
    let mut encoders = Vec::new();
    for schema in VERSIONS {
        for detail in [Detail::SecurityLake, Detail::Extended] {
            for unmapped in [Unmapped::Flat, Unmapped::Nested] {
                let ocsf = Options { detail, unmapped };
                encoders.push(Encoder::new(&Format { schema, ocsf, ..Format::default() }));
            }
        }
    }
    encoders
}

fn line(encoder: &Encoder, record: &str) -> String {
    let mut line = Vec::new();
    encoder.encode(&Reader::new().read(0, record), &mut Scratch::default(), &mut line);
    String::from_utf8(line).unwrap()
}

fn encoded(schema: Schema, record: &str) -> Value {
    let encoder = Encoder::new(&Format { schema, ..Format::default() });
    serde_json::from_str(&line(&encoder, record)).unwrap()
}

fn extended(schema: Schema, record: &str) -> Value {
    let ocsf = Options { detail: Detail::Extended, unmapped: Unmapped::Flat };
    let encoder = Encoder::new(&Format { schema, ocsf, ..Format::default() });
    serde_json::from_str(&line(&encoder, record)).unwrap()
}
