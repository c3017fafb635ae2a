//! The rows.

use super::identity::{self, ID};
use super::network::{self, ACCOUNT};
use super::{Dialect, Entry, When, class, parameters, related, resources};
use crate::convert;
use crate::ecs::facts::{About, Facts};
use crate::escape::json_in_string;
use crate::table::{As, Chosen, Form, Row, Wrote};
use trail_event::Field::{
    AddendumReason, AddendumUpdatedFields, AdditionalEventData, AdditionalUserName,
    AggregatedEventId, Annotation, ApiVersion, AssumedRoot, AwsRegion, CipherSuite,
    ClientProvidedHostHeader, CredentialId, Ec2RoleDelivery, EdgeDeviceDetails, ErrorCode,
    ErrorMessage, EventCategory, EventContext, EventId, EventName, EventSource, EventTime,
    EventType, EventVersion, FederatedProvider, FederationAttributes, IdentityProvider,
    IdentityStoreArn, InScopeOfCredentialsIssuedTo, InScopeOfIssuerType, InScopeOfSourceAccount,
    InScopeOfSourceArn, InsightDetails, InvokedBy, InvokedByDelegateAccountId, KeyExchange,
    LoginTo, ManagementEvent, MfaAuthenticated, MfaUsed, MobileVersion, OnBehalfOfUserId,
    OriginalEventId, OriginalRequestId, ReadOnly, RecipientAccountId, RequestGroupName, RequestId,
    RequestNewUserName, RequestParameters, RequestUserName, Resources, ResponseElements,
    ResponseGroupId, ResponseUserId, ServiceEventDetails, SessionCreationDate,
    SessionCredentialFromConsole, SessionIssuerAccountId, SessionIssuerArn,
    SessionIssuerPrincipalId, SessionIssuerType, SessionIssuerUserName, SharedEventId,
    SourceIdentity, SourceIpAddress, Summary, TlsVersion, UserAgent, UserIdentityAccessKeyId,
    UserIdentityArn, UserIdentityType, UserIdentityUserName, VpcEndpointAccountId, VpcEndpointId,
    WindowEnd, WindowSize, WindowStart,
};
use trail_event::{Field, Timestamp, Value};

const fn always(row: Row<Facts>) -> Entry {
    Entry { when: When::Always, row }
}

const fn strict(row: Row<Facts>) -> Entry {
    Entry { when: When::Dialect(Dialect::Strict), row }
}

const fn integration(row: Row<Facts>) -> Entry {
    Entry { when: When::Dialect(Dialect::Integration), row }
}

const fn enriched(row: Row<Facts>) -> Entry {
    Entry { when: When::Enriched, row }
}

const fn original(row: Row<Facts>) -> Entry {
    Entry { when: When::Original, row }
}

const JAVA: As = As::Custom(parameters::java, "as Java writes a map, in a string");
const SOURCE: &[Field] = &[SourceIpAddress];
const NAME: Chosen<Facts> = Chosen {
    among: &[SessionIssuerUserName, UserIdentityUserName, AdditionalUserName],
    choose: |facts| facts.name,
    says: "of a session, its issuer's",
};

/// A field that counts for the sign-in to the console alone.
const fn console(among: &'static [Field], choose: fn(&Facts) -> Option<Field>) -> Chosen<Facts> {
    Chosen { among, choose, says: "of `ConsoleLogin`" }
}

/// A field as an object, if it can be one.
const fn flattened(
    path: &'static str,
    field: &'static [Field],
    write: fn(&About<'_>, &mut Vec<u8>) -> Wrote,
) -> Entry {
    let says = "as it is, if Elasticsearch takes it as `flattened`";
    always(Row::taking(path, field, says, write).when(field))
}

const YES: As = As::Custom(yes, "`Yes` as true, `No` as false");

pub(super) static TABLE: &[Entry] = &[
    always(Row::taking("@timestamp", &[EventTime], "as RFC 3339", time).when(&[EventTime])),
    always(Row::derived(
        "@timestamp",
        "without `eventTime`: `timeWindow.windowStart`, else 1970",
        other_time,
    )),
    always(Row::constant("ecs.version", r#""8.11.0""#)),
    always(Row::constant("event.kind", r#""event""#)),
    always(Row::constant("event.module", r#""aws""#)),
    always(Row::constant("event.dataset", r#""aws.cloudtrail""#)),
    always(Row::first("event.id", &[EventId, AggregatedEventId], As::Text)),
    always(Row::text("event.action", EventName)),
    always(Row::text("event.provider", EventSource)),
    always(Row::derived("event.category", "by `eventName`", class::category).when(&[EventName])),
    strict(Row::derived("event.type", "by `eventName`", class::types)),
    integration(Row::derived("event.type", "by `eventName`", class::types_of_integration)),
    always(Row::derived(
        "event.outcome",
        "failure if there is an `errorCode` or `errorMessage`; of a sign-in to the console, what it says",
        class::outcome,
    )),
    always(Row::field("event.start", WindowStart, As::DateTime)),
    always(Row::field("event.end", WindowEnd, As::DateTime)),
    original(Row::derived("event.original", "the record, as JSON in a string", record)),
    always(Row::constant("data_stream.type", r#""logs""#)),
    always(Row::constant("data_stream.dataset", r#""aws.cloudtrail""#)),
    always(Row::constant("data_stream.namespace", r#""default""#)),
    always(Row::constant("cloud.provider", r#""aws""#)),
    always(Row::text("cloud.region", AwsRegion)),
    always(Row::first("cloud.account.id", ACCOUNT, As::Text)),
    enriched(
        Row::derived(
            "cloud.account.name",
            "name of the account, where it is known",
            network::account_name,
        )
        .when(ACCOUNT),
    ),
    strict(Row::text("error.code", ErrorCode)),
    strict(Row::text("error.message", ErrorMessage)),
    always(Row::text("group.id", ResponseGroupId)),
    always(Row::text("group.name", RequestGroupName)),
    always(
        Row::derived("related.user", "names and ids of users", related::users).when(related::USERS),
    ),
    strict(
        Row::derived("related.ip", "`sourceIPAddress`, if it is one", related::addresses)
            .when(SOURCE),
    ),
    strict(
        Row::derived("related.hosts", "hosts, where they are named", related::hosts)
            .when(related::HOSTS),
    ),
    always(Row::text("source.address", SourceIpAddress)),
    always(
        Row::derived("source.ip", "`sourceIPAddress`, if it is one", network::address).when(SOURCE),
    ),
    enriched(
        Row::derived("source.geo", "where the address is, if known", network::place).when(SOURCE),
    ),
    enriched(
        Row::derived("source.as", "in whose network the address is", network::system).when(SOURCE),
    ),
    always(Row::field(
        "tls.version",
        TlsVersion,
        As::Custom(network::tls_version, "its number, `1.2`"),
    )),
    always(Row::field(
        "tls.version_protocol",
        TlsVersion,
        As::Custom(network::tls_protocol, "its name, `tls`"),
    )),
    always(Row::text("tls.cipher", CipherSuite)),
    always(Row::text("tls.client.server_name", ClientProvidedHostHeader)),
    always(Row::first("user.id", ID, As::Text)),
    always(Row::chosen("user.name", NAME, As::Text)),
    always(
        Row::derived("user.email", "`user.name`, if it is one", identity::email).when(NAME.among),
    ),
    always(Row::text("user.target.id", ResponseUserId)),
    always(Row::text("user.target.name", RequestUserName)),
    always(Row::text("user.changes.name", RequestNewUserName)),
    always(
        Row::derived(
            "user.changes.name",
            "of a session, the end of `userIdentity.arn`",
            identity::session,
        )
        .when(&[UserIdentityArn]),
    ),
    always(Row::text("user_agent.original", UserAgent)),
    always(Row::text("aws.cloudtrail.event_version", EventVersion)),
    always(Row::text("aws.cloudtrail.event_type", EventType)),
    always(Row::text("aws.cloudtrail.event_category", EventCategory)),
    always(Row::text("aws.cloudtrail.api_version", ApiVersion)),
    always(Row::field("aws.cloudtrail.read_only", ReadOnly, As::Boolean)),
    always(Row::text("aws.cloudtrail.management_event", ManagementEvent)),
    always(Row::text("aws.cloudtrail.request_id", RequestId)),
    always(Row::text("aws.cloudtrail.recipient_account_id", RecipientAccountId)),
    strict(Row::text("aws.cloudtrail.shared_event_id", SharedEventId)),
    always(Row::text("aws.cloudtrail.vpc_endpoint_id", VpcEndpointId)),
    always(Row::text("aws.cloudtrail.vpc_endpoint_account_id", VpcEndpointAccountId)),
    always(Row::text("aws.cloudtrail.error_code", ErrorCode)),
    always(Row::text("aws.cloudtrail.error_message", ErrorMessage)),
    always(Row::text(
        "aws.cloudtrail.session_credential_from_console",
        SessionCredentialFromConsole,
    )),
    always(Row::text("aws.cloudtrail.user_identity.type", UserIdentityType)),
    always(Row::text("aws.cloudtrail.user_identity.arn", UserIdentityArn)),
    always(Row::text("aws.cloudtrail.user_identity.access_key_id", UserIdentityAccessKeyId)),
    always(Row::text("aws.cloudtrail.user_identity.invoked_by", InvokedBy)),
    always(Row::text("aws.cloudtrail.user_identity.credential_id", CredentialId)),
    always(Row::text("aws.cloudtrail.user_identity.identity_provider", IdentityProvider)),
    always(Row::text("aws.cloudtrail.user_identity.on_behalf_of.user_id", OnBehalfOfUserId)),
    always(Row::text(
        "aws.cloudtrail.user_identity.on_behalf_of.identity_store_arn",
        IdentityStoreArn,
    )),
    always(Row::text("aws.cloudtrail.user_identity.in_scope_of.source_arn", InScopeOfSourceArn)),
    always(Row::text(
        "aws.cloudtrail.user_identity.in_scope_of.source_account",
        InScopeOfSourceAccount,
    )),
    always(Row::text("aws.cloudtrail.user_identity.in_scope_of.issuer_type", InScopeOfIssuerType)),
    always(Row::text(
        "aws.cloudtrail.user_identity.in_scope_of.credentials_issued_to",
        InScopeOfCredentialsIssuedTo,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.invoked_by_delegate.account_id",
        InvokedByDelegateAccountId,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.mfa_authenticated",
        MfaAuthenticated,
    )),
    always(Row::field(
        "aws.cloudtrail.user_identity.session_context.creation_date",
        SessionCreationDate,
        As::DateTime,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.source_identity",
        SourceIdentity,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.ec2_role_delivery",
        Ec2RoleDelivery,
    )),
    always(Row::text("aws.cloudtrail.user_identity.session_context.assumed_root", AssumedRoot)),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.session_issuer.type",
        SessionIssuerType,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.session_issuer.principal_id",
        SessionIssuerPrincipalId,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.session_issuer.arn",
        SessionIssuerArn,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.session_issuer.account_id",
        SessionIssuerAccountId,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.session_issuer.user_name",
        SessionIssuerUserName,
    )),
    always(Row::text(
        "aws.cloudtrail.user_identity.session_context.web_id_federation_data.federated_provider",
        FederatedProvider,
    )),
    always(Row::field(
        "aws.cloudtrail.user_identity.session_context.web_id_federation_data.attributes",
        FederationAttributes,
        As::JsonText,
    )),
    strict(Row::field("aws.cloudtrail.request_parameters", RequestParameters, As::JsonText)),
    integration(Row::field("aws.cloudtrail.request_parameters", RequestParameters, JAVA)),
    strict(Row::field("aws.cloudtrail.response_elements", ResponseElements, As::JsonText)),
    integration(Row::field("aws.cloudtrail.response_elements", ResponseElements, JAVA)),
    strict(Row::field("aws.cloudtrail.additional_eventdata", AdditionalEventData, As::JsonText)),
    integration(Row::field("aws.cloudtrail.additional_eventdata", AdditionalEventData, JAVA)),
    strict(Row::field("aws.cloudtrail.service_event_details", ServiceEventDetails, As::JsonText)),
    integration(Row::field("aws.cloudtrail.service_event_details", ServiceEventDetails, JAVA)),
    always(Row::field("aws.cloudtrail.insight_details", InsightDetails, As::JsonText)),
    flattened(
        "aws.cloudtrail.flattened.request_parameters",
        &[RequestParameters],
        |about, line| parameters::flattened(about, RequestParameters, line),
    ),
    flattened("aws.cloudtrail.flattened.response_elements", &[ResponseElements], |about, line| {
        parameters::flattened(about, ResponseElements, line)
    }),
    flattened(
        "aws.cloudtrail.flattened.additional_eventdata",
        &[AdditionalEventData],
        |about, line| parameters::flattened(about, AdditionalEventData, line),
    ),
    flattened(
        "aws.cloudtrail.flattened.service_event_details",
        &[ServiceEventDetails],
        |about, line| parameters::flattened(about, ServiceEventDetails, line),
    ),
    flattened("aws.cloudtrail.flattened.insight_details", &[InsightDetails], |about, line| {
        parameters::flattened(about, InsightDetails, line)
    }),
    always(Row::field(
        "aws.cloudtrail.resources",
        Resources,
        As::Custom(
            resources::write,
            "`arn`, `arn_prefix`, `account_id` and `type`, each resource once",
        ),
    )),
    always(Row::chosen(
        "aws.cloudtrail.console_login.additional_eventdata.login_to",
        console(&[LoginTo], |facts| facts.is_sign_in.then_some(LoginTo)),
        As::Text,
    )),
    always(Row::chosen(
        "aws.cloudtrail.console_login.additional_eventdata.mobile_version",
        console(&[MobileVersion], |facts| facts.is_sign_in.then_some(MobileVersion)),
        YES,
    )),
    always(Row::chosen(
        "aws.cloudtrail.console_login.additional_eventdata.mfa_used",
        console(&[MfaUsed], |facts| facts.is_sign_in.then_some(MfaUsed)),
        YES,
    )),
    always(Row::text("aws.cloudtrail.tls_details.key_exchange", KeyExchange)),
    always(Row::text("aws.cloudtrail.addendum.reason", AddendumReason)),
    always(Row::field(
        "aws.cloudtrail.addendum.updated_fields",
        AddendumUpdatedFields,
        As::JsonText,
    )),
    always(Row::text("aws.cloudtrail.addendum.original_request_id", OriginalRequestId)),
    always(Row::text("aws.cloudtrail.addendum.original_event_id", OriginalEventId)),
    always(Row::text("aws.cloudtrail.time_window.window_size", WindowSize)),
    always(Row::field("aws.cloudtrail.summary", Summary, As::JsonText)),
    always(Row::field("aws.cloudtrail.edge_device_details", EdgeDeviceDetails, As::JsonText)),
    always(Row::field("aws.cloudtrail.event_context", EventContext, As::JsonText)),
    always(Row::field("aws.cloudtrail.annotation", Annotation, As::JsonText)),
    always(Row::remaining("aws.cloudtrail.unmapped", Form::FlatMapText)),
];

fn time(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some((EventTime, time)) = about.facts.time else { return Wrote::Nothing };
    moment(about, EventTime, time, line);
    convert::wrote(time)
}

/// A data stream takes no event without a time; 1970 is easily told from a true one.
fn other_time(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    match about.facts.time {
        Some((EventTime, _)) => return Wrote::Nothing,
        Some((field, time)) => moment(about, field, time, line),
        None => convert::plain("1970-01-01T00:00:00.000Z", line),
    }
    Wrote::Part
}

fn moment(about: &About<'_>, field: Field, time: Timestamp, line: &mut Vec<u8>) {
    if let Some(value) = about.event.value(field) {
        convert::moment(value, time, line);
    }
}

fn record(about: &About<'_>, line: &mut Vec<u8>) -> Wrote {
    json_in_string(about.event.json(), line);
    Wrote::Part
}

fn yes(value: Value<'_>, line: &mut Vec<u8>) -> Wrote {
    let Some(text) = value.filled() else { return Wrote::Nothing };
    let json: &[u8] = match text.plain() {
        Some("Yes") => b"true",
        Some("No") => b"false",
        Some(_) | None => return Wrote::Nothing,
    };
    line.extend_from_slice(json);
    Wrote::All
}
