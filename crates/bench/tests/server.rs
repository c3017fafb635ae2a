//! The server as a client sees it: HTTP by hand, no SDK between.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

#[path = "server/client.rs"]
mod client;
#[path = "server/faults_of_s3.rs"]
mod faults_of_s3;
#[path = "server/faults_of_sqs.rs"]
mod faults_of_sqs;
#[path = "server/s3.rs"]
mod s3;
#[path = "server/sqs.rs"]
mod sqs;
