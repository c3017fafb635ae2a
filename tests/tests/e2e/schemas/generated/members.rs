//! Fields of CloudTrail's and of services', put where they stand.

use super::tree::{Member, Node};
use super::{known, odd};
use proptest::prelude::*;
use trail_event::{Field, Shape};

/// What has to be hidden, and what stands beside it.
const CREDENTIALS: [&str; 9] = [
    "responseElements.credentials.sessionToken",
    "responseElements.credentials.secretAccessKey",
    "responseElements.credentials.other",
    "responseElements.roleCredentials.sessionToken",
    "responseElements.accessKey.secretAccessKey",
    "responseElements.accessToken",
    "requestParameters.webIdentityToken",
    "requestParameters.logins.provider",
    "requestParameters.privateKey",
];

/// A field by its path, and its value: the right one mostly, or one of the wrong type.
pub(super) fn field() -> impl Strategy<Value = (String, Node)> {
    let fields = Field::ALL.map(|field| (field.to_string(), field.shape()));
    let credentials = CREDENTIALS.map(|path| (path.to_owned(), Shape::Scalar));
    let fields: Vec<_> = fields.into_iter().chain(credentials).collect();
    prop::sample::select(fields).prop_flat_map(|(path, shape)| {
        let value = prop_oneof![5 => right(&path, shape), 1 => odd::value()];
        (Just(path), value)
    })
}

fn right(path: &str, shape: Shape) -> BoxedStrategy<Node> {
    let key = path.rsplit('.').next().unwrap_or(path);
    match (known::value(key), shape) {
        (Some(value), _) => value,
        (None, Shape::Scalar) => odd::scalar().boxed(),
        (None, Shape::Structured | Shape::Freeform) => {
            odd::members(4).prop_map(Node::Object).boxed()
        }
    }
}

/// Puts a value at its path, unless there is one, or what is on the way is no object.
pub(super) fn place(members: &mut Vec<Member>, path: &str, value: Node) {
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    let found = members.iter_mut().find(|(own, _)| own == key);
    match (found, rest) {
        (Some((_, Node::Object(inner))), Some(rest)) => place(inner, rest, value),
        (Some(_), _) => {}
        (None, Some(rest)) => {
            let mut inner = Vec::new();
            place(&mut inner, rest, value);
            members.push((key.to_owned(), Node::Object(inner)));
        }
        (None, None) => members.push((key.to_owned(), value)),
    }
}
