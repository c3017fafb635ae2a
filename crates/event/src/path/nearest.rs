//! The known name that was meant by a mistyped one.

/// The name that is nearest to `word`, if one is near: a third of its letters may be wrong. Case
/// and everything but letters and digits are ignored, so that `NotEquals` is `not_equals`.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let word = folded(word);
    let far = word.len() / 3;
    let near = names.into_iter().map(|name| (distance(&word, &folded(name)), name));
    near.filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|it| it.1)
}

/// What a message says of it.
pub(crate) fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

fn folded(name: &str) -> Vec<char> {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How many letters must be put in, taken out or changed (Levenshtein), row by row.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.iter().enumerate() {
        let mut left = place + 1;
        let mut next = vec![left];
        for (other, above) in to.iter().zip(row.windows(2)) {
            let [diagonal, above] = above else { continue };
            left = (diagonal + usize::from(letter != other)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, expect: Option<&str>) {
        assert_eq!(
            nearest(word, ["eventName", "eventSource", "not_equals", "and"]),
            expect,
            "{word}"
        );
    }

    #[test]
    fn a_mistyped_name_is_recognised() {
        check("evntName", Some("eventName"));
        check("eventname", Some("eventName"));
        check("NotEquals", Some("not_equals"));
        check("eventSorce", Some("eventSource"));
        check("AND", Some("and"));
    }

    #[test]
    fn a_name_that_is_far_from_all_is_not() {
        for word in ["", "=", "x", "principal", "event"] {
            check(word, None);
        }
    }

    #[test]
    fn distance_counts_letters() {
        let check = |from: &str, to: &str| distance(&folded(from), &folded(to));
        assert_eq!(check("kitten", "sitting"), 3);
        assert_eq!(check("", "abc"), 3);
        assert_eq!(check("abc", ""), 3);
        assert_eq!(check("abc", "abc"), 0);
    }
}
