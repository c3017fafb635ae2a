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

    /// Those of the value; none if they are skipped.
    pub(crate) fn places(&self) -> &[u32] {
        self.places.as_deref().unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        if let Some(places) = &mut self.places {
            places.clear();
            places.shrink_to(KEPT);
        }
    }

    /// A string begins at `start` and ends before `end`.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "a value is below the cap, a u32")]
    pub(super) fn note(&mut self, start: usize, end: usize) {
        if let Some(places) = &mut self.places {
            places.extend_from_slice(&[start as u32, end as u32 - 1]);
        }
    }
}
