use super::*;
use futures::future::join_all;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

type Log = Arc<Mutex<Vec<Vec<u32>>>>;

/// A cloud that takes 50 ms, knows odd numbers only, fails if 13 is asked for, and notes what it is asked.
fn cloud(joining: Joining) -> (Batch<u32, String, &'static str>, Log) {
    let log = Log::default();
    let noted = log.clone();
    let batch = Batch::new(joining, move |keys: Vec<u32>| {
        noted.lock().unwrap().push(keys.clone());
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if keys.contains(&13) {
                return Err("unlucky");
            }
            let odd = keys.into_iter().filter(|k| k % 2 == 1);
            Ok(odd.map(|k| (k, format!("#{k}"))).collect())
        }
    });
    (batch, log)
}

fn joining(most: usize, in_flight: usize) -> Joining {
    Joining {
        most,
        in_flight,
        ..Joining::default()
    }
}

fn asked(log: &Log) -> Vec<Vec<u32>> {
    log.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn calls_at_the_same_time_are_one_request() {
    let (batch, log) = cloud(Joining::default());
    let answers = join_all([3, 1, 2, 3].map(|k| batch.get(k))).await;
    let some = |s: &str| Ok(Some(s.to_owned()));
    assert_eq!(answers, [some("#3"), some("#1"), Ok(None), some("#3")]);
    assert_eq!(asked(&log), [vec![1, 2, 3]]);
}

#[tokio::test(start_paused = true)]
async fn a_later_call_is_not_answered_from_an_earlier_request() {
    let (batch, log) = cloud(Joining::default());
    let late = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        batch.get(1).await
    };
    let (first, second) = tokio::join!(batch.get(1), late);
    assert_eq!(first, second);
    assert_eq!(asked(&log), [vec![1], vec![1]]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_waits_for_those_that_keep_coming_but_not_for_ever() {
    let (batch, log) = cloud(Joining::default());
    let callers = (0..8_u32).map(|n| {
        let batch = batch.clone();
        async move {
            tokio::time::sleep(Duration::from_micros(900) * n).await;
            batch.get(n).await
        }
    });
    join_all(callers).await;
    let asked = asked(&log);
    assert!(asked[0].len() >= 3, "{asked:?}");
    assert!(asked.len() >= 2 && asked.len() <= 3, "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_does_not_wait() {
    let patient = Joining {
        most: 2,
        quiet: Duration::from_secs(9),
        window: Duration::from_secs(9),
        in_flight: 9,
    };
    let (batch, log) = cloud(patient);
    let start = tokio::time::Instant::now();
    join_all([1, 2, 3, 4].map(|k| batch.get(k))).await;
    assert_eq!(asked(&log), [vec![1, 2], vec![3, 4]]);
    assert!(start.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn the_next_batch_collects_while_requests_are_under_way() {
    let (batch, log) = cloud(joining(200, 1));
    let callers = (0..10_u32).map(|n| {
        let batch = batch.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(10) * n).await;
            batch.get(n).await
        }
    });
    join_all(callers).await;
    let asked = asked(&log);
    assert_eq!(asked.len(), 3, "{asked:?}");
    assert_eq!(asked[0], [0]);
}

#[tokio::test(start_paused = true)]
async fn an_error_goes_to_all_of_its_request_only() {
    let (batch, log) = cloud(joining(2, 4));
    let answers = join_all([1, 13, 3, 5].map(|k| batch.get(k))).await;
    assert_eq!(answers[0], Err("unlucky"));
    assert_eq!(answers[1], Err("unlucky"));
    assert_eq!(answers[2], Ok(Some("#3".to_owned())));
    assert_eq!(asked(&log).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn callers_that_give_up_do_no_harm() {
    let (batch, log) = cloud(joining(200, 1));
    // The one that came first, and with it all that waited then: nothing is asked for them.
    let brief = Duration::from_micros(100);
    assert!(tokio::time::timeout(brief, batch.get(1)).await.is_err());
    assert_eq!(batch.get(3).await, Ok(Some("#3".to_owned())));
    assert_eq!(asked(&log), [vec![3]]);
    // While the request is under way.
    let brief = Duration::from_millis(20);
    let (gone, stays) = tokio::join!(tokio::time::timeout(brief, batch.get(5)), batch.get(7));
    assert!(gone.is_err());
    assert_eq!(stays, Ok(Some("#7".to_owned())));
    assert_eq!(batch.get(9).await, Ok(Some("#9".to_owned())));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_panics_is_the_trouble_of_its_key_only() {
    let batch = Batch::new(Joining::default(), |keys: Vec<u32>| async move {
        assert!(!keys.contains(&13), "unlucky");
        Ok::<_, ()>(keys.into_iter().map(|k| (k, k)).collect())
    });
    let unlucky = tokio::spawn({
        let batch = batch.clone();
        async move { batch.get(13).await }
    });
    assert_eq!(batch.get(1).await, Ok(Some(1)));
    assert!(unlucky.await.is_err());
}

#[tokio::test(start_paused = true)]
async fn writes_join() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let writes = Writes::new(Joining::default(), move |keys: Vec<&'static str>| {
        counted.fetch_add(1, Ordering::Relaxed);
        std::future::ready(if keys.contains(&"c") {
            Err("no")
        } else {
            Ok(())
        })
    });
    let (a, b) = tokio::join!(writes.put("a"), writes.put("b"));
    assert_eq!((a, b), (Ok(()), Ok(())));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert_eq!(writes.put("c").await, Err("no"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn everybody_gets_their_own_answer_in_few_requests(
        calls in prop::collection::vec((0_u64..40, 20_u32..60, any::<bool>()), 1..80),
        most in 1_usize..9,
        in_flight in 1_usize..4,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        let (batch, log) = cloud(joining(most, in_flight));
        runtime.block_on(async {
            let callers = calls.iter().map(|&(at, key, stays)| {
                let batch = batch.clone();
                async move {
                    tokio::time::sleep(Duration::from_millis(at)).await;
                    if stays {
                        let expected = (key % 2 == 1).then(|| format!("#{key}"));
                        assert_eq!(batch.get(key).await, Ok(expected));
                    } else {
                        let _ = tokio::time::timeout(Duration::from_millis(at), batch.get(key)).await;
                    }
                }
            });
            let all = tokio::time::timeout(Duration::from_secs(60), join_all(callers));
            assert!(all.await.is_ok(), "somebody was forgotten");
        });
        let asked = asked(&log);
        prop_assert!(asked.iter().all(|keys| keys.len() <= most));
        prop_assert!(asked.iter().map(Vec::len).sum::<usize>() <= calls.len());
        // Full batches, and at most one that is not full for each moment of collecting.
        let partial = asked.iter().filter(|keys| keys.len() < most).count();
        prop_assert!(partial <= 40 + calls.len() / most + 1);
    }
}
