//! A document as it will be written: nothing of it is decided by a library.

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// A string with its quotes and escapes, a number, a boolean or null, as it stands.
    Token(String),
    Array(Vec<Self>),
    Object(Vec<Member>),
}

/// A key as it stands, without its quotes, and its value. A key may come twice.
pub(super) type Member = (String, Node);

impl Node {
    /// A string that is written without escapes.
    pub(super) fn text(text: &str) -> Self {
        Self::Token(format!("\"{text}\""))
    }

    /// The document, with one space after another between its tokens.
    pub(super) fn write(&self, spaces: &[&str]) -> String {
        let mut text = String::new();
        let mut spaces = spaces.iter().copied().cycle();
        self.append(&mut text, &mut || spaces.next().unwrap_or_default());
        text
    }

    fn append<'s>(&self, text: &mut String, space: &mut dyn FnMut() -> &'s str) {
        match self {
            Self::Token(token) => text.push_str(token),
            Self::Array(elements) => {
                text.push('[');
                for (place, element) in elements.iter().enumerate() {
                    text.push_str(if place == 0 { "" } else { "," });
                    text.push_str(space());
                    element.append(text, space);
                    text.push_str(space());
                }
                text.push(']');
            }
            Self::Object(members) => {
                text.push('{');
                for (place, (key, value)) in members.iter().enumerate() {
                    text.push_str(if place == 0 { "" } else { "," });
                    text.extend([space(), "\"", key, "\"", space(), ":", space()]);
                    value.append(text, space);
                    text.push_str(space());
                }
                text.push('}');
            }
        }
    }
}
