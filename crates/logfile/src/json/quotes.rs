//! Where the strings of a value begin and end, noted on the way for who reads it afterwards.

/// Places of quotes, counted from the first byte of the value.
#[derive(Debug)]
pub(crate) struct Quotes {
    places: Option<Vec<u32>>,
}

/// Places for which memory is kept from one value to the next. Records have some hundred.
const KEPT: usize = 16 * 1024;

impl Quotes {
    pub(crate) fn skipped() -> Self {
        Self { places: None }
    }

    pub(crate) fn noted() -> Self {
        Self { places: Some(Vec::new()) }
    }

    /// Those of the values; none if they are skipped.
    pub(crate) fn places(&self) -> &[u32] {
        self.places.as_deref().unwrap_or_default()
    }

    /// Forgets those behind the first so many.
    pub(super) fn truncate(&mut self, count: usize) {
        if let Some(places) = &mut self.places {
            places.truncate(count);
            places.shrink_to(KEPT);
        }
    }

    /// A string: its first quote and its last.
    #[inline(always)]
    pub(super) fn note(&mut self, first: usize, last: usize) {
        if let Some(places) = &mut self.places {
            places.extend_from_slice(&[first, last].map(place));
        }
    }

    /// A key and its value, both strings: the quotes of both.
    #[inline(always)]
    pub(super) fn note_member(&mut self, quotes: [usize; 4]) {
        if let Some(places) = &mut self.places {
            places.extend_from_slice(&quotes.map(place));
        }
    }
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "a value is below the cap, a u32")]
fn place(quote: usize) -> u32 {
    quote as u32
}
