//! The shape of the code: what may depend on what, and where `unsafe` may stand.

use anyhow::Context as _;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates by their folders, in the order of the data flow. Each may depend on those before it.
const ORDER: [&str; 10] = [
    "notification",
    "logfile",
    "event",
    "schema",
    "sink",
    "ingest",
    "aws",
    "traild",
    "tests",
    "bench",
];
/// Those that take bytes and give values.
const PURE: [&str; 4] = ["notification", "logfile", "event", "schema"];
/// What does input and output.
const IMPURE: [&str; 12] = [
    "tokio",
    "tokio-util",
    "async-std",
    "smol",
    "mio",
    "hyper",
    "hyper-util",
    "reqwest",
    "ureq",
    "axum",
    "rusoto_core",
    "curl",
];
/// The modules that hold unsafe code: one calls C, one maps files into memory.
const UNSAFE: [&str; 2] = ["logfile/src/inflate/libdeflate.rs", "traild/src/enrichment/mapped.rs"];

fn metadata() -> anyhow::Result<Metadata> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = MetadataCommand::new();
    // What is built is there already; packages for other systems may not be.
    let options = ["--locked", "--offline", "--filter-platform", host()];
    command.manifest_path(manifest).other_options(options.map(str::to_owned));
    Ok(command.exec()?)
}

fn host() -> &'static str {
    if cfg!(all(target_arch = "aarch64", target_os = "linux")) {
        "aarch64-unknown-linux-gnu"
    } else if cfg!(all(target_arch = "aarch64", target_os = "macos")) {
        "aarch64-apple-darwin"
    } else {
        "x86_64-unknown-linux-gnu"
    }
}

fn folder(package: &Package) -> &str {
    package.manifest_path.parent().and_then(|parent| parent.file_name()).unwrap_or_default()
}

fn place(folder: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == folder)
}

#[test]
fn crate_depends_only_on_crates_before_it() -> anyhow::Result<()> {
    let metadata = metadata()?;
    let members = metadata.workspace_packages();
    let folders: BTreeMap<&str, &str> =
        members.iter().map(|package| (package.name.as_str(), folder(package))).collect();
    assert!(folders.len() >= 9, "{folders:?}");
    for package in &members {
        let name = folder(package);
        let own = place(name).with_context(|| format!("{name} has no place in the order"))?;
        for dependency in &package.dependencies {
            // Development too: a test of an earlier crate that needs a later one is in the wrong place.
            if let Some(on) = folders.get(dependency.name.as_str()) {
                assert!(place(on) < Some(own), "{name} depends on {on}, which comes after it");
            }
        }
    }
    Ok(())
}

#[test]
fn adapters_and_sinks_know_nothing_of_one_another() -> anyhow::Result<()> {
    let metadata = metadata()?;
    let direct = |name: &str| -> anyhow::Result<BTreeSet<String>> {
        let members = metadata.workspace_packages();
        let package = members.into_iter().find(|package| folder(package) == name);
        let package = package.with_context(|| format!("no crate {name}"))?;
        let normal = package.dependencies.iter().filter(|on| on.kind == DependencyKind::Normal);
        Ok(normal.map(|on| on.name.clone()).collect())
    };
    assert!(!direct("aws")?.contains("trail-sink"), "aws knows sinks");
    for name in ["sink", "ingest"] {
        let sdk = direct(name)?.into_iter().find(|on| on.starts_with("aws-"));
        assert_eq!(sdk, None, "{name} knows the SDK");
    }
    Ok(())
}

#[test]
fn pure_crates_have_nothing_below_them_that_does_input_or_output() -> anyhow::Result<()> {
    let metadata = metadata()?;
    for package in metadata.workspace_packages() {
        let name = folder(package);
        if !PURE.contains(&name) {
            continue;
        }
        let below = below(&metadata, &package.id)?;
        let impure = |name: &&String| name.starts_with("aws-") || IMPURE.contains(&name.as_str());
        let found: Vec<&String> = below.iter().filter(impure).collect();
        assert!(found.is_empty(), "{name} has below it {found:?}");
    }
    Ok(())
}

/// The names of all that is linked into a crate that is not a test.
fn below(metadata: &Metadata, root: &PackageId) -> anyhow::Result<BTreeSet<String>> {
    let resolve = metadata.resolve.as_ref().context("nothing is resolved")?;
    let mut names = BTreeSet::new();
    let mut left = vec![root];
    let mut seen = BTreeSet::new();
    while let Some(id) = left.pop() {
        let node = resolve.nodes.iter().find(|node| node.id == *id);
        let node = node.with_context(|| format!("{id} is not resolved"))?;
        for dependency in &node.deps {
            let normal =
                dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if normal && seen.insert(&dependency.pkg) {
                names.insert(metadata[&dependency.pkg].name.to_string());
                left.push(&dependency.pkg);
            }
        }
    }
    Ok(names)
}

#[test]
fn crate_obeys_the_lints_of_the_workspace() -> anyhow::Result<()> {
    for package in metadata()?.workspace_packages() {
        let manifest: toml::Table = fs::read_to_string(&package.manifest_path)?.parse()?;
        let obeys = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(obeys, Some(&toml::Value::Boolean(true)), "{}", package.manifest_path);
    }
    Ok(())
}

#[test]
fn unsafe_code_stands_in_two_modules_only() -> anyhow::Result<()> {
    for package in metadata()?.workspace_packages() {
        for target in &package.targets {
            let is_library = target.kind.iter().any(|own| own.to_string() == "lib");
            let is_root = ["lib", "bin"]
                .iter()
                .any(|kind| target.kind.iter().any(|own| own.to_string() == *kind));
            let forbids = fs::read_to_string(&target.src_path)?.contains("#![forbid(unsafe_code)]");
            let is_exempt = is_library && ["logfile", "traild"].contains(&folder(package));
            if is_root && !is_exempt {
                assert!(forbids, "{} does not forbid unsafe code", target.src_path);
            }
        }
        for path in sources(package)? {
            let text: String = fs::read_to_string(&path)?.split_whitespace().collect();
            let lifted = ["expect", "allow", "warn"]
                .iter()
                .any(|level| text.contains(&format!("{level}(unsafe_code")));
            assert_eq!(
                lifted,
                UNSAFE.iter().any(|module| path.ends_with(module)),
                "{}",
                path.display()
            );
        }
    }
    Ok(())
}

#[test]
fn no_module_is_called_mod_rs() -> anyhow::Result<()> {
    for package in metadata()?.workspace_packages() {
        for path in sources(package)? {
            assert!(!path.ends_with("mod.rs"), "{}", path.display());
        }
    }
    Ok(())
}

/// Every file of Rust in a crate's `src`.
fn sources(package: &Package) -> anyhow::Result<Vec<PathBuf>> {
    let root = package.manifest_path.parent().context("a manifest without a folder")?;
    let mut folders = vec![root.join("src").into_std_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    Ok(files)
}
