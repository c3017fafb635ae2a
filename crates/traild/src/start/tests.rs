use super::*;

fn visibility(section: &str, of_queue: Option<u64>) -> u64 {
    let text = format!(
        "[source]\nqueue_url = \"https://sqs.eu-west-1.amazonaws.com/111122223333/trail\"\n\
         buckets = [\"org-trail\"]\n{section}\n[[sink]]\nname = \"out\"\ntype = \"stdout\"\n"
    );
    let config = Config::from_text("traild.toml", &text, std::iter::empty()).unwrap();
    settings(&config, of_queue.map(Duration::from_secs), None).visibility.as_secs()
}

#[test]
fn visibility_is_as_configured_else_the_queues_own_else_the_usual() {
    for (section, of_queue, expected) in [
        ("visibility_timeout = \"90s\"", Some(600), 90),
        ("visibility_timeout = \"90s\"", None, 90),
        ("", Some(600), 600),
        ("", Some(0), 300),
        ("", None, 300),
    ] {
        assert_eq!(visibility(section, of_queue), expected, "{section} {of_queue:?}");
    }
}
