//! The JSON Schemas of OCSF's classes, as files.
//!
//! They are made from a package of the Python index that carries OCSF's own releases, because OCSF
//! publishes no such files. Where `LocalStack` comes from makes no difference here.

use super::progress::Progress;
use super::python::Environment;
use std::path::PathBuf;

const ENVIRONMENT: Environment = Environment {
    what: "the validation of OCSF",
    folder: "ocsf",
    requirements: "tests/ocsf/requirements.txt",
    size: "50 MB",
    newest: None,
    script: Some("tests/ocsf/write-schemas.py"),
    otherwise: "",
};

/// The folder of the schemas, `VERSION/CLASS_UID.json` each, written if they are not there.
///
/// # Errors
/// One line on what is missing and what to do.
pub async fn schemas(progress: &dyn Progress) -> anyhow::Result<PathBuf> {
    ENVIRONMENT.install(progress).await?;
    Ok(ENVIRONMENT.output())
}
