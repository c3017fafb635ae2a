//! What accounts are called: lines `id,name`.
//!
//! A list of an organization:
//! `aws organizations list-accounts | jq -r '.Accounts[] | [.Id, .Name] | @csv'`

use super::csv::Records;
use super::fault::{Flaw, quoted};
use super::watched::Content;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::{self, Debug, Formatter};
use std::fs::File;
use std::io::Read;

/// An organization has some ten thousand accounts; a log or a device given by mistake is larger.
const LARGEST: u64 = 16 << 20;

/// Of so many lines the faults are told, of more only that there are.
const MOST_FAULTS: usize = 20;

/// Names by account id.
#[derive(Default)]
pub(super) struct AccountNames(HashMap<Box<str>, Box<str>>);

impl AccountNames {
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.0.get(id).map(AsRef::as_ref)
    }

    /// Every line that is wrong is told, so that the file can be put right at once.
    pub(super) fn parse(text: &str) -> Result<Self, Vec<Flaw>> {
        let mut names = Reading::default();
        let mut faults = Vec::new();
        for (index, (line, fields)) in Records::new(text).enumerate() {
            let taken = fields.map_err(str::to_owned).and_then(|fields| {
                let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
                if index == 0 && is_header(&fields) { Ok(()) } else { names.take(line, &fields) }
            });
            if let Err(message) = taken {
                faults.push(Flaw::Line(line, message));
            }
        }
        if faults.len() > MOST_FAULTS {
            let more = faults.split_off(MOST_FAULTS).len();
            faults.push(Flaw::Whole(format!("has {more} more lines that are wrong")));
        } else if faults.is_empty() && names.0.is_empty() {
            // Most likely one that is being written.
            faults.push(Flaw::Whole("has no account in it: write lines `id,name`".to_owned()));
        }
        if faults.is_empty() { Ok(names.into_names()) } else { Err(faults) }
    }
}

fn is_header(fields: &[&str]) -> bool {
    let [id, name] = fields else { return false };
    id.eq_ignore_ascii_case("id") && name.eq_ignore_ascii_case("name")
}

/// Names by id, with the line each is of.
#[derive(Default)]
struct Reading(HashMap<Box<str>, (Box<str>, usize)>);

impl Reading {
    fn take(&mut self, line: usize, fields: &[&str]) -> Result<(), String> {
        let [id, name] = fields else {
            let count = fields.len();
            return Err(format!(
                "there are {count} fields, not an id and a name: a name with a comma goes in quotes"
            ));
        };
        if id.len() != 12 || !id.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(format!(
                "the id is {}: it must be the 12 digits of an account, zeros in front included",
                quoted(id)
            ));
        }
        if name.is_empty() {
            return Err(format!("account {id} has an empty name: write one, or take the line out"));
        }
        if name.contains(char::is_control) {
            return Err(format!(
                "the name of account {id} has a line break or control character in it: is a quote \
                 missing?"
            ));
        }
        match self.0.entry((*id).into()) {
            Entry::Vacant(free) => {
                free.insert(((*name).into(), line));
            }
            Entry::Occupied(known) => {
                let (known, before) = known.get();
                if **known != **name {
                    return Err(format!(
                        "account {id} is called {} here and {} in line {before}: keep one of the two",
                        quoted(name),
                        quoted(known)
                    ));
                }
            }
        }
        Ok(())
    }

    fn into_names(self) -> AccountNames {
        AccountNames(self.0.into_iter().map(|(id, (name, _))| (id, name)).collect())
    }
}

impl Content for AccountNames {
    const SETTING: &'static str = "enrichment.account_names";
    const MAPPED: bool = false;

    fn read(file: &File) -> Result<Self, Vec<Flaw>> {
        let mut bytes = Vec::new();
        file.take(LARGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| vec![Flaw::unreadable(&error)])?;
        if bytes.len() as u64 > LARGEST {
            let message = "is larger than 16MiB: it cannot be a list of accounts";
            return Err(vec![Flaw::Whole(message.to_owned())]);
        }
        let text = std::str::from_utf8(&bytes).map_err(|error| {
            let before = bytes.iter().take(error.valid_up_to());
            let line = before.filter(|byte| **byte == b'\n').count() + 1;
            vec![Flaw::Line(line, "this is not UTF-8 text: save the file as UTF-8".to_owned())]
        })?;
        Self::parse(text)
    }

    fn describe(&self) -> String {
        match self.0.len() {
            1 => "1 account".to_owned(),
            count => format!("{count} accounts"),
        }
    }
}

impl Debug for AccountNames {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccountNames").field("accounts", &self.0.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
