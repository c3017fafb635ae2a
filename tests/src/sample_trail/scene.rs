//! The scene of one event: who and what it is about. Templates are filled in from it.
//!
//! A template is JSON with words such as `$bucket`. Within a scene a word always has the same
//! value, so the bucket of the request is the bucket of the resource.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::chance::{self, Chance};
use super::estate::{ORGANIZATION, Place};

const USERS: [&str; 8] = ["alice", "bob", "carol", "dave", "erin", "deploy", "backup", "terraform"];
const ROLES: [(&str, &str); 8] = [
    ("Admin", "/"),
    ("ReadOnly", "/"),
    ("ci-deploy", "/service-role/"),
    ("orders-api", "/apps/"),
    ("nightly-report", "/apps/"),
    ("AWSReservedSSO_PowerUser_0123456789abcdef", "/aws-reserved/sso.amazonaws.com/eu-west-1/"),
    ("eks-node", "/"),
    ("AWSServiceRoleForAutoScaling", "/aws-service-role/autoscaling.amazonaws.com/"),
];
const SESSIONS: [&str; 6] = [
    "alice@example.com",
    "i-0123456789abcdef0",
    "ci-4711",
    "botocore-session-1772488800",
    "orders",
    "j",
];
const BUCKETS: [&str; 5] = [
    "amzn-s3-demo-bucket",
    "amzn-s3-demo-logging-bucket",
    "amzn-s3-demo-source-bucket",
    "example.invoices",
    "example-data-lake",
];
const OBJECTS: [&str; 7] = [
    "invoices/2026/03/0001.pdf",
    "raw/year=2026/month=03/part-00000.snappy.parquet",
    "a b/c+d%20e.txt",
    "bilder/übersicht.png",
    "レポート/三月.csv",
    "🚀/launch.json",
    "tmp/",
];
const ADDRESSES: [&str; 9] = [
    "192.0.2.10",
    "192.0.2.44",
    "198.51.100.7",
    "198.51.100.200",
    "203.0.113.12",
    "203.0.113.64",
    "203.0.113.250",
    "2001:db8::1",
    "2001:db8:85a3::8a2e:370:7334",
];
const FUNCTIONS: [&str; 4] = ["orders-api", "thumbnail", "nightly-report", "auth-trigger"];
const TABLES: [&str; 3] = ["orders", "sessions", "locks"];
const PARAMETERS: [&str; 3] = ["/prod/orders/db_url", "/prod/orders/flags", "/dev/orders/db_url"];
const SECRETS: [&str; 3] = ["prod/orders/db", "prod/payments/api", "dev/orders/db"];

/// Who calls, in every account.
const ACTORS: u64 = 24;

/// A place, a moment, and the words that were chosen so far.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    pub(super) place: &'a Place,
    pub(super) at: Timestamp,
    pub(super) chance: &'a mut Chance,
    /// The AWS service that calls, or on whose behalf the call is made.
    pub(super) service: &'static str,
    nouns: BTreeMap<&'static str, u64>,
}

impl<'a> Scene<'a> {
    pub(super) fn new(place: &'a Place, at: Timestamp, chance: &'a mut Chance) -> Self {
        Self { place, at, chance, service: "cloudtrail.amazonaws.com", nouns: BTreeMap::new() }
    }

    /// `template` with every word it knows replaced; an unknown one stays as it is.
    pub(super) fn fill(&mut self, template: &str) -> String {
        let mut parts = template.split('$');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end =
                part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            match self.word(name) {
                Some(word) => text.push_str(&word),
                None => text.extend(["$", name]),
            }
            text.push_str(rest);
        }
        text
    }

    fn word(&mut self, name: &str) -> Option<String> {
        self.word_of_place(name)
            .or_else(|| self.word_of_time(name))
            .or_else(|| self.word_of_people(name))
            .or_else(|| self.word_of_storage(name))
            .or_else(|| self.word_of_compute(name))
            .or_else(|| self.word_of_chance(name))
    }

    fn word_of_place(&self, name: &str) -> Option<String> {
        let word = match name {
            "account" => self.place.account,
            "other_account" if self.place.account == "444455556666" => "111122223333",
            "other_account" => "444455556666",
            "region" => self.place.region,
            "zone" => return Some(format!("{}a", self.place.region)),
            "organization" => ORGANIZATION,
            "service" => self.service,
            _ => return None,
        };
        Some(word.to_owned())
    }

    fn word_of_time(&self, name: &str) -> Option<String> {
        let hours = |hours: i64| self.at.saturating_add(SignedDuration::from_hours(hours)).ok();
        let (moment, spelling) = match name {
            "time" => (hours(0)?, "%Y-%m-%dT%H:%M:%SZ"),
            "created" => (hours(-1)?, "%Y-%m-%dT%H:04:11Z"),
            "created_basic" => (hours(-1)?, "%Y%m%dT%H0411Z"),
            "expiration" => (hours(1)?, "%b %-d, %Y %-I:%M:%S %p"),
            _ => return None,
        };
        Some(moment.strftime(spelling).to_string())
    }

    fn word_of_people(&mut self, name: &str) -> Option<String> {
        let actor = self.actor();
        let user = *chance::nth(&USERS, actor);
        let (role, path) = *chance::nth(&ROLES, actor >> 8);
        let account = self.place.account;
        let word = match name {
            "user" => user.to_owned(),
            "user_id" => example_id("AIDA", &[account, user], 10),
            "user_key" => example_id("AKIA", &[account, user], 9),
            "role" => role.to_owned(),
            "role_path" => path.to_owned(),
            "role_id" => example_id("AROA", &[account, role], 10),
            "session" => (*chance::nth(&SESSIONS, actor >> 16)).to_owned(),
            "temp_key" => example_id("ASIA", &[account, role, user], 9),
            "issued_key" => example_id("ASIA", &[role, "issued"], 9),
            "ip" => (*chance::nth(&ADDRESSES, actor >> 24)).to_owned(),
            _ => return None,
        };
        Some(word)
    }

    fn word_of_storage(&mut self, name: &str) -> Option<String> {
        let word = match name {
            "bucket" => *self.one_of("bucket", &BUCKETS),
            "object" => *self.one_of("object", &OBJECTS),
            "table" => *self.one_of("table", &TABLES),
            "parameter" => *self.one_of("parameter", &PARAMETERS),
            "secret" => *self.one_of("secret", &SECRETS),
            "kms_key" => {
                let key = self.number("kms_key") % 6;
                return Some(chance::guid(chance::mix(key + 1), chance::mix(key + 101)));
            }
            _ => return None,
        };
        Some(word.to_owned())
    }

    fn word_of_compute(&mut self, name: &str) -> Option<String> {
        let prefix = match name {
            "function" => return Some((*self.one_of("function", &FUNCTIONS)).to_owned()),
            "instance" => "i-0",
            "vpc" => "vpc-0",
            "subnet" => "subnet-0",
            "group" => "sg-0",
            "volume" => "vol-0",
            "snapshot" => "snap-0",
            "image" => "ami-0",
            "interface" => "eni-0",
            "endpoint" => "vpce-0",
            "security_rule" => "sgr-0",
            _ => return None,
        };
        let member = self.number(prefix) % 8;
        Some(format!("{prefix}{:016x}", chance::mix(member + prefix.len() as u64)))
    }

    /// Words that are new wherever they stand, but for `$shared_guid`.
    fn word_of_chance(&mut self, name: &str) -> Option<String> {
        let word = match name {
            "guid" => self.chance.guid(),
            "shared_guid" => {
                let number = self.number("shared_guid");
                chance::guid(number, chance::mix(number))
            }
            "hex" => self.chance.hex(16).to_uppercase(),
            "bytes" => (1 << self.chance.below(22)).to_string(),
            "count" => (1 + self.chance.below(50)).to_string(),
            "kilobyte" => "x".repeat(1_021),
            "filler" => "0123456789abcdef".repeat(4_096),
            _ => return None,
        };
        Some(word)
    }

    /// One of the few who cause most of the calls: always from the same address, by the same means.
    pub(super) fn actor(&mut self) -> u64 {
        chance::mix(self.number("actor") % ACTORS + 1)
    }

    fn one_of<T>(&mut self, noun: &'static str, choices: &'static [T]) -> &'static T {
        chance::nth(choices, self.number(noun))
    }

    /// The number that stands for `noun` throughout this scene.
    fn number(&mut self, noun: &'static str) -> u64 {
        let chance = &mut *self.chance;
        *self.nouns.entry(noun).or_insert_with(|| chance.number())
    }
}

/// An id in the manner of AWS's own documentation: plain to see that nobody owns it.
fn example_id(prefix: &str, owner: &[&str], letters: usize) -> String {
    let mut chance = Chance::of(&owner.join("/"));
    let middle = chance.letters(letters, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    format!("{prefix}{middle}EXAMPLE")
}
