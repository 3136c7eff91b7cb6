//! `page`: forwards to the page crate.

use likewise_page as page;

use crate::Component;
use crate::bindings::exports::likewise::engine::page::{Element, Guest, Link, Page};

impl Guest for Component {
    fn extract(html: String, base: String) -> Page {
        to_page(page::extract(&html, &base))
    }

    fn select(html: String, selector: String, limit: u32) -> Result<Vec<Element>, String> {
        let elements = page::select(&html, &selector, limit as usize).map_err(|error| error.to_string())?;
        let to_element = |e: page::Element| Element { tag: e.tag, attributes: e.attributes, text: e.text };
        Ok(elements.into_iter().map(to_element).collect())
    }
}

/// The crate's page as the contract's.
pub(crate) fn to_page(page: page::Page) -> Page {
    Page {
        title: page.title,
        description: page.description,
        canonical: page.canonical,
        lang: page.lang,
        links: page.links.into_iter().map(|link| Link { url: link.url, text: link.text, rel: link.rel }).collect(),
        meta: page.meta,
        json_ld: page.json_ld,
        text: page.text,
        truncated: page.truncated.into_iter().map(Into::into).collect(),
    }
}
