//! What can be asked for.

/// What `--help` says.
pub(super) const HELP: &str = "\
Shows traild at work: starts a LocalStack, puts a made-up trail into a bucket of it, one damaged
file included, runs the daemon until its queue is empty, and checks that every event arrived.

Usage: cargo demo [OPTIONS]

Options:
      --keep  Stay up afterwards, and tell of every file that is put into the bucket, until Ctrl-C
  -h, --help  Print this

LocalStack is the one that LOCALSTACK_ENDPOINT names, else a container if Docker answers, else it
is installed under target/localstack, once, which takes Python 3.10 to 3.12 and a network.
What the daemon wrote lies in target/demo. Exit codes: 0 all is there, 1 it is not, 130 Ctrl-C.";

/// How to show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether to stay up afterwards.
    pub keep: bool,
}

impl Options {
    /// `None` where help is asked for.
    ///
    /// # Errors
    /// Says which argument is not known.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self::default();
        for argument in arguments {
            match argument.as_str() {
                "--keep" => options.keep = true,
                // Cargo's own, where it was written though the alias has one.
                "--" => {}
                "--help" | "-h" => return Ok(None),
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Option<Options>, String> {
        Options::parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn options_are_what_the_help_names() {
        assert_eq!(parse(&[]), Ok(Some(Options { keep: false })));
        assert_eq!(parse(&["--keep"]), Ok(Some(Options { keep: true })));
        assert_eq!(parse(&["--", "--keep"]), Ok(Some(Options { keep: true })));
        assert_eq!(parse(&["--keep", "-h"]), Ok(None));
        assert_eq!(parse(&["keep"]), Err("there is no option keep".to_owned()));
    }
}
