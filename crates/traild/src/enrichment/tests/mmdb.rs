//! Writes databases in MaxMind's format, version 2.0, with records of 24 bits
//! (<https://maxmind.github.io/MaxMind-DB/>).

use serde_json::{Value, json};
use std::net::IpAddr;

/// 2026-11-17, a Tuesday, as GeoLite2 is built on.
const BUILT: u64 = 1_794_909_600;

/// Which addresses the tree is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Addresses {
    V4,
    Both,
}

/// A database with a record for each network, written as `address/prefix`.
pub(super) fn database(
    database_type: &str,
    addresses: Addresses,
    networks: &[(&str, Value)],
) -> Vec<u8> {
    let mut tree = vec![[Branch::Nothing; 2]];
    let mut data = Vec::new();
    for (network, record) in networks {
        let offset = data.len();
        encode(record, &mut data);
        insert(&mut tree, &bits(network, addresses), offset);
    }
    let mut bytes = written(&tree);
    bytes.extend([0; 16]);
    bytes.extend(data);
    bytes.extend(b"\xab\xcd\xefMaxMind.com");
    metadata(database_type, addresses, tree.len(), &mut bytes);
    bytes
}

fn metadata(database_type: &str, addresses: Addresses, nodes: usize, out: &mut Vec<u8>) {
    let ip_version = if addresses == Addresses::V4 { 4 } else { 6 };
    let numbers = [
        ("binary_format_major_version", U16, 2),
        ("binary_format_minor_version", U16, 0),
        ("build_epoch", U64, BUILT),
        ("ip_version", U16, ip_version),
        ("node_count", U32, nodes as u64),
        ("record_size", U16, 24),
    ];
    control(7, numbers.len() + 3, out);
    for (key, number, value) in numbers {
        encode(&json!(key), out);
        whole(number, value, out);
    }
    for (key, value) in [
        ("database_type", json!(database_type)),
        ("description", json!({ "en": "made for a test" })),
        ("languages", json!(["de", "en"])),
    ] {
        encode(&json!(key), out);
        encode(&value, out);
    }
}

/// Types of numbers, with their sizes.
const U16: (u8, usize) = (5, 2);
const U32: (u8, usize) = (6, 4);
const U64: (u8, usize) = (9, 8);

#[derive(Clone, Copy)]
enum Branch {
    Nothing,
    Node(usize),
    Data(usize),
}

fn bits(network: &str, addresses: Addresses) -> Vec<usize> {
    let (address, prefix) = network.split_once('/').unwrap();
    let prefix: usize = prefix.parse().unwrap();
    let (bytes, prefix) = match (address.parse().unwrap(), addresses) {
        (IpAddr::V4(v4), Addresses::V4) => (v4.octets().to_vec(), prefix),
        // In a tree of both, IPv4 lies below ::/96.
        (IpAddr::V4(v4), Addresses::Both) => {
            (v4.to_ipv6_compatible().octets().to_vec(), prefix + 96)
        }
        (IpAddr::V6(v6), _) => (v6.octets().to_vec(), prefix),
    };
    (0..prefix).map(|bit| usize::from(bytes[bit / 8] >> (7 - bit % 8) & 1)).collect()
}

fn insert(tree: &mut Vec<[Branch; 2]>, bits: &[usize], offset: usize) {
    let (last, path) = bits.split_last().unwrap();
    let mut node = 0;
    for bit in path {
        node = match tree[node][*bit] {
            Branch::Node(next) => next,
            Branch::Nothing => {
                tree.push([Branch::Nothing; 2]);
                let next = tree.len() - 1;
                tree[node][*bit] = Branch::Node(next);
                next
            }
            Branch::Data(_) => panic!("networks lie within one another"),
        };
    }
    tree[node][*last] = Branch::Data(offset);
}

fn written(tree: &[[Branch; 2]]) -> Vec<u8> {
    let count = tree.len();
    let value = |branch: &Branch| match branch {
        Branch::Nothing => count,
        Branch::Node(node) => *node,
        Branch::Data(offset) => count + 16 + offset,
    };
    tree.iter().flatten().flat_map(|branch| value(branch).to_be_bytes()[5..].to_vec()).collect()
}

fn encode(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::String(text) => {
            control(2, text.len(), out);
            out.extend(text.bytes());
        }
        Value::Number(number) => match number.as_u64() {
            // The smallest that holds it, as some tools choose.
            Some(value) => whole(if value < 1 << 16 { U16 } else { U32 }, value, out),
            None => {
                control(3, 8, out);
                out.extend(number.as_f64().unwrap().to_be_bytes());
            }
        },
        Value::Object(map) => {
            control(7, map.len(), out);
            for (key, value) in map {
                encode(&json!(key), out);
                encode(value, out);
            }
        }
        Value::Array(list) => {
            control(11, list.len(), out);
            list.iter().for_each(|value| encode(value, out));
        }
        Value::Bool(_) | Value::Null => panic!("not needed here"),
    }
}

fn whole((kind, size): (u8, usize), value: u64, out: &mut Vec<u8>) {
    control(kind, size, out);
    out.extend(&value.to_be_bytes()[8 - size..]);
}

/// The type in three bits, if it fits, and the size in five.
fn control(kind: u8, size: usize, out: &mut Vec<u8>) {
    let (low, more) = if size < 29 { (size, None) } else { (29, Some(size - 29)) };
    let low = u8::try_from(low).unwrap();
    match kind {
        1..=7 => out.push(kind << 5 | low),
        _ => out.extend([low, kind - 7]),
    }
    out.extend(more.map(|more| u8::try_from(more).unwrap()));
}
