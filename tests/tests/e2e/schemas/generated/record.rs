//! Records as CloudTrail writes them, and as it might.

use super::members::{field, place};
use super::tree::{Member, Node};
use super::{known, odd};
use proptest::prelude::*;

/// Between tokens.
const SPACES: [&str; 6] = ["", "", " ", "\n", "\r\n", "\t "];

/// The text of a record.
pub(super) fn record() -> impl Strategy<Value = String> {
    let fields = prop::collection::vec(field(), 0..24);
    let members = (known::call(), prop::option::weighted(0.4, resources()), fields, others());
    let members = members.prop_map(|(call, resources, fields, others)| {
        let mut members = Vec::new();
        call.into_iter().for_each(|(path, value)| place(&mut members, path, value));
        resources.into_iter().for_each(|value| place(&mut members, "resources", value));
        fields.into_iter().for_each(|(path, value)| place(&mut members, &path, value));
        members.extend(others);
        members
    });
    let spaces = prop::collection::vec(prop::sample::select(&SPACES[..]), 1..5);
    let shuffled = members.prop_flat_map(|members| Just(members).prop_shuffle());
    let text = |(members, spaces): (_, Vec<&str>)| Node::Object(members).write(&spaces);
    (twice(shuffled), spaces).prop_map(text)
}

/// What no field is, or stands where one might.
fn others() -> impl Strategy<Value = Vec<Member>> {
    prop_oneof![3 => Just(Vec::new()), 1 => odd::members(4)]
}

/// Some of these records with a key twice.
fn twice(members: impl Strategy<Value = Vec<Member>>) -> impl Strategy<Value = Vec<Member>> {
    let again = prop::option::weighted(0.1, (any::<prop::sample::Index>(), odd::value()));
    (members, again).prop_map(|(mut members, again)| {
        if let Some((index, value)) = again.filter(|_| !members.is_empty()) {
            let key = index.get(&members).0.clone();
            members.push((key, value));
        }
        members
    })
}

/// What the call was about, each with some of what is said of it.
fn resources() -> impl Strategy<Value = Node> {
    let texts = ["arn:aws:s3:::bucket/key", "arn:aws:iam::111122223333:role/r", "AWS::S3::Object"];
    let text = prop_oneof![
        3 => prop::sample::select(texts.to_vec()).prop_map(Node::text),
        1 => odd::scalar(),
    ];
    let keys = ["ARN", "ARN", "accountId", "type", "ARNPrefix", "odd"];
    let member = (prop::sample::select(keys.to_vec()), text);
    let resource = prop::collection::vec(member, 0..4).prop_map(|members| {
        let mut resource = Vec::new();
        members.into_iter().for_each(|(key, value)| place(&mut resource, key, value));
        Node::Object(resource)
    });
    let resource = prop_oneof![8 => resource, 1 => odd::value()];
    prop::collection::vec(resource, 0..4).prop_map(Node::Array)
}
