//! `${VAR}` in a string of the file stands for a variable of the environment, for secrets that
//! should not be in the file. `$${` stands for `${` itself.

use std::collections::BTreeMap;

/// The text with each `${VAR}` replaced, and the names that were, for a fault to show in place of
/// the value; `None` if there is nothing to replace.
///
/// # Errors
/// Says what is wrong and what to do.
pub(super) fn substitute(
    text: &str,
    environment: &BTreeMap<String, String>,
) -> Result<Option<(String, String)>, String> {
    if !text.contains("${") {
        return Ok(None);
    }
    let mut replaced = String::with_capacity(text.len());
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if let Some(literal) = before.strip_suffix('$') {
            replaced.push_str(literal);
            replaced.push_str("${");
            rest = after;
            continue;
        }
        let (name, after) = after
            .split_once('}')
            .filter(|(name, _)| is_name(name))
            .ok_or("`${` begins the name of a variable, as in ${NAME}: write $${ for ${ itself")?;
        let value = environment.get(name).ok_or_else(|| {
            format!(
                "the variable {name} is not set in the environment: set it, or write $${{{name}}} \
                 for ${{{name}}} itself"
            )
        })?;
        replaced.push_str(before);
        replaced.push_str(value);
        names.push(format!("${{{name}}}"));
        rest = after;
    }
    replaced.push_str(rest);
    Ok(Some((replaced, names.join(" and "))))
}

fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Result<Option<(&str, &str)>, &str>) {
        let environment =
            [("A", "one"), ("B_2", "${A}")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let read = substitute(text, &BTreeMap::from(environment));
        let expect =
            expect.map(|done| done.map(|(text, names)| (text.to_owned(), names.to_owned())));
        assert_eq!(
            read.map_err(|reason| reason.contains(expect.as_ref().err().unwrap_or(&""))),
            expect.map_err(|_| true),
            "{text}"
        );
    }

    #[test]
    fn variables_are_replaced_once_and_escapes_are_kept() {
        check("plain $5 {x}", Ok(None));
        check("${A}", Ok(Some(("one", "${A}"))));
        check("x${A}y${B_2}z", Ok(Some(("xoney${A}z", "${A} and ${B_2}"))));
        check("$${A}", Ok(Some(("${A}", ""))));
        check("$$${A}", Ok(Some(("$${A}", ""))));
        check("$$ ${A}", Ok(Some(("$$ one", "${A}"))));
        check("${NO}", Err("NO is not set"));
        check("${A", Err("begins the name"));
        check("${}", Err("begins the name"));
        check("${A:-x}", Err("begins the name"));
    }
}
