//! Every input that the fuzzers kept, run again: those that reach furthest, and those that once found something.

use likewise_fuzz::TARGETS;
use std::fs;
use std::path::Path;

#[test]
fn the_kept_inputs_hold() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for (name, target) in TARGETS {
        let mut cases = 0;
        let files = fs::read_dir(corpus.join(name)).unwrap_or_else(|error| panic!("corpus/{name}: {error}"));
        for file in files {
            let path = file.expect("the folder can be read").path();
            let input = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            println!("{}", path.display());
            cases += target(&input);
        }
        assert!(cases > 0, "corpus/{name} makes no case");
    }
}
