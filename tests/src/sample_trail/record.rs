//! A record under construction: its fields in CloudTrail's order, each value already JSON.
//!
//! Text instead of a tree, because a tree cannot hold what odd records hold (half a surrogate
//! pair, integers of any length) and may not keep the order of the fields.

/// The fields of one record.
#[derive(Debug, Clone, Default)]
pub(super) struct Record {
    fields: Vec<(&'static str, String)>,
}

impl Record {
    /// Appends a field whose value is JSON.
    pub(super) fn json(&mut self, name: &'static str, value: impl Into<String>) -> &mut Self {
        self.fields.push((name, value.into()));
        self
    }

    /// Appends a string that needs no escaping.
    pub(super) fn text(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.json(name, format!("\"{value}\""))
    }

    /// Replaces the value of a field, or appends the field.
    pub(super) fn set(&mut self, name: &'static str, value: String) {
        match self.fields.iter_mut().find(|(field, _)| *field == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name, value)),
        }
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.fields.retain(|(field, _)| *field != name);
    }

    pub(super) fn to_json(&self) -> String {
        let fields: Vec<String> =
            self.fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", fields.join(","))
    }
}
