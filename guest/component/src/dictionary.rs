//! `dictionary`: forwards to the similarity crate.

use std::cell::RefCell;

use likewise_similarity::{self as engine, batch};

use crate::Component;
use crate::bindings::exports::likewise::engine::dictionary::{
    Dictionary as Handle, Guest, GuestDictionary, GuestLoader, LoadError, Loader as LoaderHandle, Match, Matches, PackedMatches,
    SearchError, TooLong,
};
use crate::bindings::exports::likewise::engine::similarity::{Metric, Packed};
use crate::similarity::position;

impl Guest for Component {
    type Dictionary = Dictionary;
    type Loader = Loader;

    fn longest_query(metric: Metric) -> u32 {
        position(engine::Metric::from(metric).longest_query())
    }
}

/// Words in linear memory.
pub(crate) struct Dictionary(engine::Dictionary);

impl Dictionary {
    fn to_match(&self, found: engine::Match) -> Match {
        Match { choice: self.0.choice(&found), score: found.score, index: found.index }
    }
}

impl GuestDictionary for Dictionary {
    fn from_text(text: String, separator: char, priorities: Option<String>) -> Result<Handle, String> {
        let words = engine::Dictionary::from_text(text, separator, priorities.as_deref());
        words.map(|words| Handle::new(Dictionary(words))).map_err(|error| error.to_string())
    }

    fn load(data: String) -> Result<Handle, LoadError> {
        let words = engine::Dictionary::load(data)?;
        Ok(Handle::new(Dictionary(words)))
    }

    fn save(&self) -> String {
        self.0.save()
    }

    fn len(&self) -> u32 {
        u32::try_from(self.0.len()).expect("building a dictionary fails past 2^32 - 1 words")
    }

    fn memory(&self) -> u64 {
        self.0.memory() as u64
    }

    fn get(&self, index: u32) -> Option<String> {
        self.0.word(index)
    }

    fn words(&self, start: u32, limit: u32, separator: char) -> String {
        self.0.words(start, limit, separator)
    }

    fn index_of(&self, word: String) -> Option<u32> {
        self.0.index_of(&word)
    }

    fn suggest(&self, query: String, metric: Metric, score_cutoff: Option<f64>) -> Result<Option<Match>, SearchError> {
        let found = self.0.suggest(&query, metric.into(), score_cutoff)?;
        Ok(found.map(|found| self.to_match(found)))
    }

    fn search(&self, query: String, limit: u32, metric: Metric, score_cutoff: Option<f64>) -> Result<Vec<Match>, SearchError> {
        let found = self.0.search(&query, limit as usize, metric.into(), score_cutoff)?;
        Ok(found.into_iter().map(|found| self.to_match(found)).collect())
    }

    fn search_many(
        &self,
        queries: String,
        separator: char,
        limit: u32,
        metric: Metric,
        score_cutoff: Option<f64>,
    ) -> Result<Matches, SearchError> {
        let found = self.0.search_many(&queries, separator, limit as usize, metric.into(), score_cutoff, usize::MAX)?;
        Ok(Matches { query: found.query, index: found.index, score: found.score })
    }

    fn search_packed(
        &self,
        queries: String,
        separator: char,
        limit: u32,
        metric: Metric,
        score_cutoff: Option<f64>,
        most: u32,
    ) -> Result<PackedMatches, SearchError> {
        let found = self.0.search_many(&queries, separator, limit as usize, metric.into(), score_cutoff, most as usize)?;
        Ok(PackedMatches {
            answered: position(found.answered),
            query: positions(&found.query),
            index: positions(&found.index),
            score: scores(&found.score),
        })
    }

    fn within(&self, query: String, distance: u32, limit: u32, metric: Metric) -> Result<Vec<Match>, SearchError> {
        let found = self.0.within(&query, distance, limit as usize, metric.into())?;
        Ok(found.into_iter().map(|found| self.to_match(found)).collect())
    }
}

/// A saved dictionary, as far as it has arrived.
pub(crate) struct Loader(RefCell<String>);

impl GuestLoader for Loader {
    fn new(size: u32) -> Self {
        let mut data = String::new();
        // Whoever says too much gets no room in advance; what is pushed is asked for again.
        let _ = data.try_reserve_exact(size as usize);
        Loader(RefCell::new(data))
    }

    fn push(&self, part: String) {
        self.0.borrow_mut().push_str(&part);
    }

    fn load(loader: LoaderHandle) -> Result<Handle, LoadError> {
        Dictionary::load(loader.get::<Loader>().0.take())
    }
}

fn positions(positions: &[u32]) -> Packed {
    let numbers: Vec<u64> = positions.iter().copied().map(u64::from).collect();
    batch::Packed::whole(&numbers, numbers.iter().copied().max().unwrap_or(0)).into()
}

fn scores(scores: &[f64]) -> Packed {
    batch::Packed::doubles(scores).into()
}

impl From<engine::LoadError> for LoadError {
    fn from(error: engine::LoadError) -> Self {
        match error {
            engine::LoadError::NotADictionary => LoadError::NotADictionary,
            engine::LoadError::Version(found) => LoadError::Version(found),
            engine::LoadError::Damaged(what) => LoadError::Damaged(what.into()),
        }
    }
}

impl From<engine::SearchError> for SearchError {
    fn from(error: engine::SearchError) -> Self {
        match error {
            engine::SearchError::TooLong(query) => query.into(),
            engine::SearchError::NotADistance(_) => SearchError::NotADistance(error.to_string()),
        }
    }
}

impl From<engine::TooLong> for SearchError {
    fn from(query: engine::TooLong) -> Self {
        SearchError::TooLong(TooLong {
            position: query.position.map(position),
            length: position(query.length),
            longest: position(query.metric.longest_query()),
        })
    }
}
