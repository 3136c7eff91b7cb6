//! Objects that live here and are held from outside.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Tour;
use crate::bindings::exports::likewise::tour::objects::{Guest, GuestNotebook, Notebook, NotebookBorrow};

static ALIVE: AtomicU32 = AtomicU32::new(0);

pub(crate) struct Book {
    title: String,
    lines: RefCell<Vec<String>>,
}

impl Book {
    fn make(title: String, lines: Vec<String>) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self { title, lines: RefCell::new(lines) }
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl GuestNotebook for Book {
    fn new(title: String) -> Self {
        Self::make(title, Vec::new())
    }

    fn note(&self, line: String) -> u32 {
        let mut lines = self.lines.borrow_mut();
        lines.push(line);
        lines.len() as u32
    }

    fn lines(&self) -> Vec<String> {
        self.lines.borrow().clone()
    }

    fn title(&self) -> String {
        self.title.clone()
    }

    fn of(title: String, lines: Vec<String>) -> Notebook {
        Notebook::new(Self::make(title, lines))
    }

    fn count(notebooks: Vec<NotebookBorrow<'_>>) -> u32 {
        notebooks.iter().map(|book| book.get::<Self>().lines.borrow().len() as u32).sum()
    }

    fn try_open(title: String) -> Result<Notebook, String> {
        if title.is_empty() { Err("a notebook needs a title".to_owned()) } else { Ok(Self::of(title, Vec::new())) }
    }
}

impl Guest for Tour {
    type Notebook = Book;

    fn shred(notebook: Notebook) -> Vec<String> {
        notebook.into_inner::<Book>().lines.take()
    }

    fn copy(original: NotebookBorrow<'_>) -> Notebook {
        let original = original.get::<Book>();
        Book::of(original.title.clone(), original.lines.borrow().clone())
    }

    fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }
}
