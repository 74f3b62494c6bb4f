package io.ketju.tensor.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IdleWatchTest {
    /** Writes down what it is told; has something as often as it is given something. */
    private static final class Noted implements IdlePoll {
        final List<String> heard = new ArrayList<>();
        int waiting;

        @Override
        public boolean poll() {
            heard.add("poll");
            return waiting > 0 && waiting-- > 0;
        }

        @Override
        public void attended() {
            heard.add("attended");
        }

        @Override
        public void unattended() {
            heard.add("unattended");
        }

        List<String> sinceThen() {
            List<String> news = List.copyOf(heard);
            heard.clear();
            return news;
        }
    }

    private final IdleWatch watch = new IdleWatch();
    private final Noted poll = new Noted();

    @Test
    void theLastThatFallsAsleepSaysSoAndLooksOnceMore() {
        watch.add(poll);
        watch.looks();
        watch.looks();
        assertThat(watch.sleeps()).isFalse();
        assertThat(poll.sinceThen()).as("one looks still").isEmpty();
        poll.waiting = 1;
        assertThat(watch.sleeps()).as("it came in between").isTrue();
        assertThat(poll.sinceThen()).containsExactly("unattended", "poll");
        watch.wakes();
        assertThat(poll.sinceThen()).containsExactly("attended");
    }

    @Test
    void whoFindsWorkLeavesNobodyWhileAnotherSleeps() {
        watch.add(poll);
        watch.looks();
        watch.looks();
        watch.sleeps();
        assertThat(watch.works()).isFalse();
        assertThat(poll.sinceThen()).containsExactly("unattended", "poll");
        watch.looks();
        assertThat(poll.sinceThen()).containsExactly("attended");
    }

    @Test
    void whileAllAreAtWorkTheFirstToEndLooks() {
        watch.add(poll);
        watch.looks();
        watch.works();
        watch.looks();
        watch.works();
        assertThat(poll.heard).isEmpty();
    }

    @Test
    void oneThatComesLateHearsHowThingsStand() {
        watch.looks();
        watch.sleeps();
        watch.add(poll);
        assertThat(poll.sinceThen()).containsExactly("unattended", "poll");
        watch.remove(poll);
        watch.wakes();
        assertThat(watch.poll()).isFalse();
        assertThat(poll.heard).isEmpty();
    }

    @Test
    void idleWorkersTakeUpWhatNobodySubmits() throws InterruptedException {
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(2, TensorCoreOptions.KernelChoice.SCALAR))) {
            Queue<Runnable> ring = new ConcurrentLinkedQueue<>();
            CountDownLatch asleep = new CountDownLatch(1);
            IdlePoll reader = new IdlePoll() {
                @Override
                public boolean poll() {
                    Runnable task = ring.poll();
                    if (task != null) {
                        core.submit(task);
                    }
                    return task != null;
                }

                @Override
                public void attended() {}

                @Override
                public void unattended() {
                    asleep.countDown();
                }
            };
            core.addIdlePoll(reader);
            assertThat(asleep.await(30, TimeUnit.SECONDS)).isTrue();
            CountDownLatch done = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                ring.add(done::countDown);
            }
            // Whoever has something for sleepers wakes one, here by a task; it takes up the others by itself.
            core.submit(() -> {});
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            core.removeIdlePoll(reader);
        }
    }
}
