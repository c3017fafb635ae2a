//! The columns.

use super::derived;
use super::pen::Pen;
use crate::escape::{json_in_string, quoted_json_in_string};
use crate::table::{As, Form, Row, Subject, Wrote};
use trail_event::Field;

/// A column of the table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, in lower case.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// Whether a cell may be null.
    pub nullable: bool,
    /// What it says, in a sentence.
    pub doc: &'static str,
    pub(super) from: From,
}

/// What the cells of a column hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// A moment, to the millisecond, UTC.
    Timestamp,
    /// A day, UTC.
    Date,
    /// True or false.
    Boolean,
    /// A whole number, 64 bits.
    Integer,
    /// The text of a JSON value, on one line.
    Json,
}

/// Where a column comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum From {
    /// A field, if it holds something of the column's kind.
    Field(Field),
    /// A field as JSON, and how it is made a string in JSON.
    Json(Field, Row<()>),
    /// The first of these fields that holds something of the column's kind.
    First(&'static [Field]),
    /// Made of several things.
    Derived(Derived),
    /// Made of what enrichment says; without it there is nothing.
    Enriched(Derived),
    /// What no other column says.
    Remaining,
}

/// How a column is made of several things. Both forms are of one function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Derived {
    pub(super) write: fn(&Subject<'_, ()>, &mut Pen<'_>),
    json: fn(&Subject<'_, ()>, &mut Vec<u8>) -> Wrote,
}

macro_rules! derived {
    ($name:literal, $kind:ident, $nullable:literal, $doc:literal, $write:path) => {
        derived!(Derived, $name, $kind, $nullable, $doc, $write)
    };
    ($from:ident, $name:literal, $kind:ident, $nullable:literal, $doc:literal, $write:path) => {
        Column {
            name: $name,
            kind: ColumnKind::$kind,
            nullable: $nullable,
            doc: $doc,
            from: From::$from(Derived {
                write: $write,
                json: |subject, line| Pen::json(line, |pen| $write(subject, pen)),
            }),
        }
    };
}

const fn column(name: &'static str, kind: ColumnKind, field: Field) -> Column {
    Column { name, kind, nullable: true, doc: field.doc(), from: From::Field(field) }
}

macro_rules! json {
    ($name:literal, $field:path) => {{
        const ROW: Row<()> = Row::taking($name, &[$field], "as JSON in a string", |about, line| {
            json_text(about, $field, line)
        });
        let (kind, from) = (ColumnKind::Json, From::Json($field, ROW.when(&[$field])));
        Column { name: $name, kind, nullable: true, doc: $field.doc(), from }
    }};
}

const fn text(name: &'static str, field: Field) -> Column {
    column(name, ColumnKind::Text, field)
}

const fn first(
    name: &'static str,
    kind: ColumnKind,
    fields: &'static [Field],
    doc: &'static str,
) -> Column {
    Column { name, kind, nullable: true, doc, from: From::First(fields) }
}

/// Every column, in order. A later version of traild may add columns, at the end.
pub static COLUMNS: &[Column] = &[
    first(
        "eventtime",
        ColumnKind::Timestamp,
        &[Field::EventTime, Field::WindowStart],
        "When the request was completed, UTC; for an aggregated event when its window starts.",
    ),
    text("eventversion", Field::EventVersion),
    first(
        "eventid",
        ColumnKind::Text,
        &[Field::EventId, Field::AggregatedEventId],
        "Id of the event; with `recipientaccountid` its identity.",
    ),
    text("eventsource", Field::EventSource),
    text("eventname", Field::EventName),
    text("eventtype", Field::EventType),
    text("eventcategory", Field::EventCategory),
    text("awsregion", Field::AwsRegion),
    first(
        "recipientaccountid",
        ColumnKind::Text,
        &[Field::RecipientAccountId, Field::AggregatedAccountId],
        "Account that received the record.",
    ),
    text("sourceipaddress", Field::SourceIpAddress),
    text("useragent", Field::UserAgent),
    text("errorcode", Field::ErrorCode),
    text("errormessage", Field::ErrorMessage),
    column("readonly", ColumnKind::Boolean, Field::ReadOnly),
    column("managementevent", ColumnKind::Boolean, Field::ManagementEvent),
    text("useridentity_type", Field::UserIdentityType),
    text("useridentity_principalid", Field::UserIdentityPrincipalId),
    text("useridentity_arn", Field::UserIdentityArn),
    text("useridentity_accountid", Field::UserIdentityAccountId),
    text("useridentity_invokedby", Field::InvokedBy),
    text("useridentity_accesskeyid", Field::UserIdentityAccessKeyId),
    text("useridentity_username", Field::UserIdentityUserName),
    json!("useridentity_onbehalfof", Field::OnBehalfOf),
    text("useridentity_sessionissuer_type", Field::SessionIssuerType),
    text("useridentity_sessionissuer_principalid", Field::SessionIssuerPrincipalId),
    text("useridentity_sessionissuer_arn", Field::SessionIssuerArn),
    text("useridentity_sessionissuer_accountid", Field::SessionIssuerAccountId),
    text("useridentity_sessionissuer_username", Field::SessionIssuerUserName),
    column("useridentity_mfaauthenticated", ColumnKind::Boolean, Field::MfaAuthenticated),
    column("useridentity_creationdate", ColumnKind::Timestamp, Field::SessionCreationDate),
    text("useridentity_sourceidentity", Field::SourceIdentity),
    text("useridentity_ec2roledelivery", Field::Ec2RoleDelivery),
    json!("requestparameters", Field::RequestParameters),
    json!("responseelements", Field::ResponseElements),
    json!("additionaleventdata", Field::AdditionalEventData),
    json!("serviceeventdetails", Field::ServiceEventDetails),
    json!("resources", Field::Resources),
    text("requestid", Field::RequestId),
    text("apiversion", Field::ApiVersion),
    text("sharedeventid", Field::SharedEventId),
    text("vpcendpointid", Field::VpcEndpointId),
    text("vpcendpointaccountid", Field::VpcEndpointAccountId),
    column(
        "sessioncredentialfromconsole",
        ColumnKind::Boolean,
        Field::SessionCredentialFromConsole,
    ),
    json!("addendum", Field::Addendum),
    json!("edgedevicedetails", Field::EdgeDeviceDetails),
    json!("tlsdetails", Field::TlsDetails),
    json!("insightdetails", Field::InsightDetails),
    json!("summary", Field::Summary),
    derived!(
        "actor",
        Text,
        true,
        "Who acted: the ARN of the identity, else its name, unique id, service or account.",
        derived::actor
    ),
    derived!(
        "credentials",
        Text,
        false,
        "With which kind of credentials: root, iam-user, assumed-role, role, federated, \
         identity-center, saml, web-identity, directory, aws-service, other-account, anonymous, \
         unknown, none.",
        derived::credentials
    ),
    derived!(
        "temporary",
        Boolean,
        true,
        "Whether the credentials were temporary; null when nothing says.",
        derived::temporary
    ),
    derived!(
        "by_service",
        Text,
        true,
        "Which service made the request, if one did; the console is none.",
        derived::by_service
    ),
    derived!(
        "outcome",
        Text,
        true,
        "How the request ended: success or failure; null where there was none.",
        derived::outcome
    ),
    derived!("event_day", Date, true, "Day of `eventtime`, UTC.", derived::event_day),
    Column {
        name: "unmapped",
        kind: ColumnKind::Json,
        nullable: true,
        doc: "All that no other column says: an object of strings, keyed by path.",
        from: From::Remaining,
    },
    derived!(
        Enriched,
        "account_name",
        Text,
        true,
        "Name of the account in `recipientaccountid`, with enrichment.",
        derived::account_name
    ),
    derived!(
        Enriched,
        "source_country",
        Text,
        true,
        "Country of `sourceipaddress`, two letters, with enrichment.",
        derived::country
    ),
    derived!(
        Enriched,
        "source_city",
        Text,
        true,
        "City of `sourceipaddress`, with enrichment.",
        derived::city
    ),
    derived!(
        Enriched,
        "source_as_number",
        Integer,
        true,
        "Number of the autonomous system of `sourceipaddress`, with enrichment.",
        derived::as_number
    ),
    derived!(
        Enriched,
        "source_as_organization",
        Text,
        true,
        "Who runs the autonomous system of `sourceipaddress`, with enrichment.",
        derived::as_organization
    ),
];

impl Column {
    /// Whether only enrichment fills it.
    pub(super) fn is_enriched(&self) -> bool {
        matches!(self.from, From::Enriched(_))
    }

    /// The row of the encoder's table that makes this column in JSON.
    pub(super) fn row(&self) -> Row<()> {
        match &self.from {
            From::Field(field) => Row::field(self.name, *field, self.kind.conversion()),
            From::Json(_, row) => *row,
            From::First(fields) => Row::first(self.name, fields, self.kind.conversion()),
            From::Derived(derived) | From::Enriched(derived) => {
                Row::derived(self.name, self.doc, derived.json)
            }
            From::Remaining => Row::remaining(self.name, Form::FlatMapText),
        }
    }
}

impl ColumnKind {
    /// How a field is written into a column of this kind. No field is a number or a day, and those
    /// of JSON have rows of their own. A table tells an empty string from null.
    fn conversion(self) -> As {
        match self {
            Self::Text | Self::Integer | Self::Date | Self::Json => As::Scalar,
            Self::Timestamp => As::DateTime,
            Self::Boolean => As::Boolean,
        }
    }
}

/// Appends a string that holds the JSON of a field, also of one that is itself a string: what a
/// column of JSON holds is always JSON.
fn json_text(about: &Subject<'_, ()>, field: Field, line: &mut Vec<u8>) -> Wrote {
    let Some(value) = about.event.value(field) else { return Wrote::Nothing };
    if says_nothing(value.json()) {
        return Wrote::Nothing;
    }
    match about.event.quoted(field) {
        Some(quoted) => {
            quoted_json_in_string(about.event.json(), value.json(), quoted.quotes(), line);
        }
        None => json_in_string(value.json(), line),
    }
    Wrote::All
}

/// Whether it is null, `{}` or `[]`.
#[inline]
pub(super) fn says_nothing(json: &str) -> bool {
    match json.as_bytes() {
        [b'n', ..] | [] => true,
        [b'{' | b'[', rest @ ..] => {
            let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
            matches!(next, Some(b'}' | b']') | None)
        }
        _ => false,
    }
}
