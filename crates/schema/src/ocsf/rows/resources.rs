//! What was accessed.

use super::{name_in, part};
use crate::append::append as copy;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::ApiActivity;
use crate::ocsf::facts::Facts;
use crate::table::{Row, Subject, Wrote};
use memchr::memchr;
use trail_event::{Elements, Event, Field, Kind, Text, Value};

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
    /// The one that begins at `at`, if its members are strings without spaces between them, as
    /// nearly all are; and where it ends. Their quotes are taken from `quotes`.
    #[inline]
    fn usual(json: &'a str, quotes: &mut &'a [u32], mut at: usize) -> Option<(Self, usize)> {
        let mut resource = Self::default();
        // S3 has one for what it lists.
        let mut prefix = None;
        let mut byte = json.as_bytes().get(at)?;
        while let b'{' | b',' = byte {
            let ([key, key_end, start, end], rest) = quotes.split_first_chunk()?;
            let [key, key_end, start, end] = [key, key_end, start, end].map(|at| *at as usize);
            // Only a colon may stand between two strings.
            if key != at + 1 || start != key_end + 2 {
                return None;
            }
            let member = match json.as_bytes().get(key + 1..key_end)? {
                b"ARN" => &mut resource.arn,
                b"type" => &mut resource.kind,
                b"accountId" => &mut resource.account,
                b"ARNPrefix" => {
                    resource.has_more = true;
                    &mut prefix
                }
                _ => return None,
            };
            let said = json.get(start + 1..end).filter(|said| !said.is_empty())?;
            if member.replace(Text::new(said)).is_some() {
                return None;
            }
            (*quotes, at) = (rest, end + 1);
            byte = json.as_bytes().get(at)?;
        }
        (*byte == b'}').then_some((resource, at + 1))
    }

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

/// The record's resources, in order. They are looked through from quote to quote as they come,
/// which is faster than finding first where each of them ends.
#[derive(Clone, Debug)]
struct Resources<'a> {
    value: Value<'a>,
    /// The record.
    json: &'a str,
    /// The quotes that are ahead.
    quotes: &'a [u32],
    /// Where the bracket or comma stands before the next one.
    at: usize,
    count: usize,
    /// Those from the first on that is not as usual.
    others: Option<Elements<'a>>,
}

impl<'a> Resources<'a> {
    fn of(event: &Event<'a>) -> Option<Self> {
        let (quotes, at) = event.quotes_of(Field::Resources);
        let value = event.value(Field::Resources)?;
        Some(Self { value, json: event.json(), quotes, at, count: 0, others: None })
    }

    #[inline]
    fn usual(&mut self) -> Option<Resource<'a>> {
        let before = if self.count == 0 { b'[' } else { b',' };
        if self.json.as_bytes().get(self.at..=self.at + 1) != Some(&[before, b'{']) {
            return None;
        }
        let (resource, end) = Resource::usual(self.json, &mut self.quotes, self.at + 1)?;
        self.at = end;
        self.count += 1;
        Some(resource)
    }
}

impl<'a> Iterator for Resources<'a> {
    type Item = Resource<'a>;

    fn next(&mut self) -> Option<Resource<'a>> {
        if self.others.is_none() {
            if let Some(resource) = self.usual() {
                return Some(resource);
            }
            if self.count > 0 && self.json.as_bytes().get(self.at) == Some(&b']') {
                return None;
            }
            let mut others = self.value.elements();
            others.by_ref().take(self.count).for_each(drop);
            self.others = Some(others);
        }
        self.others.as_mut()?.next().map(Resource::of)
    }
}

/// The ARNs of the record's resources.
pub(super) fn arns<'a>(event: &Event<'a>) -> impl Iterator<Item = Text<'a>> + use<'a> {
    Resources::of(event).into_iter().flatten().filter_map(|resource| resource.arn)
}

/// Appends the ARN of the first resource of a type.
pub(super) fn arn_of(kind: &str, subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Some(mut resources) = Resources::of(&subject.event) else { return Wrote::Nothing };
    let found = resources.find(|resource| resource.kind.is_some_and(|is| is.is(kind)));
    match found.and_then(|resource| resource.arn) {
        Some(arn) => part(arn, line),
        None => Wrote::Nothing,
    }
}

fn resources(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let Some(resources) = Resources::of(&subject.event) else { return Wrote::Nothing };
    let start = line.len();
    let mut wrote = Wrote::All;
    line.push(b'[');
    for resource in resources {
        if resource.has_more || resource.arn.is_none() {
            wrote = Wrote::Part;
        }
        let Some(arn) = resource.arn else { continue };
        append(&resource, arn, line);
        if subject.facts.is_since(V1_8) {
            append_more(arn, line);
        }
        copy(b"},", line);
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
    member(b"{\"uid\":\"", arn, b"\"", line);
    if let Some(kind) = resource.kind {
        member(b",\"type\":\"", kind, b"\"", line);
    }
    if let Some(account) = resource.account {
        member(b",\"owner\":{\"account\":{\"uid\":\"", account, b"\"}}", line);
    }
}

/// Appends what version 1.1 has no place for, or Security Lake does not fill.
fn append_more(arn: Text<'_>, line: &mut Vec<u8>) {
    if let Some(name) = name_in(arn) {
        member(b",\"name\":\"", name, b"\"", line);
    }
    let mut parts = Parts { rest: Some(arn.escaped()) };
    let [_arn, partition, _service, region] = [(); 4].map(|()| parts.next());
    if let Some(region) = region {
        member(b",\"region\":\"", region, b"\"", line);
    }
    if let Some(partition) = partition {
        member(b",\"cloud_partition\":\"", partition, b"\"", line);
    }
    copy(br#","role_id":1,"role":"Target""#, line);
}

/// The parts of an ARN, between colons.
struct Parts<'a> {
    rest: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The next one; none if it is empty.
    fn next(&mut self) -> Option<Text<'a>> {
        let rest = self.rest?;
        let colon = memchr(b':', rest.as_bytes());
        let part = colon.map_or(Some(rest), |colon| rest.get(..colon));
        self.rest = colon.and_then(|colon| rest.get(colon + 1..));
        part.filter(|part| !part.is_empty()).map(Text::new)
    }
}

/// What stands around a value is of known length, so that its copies are a few instructions.
#[inline(always)]
fn member(before: &[u8], value: Text<'_>, after: &[u8], line: &mut Vec<u8>) {
    line.extend_from_slice(before);
    copy(value.escaped().as_bytes(), line);
    line.extend_from_slice(after);
}

#[cfg(test)]
mod tests {
    use super::*;
    use trail_event::Reader;

    #[test]
    fn resources_are_the_same_however_they_are_looked_through() {
        let usual = [
            r#"{"ARN":"a:b","type":"t","accountId":"1"}"#,
            r#"{"accountId":"1","type":"t","ARN":"a:b"}"#,
            r#"{"ARNPrefix":"a","type":"t"}"#,
        ];
        let odd = [
            "{}",
            "null",
            "1",
            "[]",
            r#""ARN""#,
            r#"{"ARN":"a"}"#,
            r#"{"ARN":""}"#,
            r#"{"ARNPrefix":"a","ARNPrefix":"b","type":"t"}"#,
            r#"{"ARNPrefixes":"a"}"#,
            r#"{"ARN":null}"#,
            r#"{"ARN":"a","ARN":"b"}"#,
            r#"{"ARN":"a\"b","type":"t"}"#,
            r#"{"AR\u004e":"a"}"#,
            r#"{"type":"t","ARN" :"a"}"#,
            r#"{"ARN": "a" , "type":"t"}"#,
            r#"{ "ARN":"a"}"#,
            r#"{"ARN":"a"} "#,
            r#"{"ARN":"a","more":{"type":"u"}}"#,
            r#"{"ARN":"a","type":["t"],"accountId":1}"#,
        ];
        let all = usual.iter().chain(&odd);
        for [first, second, third] in
            all.clone().flat_map(|a| all.clone().flat_map(move |b| usual.map(|c| [a, b, c])))
        {
            for json in [
                format!("[{first},{second},{third}]"),
                format!("[{third},{first} ,{second}]"),
                format!("[{first}]"),
                format!("[ {first}]"),
                first.to_string(),
                "[]".to_owned(),
            ] {
                let record = format!(r#"{{"a":"b","resources":{json},"c":"d"}}"#);
                let mut reader = Reader::new();
                let event = reader.read(0, &record);
                let value = event.value(Field::Resources).unwrap();
                let expect = value.elements().map(Resource::of).collect::<Vec<_>>();
                let found = Resources::of(&event).unwrap().collect::<Vec<_>>();
                assert_eq!(format!("{found:?}"), format!("{expect:?}"), "{json}");
            }
        }
        // Text that is no JSON gives something, whatever it is.
        for json in [r#"[{"ARN":"a"b","type":"t"}]"#, r#"[{"ARN":"a\"}]"#, r#"[{"ARN":"a""#] {
            let record = format!(r#"{{"a":"b","resources":{json},"c":"d"}}"#);
            let _ = arns(&Reader::new().read(0, &record)).count();
        }
        for json in usual {
            let quotes: Vec<u32> = (0..)
                .zip(json.bytes())
                .filter(|(_, byte)| *byte == b'"')
                .map(|(at, _)| at)
                .collect();
            assert!(Resource::usual(json, &mut &quotes[..], 0).is_some());
        }
    }
}
