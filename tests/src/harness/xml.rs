//! As much XML as the answers of `CloudFormation` need: the texts between tags without attributes.

/// What stands between each `<tag>` and the next `</tag>`, as it is.
pub(super) fn elements<'x>(xml: &'x str, tag: &str) -> Vec<&'x str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    xml.split(open.as_str())
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(close.as_str())?.0))
        .collect()
}

/// The text of the first `<tag>`, with its entities resolved.
pub(super) fn text(xml: &str, tag: &str) -> Option<String> {
    elements(xml, tag).first().map(|text| unescape(text))
}

fn unescape(text: &str) -> String {
    // The ampersand last, or `&amp;lt;` would become `<`.
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUTS: &str = "<Outputs><member><OutputKey>Url</OutputKey>\
        <OutputValue>http://a/?b=1&amp;c=&lt;2&gt;</OutputValue></member>\
        <member><OutputKey>Arn</OutputKey></member></Outputs><Empty/>";

    #[test]
    fn elements_come_in_order_and_nested_ones_are_kept_whole() {
        let members = elements(OUTPUTS, "member");
        assert_eq!(members.len(), 2);
        assert_eq!(text(members[1], "OutputKey").as_deref(), Some("Arn"));
    }

    #[test]
    fn entities_are_resolved_once() {
        let value = text(OUTPUTS, "OutputValue");
        assert_eq!(value.as_deref(), Some("http://a/?b=1&c=<2>"));
        assert_eq!(unescape("&amp;lt;"), "&lt;");
    }

    #[test]
    fn tag_that_is_missing_or_never_closed_is_none() {
        assert_eq!(text(OUTPUTS, "StackStatus"), None);
        assert_eq!(text("<a>1", "a"), None);
        assert_eq!(text(OUTPUTS, "Empty"), None);
    }
}
