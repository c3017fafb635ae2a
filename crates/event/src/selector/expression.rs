//! An expression: `eventName starts_with Delete, Put and eventSource equals s3.amazonaws.com`.

use super::condition::{Condition, Operator};
use super::error::SelectorFault;
use crate::path::{Cursor, Path};

const AND: &str = "and";

/// The conditions of an expression, all of which must hold.
pub(super) fn parse(text: &str) -> Result<Vec<Condition>, SelectorFault> {
    let mut cursor = Cursor::new(text);
    let mut conditions = vec![condition(&mut cursor)?];
    while cursor.peek().is_some() {
        let before = cursor;
        if word(&mut cursor) != AND {
            return Err(SelectorFault::expected(&before, "`,` and another value, or `and`"));
        }
        conditions.push(condition(&mut cursor)?);
    }
    Ok(conditions)
}

fn condition(cursor: &mut Cursor<'_>) -> Result<Condition, SelectorFault> {
    cursor.skip_space();
    let path = path(cursor)?;
    let operator = operator(cursor)?;
    let mut values = vec![value(cursor)?];
    while cursor.skip(',') {
        values.push(value(cursor)?);
    }
    Ok(Condition { path, operator, values })
}

fn path(cursor: &mut Cursor<'_>) -> Result<Path, SelectorFault> {
    if cursor.peek().is_none() {
        return Err(SelectorFault::expected(cursor, "a field"));
    }
    let path = Path::read(cursor).map_err(SelectorFault::Path)?;
    match cursor.peek() {
        Some(next) if !next.is_whitespace() => Err(SelectorFault::expected(cursor, "a space")),
        _ => Ok(path),
    }
}

fn operator(cursor: &mut Cursor<'_>) -> Result<Operator, SelectorFault> {
    cursor.skip_space();
    let at = cursor.at();
    let word = word(cursor);
    Operator::named(word).ok_or_else(|| SelectorFault::no_operator(at, word))
}

fn value(cursor: &mut Cursor<'_>) -> Result<String, SelectorFault> {
    cursor.skip_space();
    let start = *cursor;
    let value = if cursor.is_at_quote() {
        cursor.quoted().ok_or_else(|| SelectorFault::expected(cursor, "a closing quote"))?
    } else {
        let word = word(cursor);
        if word.is_empty() || word == AND || Operator::named(word).is_some() {
            let expected = "a value (in quotes, where it is empty, `and` or an operator)";
            return Err(SelectorFault::expected(&start, expected));
        }
        word.to_owned()
    };
    if cursor.peek().is_some_and(|next| next != ',' && !next.is_whitespace()) {
        return Err(SelectorFault::expected(
            cursor,
            "a space (a value with a quote in it is put in quotes)",
        ));
    }
    cursor.skip_space();
    Ok(value)
}

fn word<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    cursor.until(|c| matches!(c, ',' | '"' | '\'') || c.is_whitespace())
}
