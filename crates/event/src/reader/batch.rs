//! Reading several records before any is looked at.

use super::Reader;
use crate::event::Event;

/// A record to be read: its place among the records of its file, its text, and where its strings
/// begin and end, as for [`Reader::read_quoted`]; if it says none, they are looked for.
pub type Unread<'a> = (u64, &'a str, &'a [u32]);

/// Reads records into events, several at a time: for each one more [`Reader`], whose memory is kept.
///
/// Who reads, chooses and writes in turn for every record makes the processor fetch the code of
/// each again and again.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    readers: Vec<Reader>,
}

impl Batch {
    /// Reads all of these records, and gives their events in the same order.
    pub fn read<'a, R>(&'a mut self, records: R) -> impl Iterator<Item = Event<'a>>
    where
        R: Iterator<Item = Unread<'a>> + Clone,
    {
        for (place, (_, json, quotes)) in records.clone().enumerate() {
            if place == self.readers.len() {
                self.readers.push(Reader::new());
            }
            if let Some(reader) = self.readers.get_mut(place) {
                reader.prepare(json, quotes);
            }
        }
        self.readers.iter().zip(records).map(|(reader, record)| reader.event(record))
    }
}

impl Reader {
    fn prepare(&mut self, json: &str, quotes: &[u32]) {
        let quotes = if quotes.is_empty() {
            self.quotes.find(json.as_bytes());
            self.quotes.places()
        } else {
            quotes
        };
        self.index.read(json, quotes);
    }

    /// The event of the record that was prepared last.
    fn event<'a>(&'a self, (index, json, quotes): Unread<'a>) -> Event<'a> {
        let quotes = if quotes.is_empty() { self.quotes.places() } else { quotes };
        Event::new(index, json, quotes, &self.index)
    }
}
