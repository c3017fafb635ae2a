//! Log files at the speed of copying: a [`Template`] is compressed once, and each file made of it is
//! a copy with other event ids in their places.

use std::io::Write as _;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::trail::event_id;

const EVENT_ID: &str = "\"eventID\":\"";
/// Length of an event's id.
const ID: usize = 36;
/// Bytes that UTF-8 never has. Ids are made of them while a template is compressed: no text refers
/// back to one, so that another id in its place changes nothing but itself.
const NEVER: [u8; 13] = [192, 193, 245, 246, 247, 248, 249, 250, 251, 252, 253, 254, 255];
/// Deflate, no name, no time, of unknown origin.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// No record is compressed to more than its size and this.
const OVERHEAD: usize = 1 << 10;

/// Records separated by commas, and the same compressed: whole deflate blocks that refer to nothing
/// before them, each id in a stored block of its own.
#[derive(Debug)]
pub(super) struct Template {
    json: Vec<u8>,
    deflated: Vec<u8>,
    places: Vec<Place>,
}

/// Where an event's id begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    json: usize,
    deflated: usize,
}

impl Template {
    /// Of so many records of `stock`.
    ///
    /// # Errors
    /// If a record has no event id.
    pub(super) fn of(stock: &[String], events: usize) -> anyhow::Result<Self> {
        let mut template = Self { json: Vec::new(), deflated: Vec::new(), places: Vec::new() };
        let mut compress = Compress::new(Compression::fast(), false);
        let mut random = fastrand::Rng::with_seed(0);
        for (number, record) in stock.iter().cycle().take(events).enumerate() {
            let (before, from) = record.split_once(EVENT_ID).context("a record without an id")?;
            let (_, after) = from.split_once('"').context("an id without an end")?;
            let comma = if number > 0 { "," } else { "" };
            template.append(&mut compress, format!("{comma}{before}{EVENT_ID}").as_bytes())?;
            let id: Vec<u8> = (0..ID).filter_map(|_| random.choice(NEVER)).collect();
            template.append_id(&mut compress, &id)?;
            template.append(&mut compress, format!("\"{after}").as_bytes())?;
        }
        Ok(template)
    }

    /// A log file whose events have the numbers from `first` on: the records so many times over.
    ///
    /// # Errors
    /// None in practice: a `Vec` takes all that is written to it.
    pub(super) fn file(&mut self, first: u64, times: usize) -> anyhow::Result<Bytes> {
        let mut object = Vec::with_capacity((self.deflated.len() + OVERHEAD) * times);
        let mut crc = Crc::new();
        object.extend_from_slice(&HEADER);
        store(b"{\"Records\":[", false, &mut object, &mut crc)?;
        let mut number = first;
        for time in 0..times {
            if time > 0 {
                store(b",", false, &mut object, &mut crc)?;
            }
            self.number_from(number);
            number += self.places.len() as u64;
            object.extend_from_slice(&self.deflated);
            crc.update(&self.json);
        }
        store(b"]}", true, &mut object, &mut crc)?;
        object.write_all(&crc.sum().to_le_bytes())?;
        object.write_all(&crc.amount().to_le_bytes())?;
        Ok(object.into())
    }

    /// Events in it.
    pub(super) fn events(&self) -> usize {
        self.places.len()
    }

    fn number_from(&mut self, first: u64) {
        for (place, number) in self.places.iter().zip(first..) {
            let id = event_id(number);
            put(id.as_bytes(), place.json, &mut self.json);
            put(id.as_bytes(), place.deflated, &mut self.deflated);
        }
    }

    /// Appends an id that another can take the place of.
    fn append_id(&mut self, compress: &mut Compress, id: &[u8]) -> anyhow::Result<()> {
        store_head(id.len(), false, &mut self.deflated)?;
        self.places.push(Place { json: self.json.len(), deflated: self.deflated.len() });
        self.json.extend_from_slice(id);
        self.deflated.extend_from_slice(id);
        // What comes later is compressed as if the id had been, too: else distances would be wrong.
        compress.set_dictionary(id)?;
        Ok(())
    }

    /// Appends text, in blocks that end with it.
    fn append(&mut self, compress: &mut Compress, text: &[u8]) -> anyhow::Result<()> {
        self.json.extend_from_slice(text);
        self.deflated.reserve(text.len() + OVERHEAD);
        let before = compress.total_in();
        compress.compress_vec(text, &mut self.deflated, FlushCompress::Sync)?;
        ensure!(compress.total_in() - before == text.len() as u64, "a record was cut");
        Ok(())
    }
}

fn put(id: &[u8], at: usize, into: &mut [u8]) {
    if let Some(place) = into.get_mut(at..at + id.len()) {
        place.copy_from_slice(id);
    }
}

/// Appends text as a stored block.
fn store(text: &[u8], is_last: bool, object: &mut Vec<u8>, crc: &mut Crc) -> anyhow::Result<()> {
    store_head(text.len(), is_last, object)?;
    object.extend_from_slice(text);
    crc.update(text);
    Ok(())
}

/// Appends what comes before the text of a stored block.
fn store_head(length: usize, is_last: bool, object: &mut Vec<u8>) -> anyhow::Result<()> {
    let length = u16::try_from(length)?;
    object.push(u8::from(is_last));
    object.extend_from_slice(&length.to_le_bytes());
    object.extend_from_slice(&(!length).to_le_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use trail_logfile::{Limits, read};

    use super::*;
    use crate::stock;
    use crate::trail::number_of;

    fn numbers_in(object: &[u8]) -> Vec<u64> {
        let mut numbers = Vec::new();
        let read = read(object, &Limits::default(), |record| {
            let (_, id) = record.json.split_once(EVENT_ID).unwrap();
            numbers.push(number_of(&id.as_bytes()[..ID]).unwrap());
            ControlFlow::Continue(())
        });
        assert_eq!(read.unwrap().records, numbers.len() as u64);
        numbers
    }

    #[test]
    fn each_file_of_a_template_has_the_events_it_is_asked_for() {
        let mut template = Template::of(&stock::records().unwrap(), 100).unwrap();
        for (first, times) in [(0, 1), (100, 1), (7_000_000, 3)] {
            let object = template.file(first, times).unwrap();
            let wanted: Vec<u64> = (first..first + 100 * times as u64).collect();
            assert_eq!(numbers_in(&object), wanted);
        }
    }

    #[test]
    fn files_are_compressed_and_differ_in_ids_alone() {
        let stock = stock::records().unwrap();
        let mut template = Template::of(&stock, 50).unwrap();
        let size: usize = stock.iter().take(50).map(String::len).sum();
        let object = template.file(0, 1).unwrap();
        assert!(object.len() < size / 4, "{} of {size} bytes", object.len());
        let mut records = Vec::new();
        let read = read(&object, &Limits::default(), |record| {
            let (before, id) = record.json.split_once(EVENT_ID).unwrap();
            records.push((before.to_owned(), id.split_at(ID).1.to_owned()));
            ControlFlow::Continue(())
        });
        assert_eq!(read.unwrap().records, 50);
        for (record, (before, after)) in stock.iter().zip(records) {
            assert!(record.starts_with(&before) && record.ends_with(&after));
        }
    }
}
