//! What holds for any input at all: no panic, limits kept, results consistent with one another.

use likewise_page::{content_type, decode, extract, join_url, parse_url, select};
use proptest::prelude::*;

/// Pieces that parsers stumble over, in any order.
fn markup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<"),
        Just(">"),
        Just("</"),
        Just("/>"),
        Just("<!--"),
        Just("-->"),
        Just("<!"),
        Just("<?"),
        Just("&"),
        Just("&#"),
        Just("&amp"),
        Just(";"),
        Just("\""),
        Just("'"),
        Just("="),
        Just(" "),
        Just("\0"),
        Just("\r\n"),
        Just("<a href="),
        Just("</a>"),
        Just("<p>"),
        Just("<p hidden>"),
        Just("<li>"),
        Just("<ul>"),
        Just("</ul>"),
        Just("<table>"),
        Just("<tr>"),
        Just("<td>"),
        Just("</table>"),
        Just("<script>"),
        Just("</script>"),
        Just("<title>"),
        Just("</title>"),
        Just("<svg>"),
        Just("<svg/>"),
        Just("</svg>"),
        Just("<math>"),
        Just("<template>"),
        Just("</template>"),
        Just("<textarea>"),
        Just("</textarea>"),
        Just("<pre>\n"),
        Just("</pre>"),
        Just("<select>"),
        Just("<option>"),
        Just("<br>"),
        Just("</p>"),
        Just("<![CDATA["),
        Just("]]>"),
        Just("<plaintext>"),
        Just("<base href=//h/>"),
        Just("<meta name=a content=b>"),
        Just("<script type=application/ld+json>"),
        Just("<b class=x id=y>"),
        Just("</b>"),
        Just("é🦀"),
        Just("text"),
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn extraction_never_panics(html in prop_oneof![markup(), any::<String>()], base in any::<String>()) {
        let page = extract(&html, &base);
        prop_assert!(page.truncated.is_empty());
        prop_assert_eq!(page.text.trim_end_matches([' ', '\t', '\n']), &page.text);
        prop_assert!(page.text.len() <= html.len() * 3);
    }

    #[test]
    fn selection_never_panics(html in markup(), selector in any::<String>(), limit in 0_usize..5) {
        if let Ok(found) = select(&html, &selector, limit) {
            prop_assert!(found.len() <= limit);
        }
        let all = select(&html, "*", usize::MAX).unwrap();
        let some = select(&html, "*", limit).unwrap();
        prop_assert_eq!(&all[..all.len().min(limit)], &some[..]);
    }

    #[test]
    fn decoding_never_panics(bytes in any::<Vec<u8>>(), header in proptest::option::of(any::<String>())) {
        let decoded = decode(&bytes, header.as_deref());
        prop_assert_eq!(decoded.exact, decoded.text.as_bytes() == bytes);
        let has_replacement = decoded.text.contains(char::REPLACEMENT_CHARACTER);
        prop_assert!(!decoded.replaced || has_replacement);
        prop_assert!(!decoded.encoding.is_empty() || decoded.text.is_empty());
    }

    #[test]
    fn utf8_is_recognised(text in "[^\u{0}-\u{1f}]*\\PC*", kind in prop_oneof![Just("text/plain"), Just("application/json")]) {
        // A text that begins with a byte order mark loses it, and NULs may look like UTF-16.
        prop_assume!(!text.starts_with('\u{feff}') && !text.contains('\0'));
        let decoded = decode(text.as_bytes(), Some(kind));
        prop_assert_eq!(decoded.encoding, "UTF-8");
        prop_assert!(decoded.exact && !decoded.replaced);
        prop_assert_eq!(&*decoded.text, text.as_str());
    }

    #[test]
    fn a_normalised_url_is_its_own_normal_form(url in prop_oneof![any::<String>(), "https?://\\PC{0,40}", "http://[a-z0-9.:@\\[\\]%/?#\\\\ -]{0,30}"]) {
        match parse_url(&url) {
            Ok(address) => {
                let again = parse_url(&address.url).unwrap();
                prop_assert_eq!(&again.url, &address.url);
                prop_assert_eq!((&again.domain, again.port), (&address.domain, address.port));
                prop_assert_eq!(&again.userinfo, &None);
                prop_assert_eq!(&again.fragment, &None);
                prop_assert_eq!(&format!("{}://{}{}", address.scheme, address.authority, address.path_with_query), &address.url);
                prop_assert!(address.url.bytes().all(|byte| (b'!'..=b'~').contains(&byte)));
                prop_assert_eq!(join_url(&address.url, "").unwrap().url, address.url);
            }
            Err(error) => prop_assert!(error.to_string().len() < 1500),
        }
    }

    #[test]
    fn joining_never_panics(base in any::<String>(), reference in any::<String>()) {
        let _: Result<_, _> = join_url(&base, &reference);
        let _: Result<_, _> = join_url("https://example.com/a/b", &reference);
    }

    #[test]
    fn content_types_never_panic(header in prop_oneof![any::<String>(), "[a-z/;=, \"\\\\]{0,30}"]) {
        let found = content_type(&header);
        prop_assert_eq!(&found.essence, &found.essence.to_ascii_lowercase());
        prop_assert!(found.essence.is_empty() || found.essence.contains('/'));
    }
}
