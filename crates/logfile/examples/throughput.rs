//! Decompressed megabytes a second: inflation alone and with the split, both ways.
//!
//! `cargo run --release -p trail-logfile --example throughput [FILE.json.gz]`; without a file, over
//! a made one of 16,000 CloudTrail-like records.

use std::hint::black_box;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use trail_logfile::{Limits, Record, claimed_size, inflate_whole, split, stream};

#[expect(clippy::disallowed_types, reason = "the yardstick")]
type Yardstick<'o> = flate2::read::MultiGzDecoder<&'o [u8]>;

const RUNS: usize = 15;

fn main() -> io::Result<()> {
    let object = match std::env::args().nth(1) {
        Some(path) => std::fs::read(path)?,
        None => made(16_000)?,
    };
    let claimed = claimed_size(&object).and_then(|claim| usize::try_from(claim).ok());
    let json = claimed
        .and_then(|claim| inflate_whole(&object, claim))
        .ok_or_else(|| io::Error::other("not one gzip member"))?;
    let limits = Limits { whole: usize::MAX, ..Limits::default() };
    let size = json.len();
    writeln!(io::stdout(), "{} bytes compressed, {size} decompressed", object.len())?;

    let inflate = report("inflate_whole", size, || {
        black_box(inflate_whole(&object, size));
    })?;
    report("split", size, || records(split(&json, &limits, see)))?;
    let whole = report("inflate_whole + split", size, || {
        let json = inflate_whole(&object, size).unwrap_or_default();
        records(split(&json, &limits, see));
    })?;
    let mut buffer = vec![0; limits.window];
    let yardstick = report("flate2 alone", size, || {
        let mut decoder = Yardstick::new(&object);
        while decoder.read(&mut buffer).is_ok_and(|count| count > 0) {}
    })?;
    let streamed = report("stream", size, || records(stream(&object[..], &limits, see)))?;
    let ratio = |alone: Duration, all: Duration| alone.as_secs_f64() / all.as_secs_f64();
    writeln!(
        io::stdout(),
        "whole {:.2} of inflation alone, stream {:.2}",
        ratio(inflate, whole),
        ratio(yardstick, streamed)
    )
}

fn see(record: Record<'_>) -> ControlFlow<()> {
    black_box(record);
    ControlFlow::Continue(())
}

/// A file that is refused halfway would look fast.
#[expect(clippy::panic, reason = "an example")]
fn records(result: Result<trail_logfile::Summary, trail_logfile::Error>) {
    match result {
        Ok(summary) => drop(black_box(summary)),
        Err(error) => panic!("{error}"),
    }
}

/// The median of some runs.
fn report(name: &str, size: usize, mut run: impl FnMut()) -> io::Result<Duration> {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    let median = times.get(RUNS / 2).copied().unwrap_or_default();
    writeln!(io::stdout(), "{name:24}{:8.0} MB/s", size as f64 / 1e6 / median.as_secs_f64())?;
    Ok(median)
}

fn made(count: u64) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(br#"{"Records":["#)?;
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for index in 0..count {
        if index > 0 {
            encoder.write_all(b",")?;
        }
        encoder.write_all(record(&mut random).as_bytes())?;
    }
    encoder.write_all(b"]}")?;
    encoder.finish()
}

fn record(random: &mut impl FnMut() -> u64) -> String {
    const ROLES: [&str; 4] = ["ingest-worker", "ReadOnly", "deploy", "AWSReservedSSO_Admin"];
    const CALLS: [(&str, &str); 6] = [
        ("s3.amazonaws.com", "GetObject"),
        ("s3.amazonaws.com", "PutObject"),
        ("sts.amazonaws.com", "AssumeRole"),
        ("kms.amazonaws.com", "Decrypt"),
        ("ec2.amazonaws.com", "DescribeInstances"),
        ("lambda.amazonaws.com", "Invoke20150331"),
    ];
    let (service, call) = CALLS.get((random() % 6) as usize).unwrap_or(&CALLS[0]);
    let role = ROLES.get((random() % 4) as usize).unwrap_or(&ROLES[0]);
    let (key, session, id) = (random(), random(), random());
    let (minute, second, octet) = (random() % 60, random() % 60, random() % 256);
    format!(
        concat!(
            r#"{{"eventVersion":"1.09","userIdentity":{{"type":"AssumedRole","principalId":"#,
            r#""AROA{session:016X}:worker-{octet}","arn":"arn:aws:sts::111122223333:assumed-role/"#,
            r#"{role}/worker-{octet}","accountId":"111122223333","accessKeyId":"ASIA{key:016X}","#,
            r#""sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"#,
            r#""AROA{session:016X}","arn":"arn:aws:iam::111122223333:role/{role}","accountId":"#,
            r#""111122223333","userName":"{role}"}},"attributes":{{"creationDate":"#,
            r#""2026-11-01T10:{minute:02}:{second:02}Z","mfaAuthenticated":"false"}}}}}},"#,
            r#""eventTime":"2026-11-01T11:{second:02}:{minute:02}Z","eventSource":"{service}","#,
            r#""eventName":"{call}","awsRegion":"eu-west-1","sourceIPAddress":"10.0.{octet}.{second}","#,
            r#""userAgent":"[aws-sdk-go/1.44.{minute} (go1.19; linux; amd64) exec-env/AWS_ECS_FARGATE]","#,
            r#""requestParameters":{{"bucketName":"data-{octet}","Host":"data-{octet}.s3.eu-west-1"#,
            r#".amazonaws.com","key":"year=2026/month=11/day=01/part-{key:016x}.parquet","#,
            r#""x-amz-server-side-encryption":"aws:kms"}},"responseElements":null,"#,
            r#""additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"#,
            r#""ECDHE-RSA-AES128-GCM-SHA256","bytesTransferredIn":0,"AuthenticationMethod":"#,
            r#""AuthHeader","x-amz-id-2":"{key:016x}{id:016x}{session:016x}","bytesTransferredOut":"#,
            r#"1{second}{minute}}},"requestID":"{session:016X}","eventID":"{id:016x}-{key:016x}","#,
            r#""readOnly":true,"resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::data-"#,
            r#"{octet}/year=2026/month=11/day=01/part-{key:016x}.parquet"}},{{"accountId":"#,
            r#""111122223333","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::data-{octet}"}}],"#,
            r#""eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"#,
            r#""111122223333","eventCategory":"Data","tlsDetails":{{"tlsVersion":"TLSv1.3","#,
            r#""cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"#,
            r#""data-{octet}.s3.eu-west-1.amazonaws.com"}}}}"#
        ),
        session = session,
        octet = octet,
        role = role,
        key = key,
        minute = minute,
        second = second,
        service = service,
        call = call,
        id = id,
    )
}
