//! An object as it comes: gzip or plain, told by its first two bytes.

use std::io::{self, BufRead, Chain, Cursor, Read};

use super::is_gzip;
use super::members::Members;
use crate::error::Cause;

/// The first bytes, which were read to tell, and the rest.
type Object<B> = Chain<Cursor<Vec<u8>>, B>;

/// Gives the decompressed bytes of an object.
pub(crate) enum Source<B> {
    Unknown(Option<B>),
    Plain(Object<B>),
    Gzip(Box<Members<Object<B>>>),
}

impl<B: BufRead> Source<B> {
    pub(crate) fn new(object: B) -> Self {
        Self::Unknown(Some(object))
    }

    /// Some of the bytes that follow; 0 at the end.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> Result<usize, Cause> {
        match self {
            Self::Gzip(members) => members.read(out),
            Self::Plain(object) => read_some(object, out).map_err(Cause::Read),
            Self::Unknown(object) => {
                let Some(object) = object.take() else {
                    return Ok(0);
                };
                *self = Self::sniff(object).map_err(Cause::Read)?;
                self.read(out)
            }
        }
    }

    fn sniff(mut object: B) -> io::Result<Self> {
        let mut head = Vec::new();
        object.by_ref().take(2).read_to_end(&mut head)?;
        let gzip = is_gzip(&head);
        let object = Cursor::new(head).chain(object);
        Ok(if gzip { Self::Gzip(Box::new(Members::new(object))) } else { Self::Plain(object) })
    }
}

fn read_some(object: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match object.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
