//! A value of a record, as the text it is there.

use crate::json;
use crate::text::Text;

/// A JSON value, borrowed from its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'r> {
    json: &'r str,
}

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number, of any size.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'r> Value<'r> {
    /// The value that `json` is: one valid JSON value, nothing around it.
    #[must_use]
    #[inline]
    pub fn new(json: &'r str) -> Self {
        Self { json }
    }

    /// As it stands in the record.
    #[must_use]
    #[inline]
    pub fn json(self) -> &'r str {
        self.json
    }

    /// What it is, as its first byte says.
    #[must_use]
    #[inline]
    pub fn kind(self) -> Kind {
        match self.json.as_bytes().first() {
            Some(b'"') => Kind::String,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    /// What stands between the quotes, if it is a string.
    #[must_use]
    #[inline]
    pub fn text(self) -> Option<Text<'r>> {
        match self.json.as_bytes() {
            [b'"', .., b'"'] => self.json.get(1..self.json.len() - 1).map(Text::new),
            _ => None,
        }
    }

    /// Its text, if it is a string that is not empty.
    #[must_use]
    #[inline]
    pub fn filled(self) -> Option<Text<'r>> {
        self.text().filter(|text| !text.is_empty())
    }

    /// What a string, number or boolean says: strings without their quotes.
    #[must_use]
    #[inline]
    pub fn scalar(self) -> Option<Text<'r>> {
        match self.kind() {
            Kind::String => self.text(),
            Kind::Boolean | Kind::Number => Some(Text::new(self.json)),
            Kind::Null | Kind::Array | Kind::Object => None,
        }
    }

    /// Whether it is `true` or `false`, as a boolean or as a string: CloudTrail writes both.
    #[must_use]
    #[inline]
    pub fn boolean(self) -> Option<bool> {
        match self.json.trim_matches('"') {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        }
    }

    /// Whether it says nothing: null, `{}` or `[]`.
    #[must_use]
    #[inline]
    pub fn is_empty(self) -> bool {
        match self.kind() {
            Kind::Null => true,
            Kind::Object => self.members().next().is_none(),
            Kind::Array => self.elements().next().is_none(),
            Kind::Boolean | Kind::Number | Kind::String => false,
        }
    }

    /// Keys and values, in order, if it is an object; else none.
    #[must_use]
    pub fn members(self) -> Members<'r> {
        let at = if self.kind() == Kind::Object { 1 } else { self.json.len() };
        Members { json: self.json, at }
    }

    /// The values, in order, if it is an array; else none.
    #[must_use]
    pub fn elements(self) -> Elements<'r> {
        let at = if self.kind() == Kind::Array { 1 } else { self.json.len() };
        Elements { json: self.json, at }
    }

    /// The member of this key: the last one, if there are several.
    #[must_use]
    pub fn member(self, key: &str) -> Option<Self> {
        let same = self.members().filter(|(name, _)| name.is(key));
        same.last().map(|(_, value)| value)
    }
}

/// Keys and values of an object.
#[derive(Clone, Debug)]
pub struct Members<'r> {
    json: &'r str,
    at: usize,
}

impl<'r> Iterator for Members<'r> {
    type Item = (Text<'r>, Value<'r>);

    fn next(&mut self) -> Option<Self::Item> {
        let json::Key { key, value } = json::key(self.json.as_bytes(), self.at)?;
        self.at = json::value_end(self.json.as_bytes(), value);
        Some((Text::new(self.json.get(key)?), Value::new(self.json.get(value..self.at)?)))
    }
}

/// Values of an array.
#[derive(Clone, Debug)]
pub struct Elements<'r> {
    json: &'r str,
    at: usize,
}

impl<'r> Iterator for Elements<'r> {
    type Item = Value<'r>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = json::element(self.json.as_bytes(), self.at)?;
        self.at = value.end;
        Some(Value::new(self.json.get(value)?))
    }
}

#[cfg(test)]
mod tests;
