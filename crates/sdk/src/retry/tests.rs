use super::*;
use proptest::prelude::*;
use std::cell::{Cell, RefCell};

/// Errors that mean what they are.
async fn tries(policy: Policy, outcomes: &[Result<u8, Retry>]) -> (Result<u8, Retry>, usize) {
    let made = Cell::new(0);
    let ended = retry(
        policy,
        |e: &Retry| *e,
        |attempt| {
            assert_eq!(attempt as usize, made.get());
            let outcome = outcomes[made.get().min(outcomes.len() - 1)];
            made.set(made.get() + 1);
            std::future::ready(outcome)
        },
    )
    .await;
    (ended, made.get())
}

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn an_error_is_retried_as_it_means() {
    let policy = Policy::default();
    let start = Instant::now();
    let outcomes = [Err(Retry::Now), Err(Retry::Now), Ok(1)];
    assert_eq!(tries(policy, &outcomes).await, (Ok(1), 3));
    assert_eq!(start.elapsed(), Duration::ZERO);
    let outcomes = [Err(Retry::Later), Err(Retry::No), Ok(1)];
    assert_eq!(tries(policy, &outcomes).await, (Err(Retry::No), 2));
    let start = Instant::now();
    let outcomes = [Err(Retry::After(7 * SECOND)), Ok(1)];
    assert_eq!(tries(policy, &outcomes).await, (Ok(1), 2));
    assert_eq!(start.elapsed().as_secs(), 7);
}

#[tokio::test(start_paused = true)]
async fn what_is_ambiguous_is_repeated_only_if_that_does_no_harm() {
    let outcomes = [Err(Retry::Ambiguous), Ok(1)];
    let policy = Policy::default();
    assert_eq!(tries(policy, &outcomes).await, (Ok(1), 2));
    let once = policy.once();
    assert_eq!(tries(once, &outcomes).await, (Err(Retry::Ambiguous), 1));
}

#[tokio::test(start_paused = true)]
async fn attempts_end_in_time() {
    let policy = Policy::default().deadline(60 * SECOND);
    let start = Instant::now();
    let (ended, made) = tries(policy, &[Err(Retry::Later)]).await;
    assert_eq!(ended, Err(Retry::Later));
    assert!(start.elapsed() >= 60 * SECOND && start.elapsed() < 61 * SECOND);
    assert!((10..40).contains(&made), "{made}");
    // A code with its own limit.
    let start = Instant::now();
    let (ended, _) = tries(policy, &[Err(Retry::Within(9 * SECOND))]).await;
    assert_eq!(ended, Err(Retry::Within(9 * SECOND)));
    assert!(start.elapsed() >= 9 * SECOND && start.elapsed() < 10 * SECOND);
    // What is asked for is beyond the deadline: no use waiting.
    let start = Instant::now();
    let (_, made) = tries(policy, &[Err(Retry::After(90 * SECOND))]).await;
    assert_eq!(made, 1);
    assert_eq!(start.elapsed(), Duration::ZERO);
    let five = Policy {
        attempts: 5,
        ..policy
    };
    assert_eq!(tries(five, &[Err(Retry::Now)]).await.1, 5);
}

/// What happens to one request for a create.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// It is carried out and answered.
    Well,
    /// It is refused: nothing is made, and the answer says so.
    Throttled,
    /// It is lost on the way: nothing is made.
    LostBefore,
    /// It is carried out, the answer is lost. It becomes visible so many milliseconds later.
    LostAfter(u64),
}

#[derive(Default)]
struct Cloud {
    /// When each thing becomes visible.
    made: RefCell<Vec<Instant>>,
    looks: Cell<usize>,
    sent: Cell<usize>,
}

impl Cloud {
    fn send(&self, fates: &[Fate]) -> Result<usize, Retry> {
        let fate = fates.get(self.sent.get()).copied().unwrap_or(Fate::Well);
        self.sent.set(self.sent.get() + 1);
        let now = Instant::now();
        let mut made = self.made.borrow_mut();
        match fate {
            Fate::Well => made.push(now),
            Fate::Throttled => return Err(Retry::Later),
            Fate::LostBefore => return Err(Retry::Ambiguous),
            Fate::LostAfter(ms) => {
                made.push(now + Duration::from_millis(ms));
                return Err(Retry::Ambiguous);
            }
        }
        Ok(made.len())
    }

    fn find(&self, failing: usize) -> Result<Option<usize>, Retry> {
        self.looks.set(self.looks.get() + 1);
        if self.looks.get() <= failing {
            return Err(Retry::Later);
        }
        let made = self.made.borrow();
        let visible = made.iter().any(|at| *at <= Instant::now());
        Ok(visible.then_some(made.len()))
    }

    async fn create(&self, fates: &[Fate], failing: usize) -> Result<usize, Retry> {
        create_once(
            Policy::default(),
            |e: &Retry| *e,
            || std::future::ready(self.find(failing)),
            |_| std::future::ready(self.send(fates)),
        )
        .await
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_looked_for_when_all_is_well() {
    let cloud = Cloud::default();
    assert_eq!(cloud.create(&[Fate::Throttled], 0).await, Ok(1));
    assert_eq!((cloud.sent.get(), cloud.looks.get()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_while_nobody_can_look() {
    let cloud = Cloud::default();
    let ended = cloud.create(&[Fate::LostAfter(0)], usize::MAX).await;
    assert_eq!(ended, Err(Retry::Ambiguous));
    assert_eq!(cloud.sent.get(), 1);
}

proptest! {
    #[test]
    fn exactly_one_is_made(
        fates in prop::collection::vec(
            prop_oneof![
                Just(Fate::Throttled),
                Just(Fate::LostBefore),
                (0_u64..2_900).prop_map(Fate::LostAfter),
            ],
            0..6,
        ),
        failing in 0_usize..5,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let cloud = Cloud::default();
        let ended = runtime.block_on(cloud.create(&fates, failing));
        prop_assert_eq!(ended, Ok(1));
        prop_assert_eq!(cloud.made.borrow().len(), 1);
    }
}
