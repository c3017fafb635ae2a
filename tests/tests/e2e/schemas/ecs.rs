//! Documents of the Elastic Common Schema, held against its fields.
//!
//! A document is nested objects. What lies below `aws.cloudtrail` is no field of ECS: Elastic's
//! integration defines it, and anything goes. In reading order: `table` is the fields, `kind` what
//! a field of some type may hold, `publisher` compares the table with what Elastic publishes.

#[path = "ecs/kind.rs"]
mod kind;
#[path = "ecs/publisher.rs"]
mod publisher;
#[path = "ecs/table.rs"]
mod table;
#[path = "ecs/tests.rs"]
mod tests;

use serde_json::{Map, Value};
use table::{Field, Table};

/// The version that documents have to name.
const VERSION: &str = "8.11.0";
/// What every document has.
const REQUIRED: [&str; 2] = ["@timestamp", "ecs.version"];
/// Where a document may hold what ECS does not know.
const FREE: &str = "aws.cloudtrail";

/// What is wrong with this document: nothing if it is valid.
pub(crate) fn violations(document: &Value) -> Vec<String> {
    let Some(object) = document.as_object() else {
        return vec!["it is no object".to_owned()];
    };
    let mut walk = Walk { table: Table::of_ecs(), found: Vec::new() };
    walk.object("", object);
    let mut found = walk.found;
    found.extend(missing(document));
    found.extend(unexpected_types(document));
    found
}

/// The walk over a document.
struct Walk {
    table: &'static Table,
    found: Vec<String>,
}

impl Walk {
    fn object(&mut self, path: &str, object: &Map<String, Value>) {
        if object.is_empty() {
            self.tell(path, "is empty");
        }
        for (key, value) in object {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match (self.table.fields.get(path.as_str()), value) {
                _ if key.contains('.') => self.tell(&path, "is not nested"),
                (Some(field), value) => self.field(&path, field, value),
                (None, Value::Object(_)) if path == FREE => {}
                (None, Value::Object(object)) if self.is_above_a_field(&path) => {
                    self.object(&path, object);
                }
                (None, _) => self.tell(&path, "is no field of ECS"),
            }
        }
    }

    fn is_above_a_field(&self, path: &str) -> bool {
        let inside = format!("{path}.");
        FREE.starts_with(&inside) || self.table.fields.keys().any(|name| name.starts_with(&inside))
    }

    fn field(&mut self, path: &str, field: &Field, value: &Value) {
        match (value.as_array(), field.array) {
            (Some(_), false) => self.tell(path, "must not be an array"),
            (None, true) => self.tell(path, "must be an array"),
            (None, false) => self.value(path, field, value),
            (Some(values), true) if values.is_empty() => self.tell(path, "is empty"),
            (Some(values), true) => values.iter().for_each(|value| self.value(path, field, value)),
        }
    }

    fn value(&mut self, path: &str, field: &Field, value: &Value) {
        if !field.kind.holds(value) {
            self.tell(path, &format!("is {value}, which is no {:?}", field.kind));
        } else if !field.allows(value) {
            self.tell(path, &format!("is {value}, which is not allowed"));
        }
    }

    fn tell(&mut self, path: &str, what: &str) {
        self.found.push(format!("{path} {what}"));
    }
}

fn missing(document: &Value) -> impl Iterator<Item = String> {
    let at = |name: &str| document.pointer(&format!("/{}", name.replace('.', "/")));
    let missing = REQUIRED.into_iter().filter(move |name| at(name).is_none());
    let other = document.pointer("/ecs/version").filter(|version| **version != VERSION);
    let missing = missing.map(|name| format!("{name} is missing"));
    missing.chain(other.map(|other| format!("ecs.version is {other}, not {VERSION}")))
}

/// Each category says which types of event go with it.
fn unexpected_types(document: &Value) -> Vec<String> {
    let names = |path| {
        let names = document.pointer(path).and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str).collect::<Vec<_>>()
    };
    let (categories, types) = (names("/event/category"), names("/event/type"));
    // A category that is not allowed is told elsewhere.
    let expected = |category: &&&str| Table::of_ecs().categories.get(**category);
    let categories: Vec<_> =
        categories.iter().filter_map(|category| Some((category, expected(&category)?))).collect();
    if categories.is_empty() || types.is_empty() {
        return Vec::new();
    }
    let strange = types.iter().filter(|name| !categories.iter().any(|(_, own)| own.contains(name)));
    let bare = categories.iter().filter(|(_, own)| !types.iter().any(|name| own.contains(name)));
    let strange = strange.map(|name| format!("event.type {name} is of no category here"));
    strange.chain(bare.map(|(name, _)| format!("event.category {name} has no type here"))).collect()
}
