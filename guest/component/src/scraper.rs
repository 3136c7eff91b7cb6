//! The fetch session: many URLs under way at once on one thread, their outcomes in the order of completion.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use crate::Component;
use crate::bindings::exports::likewise::engine::scraper::{Address, Failed, Guest, GuestSession, Options, Outcome};
use crate::flight::{self, Flight};

impl Guest for Component {
    type Session = Session;

    fn parse_url(url: String) -> Result<Address, String> {
        likewise_page::parse_url(&url).map(|address| flight::to_address(&address)).map_err(|error| error.to_string())
    }
}

/// URLs waiting, under way and ended.
pub(crate) struct Session(RefCell<Inner>);

struct Inner {
    waiting: VecDeque<(u32, String)>,
    under_way: Vec<Flight>,
    ended: VecDeque<Outcome>,
    options: Rc<Options>,
}

impl GuestSession for Session {
    fn new(urls: Vec<String>, options: Options) -> Self {
        Session(RefCell::new(Inner {
            waiting: (0..).zip(urls).collect(),
            under_way: Vec::new(),
            ended: VecDeque::new(),
            options: Rc::new(options),
        }))
    }

    fn next(&self) -> Option<Outcome> {
        let mut inner = self.0.borrow_mut();
        loop {
            inner.take_off();
            if let Some(outcome) = inner.ended.pop_front() {
                return Some(outcome);
            }
            if inner.under_way.is_empty() {
                return None;
            }
            inner.wait();
        }
    }
}

impl Inner {
    /// Start what the concurrency allows.
    fn take_off(&mut self) {
        let concurrency = self.options.concurrency.max(1) as usize;
        while self.under_way.len() < concurrency
            && let Some((index, url)) = self.waiting.pop_front()
        {
            match Flight::start(index, &url, &self.options) {
                Ok(flight) => self.under_way.push(flight),
                Err(failed) => self.ended.push_back(Outcome { index, site: Err(failed) }),
            }
        }
    }

    /// Wait until something moves, and move it.
    fn wait(&mut self) {
        let pollables: Vec<_> = self.under_way.iter().map(Flight::pollable).collect();
        let mut ready = flight::poll(&pollables);
        ready.sort_unstable();
        // From the back, so that a removal leaves the positions before it as they are.
        let mut ended: Vec<Outcome> = Vec::with_capacity(ready.len());
        for position in ready.into_iter().rev() {
            let position = position as usize;
            if let Some(site) = self.under_way[position].step() {
                let flight = self.under_way.swap_remove(position);
                ended.push(Outcome { index: flight.index(), site: site.map_err(|error| flight.into_failed(error)) });
            }
        }
        self.ended.extend(ended.into_iter().rev());
    }
}

impl From<flight::Error> for Failed {
    fn from(error: flight::Error) -> Self {
        Failed { kind: error.kind, message: error.message, address: None, history: Vec::new() }
    }
}
