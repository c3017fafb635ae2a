use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};

use super::{Source, claimed_size, inflate_whole};
use crate::error::Cause;

const TEXT: &[u8] = b"{\"Records\":[]}";

fn gzip(content: &[u8]) -> Vec<u8> {
    finish(GzEncoder::new(Vec::new(), Compression::default()), content)
}

fn finish(mut encoder: GzEncoder<Vec<u8>>, content: &[u8]) -> Vec<u8> {
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn streamed(object: &[u8]) -> (Vec<u8>, Result<(), String>) {
    let mut source = Source::new(object);
    let mut content = Vec::new();
    let mut out = [0; 5];
    loop {
        match source.read(&mut out) {
            Ok(0) => return (content, Ok(())),
            Ok(count) => content.extend_from_slice(&out[..count]),
            Err(cause) => return (content, Err(format!("{cause:?}"))),
        }
    }
}

fn refused(object: &[u8], content: &[u8], cause: Cause) {
    let (given, result) = streamed(object);
    assert_eq!(result, Err(format!("{cause:?}")));
    assert_eq!(given, content);
}

#[test]
fn the_claim_is_the_trailer_of_gzip_and_the_length_of_anything_else() {
    assert_eq!(claimed_size(&gzip(TEXT)), Some(14));
    assert_eq!(claimed_size(TEXT), Some(14));
    assert_eq!(claimed_size(b""), Some(0));
    assert_eq!(claimed_size(&gzip(b"")[..17]), None);
}

#[test]
fn one_member_that_keeps_its_claim_is_inflated_whole() {
    assert_eq!(inflate_whole(&gzip(TEXT), TEXT.len()).as_deref(), Some(TEXT));
}

#[test]
fn whatever_else_is_left_to_the_stream() {
    let member = gzip(TEXT);
    for claim in [0, 1, TEXT.len() - 1, TEXT.len() + 1, usize::MAX] {
        assert_eq!(inflate_whole(&member, claim), None, "claim {claim}");
    }
    let mut flipped = member.clone();
    flipped[14] ^= 1;
    let with_byte = [&member[..], b"\0"].concat();
    for object in [&flipped, &with_byte, &member.repeat(2), &member[..20].to_vec(), &TEXT.to_vec()]
    {
        assert_eq!(inflate_whole(object, TEXT.len()), None);
    }
}

#[test]
fn all_members_are_read_and_empty_ones_do_no_harm() {
    let object = [gzip(b"{\"Rec"), gzip(b""), gzip(b"ords\":"), gzip(b"[]}"), gzip(b"")].concat();
    assert_eq!(streamed(&object), (TEXT.to_vec(), Ok(())));
}

#[test]
fn a_header_with_every_field_is_passed_over() {
    let builder = GzBuilder::new().filename("name").comment("words").extra(vec![7; 300]);
    let member = finish(builder.write(Vec::new(), Compression::best()), TEXT);
    assert_eq!(streamed(&member), (TEXT.to_vec(), Ok(())));
    assert_eq!(inflate_whole(&member, TEXT.len()).as_deref(), Some(TEXT));
}

#[test]
fn a_header_checksum_is_verified() {
    let mut member = gzip(TEXT);
    member[3] = 0x02;
    let crc = super::libdeflate::crc32(0, &member[..10]).to_le_bytes();
    member.splice(10..10, [crc[0], crc[1]]);
    assert_eq!(streamed(&member), (TEXT.to_vec(), Ok(())));
    member[10] ^= 1;
    refused(&member, b"", Cause::Gzip("header checksum"));
    assert_eq!(inflate_whole(&member, TEXT.len()), None);
}

#[test]
fn what_follows_the_last_member_is_refused() {
    for tail in [&b"\0"[..], b"\x1f", b"\x1f\x1f", b"{}"] {
        let object = [&gzip(TEXT), tail].concat();
        refused(&object, TEXT, Cause::TrailingBytes(crate::error::GZIP));
    }
}

#[test]
fn a_stream_cut_anywhere_is_truncated() {
    let member = gzip(TEXT);
    for end in 2..member.len() {
        let (given, result) = streamed(&member[..end]);
        assert_eq!(result, Err(format!("{:?}", Cause::Truncated(crate::error::GZIP))), "at {end}");
        assert!(TEXT.starts_with(&given));
    }
}

#[test]
fn damage_is_told_after_the_bytes_before_it() {
    let member = gzip(TEXT);
    let damaged = |place: usize| {
        let mut member = member.clone();
        member[place] ^= 0xe4;
        member
    };
    let end = member.len();
    refused(&damaged(2), b"", Cause::Gzip("unknown compression method"));
    refused(&damaged(3), b"", Cause::Gzip("reserved header flags"));
    refused(&damaged(end - 8), TEXT, Cause::Gzip("checksum of the content"));
    refused(&damaged(end - 4), TEXT, Cause::Gzip("size of the content"));
    // A stored block of three bytes, then a block of a type that does not exist.
    let mut stored = member[..10].to_vec();
    stored.extend(b"\x00\x03\x00\xfc\xffabc\x07");
    refused(&stored, b"abc", Cause::Gzip("compressed data"));
}
