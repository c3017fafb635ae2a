use super::{Feed, Window};
use crate::Limits;

fn limits(window: usize, record: usize) -> Limits {
    Limits { window, record, ..Limits::default() }
}

#[test]
fn the_buffer_grows_once_to_the_record_cap_and_no_further() {
    let object = [b' '; 5000];
    let mut window = Window::new(&object[..], &limits(16, 1000));
    assert_eq!(window.buffer.len(), 16);
    while window.bytes().len() < 1001 {
        let before = window.bytes().len();
        assert!(window.more().unwrap());
        let grown = window.bytes().len() - before;
        assert!(grown <= before.max(16), "{grown} more after {before}");
        assert!([16, 1001].contains(&window.buffer.len()));
    }
}

#[test]
fn a_window_larger_than_the_record_cap_never_grows() {
    let object = [b' '; 5000];
    let mut window = Window::new(&object[..], &limits(64, 8));
    while window.more().unwrap() {
        assert_eq!(window.buffer.len(), 64);
        window.consume(window.bytes().len() - 9);
    }
    window.consume(9);
    assert_eq!(window.offset(), 5000);
}

#[test]
fn the_bytes_at_hand_survive_a_refill() {
    let object: Vec<u8> = (0..=255).collect();
    let mut window = Window::new(&object[..], &limits(20, 300));
    let mut at = 0_usize;
    while window.more().unwrap() {
        assert!(object[at..].starts_with(window.bytes()));
        window.consume(7);
        at += 7;
        assert_eq!(window.offset(), at as u64);
    }
    assert_eq!(window.bytes(), &object[at..]);
}
