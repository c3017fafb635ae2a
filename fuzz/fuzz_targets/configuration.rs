//! Any file and any environment load or are refused, a line each.
#![no_main]

// The module itself, and not the crate: the AWS crates below it would take minutes to build with a
// sanitizer, and none of them is reached from here.
#[allow(dead_code, reason = "only what loads a configuration is used here")]
#[path = "../../crates/traild/src"]
mod traild {
    pub mod config;
}

use libfuzzer_sys::fuzz_target;
use traild::config::Config;

fuzz_target!(|input: (String, Vec<(String, String)>)| {
    let (text, environment) = input;
    let environment =
        environment.into_iter().map(|(name, value)| (format!("TRAILD_{name}"), value));
    if let Err(faults) = Config::from_text("traild.toml", &text, environment) {
        assert!(!faults.is_empty());
        for fault in faults.iter() {
            assert!(!fault.to_string().chars().any(char::is_control));
        }
    }
});
