//! What is known beyond an event: where an address is, what an account is called. This crate only
//! asks; who answers (and reads databases) is given to it.

use std::fmt::Debug;
use std::net::IpAddr;

/// A source of knowledge beyond the event.
///
/// # Contract
/// Answers at once, from memory: it is asked for every event. What it does not know it leaves out.
/// The answer is lent to `see`, which is called at most once, so that nothing is copied and the
/// source may be replaced while it is used.
///
/// # Concurrency
/// Asked from many threads at a time.
pub trait Enrichment: Debug + Send + Sync {
    /// Where `address` is, and in whose network.
    fn locate(&self, address: IpAddr, see: &mut dyn FnMut(&Location<'_>));

    /// What the account with this id, 12 digits, is called.
    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str));
}

/// Where an address is, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Location<'d> {
    /// Two letters, `EU`.
    pub continent_code: Option<&'d str>,
    /// In English.
    pub continent_name: Option<&'d str>,
    /// ISO 3166-1 alpha-2, `DE`.
    pub country_code: Option<&'d str>,
    /// In English.
    pub country_name: Option<&'d str>,
    /// ISO 3166-2 without the country, `BE`.
    pub region_code: Option<&'d str>,
    /// In English.
    pub region_name: Option<&'d str>,
    /// In English.
    pub city_name: Option<&'d str>,
    /// As written in the country.
    pub postal_code: Option<&'d str>,
    /// Of the IANA database, `Europe/Berlin`.
    pub time_zone: Option<&'d str>,
    /// Latitude and longitude, in degrees.
    pub coordinates: Option<(f64, f64)>,
    /// Number of the autonomous system.
    pub as_number: Option<u32>,
    /// Who runs the autonomous system.
    pub as_organization: Option<&'d str>,
}
