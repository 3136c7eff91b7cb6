//! Every type there and back, and what this side sees of it.

use crate::Tour;
use crate::bindings::exports::likewise::tour::types::{Colour, Everything, Guest, Permissions, Shape};

impl Guest for Tour {
    fn echo_string(value: String) -> String {
        value
    }
    fn echo_strings(value: Vec<String>) -> Vec<String> {
        value
    }
    fn echo_integers(value: Vec<i64>) -> Vec<i64> {
        value
    }
    fn echo_floats(value: Vec<f64>) -> Vec<f64> {
        value
    }
    fn echo_singles(value: Vec<f32>) -> Vec<f32> {
        value
    }
    fn echo_bytes(value: Vec<u8>) -> Vec<u8> {
        value
    }
    fn echo_option(value: Option<String>) -> Option<String> {
        value
    }
    fn echo_nested_option(value: Option<Option<u32>>) -> Option<Option<u32>> {
        value
    }
    fn echo_colour(value: Colour) -> Colour {
        value
    }
    fn echo_permissions(value: Permissions) -> Permissions {
        value
    }
    fn echo_shape(value: Shape) -> Shape {
        value
    }
    fn echo_shapes(value: Vec<Shape>) -> Vec<Shape> {
        value
    }
    fn echo_char(value: char) -> char {
        value
    }
    fn echo_bool(value: bool) -> bool {
        value
    }
    fn echo_everything(value: Everything) -> Everything {
        value
    }

    fn show_string(value: String) -> String {
        format!("{value:?}")
    }
    fn show_strings(value: Vec<String>) -> String {
        format!("{value:?}")
    }
    fn show_integers(value: Vec<i64>) -> String {
        format!("{value:?}")
    }
    fn show_floats(value: Vec<f64>) -> String {
        format!("{value:?}")
    }
    fn show_bytes(value: Vec<u8>) -> String {
        format!("{value:?}")
    }
    fn show_option(value: Option<String>) -> String {
        format!("{value:?}")
    }
    fn show_nested_option(value: Option<Option<u32>>) -> String {
        format!("{value:?}")
    }
    fn show_colour(value: Colour) -> String {
        format!("{value:?}")
    }
    fn show_permissions(value: Permissions) -> String {
        format!("{value:?}")
    }
    fn show_shapes(value: Vec<Shape>) -> String {
        format!("{value:?}")
    }
    fn show_everything(value: Everything) -> String {
        format!("{value:?}")
    }

    fn halve(n: u32) -> Result<u32, String> {
        if n.is_multiple_of(2) { Ok(n / 2) } else { Err(format!("{n} is odd")) }
    }

    fn fail_with_shape(shape: Shape) -> Result<(), Shape> {
        Err(shape)
    }
}
