//! Who did it.

use super::{ACCOUNT, ACCOUNT_ID, account_name, name_in, part, raw, text_of, unknown};
use crate::append::append;
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{
    self, AccountChange, ApiActivity, Authentication, DatastoreActivity, GroupManagement,
};
use crate::ocsf::facts::{Facts, actor, says};
use crate::table::{As, Chosen, Row, Subject, Wrote};
use trail_event::{Field, Text};

/// All but sign-ins.
const CALLS: &[Class] = &[ApiActivity, AccountChange, GroupManagement, DatastoreActivity];

/// What makes a user of who has neither ARN nor name nor account.
const STAND_IN: Chosen<Facts> = Chosen {
    among: actor::IDS,
    choose: |facts| facts.actor.id,
    says: "where there is no ARN, name or account",
};

pub(super) const TABLE: &[Attribute] = &[
    always(
        Row::taking(
            "actor.user.type",
            &[Field::UserIdentityType],
            "userIdentity.type, where there is a user",
            user_type,
        )
        .when(&[Field::UserIdentityType]),
    ),
    always(
        Row::derived(
            "actor.user.type_id",
            "2 (Admin) for Root; 1 (User) for IAMUser, IdentityCenterUser, SAMLUser and \
         WebIdentityUser; 4 (Service) for AWSService; 0 (Unknown) for Unknown; else 99 (Other)",
            user_type_id,
        )
        .when(&[Field::UserIdentityType]),
    )
    .since(V1_8),
    always(Row::text("actor.user.name", Field::UserIdentityUserName)).of(CALLS),
    always(Row::first("actor.user.name", actor::NAMES, As::Text)).of(&[Authentication]),
    always(
        Row::derived(
            "actor.user.name",
            "in extended detail, of an assumed role the name of the session: the end of the ARN",
            session_name,
        )
        .when(&[Field::UserIdentityArn]),
    )
    .extended(),
    always(Row::text("actor.user.uid", Field::UserIdentityArn)),
    always(Row::chosen("actor.user.uid", STAND_IN, As::Text)),
    always(Row::first(
        "actor.user.uid_alt",
        &[Field::UserIdentityPrincipalId, Field::OnBehalfOfUserId],
        As::Text,
    )),
    always(Row::first(
        "actor.user.credential_uid",
        &[Field::UserIdentityAccessKeyId, Field::CredentialId],
        As::Text,
    )),
    always(
        Row::derived(
            "actor.user.programmatic_credentials",
            "one, with userIdentity.accessKeyId as uid",
            access_key,
        )
        .when(&[Field::UserIdentityAccessKeyId]),
    )
    .since(V1_8),
    always(Row::text("actor.user.account.uid", Field::UserIdentityAccountId)),
    always(
        Row::derived(
            "actor.user.account.name",
            "by enrichment, of userIdentity.accountId",
            |subject, line| account_name(subject, Field::UserIdentityAccountId, line),
        )
        .when(&[Field::UserIdentityAccountId]),
    )
    .enriched(),
    always(
        Row::derived("actor.user.account.type", "AWS Account", |subject, line| {
            has_account(subject, ACCOUNT, line)
        })
        .when(&[Field::UserIdentityAccountId]),
    )
    .since(V1_8),
    always(
        Row::derived("actor.user.account.type_id", "10 (AWS Account)", |subject, line| {
            has_account(subject, ACCOUNT_ID, line)
        })
        .when(&[Field::UserIdentityAccountId]),
    )
    .since(V1_8),
    always(Row::field("actor.session.created_time", Field::SessionCreationDate, As::Milliseconds))
        .since(V1_8),
    always(Row::field("actor.session.created_time_dt", Field::SessionCreationDate, As::DateTime)),
    always(Row::field("actor.session.is_mfa", Field::MfaAuthenticated, As::Boolean)),
    always(Row::text("actor.session.issuer", Field::SessionIssuerArn)),
    always(Row::first(
        "actor.idp.name",
        &[Field::IdentityProvider, Field::FederatedProvider],
        As::Text,
    )),
    always(Row::text("actor.idp.uid", Field::IdentityStoreArn)),
    always(Row::text("actor.invoked_by", Field::InvokedBy)),
    always(Row::derived("actor.invoked_by", "Unknown where nothing is told of who it was", nobody))
        .stand_in(),
    always(Row::text("actor.app_name", Field::InvokedBy)).since(V1_8),
];

fn user_type(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    if !subject.facts.actor.is_user {
        return Wrote::Nothing;
    }
    text_of(subject, Some(Field::UserIdentityType), line)
}

fn user_type_id(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let kind = says(&subject.event, Field::UserIdentityType);
    let Some(kind) = kind.filter(|_kind| subject.facts.actor.is_user) else {
        return Wrote::Nothing;
    };
    // What is written with escapes is none of these.
    raw(
        match kind.escaped() {
            "IAMUser" | "IdentityCenterUser" | "SAMLUser" | "WebIdentityUser" => "1",
            "Root" => "2",
            "AWSService" => "4",
            "Unknown" => "0",
            _ => "99",
        },
        line,
    )
}

/// The name of the user, as `actor.user.name` has it.
pub(super) fn name<'a>(subject: &Subject<'a, Facts>) -> Option<Text<'a>> {
    match subject.facts.actor.name {
        Some(field) => says(&subject.event, field),
        None => session(subject),
    }
}

/// The name of the session of an assumed role, where it stands in for the user's.
fn session<'a>(subject: &Subject<'a, Facts>) -> Option<Text<'a>> {
    let is_wanted = subject.facts.is_extended()
        && subject.facts.actor.name.is_none()
        && subject.event.says(Field::UserIdentityType, "AssumedRole");
    if is_wanted { says(&subject.event, Field::UserIdentityArn).and_then(name_in) } else { None }
}

fn session_name(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    match session(subject) {
        Some(name) => part(name, line),
        None => Wrote::Nothing,
    }
}

fn access_key(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let start = line.len();
    append(br#"[{"uid":"#, line);
    if text_of(subject, Some(Field::UserIdentityAccessKeyId), line) == Wrote::Nothing {
        line.truncate(start);
        return Wrote::Nothing;
    }
    raw(r#","type":"AWS Access Key"}]"#, line)
}

fn has_account(subject: &Subject<'_, Facts>, json: &str, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.actor.has_account { raw(json, line) } else { Wrote::Nothing }
}

/// OCSF requires an actor, and that it is a user, a session or whoever invoked.
fn nobody(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    let event = &subject.event;
    let is_somebody = subject.facts.actor.is_user
        || [Field::InvokedBy, Field::SessionIssuerArn]
            .iter()
            .any(|field| says(event, *field).is_some());
    if is_somebody { Wrote::Nothing } else { unknown(line) }
}
