//! The user it was done to.

use super::{ACCOUNT, ACCOUNT_ID, raw, text_of, unknown};
use crate::ocsf::Version::V1_8;
use crate::ocsf::attribute::{Attribute, always};
use crate::ocsf::class::Class::{self, AccountChange, Authentication, GroupManagement};
use crate::ocsf::facts::Facts;
use crate::table::{As, Chosen, Row, Subject, Wrote};
use trail_event::Field;

/// The classes that require a user.
const REQUIRING: &[Class] = &[Authentication, AccountChange];

const BEGUN_NAME: Chosen<Facts> = Chosen {
    among: &[Field::RequestRoleSessionName, Field::UserIdentityUserName, Field::AdditionalUserName],
    choose: |facts| facts.acted_on.name,
    says: "the name of the session that begins; where there is no ARN, of who signs in",
};

const BEGUN_ID: Chosen<Facts> = Chosen {
    among: &[Field::RequestRoleArn, Field::UserIdentityArn, Field::UserIdentityPrincipalId],
    choose: |facts| facts.acted_on.id,
    says: "the role that is assumed, else who signs in",
};

const CHANGED_NAME: Chosen<Facts> = Chosen {
    among: &[
        Field::ResponseUserName,
        Field::ResponseRoleName,
        Field::RequestUserName,
        Field::RequestRoleName,
        Field::RequestGroupName,
        Field::UserIdentityUserName,
    ],
    choose: |facts| facts.acted_on.name,
    says: "the caller only for what is done to oneself",
};

const CHANGED_ID: Chosen<Facts> = Chosen {
    among: &[
        Field::ResponseUserArn,
        Field::ResponseRoleArn,
        Field::UserIdentityArn,
        Field::ResponseUserId,
        Field::ResponseRoleId,
        Field::UserIdentityPrincipalId,
    ],
    choose: |facts| facts.acted_on.id,
    says: "an id only where there is nothing else; the caller for what is done to oneself",
};

const CHANGED_OTHER_ID: Chosen<Facts> = Chosen {
    among: &[Field::ResponseUserId, Field::ResponseRoleId, Field::UserIdentityPrincipalId],
    choose: |facts| facts.acted_on.other_id,
    says: "the caller only for what is done to oneself",
};

pub(super) const TABLE: &[Attribute] = &[
    always(Row::chosen("user.name", BEGUN_NAME, As::Text)).of(&[Authentication]),
    always(Row::chosen("user.name", CHANGED_NAME, As::Text)).of(&[AccountChange]),
    always(Row::text("user.name", Field::RequestUserName)).of(&[GroupManagement]),
    always(Row::derived("user.name", "Unknown where nothing is told of the user", nobody))
        .of(REQUIRING),
    always(Row::chosen("user.uid", BEGUN_ID, As::Text)).of(&[Authentication]),
    always(Row::chosen("user.uid", CHANGED_ID, As::Text)).of(&[AccountChange]),
    always(Row::text("user.uid_alt", Field::UserIdentityPrincipalId)).of(&[Authentication]),
    always(Row::chosen("user.uid_alt", CHANGED_OTHER_ID, As::Text)).of(&[AccountChange]),
    always(Row::derived(
        "user.account.uid",
        "recipientAccountId, else userIdentity.accountId, where no user is named",
        |subject, line| text_of(subject, subject.facts.acted_on.account, line),
    ))
    .of(REQUIRING),
    always(Row::derived("user.account.type", "AWS Account", |subject, line| {
        has_account(subject, ACCOUNT, line)
    }))
    .since(V1_8)
    .of(REQUIRING),
    always(Row::derived("user.account.type_id", "10 (AWS Account)", |subject, line| {
        has_account(subject, ACCOUNT_ID, line)
    }))
    .since(V1_8)
    .of(REQUIRING),
];

fn nobody(subject: &Subject<'_, Facts>, line: &mut Vec<u8>) -> Wrote {
    if subject.facts.acted_on.is_known() { Wrote::Nothing } else { unknown(line) }
}

fn has_account(subject: &Subject<'_, Facts>, json: &str, line: &mut Vec<u8>) -> Wrote {
    match subject.facts.acted_on.account {
        Some(_account) => raw(json, line),
        None => Wrote::Nothing,
    }
}
