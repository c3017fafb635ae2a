//! The estate that the sample comes from: who owns what, where, and how its objects are named.

use jiff::{SignedDuration, Timestamp};

use super::SampleKind;

/// The bucket that both trails deliver to; digests name it.
pub const BUCKET: &str = "org-trail";

/// The organization whose trail covers all accounts but one.
pub(super) const ORGANIZATION: &str = "o-exampleorgid";

/// The first minute of the sample: 2026-03-02T22:00:00Z, so that a day ends within it.
const START: i64 = 1_772_488_800;

/// `seconds` after the first minute of the sample.
pub(super) fn moment(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH
        .saturating_add(SignedDuration::from_secs(START + seconds))
        .unwrap_or_default()
}

/// One account in one region, and the trail that covers it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) account: &'static str,
    pub(super) region: &'static str,
    pub(super) trail: Trail,
}

/// What delivers the logs of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trail {
    /// A trail of this account alone.
    Account,
    /// The trail of the whole organization.
    Organization,
}

/// Every place with activity.
pub(super) static PLACES: [Place; 10] = [
    of_organization("111122223333", "us-east-1"),
    of_organization("111122223333", "eu-west-1"),
    of_organization("111122223333", "ap-southeast-2"),
    of_organization("444455556666", "us-east-1"),
    of_organization("444455556666", "eu-central-1"),
    of_organization("777788889999", "us-east-1"),
    of_organization("777788889999", "eu-west-1"),
    of_account("123456789012", "us-east-1"),
    of_account("123456789012", "us-west-2"),
    of_account("123456789012", "eu-central-1"),
];

const fn of_organization(account: &'static str, region: &'static str) -> Place {
    Place { account, region, trail: Trail::Organization }
}

const fn of_account(account: &'static str, region: &'static str) -> Place {
    Place { account, region, trail: Trail::Account }
}

impl Trail {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Account => "account_trail-1.0",
            Self::Organization => "org-trail",
        }
    }

    pub(super) fn home_region(self) -> &'static str {
        match self {
            Self::Account => "us-west-2",
            Self::Organization => "us-east-1",
        }
    }
}

impl Place {
    /// The key of a log object delivered at `stamp`; `unique` is the tail that avoids overwriting.
    pub(super) fn log_key(&self, kind: SampleKind, stamp: Timestamp, unique: &str) -> String {
        let Self { account, region, .. } = self;
        let name = stamp.strftime("%Y%m%dT%H%MZ");
        let folder = kind.folder();
        let path = self.folder(kind, stamp);
        format!("{path}/{account}_{folder}_{region}_{name}_{unique}.json.gz")
    }

    /// The key of the digest that ends at `end`.
    pub(super) fn digest_key(&self, end: Timestamp) -> String {
        let Self { account, region, trail } = self;
        let (name, home) = (trail.name(), trail.home_region());
        let stamp = end.strftime("%Y%m%dT%H%M%SZ");
        let path = self.folder(SampleKind::Digest, end);
        format!("{path}/{account}_CloudTrail-Digest_{region}_{name}_{home}_{stamp}.json.gz")
    }

    fn folder(&self, kind: SampleKind, stamp: Timestamp) -> String {
        let Self { account, region, trail } = self;
        let owner = match trail {
            Trail::Account => (*account).to_owned(),
            Trail::Organization => format!("{ORGANIZATION}/{account}"),
        };
        format!("AWSLogs/{owner}/{}/{region}/{}", kind.folder(), stamp.strftime("%Y/%m/%d"))
    }
}
