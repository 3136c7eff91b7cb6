//! The examples of the articles.

use crate::Tour;
use crate::bindings::exports::likewise::tour::articles::{BindStruct, Guest, Pack, TestData, User};
use crate::bindings::likewise::tour::host::{Entry, Level, log};

impl Guest for Tour {
    fn gauss_sum(n: u32) -> u64 {
        // The article's loop. `black_box` keeps the compiler from knowing the formula.
        (0..=u64::from(n)).fold(0, |sum, i| std::hint::black_box(sum + i))
    }

    fn greeting() -> String {
        "Hello from Rust!".to_owned()
    }

    fn greet(name: String) -> String {
        format!("HELLO {name}")
    }

    fn hello_there(ex: TestData) -> TestData {
        let data = format!("Hello there from Rust code '{}';", ex.data);
        let len = data.len() as u32;
        TestData { data, len }
    }

    fn print_this(args: BindStruct) -> i32 {
        log(&Entry { level: Level::Info, text: format!("{}, {}", args.xxx, args.yyy) });
        args.xxx.wrapping_add(args.yyy.len() as i32)
    }

    fn get_data_info(message: Pack) -> Pack {
        let data = format!("Hi from Rust, your input was '{}'", message.data);
        let len = data.len() as i32;
        Pack { data, len }
    }

    fn birthday(user: User) -> User {
        User { age: user.age.saturating_add(1), ..user }
    }

    fn birthdays(users: Vec<User>) -> Vec<User> {
        users.into_iter().map(Self::birthday).collect()
    }
}
