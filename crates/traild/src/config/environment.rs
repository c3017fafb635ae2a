//! Variables of the environment that set a value: `TRAILD_SOURCE__QUEUE_URL`,
//! `TRAILD_SINK__0__PATH`. Two underscores go one level down.

use super::document::{Span, Table, Value};
use std::borrow::Cow;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// More levels than any setting has; a bound, so that no name makes a tree too deep to walk.
const DEEPEST: usize = 6;

/// The variables of this process. Those that are not UTF-8 are left out, but for ours, whose
/// damaged value is then refused by name.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        match value.into_string() {
            Ok(value) => Some((name, value)),
            Err(damaged) if name.starts_with("TRAILD_") => {
                Some((name, damaged.to_string_lossy().into_owned()))
            }
            Err(_) => None,
        }
    })
}

/// Whether the variable is meant for us.
pub(super) fn is_ours(name: &str, value: &str) -> bool {
    name.starts_with("TRAILD_") && name != "TRAILD_CONFIG" && !is_service_link(name, value)
}

/// Kubernetes puts the address of each Service of the namespace into the environment: one named
/// `traild` makes `TRAILD_SERVICE_HOST`, `TRAILD_PORT` and `TRAILD_PORT_9464_TCP_ADDR`, which
/// nobody wrote.
fn is_service_link(name: &str, value: &str) -> bool {
    let is_port = |text: &str| text.bytes().next().is_some_and(|b| b.is_ascii_digit());
    let names_a_port = name.split_once("_PORT_").is_some_and(|(_, rest)| is_port(rest));
    let is_address = value.starts_with("tcp://") || value.starts_with("udp://");
    !name.contains("__")
        && (name.ends_with("_SERVICE_HOST")
            || name.ends_with("_SERVICE_PORT")
            || name.contains("_SERVICE_PORT_")
            || names_a_port
            || (name.ends_with("_PORT") && is_address))
}

/// A value and where in the tree it belongs.
pub(super) struct Override<'t> {
    pub(super) path: Vec<Step>,
    pub(super) span: Span,
    value: &'t str,
}

/// One level down: into a list or into a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Index(usize),
    Key(String),
}

impl<'t> Override<'t> {
    /// Takes the name apart.
    ///
    /// # Errors
    /// Says what is wrong and what to do.
    pub(super) fn parse(name: &str, value: &'t str, span: Span) -> Result<Self, String> {
        let steps: Vec<&str> = name.strip_prefix("TRAILD_").unwrap_or(name).split("__").collect();
        let well_formed = (2..=DEEPEST).contains(&steps.len())
            && steps.iter().all(|step| !step.is_empty() && !step.starts_with('_'));
        if !well_formed {
            return Err("no setting has this name: write two underscores between a section and a \
                        key, as in TRAILD_LOG__FILTER"
                .to_owned());
        }
        let path = steps.into_iter().map(|step| match step.parse() {
            Ok(index) => Step::Index(index),
            Err(_) => Step::Key(step.to_ascii_lowercase()),
        });
        Ok(Self { path: path.collect(), span, value })
    }

    /// Sets the value, making the tables above it where they are missing.
    ///
    /// # Errors
    /// Says what is wrong and what to do.
    pub(super) fn apply(self, root: &mut Table<'t>) -> Result<(), String> {
        let Some((first, rest)) = self.path.split_first() else {
            return Ok(());
        };
        let leaf = Spanned::new(self.span.clone(), DeValue::String(Cow::Borrowed(self.value)));
        set_in_table(root, first, rest, leaf)
    }
}

fn set<'t>(node: &mut Value<'t>, path: &[Step], leaf: Value<'t>) -> Result<(), String> {
    let Some((step, rest)) = path.split_first() else {
        *node = leaf;
        return Ok(());
    };
    match node.get_mut() {
        DeValue::Table(table) => set_in_table(table, step, rest, leaf),
        DeValue::Array(list) => set_in_list(list, step, rest, leaf),
        DeValue::String(_)
        | DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_) => {
            Err("what is above it is set to a single value, not to a table".to_owned())
        }
    }
}

fn set_in_table<'t>(
    table: &mut Table<'t>,
    step: &Step,
    rest: &[Step],
    leaf: Value<'t>,
) -> Result<(), String> {
    let key = match step {
        Step::Key(key) => key.clone(),
        Step::Index(index) => index.to_string(),
    };
    // Out and in again, so that the key's span is that of what is seen last.
    let held = table.remove_entry(key.as_str());
    let (at, mut node) = match held {
        Some((at, node)) if !rest.is_empty() => (at.span(), node),
        _ => (leaf.span(), empty(rest, leaf.span())),
    };
    let outcome = set(&mut node, rest, leaf);
    table.insert(Spanned::new(at, Cow::Owned(key)), node);
    outcome
}

fn set_in_list<'t>(
    list: &mut DeArray<'t>,
    step: &Step,
    rest: &[Step],
    leaf: Value<'t>,
) -> Result<(), String> {
    let length = list.len();
    let Step::Index(index) = *step else {
        let reason =
            "a number must come before the key, counted from 0, as in TRAILD_SINK__0__PATH";
        return Err(reason.to_owned());
    };
    if index == length {
        list.push(empty(rest, leaf.span()));
    }
    match list.get_mut(index) {
        Some(node) => set(node, rest, leaf),
        None => Err(format!("entries are counted from 0 without a gap: the next here is {length}")),
    }
}

/// What can be stepped into by the next of `path`.
fn empty<'t>(path: &[Step], span: Span) -> Value<'t> {
    let node = match path.first() {
        Some(Step::Index(_)) => DeValue::Array(DeArray::new()),
        Some(Step::Key(_)) | None => DeValue::Table(DeTable::new()),
    };
    Spanned::new(span, node)
}
