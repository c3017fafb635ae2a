//! Any text as a record, and any as selectors: no panic; of a record, the members that serde_json
//! finds, and no other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value as Json;
use trail_event::{Choice, Field, List, Path, Reader, Selectors};

fuzz_target!(|input: (&str, &str)| {
    let (record, selector) = input;
    let mut reader = Reader::new();
    let event = reader.read(0, record);
    let json = serde_json::from_str::<Json>(record);
    if let Ok(Json::Object(object)) = &json {
        let members = event.members().filter(|member| member.parent.is_none());
        let last: Vec<_> = members.filter(|member| !member.is_superseded).collect();
        for (key, value) in object {
            // Of several members with one key the last one counts, there as here.
            let found = last.iter().rfind(|member| member.key.unescaped() == key.as_str());
            let found = found.map(|member| member.value.json());
            assert_eq!(
                found.and_then(|found| serde_json::from_str(found).ok()).as_ref(),
                Some(value),
                "{key}"
            );
        }
        assert!(last.iter().all(|member| object.contains_key(&*member.key.unescaped())));
    }
    let _ = (event.key(), event.time(), event.source_address());
    for field in Field::ALL {
        let _ = event.text(field).map(|text| text.unescaped().len());
    }
    if let Ok(path) = Path::parse(selector) {
        let _ = path.each(&event, &mut |_| std::ops::ControlFlow::Continue(()));
    }
    if let Ok(selectors) = Selectors::parse(&[selector], &["writes"]) {
        match selectors.choose(&event) {
            Choice::Selected { by } => assert_eq!(by, Some(0)),
            Choice::Excluded { by } => assert_eq!(by, 0),
            Choice::Unselected => {}
        }
        let again: Vec<&str> = selectors.names(List::Select).collect();
        assert_eq!(Selectors::parse(&again, &["writes"]).as_ref(), Ok(&selectors));
    }
});
