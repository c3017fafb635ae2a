//! `traild check`: everything the daemon depends on, as a table with a remedy a line.

use crate::config::{Config, Listen, Selector, Sink as SinkSettings};
use crate::enrichment::EnrichmentFiles;
use crate::exit::Exit;
use crate::inspect::{self, Finding, Verdict};
use crate::start::open_sinks;
use std::io::{ErrorKind, Write};
use tokio::net::TcpListener;
use trail_ingest::chain;
use trail_sink::{DirectoryQuarantine, OpenError, Sink};

/// Looks at everything and prints what was found.
pub(crate) async fn check(config: &Config) -> anyhow::Result<Exit> {
    let (connection, store) = inspect::connect(config).await;
    let mut findings = vec![Finding::good("configuration", "can be read, and is complete")];
    findings.extend(inspect::aws(config, &connection, &store).await.findings);
    findings.extend(enrichment(config));
    findings.extend(sinks(config).await);
    findings.extend(admin(config.admin.listen).await);
    std::io::stdout().lock().write_all(table(&findings).as_bytes())?;
    let faulty = findings.iter().any(|finding| finding.verdict == Verdict::Fault);
    let unknown = findings.iter().any(|finding| finding.verdict == Verdict::Unknown);
    Ok(match (faulty, unknown) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::Failed,
        (false, false) => Exit::Done,
    })
}

/// Whether the admin server's address is free.
async fn admin(listen: Listen) -> Option<Finding> {
    let Listen::At(address) = listen else { return None };
    Some(match TcpListener::bind(address).await {
        Ok(_) => Finding::good("admin server", format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::new(
            "admin server",
            Verdict::Warning,
            format!("{address} is in use"),
            "if that is a running traild, all is well; else set admin.listen to a free port",
        ),
        Err(error) => {
            let remedy = "set admin.listen to an address of this machine";
            Finding::new("admin server", Verdict::Fault, format!("{address}: {error}"), remedy)
        }
    })
}

/// The files that tell more than an event does.
fn enrichment(config: &Config) -> Vec<Finding> {
    let subject = "enrichment";
    match EnrichmentFiles::open(&config.enrichment) {
        Ok(files) => {
            let files = files.iter().flat_map(EnrichmentFiles::describe);
            let found = files.map(|file| format!("{}: {}", file.path.display(), file.description));
            found.map(|found| Finding::good(subject, found)).collect()
        }
        Err(faults) => {
            let faults = faults.to_string();
            faults.lines().map(|fault| Finding::new(subject, Verdict::Fault, fault, "")).collect()
        }
    }
}

async fn sinks(config: &Config) -> Vec<Finding> {
    let mut findings = Vec::new();
    for ((name, opened), settings) in open_sinks(config).await.into_iter().zip(&config.sinks) {
        let subject = format!("sink {name}");
        findings.push(match opened {
            Ok(sink) => probed(subject, &*sink, settings).await,
            Err(error) => not_opened(subject, &error),
        });
    }
    let subject = "quarantine";
    findings.push(match DirectoryQuarantine::open(config.quarantine.path.clone()).await {
        Ok(quarantine) => {
            let probe = quarantine.probe().await;
            let closed = quarantine.close().await;
            match probe.and(closed) {
                Ok(()) => Finding::good(
                    subject,
                    format!("can write to {}", config.quarantine.path.display()),
                ),
                Err(error) => Finding::new(subject, Verdict::Fault, chain(&error), ""),
            }
        }
        Err(error) => not_opened(subject.to_owned(), &error),
    });
    findings
}

async fn probed(subject: String, sink: &dyn Sink, settings: &SinkSettings) -> Finding {
    let probe = sink.probe().await;
    let closed = sink.close().await;
    match probe.and(closed) {
        Ok(()) => Finding::good(subject, format!("accepts events: {}", wanted(settings))),
        Err(error) => Finding::new(subject, Verdict::Fault, chain(&error), ""),
    }
}

/// Which events a sink gets, and in which form.
fn wanted(SinkSettings { schema, select, exclude, .. }: &SinkSettings) -> String {
    let list = |entries: &[Selector]| {
        let entries: Vec<&str> = entries.iter().map(AsRef::as_ref).collect();
        entries.join(" | ")
    };
    let mut wanted = if select.is_empty() { "all".to_owned() } else { list(select) };
    if !exclude.is_empty() {
        wanted.push_str(&format!(", but not {}", list(exclude)));
    }
    format!("{wanted}, as {schema}")
}

fn not_opened(subject: String, error: &OpenError) -> Finding {
    match error {
        // Most likely the daemon itself, which has proved that it can write there.
        OpenError::InUse { .. } => Finding::new(
            subject,
            Verdict::Warning,
            chain(error),
            "if that is a running traild, all is well",
        ),
        OpenError::Fault(_) => Finding::new(subject, Verdict::Fault, chain(error), ""),
    }
}

/// The findings as lines: the verdict, what it is about, what was found; a remedy on its own line.
fn table(findings: &[Finding]) -> String {
    let widest = findings.iter().map(|finding| finding.subject.chars().count()).max().unwrap_or(0);
    let mut table = String::new();
    for Finding { subject, verdict, detail, remedy } in findings {
        let verdict = match verdict {
            Verdict::Good => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Skipped => "skipped",
            Verdict::Unknown => "unknown",
            Verdict::Fault => "FAULT  ",
        };
        table.push_str(&format!("{verdict}  {subject:widest$}  {detail}\n"));
        if !remedy.is_empty() {
            table.push_str(&format!("         {:widest$}  -> {remedy}\n", ""));
        }
    }
    table
}
