//! What is hidden of a record before it leaves.

mod edits;
mod hash_key;
mod record;
mod rule;
#[cfg(test)]
mod tests;
mod tree;
mod watch;

pub use hash_key::{HashKey, ShortKey};
pub use rule::{Action, Rule};

use edits::Edits;
use record::Rewrite;
use std::fmt;
use trail_event::{Event, Path, Reader};
use tree::{Node, Ruled};
use watch::{Seen, Watch};

/// Rules by which parts of a record are hidden.
///
/// A rule hides every value its path leads to: of several members with one key all of them, however
/// their key is escaped, in every element of an array; an object or array as a whole. Null is left.
/// Where several rules lead to one value, the outermost counts, and of those the one that leaves
/// least: drop before mask before hash.
///
/// What is written inside a string is not looked into, JSON or not. A string that stands where a
/// path leads on into an object may hold that object as text (`requestParameters` sometimes is one):
/// it is masked as a whole, whatever the action. So it is where a key of the path names it; where `*`
/// does, which may be any string, only if it holds a brace. An array that stands in sixteen others is
/// masked too.
///
/// Everything else of the record stays byte for byte. The identity of an event is that of the record
/// as it was delivered: [`Event::key`] is asked before anything is hidden.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Redaction {
    rules: Vec<Rule>,
    key: Option<HashKey>,
    tree: Node,
    watch: Watch,
    ruled: Ruled,
}

/// A record with something hidden. Its memory is kept from one event to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redacted {
    record: String,
    edits: Edits,
    reader: Reader,
}

/// A rule asks for hashes, and there is no key.
///
/// Without one a hash hides nothing that can be guessed: the account ids of the world are hashed
/// within seconds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not hash `{path}`: no key is given")]
pub struct MissingKey {
    /// The path of the rule.
    pub path: Path,
}

impl Redaction {
    /// Makes rules ready.
    ///
    /// # Errors
    /// [`MissingKey`] if a rule hashes and there is no key.
    pub fn new(rules: Vec<Rule>, key: Option<HashKey>) -> Result<Self, MissingKey> {
        let hash = rules.iter().find(|rule| rule.action == Action::Hash);
        if let (Some(rule), None) = (hash, &key) {
            return Err(MissingKey { path: rule.path.clone() });
        }
        Ok(Self::ready(rules, key))
    }

    /// The default of every schema but `cloudtrail`: what signs requests or opens sessions is masked,
    /// wherever AWS documents it in a response or request. What AWS hides itself is masked again.
    ///
    /// Access key ids and times of expiration stay: they are no secrets, and the id is what links a
    /// session to the events it makes later (`userIdentity.accessKeyId`).
    #[must_use]
    pub fn session_credentials() -> Self {
        Self::ready(rule::session_credentials(), None)
    }

    fn ready(rules: Vec<Rule>, key: Option<HashKey>) -> Self {
        let steps: Vec<_> = rules.iter().map(|rule| (rule.path.segments(), rule.action)).collect();
        let tree = Node::of(&steps);
        Self { watch: Watch::over(&rules), ruled: Ruled::by(&tree), tree, rules, key }
    }

    /// Whether nothing is hidden.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules, as they were given.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Writes the record into `into`, in place of what is there, if a rule hides something of it.
    /// Else `into` is left alone, and nothing is copied or allocated.
    pub fn apply(&self, event: &Event<'_>, into: &mut String) -> bool {
        self.rewrite(event, into, &mut Edits::default())
    }

    /// The event without what a rule hides of it, if one does.
    pub(crate) fn redacted<'r>(
        &self,
        event: &Event<'_>,
        into: &'r mut Redacted,
    ) -> Option<Event<'r>> {
        let Redacted { record, edits, reader } = into;
        if !self.rewrite(event, record, edits) {
            return None;
        }
        Some(match edits.all() {
            Some(edits) => reader.read_edited(event, record, edits),
            None => reader.read(event.index(), record),
        })
    }

    fn rewrite(&self, event: &Event<'_>, into: &mut String, edits: &mut Edits) -> bool {
        let seen = if self.is_empty() { Seen::Nothing } else { self.watch.look_at(event) };
        if seen == Seen::Nothing {
            return false;
        }
        let rewrite = Rewrite::new(event, self.key.as_ref(), into, edits);
        match seen {
            Seen::Only(field) => rewrite.field(field, &self.tree, &self.ruled),
            Seen::Nothing | Seen::Anything => rewrite.record(&self.tree, &self.ruled),
        }
    }
}

impl fmt::Debug for Redaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redaction").field("rules", &self.rules).finish_non_exhaustive()
    }
}
