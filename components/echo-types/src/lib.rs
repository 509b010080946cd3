//! Gives every value type back as it came, directly and through an imported interface, and owns a
//! resource whose handles a host can hold.

mod counter;

use counter::LiveCounter;
use exports::wattle::test::types::{Counter, CounterBorrow};
use exports::wattle::test::{types, via_host};
use wattle::test::host_types;
use wattle::test::shapes::{Color, Nested, Permissions, Point, Seventeen, Shape, ThirtyTwo};

wit_bindgen::generate!({ path: "../wit", world: "echo-types", generate_all });

struct Echo;

/// Writes one function for every type: the echoing one, or the one that goes through the host,
/// which `lends` the value to the imported function.
macro_rules! every_type {
    ($then:ident) => {
        $then! {
            echo_bool via_host_bool(value: bool) lends value;
            echo_u8 via_host_u8(value: u8) lends value;
            echo_u16 via_host_u16(value: u16) lends value;
            echo_u32 via_host_u32(value: u32) lends value;
            echo_u64 via_host_u64(value: u64) lends value;
            echo_s8 via_host_s8(value: i8) lends value;
            echo_s16 via_host_s16(value: i16) lends value;
            echo_s32 via_host_s32(value: i32) lends value;
            echo_s64 via_host_s64(value: i64) lends value;
            echo_f32 via_host_f32(value: f32) lends value;
            echo_f64 via_host_f64(value: f64) lends value;
            echo_char via_host_char(value: char) lends value;
            echo_string via_host_string(value: String) lends &value;
            echo_bytes via_host_bytes(value: Vec<u8>) lends &value;
            echo_strings via_host_strings(value: Vec<String>) lends &value;
            echo_points via_host_points(value: Vec<Point>) lends &value;
            echo_lists via_host_lists(value: Vec<Vec<u16>>) lends &value;
            echo_point via_host_point(value: Point) lends &value;
            echo_nested via_host_nested(value: Nested) lends &value;
            echo_tuple via_host_tuple(value: (u8, String, i64)) lends (value.0, &value.1, value.2);
            echo_shape via_host_shape(value: Shape) lends &value;
            echo_shapes via_host_shapes(value: Vec<Shape>) lends &value;
            echo_color via_host_color(value: Color) lends value;
            echo_option via_host_option(value: Option<String>) lends value.as_deref();
            echo_option_option via_host_option_option(value: Option<Option<u8>>) lends value;
            echo_result via_host_result(value: Result<String, u32>) lends value.as_deref().map_err(|e| *e);
            echo_result_none via_host_result_none(value: Result<(), ()>) lends value;
            echo_result_ok via_host_result_ok(value: Result<Point, ()>) lends value.as_ref().map_err(|_| ());
            echo_result_error via_host_result_error(value: Result<(), Shape>) lends value.as_ref().map(|_| ());
            echo_permissions via_host_permissions(value: Permissions) lends value;
            echo_seventeen via_host_seventeen(value: Seventeen) lends value;
            echo_thirty_two via_host_thirty_two(value: ThirtyTwo) lends value;
        }
    };
}

macro_rules! echo_directly {
    ($($echo:ident $via:ident($value:ident: $type:ty) lends $lent:expr;)*) => {
        $(fn $echo($value: $type) -> $type { $value })*
    };
}

macro_rules! echo_via_host {
    ($($echo:ident $via:ident($value:ident: $type:ty) lends $lent:expr;)*) => {
        $(fn $via($value: $type) -> $type { host_types::$echo($lent) })*
    };
}

impl types::Guest for Echo {
    type Counter = LiveCounter;

    every_type!(echo_directly);

    #[rustfmt::skip]
    fn many(
        p0: u8, p1: u16, p2: u32, p3: u64, p4: i8, p5: i16, p6: i32, p7: i64, p8: f32, p9: f64,
        p10: bool, p11: char, p12: String, p13: Vec<u8>, p14: Option<u32>, p15: Color,
    ) -> String {
        format!(
            "{p0} {p1} {p2} {p3} {p4} {p5} {p6} {p7} {p8} {p9} {p10} {p11} {p12} {p13:?} {p14:?} {p15:?}"
        )
    }

    fn total(counters: Vec<CounterBorrow<'_>>) -> u64 {
        counters.iter().map(|counter| counter.get::<LiveCounter>().current()).sum()
    }

    fn counters(starts: Vec<u64>) -> Vec<Counter> {
        starts.into_iter().map(|start| Counter::new(LiveCounter::starting(start))).collect()
    }
}

impl via_host::Guest for Echo {
    every_type!(echo_via_host);

    #[rustfmt::skip]
    fn via_host_many(
        p0: u8, p1: u16, p2: u32, p3: u64, p4: i8, p5: i16, p6: i32, p7: i64, p8: f32, p9: f64,
        p10: bool, p11: char, p12: String, p13: Vec<u8>, p14: Option<u32>, p15: Color,
    ) -> String {
        host_types::many(
            p0, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, &p12, &p13, p14, p15,
        )
    }
}

impl Guest for Echo {
    fn greet(name: String) -> String {
        format!("Hello, {name}!")
    }
}

export!(Echo);
