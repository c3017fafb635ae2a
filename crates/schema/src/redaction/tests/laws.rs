//! Laws of redaction, over any rules and any record.

use super::*;
use proptest::prelude::*;
use serde_json::{Map, Value};
use trail_event::Segment;

/// A text that stands nowhere but where it is planted.
const MARKER: &str = "m4rk3r";

fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "c.d", "requestParameters", "userIdentity", "é\""])
        .prop_map(str::to_owned)
}

fn segment() -> impl Strategy<Value = Segment> {
    prop_oneof![3 => key().prop_map(Segment::Key), 1 => Just(Segment::Any)]
}

fn path_of(segments: &[Segment]) -> Path {
    let text = |segment: &Segment| match segment {
        Segment::Key(key) => format!("\"{}\"", key.replace('"', "\"\"")),
        Segment::Any => "*".to_owned(),
    };
    Path::parse(&segments.iter().map(text).collect::<Vec<_>>().join(".")).unwrap()
}

fn rule() -> impl Strategy<Value = Rule> {
    let action = prop::sample::select(vec![Action::Drop, Action::Mask, Action::Hash]);
    let path = prop::collection::vec(segment(), 1..4).prop_map(|segments| path_of(&segments));
    (path, action).prop_map(|(path, action)| Rule { path, action })
}

fn redaction() -> impl Strategy<Value = Redaction> {
    let made = |rules| Redaction::new(rules, Some(HashKey::new(KEY).unwrap())).unwrap();
    prop::collection::vec(rule(), 0..5).prop_map(made)
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ab{\\\\\"]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            object(inner),
        ]
    })
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let members = prop::collection::vec((key(), inner), 0..5);
    members.prop_map(|members| Value::Object(members.into_iter().collect()))
}

/// The same, rule by rule on a tree.
fn model(value: &mut Value, rules: &[(&[Segment], Action)], is_named: bool) {
    match value {
        Value::Object(members) => {
            *members = std::mem::take(members)
                .into_iter()
                .filter_map(|it| member(it, rules))
                .collect::<Map<_, _>>()
        }
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| model(element, rules, is_named))
        }
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if is_named || (!rules.is_empty() && text.contains('{')) => {
            *value = Value::from("***");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn member(
    (key, mut value): (String, Value),
    rules: &[(&[Segment], Action)],
) -> Option<(String, Value)> {
    let mut is_named = false;
    let mut next = Vec::new();
    let mut action: Option<Action> = None;
    for (path, its) in rules {
        let (first, rest) = path.split_first().unwrap();
        let names = matches!(first, Segment::Key(name) if *name == key);
        if !names && *first != Segment::Any {
            continue;
        }
        if rest.is_empty() {
            action = Some(action.map_or(*its, |action| action.min(*its)));
        } else {
            next.push((rest, *its));
            is_named |= names;
        }
    }
    match action {
        _ if value.is_null() => {}
        Some(Action::Drop) => return None,
        Some(Action::Mask) => value = Value::from("***"),
        Some(Action::Hash) => value = Value::from(hash(&value)),
        None => model(&mut value, &next, is_named),
    }
    Some((key, value))
}

fn hash(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let hash = HashKey::new(KEY).unwrap().hash(&text);
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("hmac-sha256:{digits}")
}

/// A record in which the marker stands at the end of `path`, once or more, however it is written.
fn planted(path: &[String], seed: usize) -> String {
    let Some((key, rest)) = path.split_first() else { return format!("\"{MARKER}\"") };
    let inner = planted(rest, seed / 7);
    let plain = serde_json::to_string(key).unwrap();
    let escaped: String = key.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    match seed % 7 {
        0 => format!("{{{plain}:{inner}}}"),
        1 => format!("{{\"{escaped}\":{inner}}}"),
        2 => format!("{{ {plain} : {inner} , {plain} : 1 }}"),
        3 => format!("{{\"z\":0,{plain}:{inner},\"{escaped}\":{inner},\"y\":[]}}"),
        4 if rest.is_empty() => format!("{{{plain}:[{inner},{{\"x\":{inner}}}]}}"),
        4 => format!("{{{plain}:[1,{inner},[{inner}]]}}"),
        5 => format!("{{\"z\":null,\n{plain}:{inner}\n}}"),
        _ => format!("{{{plain}:null,{plain}:{inner},{plain}:\"\"}}"),
    }
}

proptest! {
    #[test]
    fn only_what_rules_lead_to_is_changed(redaction in redaction(), record in object(value())) {
        let steps: Vec<_> = redaction.rules().iter().map(|rule| (rule.path.segments(), rule.action)).collect();
        let mut expect = record.clone();
        model(&mut expect, &steps, false);
        let json = record.to_string();
        match redacted(&redaction, &json) {
            Some(redacted) => prop_assert_eq!(serde_json::from_str::<Value>(&redacted).unwrap(), expect),
            None => prop_assert_eq!(record, expect),
        }
    }

    #[test]
    fn nothing_of_a_hidden_value_is_left(
        path in prop::collection::vec(key(), 1..5),
        stars in any::<u8>(),
        action in prop::sample::select(vec![Action::Drop, Action::Mask, Action::Hash]),
        seed in any::<usize>(),
        others in prop::collection::vec(rule(), 0..3),
    ) {
        let star = |(place, key): (usize, &String)| match stars >> (2 * place) & 3 {
            0 => Segment::Any,
            _ => Segment::Key(key.clone()),
        };
        let segments: Vec<_> = path.iter().enumerate().map(star).collect();
        let mut rules = others;
        rules.push(Rule { path: path_of(&segments), action });
        let redaction = Redaction::new(rules, HashKey::new(KEY).ok()).unwrap();
        let redacted = redacted(&redaction, &planted(&path, seed)).unwrap();
        prop_assert!(!redacted.contains(MARKER), "{redacted}");
        prop_assert!(serde_json::from_str::<Value>(&redacted).is_ok(), "{redacted}");
    }

    #[test]
    fn an_object_written_as_text_is_hidden_too(path in prop::collection::vec(key(), 2..5), depth in 1_usize..4) {
        let depth = depth.min(path.len() - 1);
        let inner = serde_json::to_string(&planted(&path[depth..], 0)).unwrap();
        let (open, close): (String, String) = path[..depth].iter().map(|key| (format!("{{{}:", serde_json::to_string(key).unwrap()), "}")).unzip();
        let segments: Vec<_> = path.iter().cloned().map(Segment::Key).collect();
        let rule = Rule { path: path_of(&segments), action: Action::Mask };
        let redaction = Redaction::new(vec![rule], None).unwrap();
        let redacted = redacted(&redaction, &format!("{open}{inner}{close}")).unwrap();
        prop_assert!(!redacted.contains(MARKER), "{redacted}");
    }

    #[test]
    fn the_same_record_always_gives_the_same(redaction in redaction(), record in object(value())) {
        let json = record.to_string();
        prop_assert_eq!(redacted(&redaction, &json), redacted(&redaction.clone(), &json));
    }

    #[test]
    fn any_text_is_redacted_somehow(
        redaction in redaction(),
        any in ".*",
        json in r#"(\{|\}|\[|\]|:|,|"a"|"b"|"|\\|1|null|requestParameters| |é){0,40}"#,
    ) {
        let _ = redacted(&redaction, &any);
        let _ = redacted(&redaction, &json);
    }
}
