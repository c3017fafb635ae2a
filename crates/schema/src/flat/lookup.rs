//! One look into the databases for all the columns that ask.

use crate::enrichment::{Enrichment, Location};
use std::net::IpAddr;
use trail_event::Event;

/// What enrichment has said about an event's address, and all it knows of accounts.
#[derive(Debug)]
struct Found<'l> {
    location: Option<&'l Location<'l>>,
    accounts: &'l dyn Enrichment,
}

impl Enrichment for Found<'_> {
    fn locate(&self, _address: IpAddr, see: &mut dyn FnMut(&Location<'_>)) {
        if let Some(location) = self.location {
            see(location);
        }
    }

    fn account_name(&self, id: &str, see: &mut dyn FnMut(&str)) {
        self.accounts.account_name(id, see);
    }
}

/// Calls `then` once, with an enrichment that has looked up the event's address already.
pub(super) fn once(
    event: &Event<'_>,
    enrichment: Option<&dyn Enrichment>,
    then: &mut dyn FnMut(Option<&dyn Enrichment>),
) {
    let Some(accounts) = enrichment else { return then(None) };
    let mut is_found = false;
    if let Some(address) = event.source_address() {
        accounts.locate(address, &mut |location| {
            is_found = true;
            then(Some(&Found { location: Some(location), accounts }));
        });
    }
    if !is_found {
        then(Some(&Found { location: None, accounts }));
    }
}
