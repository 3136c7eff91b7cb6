//! Pages made to exhaust a parser. Each is of a size at which work that grows with the square of the input would not
//! end within a day, so that these tests fail by never ending rather than by a clock.

use likewise_page::{
    ENTRY_COST, FIELD_LIMIT, JSON_LD_LIMIT, LINKS_LIMIT, META_LIMIT, SelectError, TEXT_LIMIT, decode, extract, parse_url, select,
};

const BASE: &str = "https://example.com/";
const MANY: usize = 200_000;

#[test]
fn nesting_costs_nothing() {
    for tag in ["div", "b", "p", "li", "a href=x", "table", "tr", "td", "svg", "math", "select", "option", "template", "x-y"] {
        let open = format!("<{tag}>x");
        let page = extract(&(open.repeat(MANY) + "<title>after</title>"), BASE);
        assert!(page.truncated.is_empty(), "{tag}: {:?}", page.truncated);
        let name = tag.split(' ').next().unwrap_or(tag);
        let closed = open.repeat(MANY) + &format!("</{name}>").repeat(MANY) + "</stray>".repeat(MANY).as_str();
        let page = extract(&closed, BASE);
        assert!(page.truncated.is_empty(), "{tag}: {:?}", page.truncated);
    }
}

#[test]
fn elements_ended_by_far_ones_are_found_at_once() {
    let walls = "<table><tr><td><table>".to_owned() + &"<div>".repeat(MANY) + &"<td></td><li></li><p></p><tr>".repeat(MANY);
    assert!(extract(&walls, BASE).truncated.is_empty());
}

#[test]
fn more_nesting_than_memory_is_reported() {
    let html = format!("<title>first</title>{}<a href=x>lost</a>", "<div>".repeat(1_000_000));
    let page = extract(&html, BASE);
    assert_eq!(page.truncated, ["document"]);
    assert_eq!(page.title.as_deref(), Some("first"));
    assert_eq!(select(&html, "a", 1), Err(SelectError::TooDeep));
}

#[test]
fn a_huge_attribute_costs_no_other_fact() {
    let huge = "a".repeat(50_000_000);
    let page = extract(
        &format!("<html lang={huge}><title>t</title><link rel=canonical href={huge}><a href={huge}>x</a><a href=y>y</a>"),
        BASE,
    );
    assert_eq!(page.truncated, ["lang", "canonical", "links"]);
    assert_eq!(page.title.as_deref(), Some("t"));
    assert_eq!(page.links.len(), 1);
    let page = extract(&format!("<meta name=a content={huge}><meta name=description content=d><p title={huge}>p"), BASE);
    assert_eq!(page.truncated, ["meta"]);
    assert_eq!((page.description.as_deref(), page.text.as_str()), (Some("d"), "p"));
    let page = extract(&format!("<title>t</title><p title='{huge}"), BASE);
    assert_eq!(page.title.as_deref(), Some("t"));
}

#[test]
fn what_does_not_end_ends() {
    for opening in
        ["<!--", "<script>", "<style>", "<title>", "<textarea>", "<!doctype", "<![CDATA[", "<?", "</", "<a ", "<a b='", "&"]
    {
        for filling in ["-", "<", "&", "a", "</scrip", "<!--", "' ", "\0", "\r", "=", "/", "&#1", " a"] {
            let html = opening.to_owned() + &filling.repeat(500_000 / filling.len());
            let page = extract(&html, BASE);
            assert!(page.truncated.is_empty() || page.truncated == ["title"], "{opening}{filling}: {:?}", page.truncated);
        }
    }
}

#[test]
fn many_attributes_are_read_once() {
    let attributes: String = (0..500_000).map(|number| format!(" a{number}")).collect();
    let html = format!("<p{attributes} hidden>x</p>y");
    assert_eq!(extract(&html, BASE).text, "y");
    assert_eq!(select(&html, "p", 1).unwrap()[0].attributes.len(), 500_001);
}

#[test]
fn text_is_cut_at_its_limit() {
    let page = extract(&"é ".repeat(TEXT_LIMIT / 2), BASE);
    assert_eq!(page.truncated, ["text"]);
    assert!(page.text.len() <= TEXT_LIMIT && page.text.len() > TEXT_LIMIT - 4);
    let page = extract(&format!("<title>{}</title>x", "w".repeat(FIELD_LIMIT + 1)), BASE);
    assert_eq!(page.truncated, ["title"]);
    assert_eq!(page.title.map(|title| title.len()), Some(FIELD_LIMIT));
}

#[test]
fn a_long_base_does_not_multiply() {
    let html = format!("<base href='/{}/'>{}", "b".repeat(60_000), "<a href=x>t</a>".repeat(MANY));
    let page = extract(&html, BASE);
    assert_eq!(page.truncated, ["links"]);
    assert!(page.links.iter().map(|link| link.url.len()).sum::<usize>() <= LINKS_LIMIT);
    assert!(!page.links.is_empty());
}

#[test]
fn meta_is_cut_at_its_limit() {
    let page = extract(&"<meta name=abcd content=efgh>".repeat(MANY), BASE);
    assert_eq!(page.truncated, ["meta"]);
    assert_eq!(page.meta.len(), META_LIMIT / (ENTRY_COST + 8));
}

#[test]
fn what_is_empty_of_a_selection_is_counted_too() {
    assert_eq!(select(&"<b></b>".repeat(500_000), "b", usize::MAX), Err(SelectError::TooLarge(500_000)));
    let attributes: String = (0..100_000).map(|number| format!(" {number:x}")).collect();
    assert_eq!(select(&format!("<p{attributes}>").repeat(20), "p", 1000), Err(SelectError::TooLarge(20)));
}

#[test]
fn what_is_empty_is_counted_too() {
    // References that cannot be resolved stay as written, and these are written with nothing.
    let page = extract(&("<base href='mailto:x'>".to_owned() + &"<a href></a>".repeat(400_000)), BASE);
    assert_eq!(page.truncated, ["links"]);
    assert_eq!(page.links.len(), LINKS_LIMIT / ENTRY_COST);
    let page = extract(&"<meta name property http-equiv>".repeat(MANY), BASE);
    assert_eq!(page.truncated, ["meta"]);
    assert_eq!(page.meta.len(), META_LIMIT / ENTRY_COST);
    let page = extract(&"<script type=application/ld+json>1</script>".repeat(MANY), BASE);
    assert_eq!(page.truncated, ["json-ld"]);
    assert_eq!(page.json_ld.len(), JSON_LD_LIMIT / (ENTRY_COST + 1));
}

#[test]
fn nested_selections_are_refused_when_too_large() {
    let html = "<div>some text ".repeat(MANY);
    assert_eq!(select(&html, "div", usize::MAX), Err(SelectError::TooLarge(MANY)));
    assert_eq!(select(&html, "div", 5).map(|found| found.len()), Ok(5));
}

#[test]
fn selectors_are_bounded() {
    assert!(matches!(select("<p>", &"p,".repeat(1000), 1), Err(SelectError::SelectorTooLong(2000))));
    let nested = format!("{}p{}", ":not(".repeat(150), ")".repeat(150));
    assert!(select("<p>", &nested, 1).is_ok());
    let descendants = "div ".repeat(200) + "p";
    assert_eq!(select(&"<div>".repeat(MANY), &descendants, 1), Ok(vec![]));
    let names: String = (0..MANY).map(|number| format!("<x{number}></x{number}>")).collect();
    assert_eq!(select(&names, "p:Nth-Of-Type(2)", 1), Err(SelectError::TooManyNames));
    assert_eq!(select(&names, "x7", 1).map(|found| found.len()), Ok(1));
}

#[test]
fn selectors_that_cannot_be_used_say_why() {
    for selector in ["", " ", "p >", "p + b", "p ~ b", ":has(a)", "p:last-child", "::before", "[", "p..x", "#", "a|b"] {
        let message = select("<p>", selector, 1).expect_err(selector).to_string();
        assert!(message.contains(&format!("{selector:?}")) && message.contains("cannot be used"), "{message}");
    }
}

#[test]
fn long_urls_are_refused() {
    for url in [
        "a".repeat(1_000_000),
        format!("https://example.com/{}", "a".repeat(1_000_000)),
        format!("https://{}/", "a.".repeat(30_000)),
        format!("https://xn--{}/", "a".repeat(60_000)),
        format!("https://{}/", "ü".repeat(30_000)),
        format!("https://example.com/{}", "é".repeat(30_000)),
        format!("http://[{}]/", ":".repeat(60_000)),
    ] {
        let error = parse_url(&url).expect_err("it is too long").to_string();
        assert!(error.len() < 1000, "{error}");
    }
}

#[test]
fn large_bodies_are_decoded_once() {
    let legacy: Vec<u8> = b"caf\xe9 ".repeat(2_000_000);
    let decoded = decode(&legacy, None);
    assert_eq!((decoded.encoding, decoded.text.len()), ("windows-1252", 12_000_000));
    let tags = b"<x a=b ".repeat(1_000_000);
    assert_eq!(decode(&tags, Some("text/html")).encoding, "UTF-8");
    let slashes = "\"\\".repeat(1_000_000);
    assert_eq!(likewise_page::content_type(&slashes).essence, "");
}
