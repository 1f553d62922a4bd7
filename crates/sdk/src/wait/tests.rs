use super::*;
use std::cell::Cell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Passing,
    Lasting,
}

impl Transient for Fault {
    fn is_transient(&self) -> bool {
        *self == Self::Passing
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

const MINUTE: Duration = Duration::from_secs(60);

/// Waits for something that takes so long; says how it ended, how long that took and how often it was asked.
async fn wait(waiter: Waiter, takes: Duration) -> (Result<(), WaitError<Fault>>, Duration, u32) {
    let (start, asked) = (Instant::now(), Cell::new(0));
    let ended = waiter
        .until(|| {
            asked.set(asked.get() + 1);
            let done = start.elapsed() >= takes;
            async move {
                Ok(match done {
                    true => Probe::Done(()),
                    false => Probe::Pending("CREATING".to_owned()),
                })
            }
        })
        .await;
    (ended, start.elapsed(), asked.get())
}

/// Waits with these answers in turn, the last one for ever.
async fn answers(
    waiter: Waiter,
    answers: &[Result<Probe<u8>, Fault>],
) -> (Result<u8, WaitError<Fault>>, usize) {
    let asked = Cell::new(0);
    let ended = waiter
        .until(|| {
            let answer = answers[asked.get().min(answers.len() - 1)].clone();
            asked.set(asked.get() + 1);
            std::future::ready(answer)
        })
        .await;
    (ended, asked.get())
}

fn waiter() -> Waiter {
    Waiter::new("it", MINUTE)
}

fn pending() -> Result<Probe<u8>, Fault> {
    Ok(Probe::Pending("x".to_owned()))
}

#[tokio::test(start_paused = true)]
async fn what_is_done_is_asked_for_once() {
    let (ended, took, asked) = wait(waiter(), Duration::ZERO).await;
    assert_eq!((ended, took, asked), (Ok(()), Duration::ZERO, 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_quick_is_noticed_quickly_and_what_is_slow_is_not_asked_for_often() {
    for (takes, typical, most_asked, most_late) in [
        (Duration::from_millis(200), 10 * MINUTE, 7, 110),
        (Duration::from_secs(2), 10 * MINUTE, 12, 1_100),
        (Duration::from_secs(100), 2 * MINUTE, 36, 6_700),
        (10 * MINUTE, 10 * MINUTE, 40, 33_100),
        (30 * MINUTE, 10 * MINUTE, 85, 33_100),
    ] {
        let waiter = Waiter::new("it", 60 * MINUTE).typical(typical);
        let (ended, took, asked) = wait(waiter, takes).await;
        assert_eq!(ended, Ok(()));
        let late = (took - takes).as_millis();
        assert!(
            asked <= most_asked && late <= most_late,
            "{takes:?}: asked {asked} times, {late} ms late"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_what_and_the_last_status_and_is_not_late() {
    let waiter = Waiter::new("NAT gateway nat-1 to become available", MINUTE);
    let (ended, took, _) = wait(waiter, 2 * MINUTE).await;
    assert!((MINUTE..MINUTE + Duration::from_millis(2)).contains(&took));
    assert_eq!(
        ended.unwrap_err().to_string(),
        "waited 1m0s for NAT gateway nat-1 to become available; the last status was CREATING"
    );
    // There is a look when the time is up.
    assert_eq!(wait(waiter_without_time(), Duration::ZERO).await.2, 1);
}

fn waiter_without_time() -> Waiter {
    Waiter::new("it", Duration::ZERO)
}

#[tokio::test(start_paused = true)]
async fn transient_errors_are_overlooked_up_to_a_limit_others_are_not() {
    let passing = Err(Fault::Passing);
    let done = Ok(Probe::Done(1));
    let twice_two = [
        passing.clone(),
        passing.clone(),
        pending(),
        passing.clone(),
        passing.clone(),
        done.clone(),
    ];
    let (ended, asked) = answers(waiter().tolerate(2), &twice_two).await;
    assert_eq!((ended, asked), (Ok(1), 6));
    let (ended, asked) = answers(waiter().tolerate(1), &twice_two).await;
    assert_eq!((ended, asked), (Err(WaitError::Failed(Fault::Passing)), 2));
    let (ended, asked) = answers(waiter(), &[Err(Fault::Lasting), done]).await;
    assert_eq!((ended, asked), (Err(WaitError::Failed(Fault::Lasting)), 1));
}

#[tokio::test(start_paused = true)]
async fn settled_wants_looks_in_a_row() {
    let done = |n| Ok(Probe::Done(n));
    let sequence = [done(1), done(2), pending(), done(3), done(4), done(5)];
    let (ended, asked) = answers(waiter().settled(3), &sequence).await;
    assert_eq!((ended, asked), (Ok(5), 6));
}

#[tokio::test(start_paused = true)]
async fn a_new_thing_may_be_invisible_for_a_while() {
    let missing = || Ok(Probe::Missing);
    let gone = WaitError::Missing {
        what: "it".to_owned(),
    };
    let sequence = [missing(), missing(), Ok(Probe::Done(1))];
    assert_eq!(answers(waiter(), &sequence).await, (Ok(1), 3));
    let no_grace = waiter().grace(Duration::ZERO);
    assert_eq!(answers(no_grace, &sequence).await, (Err(gone.clone()), 1));
    // Once seen, it is gone.
    let sequence = [pending(), missing()];
    assert_eq!(answers(waiter(), &sequence).await, (Err(gone.clone()), 2));
    // In the end it was never there.
    let start = Instant::now();
    assert_eq!(answers(waiter(), &[missing()]).await.0, Err(gone));
    assert!(start.elapsed() >= Duration::from_secs(30) && start.elapsed() < MINUTE);
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_with_an_error_of_the_provider() {
    let throttled = || Error::new(ErrorKind::Throttled, "RequestLimitExceeded", "Too many.");
    let ended = waiter()
        .tolerate(3)
        .until(|| std::future::ready(Err::<Probe<()>, _>(throttled())))
        .await;
    assert_eq!(Error::from(ended.unwrap_err()), throttled());
    let ended = waiter()
        .until(|| std::future::ready(Ok::<_, Error>(Probe::<()>::Pending("x".to_owned()))))
        .await;
    assert_eq!(
        Error::from(ended.unwrap_err()).to_string(),
        "waited 1m0s for it; the last status was x"
    );
}
