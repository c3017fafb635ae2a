//! What was accessed.

use super::{name_in, part, raw};
use crate::convert::string;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::ApiActivity;
use crate::ocsf::facts::Facts;
use crate::program::end;
use crate::table::{Row, Subject, Wrote};
use trail_event::{Event, Field, Kind, Text, Value};

pub(super) const TABLE: &[Attribute] = &[always(Row::taking(
    "resources",
    &[Field::Resources],
    "of each of resources that has an ARN: uid (ARN), type, owner.account.uid (accountId); since \
     1.8 also name, region and cloud_partition, as the ARN says them, and role_id 1 (Target)",
    resources,
).when(&[Field::Resources]))
.of(&[ApiActivity])];

/// One of the record's resources.
#[derive(Clone, Copy, Debug, Default)]
struct Resource<'a> {
    arn: Option<Text<'a>>,
    kind: Option<Text<'a>>,
    account: Option<Text<'a>>,
    /// Whether the record says more of it.
    has_more: bool,
}

impl<'a> Resource<'a> {
    fn of(value: Value<'a>) -> Self {
        let mut resource = Self::default();
        for (key, value) in value.members() {
            let member = match key.escaped() {
                "ARN" => &mut resource.arn,
                "type" => &mut resource.kind,
                "accountId" => &mut resource.account,
                _ => {
                    resource.has_more = true;
                    continue;
                }
            };
            let is_odd = value.filled().is_none() && value.kind() != Kind::Null;
            resource.has_more |= is_odd || member.is_some();
            *member = value.filled();
        }
        resource
    }
}

/// The ARNs of the record's resources.
pub(super) fn arns<'a>(event: &Event<'a>) -> impl Iterator<Item = Text<'a>> + use<'a> {
    let elements = event.value(Field::Resources).into_iter().flat_map(Value::elements);
    elements.filter_map(|value| Resource::of(value).arn)
}

/// Appends the ARN of the first resource of a type.
pub(super) fn arn_of(kind: &str, subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Some(value) = subject.event.value(Field::Resources) else { return Wrote::Nothing };
    let mut resources = value.elements().map(Resource::of);
    let found = resources.find(|resource| resource.kind.is_some_and(|is| is.is(kind)));
    match found.and_then(|resource| resource.arn) {
        Some(arn) => part(arn, line),
        None => Wrote::Nothing,
    }
}

fn resources(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Some(value) = subject.event.value(Field::Resources) else { return Wrote::Nothing };
    let start = line.len();
    let mut wrote = Wrote::All;
    line.push(b'[');
    for resource in value.elements().map(Resource::of) {
        if resource.has_more || resource.arn.is_none() {
            wrote = Wrote::Part;
        }
        let Some(arn) = resource.arn else { continue };
        line.push(b'{');
        append(&resource, arn, line);
        if subject.facts.is_since(V1_8) {
            append_more(arn, line);
        }
        end(line);
        line.push(b',');
    }
    if line.last() == Some(&b'[') {
        line.truncate(start);
        return Wrote::Nothing;
    }
    line.pop();
    line.push(b']');
    wrote
}

fn append(resource: &Resource<'_>, arn: Text<'_>, line: &mut Vec<u8>) {
    member("uid", Some(arn), line);
    member("type", resource.kind, line);
    let Some(account) = resource.account else { return };
    line.extend_from_slice(br#""owner":{"account":{"uid":"#);
    string(account, line);
    line.extend_from_slice(b"}},");
}

/// Appends what version 1.1 has no place for, or Security Lake does not fill.
fn append_more(arn: Text<'_>, line: &mut Vec<u8>) {
    member("name", name_in(arn), line);
    let mut parts = arn.escaped().splitn(5, ':').skip(1).map(Text::new);
    let mut next = || parts.next().filter(|part| !part.is_empty());
    let (partition, _service, region) = (next(), next(), next());
    member("region", region, line);
    member("cloud_partition", partition, line);
    raw(r#""role_id":1,"role":"Target","#, line);
}

fn member(key: &str, value: Option<Text<'_>>, line: &mut Vec<u8>) {
    let Some(value) = value else { return };
    string(Text::new(key), line);
    line.push(b':');
    string(value, line);
    line.push(b',');
}
