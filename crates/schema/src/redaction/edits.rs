//! What became of a record's strings, so that it need not be read again.

use trail_event::{Edit, Kind};

/// The values that were replaced. Its memory is kept from one record to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
    /// Whether something else was done, which they do not tell.
    is_more: bool,
}

/// So many are told of: for more, reading again is no slower.
const MOST: usize = 8;

impl Edits {
    /// Nothing is done yet.
    pub(super) fn clear(&mut self) {
        self.edits.clear();
        self.is_more = false;
    }

    /// A value of this kind was replaced by a string. Nothing is said of what stood in an object.
    pub(super) fn note(&mut self, kind: Kind, edit: Edit) {
        if kind == Kind::String && self.edits.len() < MOST {
            self.edits.push(edit);
        } else {
            self.is_more = true;
        }
    }

    /// Something else was done.
    pub(super) fn forget(&mut self) {
        self.is_more = true;
    }

    /// All that was done: strings that were replaced by others.
    pub(super) fn all(&self) -> Option<&[Edit]> {
        (!self.is_more).then_some(&self.edits)
    }
}
