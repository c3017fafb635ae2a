//! The law that nothing of a record is lost: every scalar of it is somewhere in what it became.
//!
//! A value need not stay where it was, nor of the same type, but it has to be whole: as a value, as
//! one of several joined by commas, or as either within a text that is JSON. What is too short to
//! tell from another of the same looks has to be under a key of the same name too. In reading
//! order: `scalars` takes a document apart, `said` is what the output holds, `renderings` are the
//! ways in which a schema may write a value.

#[path = "leaves/renderings.rs"]
mod renderings;
#[path = "leaves/said.rs"]
mod said;
#[path = "leaves/scalars.rs"]
mod scalars;
#[path = "leaves/tests.rs"]
mod tests;

use said::Said;
use scalars::{Scalar, scalars};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The scalars of `input` that `output` does not hold, each as `path = value`.
pub(crate) fn missing(input: &Value, output: &Value) -> Vec<String> {
    missing_besides(&[], input, output)
}

/// The same, but for what is at or below `exceptions`: as `responseElements.credentials`, or
/// `resources[].ARN`.
pub(crate) fn missing_besides(exceptions: &[&str], input: &Value, output: &Value) -> Vec<String> {
    let said = Said::in_output(output);
    let scalars = scalars(input);
    let joined = joined(&scalars, &said);
    let is_excepted = |scalar: &Scalar| {
        exceptions.iter().any(|exception| {
            let rest = scalar.column.strip_prefix(exception);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    let lost = scalars.iter().filter(|scalar| {
        !joined.contains(scalar.column.as_str()) && !is_excepted(scalar) && !said.holds(scalar)
    });
    lost.map(|scalar| format!("{} = {}", scalar.path, scalar.text)).collect()
}

/// The columns of which all values stand together, joined by commas. A comma may be in them too.
fn joined<'a>(scalars: &'a [Scalar], said: &Said) -> BTreeSet<&'a str> {
    let mut columns: BTreeMap<&str, Vec<&Scalar>> = BTreeMap::new();
    for scalar in scalars {
        columns.entry(&scalar.column).or_default().push(scalar);
    }
    columns.retain(|column, scalars| scalars.iter().any(|scalar| scalar.path != *column));
    let is_said = |column: &[&Scalar]| {
        let texts: Vec<&str> = column.iter().map(|scalar| scalar.text.as_str()).collect();
        said.holds_text(&texts.join(","), &column[0].key)
    };
    columns.into_iter().filter(|(_, column)| is_said(column)).map(|(name, _)| name).collect()
}
