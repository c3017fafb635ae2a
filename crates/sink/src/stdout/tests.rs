use super::*;
use crate::conformance::{event, parcel};
use crate::reason::reason_of;

/// Takes `room` bytes, then fails once with `error`, then takes all.
struct Narrow {
    room: usize,
    error: Option<ErrorKind>,
    taken: Arc<Mutex<Vec<u8>>>,
}

impl Write for Narrow {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match (self.room, self.error) {
            (0, Some(error)) => {
                self.error = None;
                return Err(error.into());
            }
            (_, None) => bytes.len(),
            (room, Some(_)) => bytes.len().min(room),
        };
        self.room = self.room.saturating_sub(count);
        self.taken.lock().expect("taken").extend(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn narrow(room: usize, error: ErrorKind) -> (StdoutSink, Arc<Mutex<Vec<u8>>>) {
    let taken = Arc::new(Mutex::new(Vec::new()));
    let writer = Narrow { room, error: Some(error), taken: Arc::clone(&taken) };
    (StdoutSink::over(writer), taken)
}

#[tokio::test]
async fn closed_pipe_pauses_and_says_what_to_do() {
    let (sink, _) = narrow(0, ErrorKind::BrokenPipe);
    let error = sink.write(&Batch::of(parcel("a", 0, 1))).await.expect_err("closed");
    assert!(matches!(error, WriteError::Pause { .. }));
    let reason = reason_of(&error);
    assert!(reason.contains("what read it has gone away"), "{reason}");
}

#[tokio::test]
async fn line_after_a_torn_one_begins_on_its_own() {
    let batch = Batch::of(parcel("a", 0, 2));
    for room in 0..batch.bytes() {
        let (sink, taken) = narrow(room, ErrorKind::Other);
        let answer = sink.write(&batch).await;
        assert!(matches!(answer, Err(WriteError::Retry { .. })), "{answer:?}");
        let _written = sink.write(&batch).await.expect("stored");
        let bytes = taken.lock().expect("taken").clone();
        let lines: Vec<&[u8]> = bytes.split(|&byte| byte == b'\n').collect();
        for index in 0..2 {
            assert!(lines.contains(&event("a", index).as_slice()), "after {room} bytes");
        }
        assert!(bytes.ends_with(b"\n"));
    }
}
