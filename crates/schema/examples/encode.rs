//! CloudTrail records on stdin, one a line, become lines of a schema on stdout:
//! `encode --schema ocsf-1.8 [--extended] [--nested] < records.ndjson`.

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use trail_event::Reader;
use trail_schema::ocsf::{Detail, Unmapped};
use trail_schema::{Encoder, Format, Schema, Scratch};

fn main() -> io::Result<ExitCode> {
    let mut format = Format::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--schema" => {
                let named = arguments.next().and_then(|name| Schema::named(&name));
                let Some(schema) = named else { return usage() };
                format.schema = schema;
            }
            "--extended" => format.ocsf.detail = Detail::Extended,
            "--nested" => format.ocsf.unmapped = Unmapped::Nested,
            _ => return usage(),
        }
    }
    encode(&Encoder::new(&format))?;
    Ok(ExitCode::SUCCESS)
}

fn encode(encoder: &Encoder) -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    let (mut reader, mut scratch, mut line) = (Reader::new(), Scratch::default(), Vec::new());
    for (index, record) in (0..).zip(io::stdin().lock().lines()) {
        line.clear();
        encoder.encode(&reader.read(index, &record?), &mut scratch, &mut line);
        line.push(b'\n');
        output.write_all(&line)?;
    }
    output.flush()
}

fn usage() -> io::Result<ExitCode> {
    let names = Schema::ALL.map(Schema::name).join(", ");
    writeln!(io::stderr(), "encode --schema ({names}) [--extended] [--nested] < records.ndjson")?;
    Ok(ExitCode::from(2))
}
