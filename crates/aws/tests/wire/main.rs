//! What goes over the wire to S3 and SQS, against a server that answers as AWS does where `LocalStack`
//! does not: redirects between regions, denials, answers that never come.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod queue;
mod server;
mod store;
