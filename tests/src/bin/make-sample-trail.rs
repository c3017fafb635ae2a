//! Writes the sample trail that the repository carries, in place of the one that is there.

#![forbid(unsafe_code)]

use std::io::{self, Write as _};

use traild_tests::sample_trail;

fn main() -> anyhow::Result<()> {
    let directory = sample_trail::directory();
    let files = sample_trail::write_to(&directory)?;
    let records: usize = files.iter().map(|file| file.records).sum();
    let bytes: usize = files.iter().map(|file| file.gz.len()).sum();
    let (count, place) = (files.len(), directory.display());
    writeln!(io::stderr(), "{count} files, {records} records, {bytes} bytes in {place}")?;
    Ok(())
}
