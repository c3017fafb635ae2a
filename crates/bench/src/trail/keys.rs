//! S3 keys as CloudTrail gives them.

use fastrand::Rng;

const ACCOUNTS: [&str; 4] = ["111122223333", "123456789012", "444455556666", "777788889999"];
const REGIONS: [&str; 5] =
    ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "ap-southeast-2"];
/// Files of all accounts and regions that are delivered in one go, every five minutes.
const DELIVERED_AT_ONCE: usize = 40;
const DELIVERIES_PER_HOUR: usize = 12;

/// The key of the file of this number: of any account and region, later than those before.
pub(super) fn draw(number: usize, rng: &mut Rng) -> String {
    let account = rng.choice(ACCOUNTS).unwrap_or_default();
    let region = rng.choice(REGIONS).unwrap_or_default();
    let unique: String = (0..16).map(|_| rng.alphanumeric()).collect();
    let delivery = number / DELIVERED_AT_ONCE;
    let minute = delivery % DELIVERIES_PER_HOUR * 5;
    let hour = delivery / DELIVERIES_PER_HOUR % 24;
    let day = delivery / DELIVERIES_PER_HOUR / 24 % 28 + 1;
    format!(
        "AWSLogs/{account}/CloudTrail/{region}/2026/03/{day:02}/\
         {account}_CloudTrail_{region}_202603{day:02}T{hour:02}{minute:02}Z_{unique}.json.gz"
    )
}
