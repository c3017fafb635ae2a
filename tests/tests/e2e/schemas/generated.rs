//! The laws, held against records that nobody has seen: of any shape that JSON allows.
//!
//! In reading order: `record` is the strategy of records, of members that `members` makes of
//! CloudTrail's fields and of others; their values are those of `known`, or the odd ones of `odd`;
//! `tree` is what they are made of.

#[path = "generated/known.rs"]
mod known;
#[path = "generated/members.rs"]
mod members;
#[path = "generated/odd.rs"]
mod odd;
#[path = "generated/record.rs"]
mod record;
#[path = "generated/tree.rs"]
mod tree;

use super::completeness::Proof;
use super::forms::{self, Form};
use super::{completeness, one_line, validity};
use proptest::prelude::*;
use record::record;
use std::sync::LazyLock;
use trail_schema::ecs::Dialect;

/// A law: what is wrong with what a record becomes in these forms.
type Law = fn(&[Form], &str) -> anyhow::Result<()>;

/// Fails as a test of a property does, so that a lesser record is looked for.
fn hold(law: Law, forms: &[Form], record: &str) -> Result<(), TestCaseError> {
    law(forms, record).map_err(|error| TestCaseError::fail(format!("{error:#}\nof {record}")))
}

fn configuration() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, max_shrink_iters: 4096, ..Default::default() }
}

proptest! {
    #![proptest_config(configuration())]

    #[test]
    fn any_record_becomes_one_line_and_always_the_same(record in record()) {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(forms::all);
        hold(one_line::check, &FORMS, &record)?;
        hold(|_, record| one_line::check_verbatim(record), &[], &record)?;
    }

    #[test]
    fn any_record_is_valid_in_ocsf(record in record()) {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(forms::ocsf);
        hold(validity::check_ocsf, &FORMS, &record)?;
    }

    #[test]
    fn any_record_is_valid_in_ecs(record in record()) {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| forms::ecs(Dialect::Strict));
        static OTHERS: LazyLock<Vec<Form>> = LazyLock::new(|| forms::ecs(Dialect::Integration));
        hold(validity::check_ecs, &FORMS, &record)?;
        hold(validity::check_integration, &OTHERS, &record)?;
    }

    #[test]
    fn no_value_of_any_record_is_lost_whatever_it_is(record in record()) {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(completeness::lossless);
        hold(|forms, record| completeness::check(forms, Proof::Looks, record), &FORMS, &record)?;
    }

    #[test]
    fn credentials_of_any_record_are_hidden_and_nothing_else(record in record()) {
        static FORMS: LazyLock<Vec<Form>> = LazyLock::new(forms::hiding);
        hold(
            |forms, record| completeness::check_hiding(forms, Proof::Looks, record),
            &FORMS,
            &record,
        )?;
    }
}
