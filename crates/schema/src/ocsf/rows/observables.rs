//! What of an event is worth looking for in others.

use super::{actor, resources};
use crate::append::append;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class;
use crate::ocsf::facts::{Facts, says};
use crate::table::{Row, Subject, Wrote};
use trail_event::{Field, Text};

pub(super) const TABLE: &[Attribute] = &[always(Row::derived(
    "observables",
    "name, type, type_id and value of src_endpoint.ip or src_endpoint.domain, actor.user.name, \
     user.name and resources[].uid; in extended detail, since 1.8, also of http_request.user_agent, \
     actor.user.credential_uid, actor.user.uid, user.uid, group.name, actor.user.account.uid and \
     src_endpoint.uid",
    observables,
))];

/// A kind of observable: how one begins. It says the attribute, what OCSF calls the type, and its
/// `type_id`.
struct Kind(&'static str);

macro_rules! kind {
    ($name:literal, $caption:literal, $id:literal) => {
        Kind(concat!(
            r#"{"name":""#,
            $name,
            r#"","type":""#,
            $caption,
            r#"","type_id":"#,
            $id,
            r#","value":""#
        ))
    };
}

const IP: Kind = kind!("src_endpoint.ip", "IP Address", 2);
const DOMAIN: Kind = kind!("src_endpoint.domain", "Hostname", 1);
const ACTOR_NAME: Kind = kind!("actor.user.name", "User Name", 4);
const USER_NAME: Kind = kind!("user.name", "User Name", 4);
const RESOURCE: Kind = kind!("resources[].uid", "Resource UID", 10);
const USER_AGENT: Kind = kind!("http_request.user_agent", "HTTP User-Agent", 16);
const CREDENTIAL: Kind = kind!("actor.user.credential_uid", "User Credential ID", 19);
const ACTOR_UID: Kind = kind!("actor.user.uid", "User Object: uid", 31);
const USER_UID: Kind = kind!("user.uid", "User Object: uid", 31);
const GROUP: Kind = kind!("group.name", "Group Object: name", 32);
const ACCOUNT: Kind = kind!("actor.user.account.uid", "Account Object: uid", 35);
const ENDPOINT: Kind = kind!("src_endpoint.uid", "Network Endpoint Object: uid", 48);

fn observables(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    line.push(b'[');
    usual(subject, line);
    if subject.facts.is_extended() && subject.facts.is_since(V1_8) {
        extended(subject, line);
    }
    if line.last() == Some(&b'[') {
        line.truncate(start);
        return Wrote::Nothing;
    }
    line.pop();
    line.push(b']');
    Wrote::Part
}

/// Those that Security Lake has.
fn usual(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) {
    let Facts { address, acted_on, class, .. } = subject.facts;
    let source = if address.is_some() { &IP } else { &DOMAIN };
    observe(source, says(&subject.event, Field::SourceIpAddress), line);
    observe(&ACTOR_NAME, actor::name(subject), line);
    let user = acted_on.name.and_then(|field| says(&subject.event, field));
    observe(&USER_NAME, user, line);
    if *class == Class::ApiActivity {
        resources::arns(&subject.event).for_each(|arn| observe(&RESOURCE, Some(arn), line));
    }
}

fn extended(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) {
    let Facts { acted_on, class, .. } = subject.facts;
    let text = |field: Field| says(&subject.event, field);
    observe(&USER_AGENT, text(Field::UserAgent), line);
    observe(&CREDENTIAL, text(Field::UserIdentityAccessKeyId), line);
    observe(&ACTOR_UID, text(Field::UserIdentityArn), line);
    observe(&USER_UID, acted_on.id.and_then(text), line);
    if *class == Class::GroupManagement {
        observe(&GROUP, text(Field::RequestGroupName), line);
    }
    observe(&ACCOUNT, text(Field::UserIdentityAccountId), line);
    observe(&ENDPOINT, text(Field::VpcEndpointId), line);
}

fn observe(kind: &Kind, value: Option<Text<'_>>, line: &mut Vec<u8>) {
    let Some(value) = value else { return };
    line.extend_from_slice(kind.0.as_bytes());
    append(value.escaped().as_bytes(), line);
    append(b"\"},", line);
}
