//! How much of an object is accepted, and how it is read.

/// Caps on one object, and the sizes of the buffers it is read through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Decompressed bytes up to which an object is inflated in one shot. 32 MiB: some 20,000
    /// events, more than a busy account writes into a file.
    pub whole: usize,
    /// Decompressed bytes an object may have. 8 GiB: CloudTrail starts a new object at about 50 MB
    /// compressed, under 1 GiB decompressed.
    pub decompressed: u64,
    /// Bytes one record, and any other value or key of the top level, may have. 1 MiB: events are
    /// up to 256 KB since eventVersion 1.05, up to 1 MB in Lake stores.
    pub record: usize,
    /// Levels of objects and arrays in one value, a record itself being the first.
    pub depth: usize,
    /// Bytes of the buffer an object is streamed through. A value that does not fit in it moves to
    /// one of the record cap, so streaming holds at most both.
    pub window: usize,
    /// Whether to compute the checksum of the decompressed bytes.
    pub checksum: Checksum,
    /// Whether the places of quotes are noted.
    pub quotes: Quotes,
}

/// Whether the places of a record's quotes are noted while it is validated, so that who reads it
/// need not look for them again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Quotes {
    /// Not noted.
    #[default]
    Skip,
    /// Noted, for records below 4 GiB: four bytes each.
    Note,
}

/// Whether the checksum of the decompressed bytes is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checksum {
    /// Not computed: it costs as much as the inflation.
    #[default]
    Skip,
    /// SHA-256, the one CloudTrail's digest files state.
    Sha256,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            whole: 32 << 20,
            decompressed: 8 << 30,
            record: 1 << 20,
            depth: 128,
            window: 1 << 20,
            checksum: Checksum::Skip,
            quotes: Quotes::Skip,
        }
    }
}
