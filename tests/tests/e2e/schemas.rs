//! What normalized events are held against: the schemas as their makers publish them, and the law
//! that nothing of a record is lost on the way.
//!
//! [`records`] is what goes in, and [`json`] reads it; [`forms`] are the ways to encode. [`ocsf`]
//! and [`ecs`] say what is wrong with what came out, and [`leaves`] what is missing from it. The
//! laws are in [`one_line`], [`validity`], [`dialects`] and [`completeness`], each held against
//! every record there is; [`generated`] holds them against any.

#[path = "schemas/completeness.rs"]
pub(crate) mod completeness;
#[path = "schemas/dialects.rs"]
pub(crate) mod dialects;
#[path = "schemas/ecs.rs"]
pub(crate) mod ecs;
#[path = "schemas/forms.rs"]
pub(crate) mod forms;
#[path = "schemas/generated.rs"]
pub(crate) mod generated;
#[path = "schemas/json.rs"]
pub(crate) mod json;
#[path = "schemas/leaves.rs"]
pub(crate) mod leaves;
#[path = "schemas/ocsf.rs"]
pub(crate) mod ocsf;
#[path = "schemas/one_line.rs"]
pub(crate) mod one_line;
#[path = "schemas/records.rs"]
pub(crate) mod records;
#[path = "schemas/validity.rs"]
pub(crate) mod validity;
