//! What is called: a table of APIs with templates of their parameters and answers.

mod data;
mod management;

use super::identity::{Caller, PEOPLE};

pub(super) use data::DATA;
pub(super) use management::MANAGEMENT;

/// One API as it shows up in a trail. The texts are templates of JSON.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call {
    /// The service's short name: `s3` for `s3.amazonaws.com`.
    pub(super) service: &'static str,
    pub(super) name: &'static str,
    pub(super) access: Access,
    pub(super) event_type: &'static str,
    pub(super) callers: &'static [Caller],
    /// The service that calls, where a service does.
    pub(super) invoked_by: &'static str,
    pub(super) request: &'static str,
    pub(super) response: &'static str,
    pub(super) resources: Option<&'static str>,
    pub(super) additional: Option<&'static str>,
    /// `serviceEventDetails`, of what a service did by itself.
    pub(super) details: Option<&'static str>,
    pub(super) api_version: Option<&'static str>,
    /// Error code and message of the calls that fail.
    pub(super) failure: Option<(&'static str, &'static str)>,
    /// How often it is called, compared with the others.
    pub(super) weight: u8,
}

/// What `readOnly` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A call that only reads; its answer is not recorded.
const fn reads(service: &'static str, name: &'static str, request: &'static str) -> Call {
    Call {
        service,
        name,
        access: Access::Read,
        event_type: "AwsApiCall",
        callers: PEOPLE,
        invoked_by: "",
        request,
        response: "null",
        resources: None,
        additional: None,
        details: None,
        api_version: None,
        failure: None,
        weight: 2,
    }
}

/// A call that changes something.
const fn writes(service: &'static str, name: &'static str, request: &'static str) -> Call {
    Call { access: Access::Write, weight: 1, ..reads(service, name, request) }
}

impl Call {
    /// Whether its records are kept in us-east-1, wherever the call was made.
    pub(super) fn is_global(&self) -> bool {
        matches!(self.service, "iam" | "route53" | "cloudfront" | "organizations")
    }

    const fn answers(self, response: &'static str) -> Self {
        Self { response, ..self }
    }

    const fn on(self, resources: &'static str) -> Self {
        Self { resources: Some(resources), ..self }
    }

    const fn with(self, additional: &'static str) -> Self {
        Self { additional: Some(additional), ..self }
    }

    const fn by(self, callers: &'static [Caller]) -> Self {
        Self { callers, ..self }
    }

    const fn by_service(self, invoked_by: &'static str) -> Self {
        Self { callers: &[Caller::AwsService], invoked_by, ..self }
    }

    /// Not called by anybody: the service did it, and says what in `details`.
    const fn unasked(self, invoked_by: &'static str, details: &'static str) -> Self {
        let event_type = "AwsServiceEvent";
        let callers = &[Caller::Typeless];
        Self { event_type, callers, invoked_by, details: Some(details), ..self }
    }

    const fn of_type(self, event_type: &'static str) -> Self {
        Self { event_type, ..self }
    }

    const fn version(self, api_version: &'static str) -> Self {
        Self { api_version: Some(api_version), ..self }
    }

    const fn fails(self, code: &'static str, message: &'static str) -> Self {
        Self { failure: Some((code, message)), ..self }
    }

    const fn often(self, weight: u8) -> Self {
        Self { weight, ..self }
    }
}
