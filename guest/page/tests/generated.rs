//! Generated documents: their facts are known because they are made from them.
//! `tests/page` has a richer generator and compares with html5lib; this one needs nothing but Rust.

use likewise_page::{Link, Page, extract, select};

const DOCUMENTS: u64 = 2000;
const WORDS: [(&str, &str); 8] = [
    ("plain", "plain"),
    ("caf&eacute;", "café"),
    ("a&amp;b", "a&b"),
    ("x&lt;y", "x<y"),
    ("&#x1F980;", "🦀"),
    ("日本", "日本"),
    ("5&nbsp;%", "5\u{a0}%"),
    ("AT&T", "AT&T"),
];
const NOISE: [&str; 6] = [
    "",
    "<!-- <a href=no>no</a> -->",
    "<script>'<title>no</title><a href=no>'</script>",
    "<style>a{b:c}</style>",
    "<template><a href=no>no</a></template>",
    "<svg><title>no</title></svg>",
];

/// Marsaglia's xorshift: the same documents on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("less than a usize")
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// Markup and the text it shows.
fn words(random: &mut Random) -> (String, String) {
    let chosen: Vec<_> = (0..=random.below(4)).map(|_| random.one_of(&WORDS)).collect();
    let blank = random.one_of(&[" ", "\n", " \t "]);
    let markup = chosen.iter().map(|word| word.0).collect::<Vec<_>>().join(blank);
    (markup, chosen.iter().map(|word| word.1).collect::<Vec<_>>().join(" "))
}

fn document(random: &mut Random) -> (String, Page, usize) {
    let mut page = Page::default();
    let mut html = String::from("<!DOCTYPE html>");
    let mut lines = Vec::new();
    if random.below(2) == 0 {
        html += "<html lang=en>";
        page.lang = Some("en".into());
    }
    let (markup, title) = words(random);
    html += &format!("<title>\n{markup}</title>");
    page.title = Some(title);
    for name in ["author", "description"] {
        let (markup, content) = words(random);
        html += &format!("<meta name={name} content=\"{markup}\">");
        // Attribute values keep their white space.
        let blank = if markup.contains('\n') {
            "\n"
        } else if markup.contains('\t') {
            " \t "
        } else {
            " "
        };
        page.meta.push((name.into(), content.replace(' ', blank)));
        page.description = Some(content);
    }
    let mut paragraphs = 0;
    for number in 0..random.below(12) {
        html += random.one_of(&NOISE);
        let (markup, text) = words(random);
        let mut link = |url: String, rel: &str| {
            page.links.push(Link { url, text: text.clone(), rel: rel.into() });
        };
        match random.below(5) {
            0 => {
                paragraphs += 1;
                html += &format!("<p><a href=/p/{number}?a&amp;b>{markup}</a>");
                link(format!("https://example.com/p/{number}?a&b"), "");
            }
            1 => {
                html += &format!("<div><b>{markup}</b></div>");
            }
            2 => {
                html += &format!("<ul><li><A REL='nofollow' HREF=\"i{number}\">{markup}</A><li>{markup}</ul>");
                link(format!("https://example.com/dir/i{number}"), "nofollow");
                lines.push(text.clone());
            }
            3 => {
                html += &format!("<table><tr><td>{markup}<td>{markup}</table>");
                lines.push(format!("{text}\t{text}"));
                continue;
            }
            _ => {
                paragraphs += 1;
                html += &format!("<p>{markup}</p>");
            }
        }
        lines.push(text);
    }
    page.text = lines.join("\n");
    (html, page, paragraphs)
}

#[test]
fn generated_documents_have_the_facts_they_are_made_from() {
    for seed in 1..=DOCUMENTS {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let (html, page, paragraphs) = document(&mut random);
        assert_eq!(extract(&html, "https://example.com/dir/page"), page, "seed {seed}: {html}");
        let found = select(&html, "p", usize::MAX).expect("p is a selector");
        assert_eq!(found.len(), paragraphs, "seed {seed}: {html}");
        let anchors = select(&html, "a[href]:not([href='no'])", usize::MAX).expect("it is a selector");
        let texts: Vec<_> = anchors.iter().map(|found| &found.text).collect();
        assert_eq!(texts, page.links.iter().map(|link| &link.text).collect::<Vec<_>>(), "seed {seed}: {html}");
    }
}
