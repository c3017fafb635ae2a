//! The region that a queue's URL names.

/// The region a queue URL names: `sqs.<region>.…` in every partition, with or without FIPS,
/// dual stack and VPC endpoints; the older `<region>.queue.…`, and `queue.amazonaws.com`, which is
/// us-east-1. None where the host names none.
#[must_use]
pub fn region_of_queue_url(url: &str) -> Option<String> {
    let (_scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = authority.split(':').next()?.to_ascii_lowercase();
    if host == "queue.amazonaws.com" {
        return Some("us-east-1".to_owned());
    }
    let labels: Vec<&str> = host.split('.').collect();
    let named = labels.array_windows().find_map(|[left, right]| match (*left, *right) {
        ("sqs" | "sqs-fips", region) if is_region(region) => Some(region),
        (region, "queue") if is_region(region) => Some(region),
        _ => None,
    });
    named.map(str::to_owned)
}

/// `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`: two letters or more, words, a number.
pub(super) fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [partition, words @ .., number] = parts.as_slice() else {
        return false;
    };
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
    (2..=4).contains(&partition.len())
        && is_word(partition)
        && !words.is_empty()
        && words.iter().all(|word| is_word(word))
        && (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn region_is_read_from_every_form_of_queue_url() {
        for (url, region) in [
            ("https://sqs.eu-west-1.amazonaws.com/111122223333/trail", Some("eu-west-1")),
            ("https://sqs.cn-north-1.amazonaws.com.cn/1/q", Some("cn-north-1")),
            ("https://sqs.us-gov-west-1.amazonaws.com/1/q", Some("us-gov-west-1")),
            ("https://sqs.eusc-de-east-1.amazonaws.eu/1/q", Some("eusc-de-east-1")),
            ("https://sqs-fips.us-east-2.amazonaws.com/1/q", Some("us-east-2")),
            ("https://eu-west-1.queue.amazonaws.com/1/q", Some("eu-west-1")),
            ("https://queue.amazonaws.com/1/q", Some("us-east-1")),
            ("https://sqs.ap-southeast-2.api.aws/1/q", Some("ap-southeast-2")),
            ("https://vpce-0a-b1.sqs.us-east-1.vpce.amazonaws.com/1/q", Some("us-east-1")),
            (
                "https://vpce-0a-b1-us-east-1a.sqs.us-east-1.vpce.amazonaws.com/1/q",
                Some("us-east-1"),
            ),
            (
                "http://sqs.eu-west-1.localhost.localstack.cloud:4566/000000000000/q",
                Some("eu-west-1"),
            ),
            ("HTTPS://SQS.EU-WEST-1.AMAZONAWS.COM/1/q", Some("eu-west-1")),
            ("http://localhost:4566/000000000000/q", None),
            ("http://127.0.0.1:4566/000000000000/q", None),
            ("https://sqs.example.com/1/q", None),
            ("arn:aws:sqs:eu-west-1:111122223333:trail", None),
            ("", None),
        ] {
            assert_eq!(region_of_queue_url(url).as_deref(), region, "{url}");
        }
    }
}
