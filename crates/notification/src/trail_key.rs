//! What the key of an object says about the log file in it.

use std::fmt;

/// The key of a file that CloudTrail delivered.
///
/// Keys are parsed from the right, because the prefix is free and may itself look like a layout.
/// Names are taken as they are: a strict reading would lose real log files, some of them renamed
/// or from before today's rules. Only the folder of the kind and the digits of the date are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TrailKey<'k> {
    /// What stands before `AWSLogs`, without the slash between; empty if nothing does.
    pub prefix: &'k str,
    /// The organization, if the trail is one's. (Under Control Tower the prefix often is its id
    /// too; that alone does not count.)
    pub organization: Option<&'k str>,
    /// The account whose events these are.
    pub account: &'k str,
    /// What kind of file it is, told by its folder.
    pub kind: Kind,
    /// The region that delivered the file. Its events may name others.
    pub region: &'k str,
    /// The day of delivery, UTC.
    pub date: Date,
    /// The file's name.
    pub file: &'k str,
}

/// What kind of file CloudTrail delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Management and data events.
    Events,
    /// Insights: unusual activity.
    Insight,
    /// Network activity events.
    NetworkActivity,
    /// Aggregations of data events.
    Aggregated,
    /// Hashes of delivered files: no events.
    Digest,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Events, Self::Insight, Self::NetworkActivity, Self::Aggregated, Self::Digest];

    /// The folder that files of this kind lie in.
    #[must_use]
    pub fn folder(self) -> &'static str {
        match self {
            Self::Events => "CloudTrail",
            Self::Insight => "CloudTrail-Insight",
            Self::NetworkActivity => "CloudTrail-NetworkActivity",
            Self::Aggregated => "CloudTrail-Aggregated",
            Self::Digest => "CloudTrail-Digest",
        }
    }

    fn of_folder(folder: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.folder() == folder)
    }
}

/// The day in a key. Not checked against the calendar beyond 12 months of 31 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// Why a key is not that of a file from CloudTrail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NotATrailLog {
    /// The empty object that a console makes for a folder.
    #[error("key ends in a slash: a folder marker")]
    FolderMarker,
    /// A file of AWS Config, VPC flow logs, a load balancer, ...
    #[error("key lies in another service's folder under AWSLogs")]
    OtherService,
    /// Anything else.
    #[error("key has no layout of a CloudTrail file")]
    UnknownLayout,
}

impl NotATrailLog {
    /// A metric label, in `snake_case`.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::FolderMarker => "folder_marker",
            Self::OtherService => "other_service",
            Self::UnknownLayout => "unknown_layout",
        }
    }
}

/// The folder under which AWS services write their logs.
const ROOT: &str = "AWSLogs";

impl TrailKey<'_> {
    /// Parses a decoded key: `[prefix/]AWSLogs/[organization/]account/kind/region/YYYY/MM/DD/file`.
    ///
    /// # Errors
    /// [`NotATrailLog`] if it is none.
    pub fn parse(key: &str) -> Result<TrailKey<'_>, NotATrailLog> {
        if key.ends_with('/') {
            return Err(NotATrailLog::FolderMarker);
        }
        trail_layout(key).ok_or_else(|| elsewhere(key))
    }
}

fn trail_layout(key: &str) -> Option<TrailKey<'_>> {
    let (rest, file) = last_segment(key)?;
    let (rest, day) = last_segment(rest)?;
    let (rest, month) = last_segment(rest)?;
    let (rest, year) = last_segment(rest)?;
    let (rest, region) = last_segment(rest)?;
    let (rest, folder) = last_segment(rest)?;
    let (rest, account) = last_segment(rest)?;
    let (prefix, organization) = root(rest)?;
    let kind = Kind::of_folder(folder)?;
    let date = date(year, month, day)?;
    Some(TrailKey { prefix, organization, account, kind, region, date, file })
}

fn last_segment(path: &str) -> Option<(&str, &str)> {
    path.rsplit_once('/').filter(|(_, segment)| !segment.is_empty())
}

/// The prefix and the organization, from what stands before the account.
fn root(path: &str) -> Option<(&str, Option<&str>)> {
    if let Some(prefix) = before_root(path) {
        return Some((prefix, None));
    }
    let (path, organization) = last_segment(path)?;
    Some((before_root(path)?, Some(organization)))
}

fn before_root(path: &str) -> Option<&str> {
    let before = path.strip_suffix(ROOT)?;
    if before.is_empty() { Some(before) } else { before.strip_suffix('/') }
}

fn date(year: &str, month: &str, day: &str) -> Option<Date> {
    let date = Date {
        year: digits(year, 4)?,
        month: u8::try_from(digits(month, 2)?).ok()?,
        day: u8::try_from(digits(day, 2)?).ok()?,
    };
    ((1..=12).contains(&date.month) && (1..=31).contains(&date.day)).then_some(date)
}

fn digits(text: &str, count: usize) -> Option<u16> {
    let exact = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if exact { text.parse().ok() } else { None }
}

/// What a key is that is no trail file: `AWSLogs/[organization/]account/folder` tells the service.
fn elsewhere(key: &str) -> NotATrailLog {
    let mut segments = key.split('/').skip_while(|segment| *segment != ROOT).skip(1).peekable();
    segments.next_if(|segment| segment.starts_with("o-"));
    match (segments.next(), segments.next(), segments.next()) {
        (Some(account), Some(folder), Some(_))
            if !account.is_empty() && !folder.starts_with("CloudTrail") =>
        {
            NotATrailLog::OtherService
        }
        _ => NotATrailLog::UnknownLayout,
    }
}

/// The key again.
impl fmt::Display for TrailKey<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { prefix, organization, account, kind, region, date, file } = self;
        if !prefix.is_empty() {
            write!(f, "{prefix}/")?;
        }
        write!(f, "{ROOT}/")?;
        if let Some(organization) = organization {
            write!(f, "{organization}/")?;
        }
        let (folder, Date { year, month, day }) = (kind.folder(), date);
        write!(f, "{account}/{folder}/{region}/{year:04}/{month:02}/{day:02}/{file}")
    }
}

#[cfg(test)]
mod tests;
