//! [`Parcel`]: what the daemon makes of the records of a file before it sends them.

use trail_event::Batch;
use trail_logfile::{Quotes, Record};
use trail_schema::{Encoder, Format, Redaction, Schema, Scratch};

/// As many bytes as the daemon puts into one.
const FULL: usize = 1 << 20;

/// Records as the lines of one schema, with the memory kept from one parcel to the next.
#[derive(Debug)]
pub struct Parcel {
    encoder: Encoder,
    batch: Batch,
    scratch: Scratch,
    lines: Vec<u8>,
}

impl Parcel {
    /// An empty one.
    #[must_use]
    pub fn new(schema: Schema) -> Self {
        // What a daemon hides unless it is told otherwise.
        let redaction = if schema == Schema::CloudTrail {
            Redaction::default()
        } else {
            Redaction::session_credentials()
        };
        let encoder = Encoder::new(&Format { schema, redaction, ..Format::default() });
        let lines = Vec::with_capacity(2 * FULL);
        Self { encoder, batch: Batch::default(), scratch: Scratch::default(), lines }
    }

    /// Whether the quotes of records are of use: one that is kept as it is need not be understood.
    #[must_use]
    pub fn quotes(&self) -> Quotes {
        if self.encoder.is_verbatim() { Quotes::Skip } else { Quotes::Note }
    }

    /// Adds a line for each record, and sends the parcel when it is full.
    ///
    /// # Errors
    /// What `send` fails with.
    pub fn add<E>(
        &mut self,
        run: &[Record<'_>],
        mut send: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.encoder.is_verbatim() {
            for record in run {
                Encoder::copy(record.json, &mut self.lines);
                self.lines.push(b'\n');
            }
        } else {
            let records = run.iter().map(|record| (record.index, record.json, record.quotes));
            for event in self.batch.read(records) {
                self.encoder.encode(&event, &mut self.scratch, &mut self.lines);
                self.lines.push(b'\n');
            }
        }
        if self.lines.len() >= FULL { self.send(&mut send) } else { Ok(()) }
    }

    /// Sends what is in it, which is none of it any more then.
    ///
    /// # Errors
    /// What `send` fails with.
    pub fn send<E>(&mut self, mut send: impl FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let sent = send(&self.lines);
        self.lines.clear();
        sent
    }
}
