package io.ketju.actors.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreedBuffersTest {
    private final List<Integer> told = new ArrayList<>();
    private final FreedBuffers freed = new FreedBuffers(new int[] {3, 1, 0}, told::add);

    @Test
    void tellsWhenThereAreEnough() {
        freed.freed(0);
        freed.freed(1);
        freed.freed(0);
        assertThat(told).containsExactly(1);
        freed.freed(0);
        assertThat(told).containsExactly(1, 0);
    }

    @Test
    void whatCameBackInTheMeantimeIsTakenAlong() {
        IntStream.range(0, 5).forEach(i -> freed.freed(0));
        assertThat(told).as("once until it is taken").containsExactly(0);
        assertThat(freed.take(0)).isEqualTo(5);
        assertThat(freed.take(0)).isZero();
        IntStream.range(0, 3).forEach(i -> freed.freed(0));
        assertThat(told).containsExactly(0, 0);
    }

    @Test
    void ofWhatGoesOnceNobodyHears() {
        freed.freed(2);
        assertThat(told).isEmpty();
    }

    /** Many threads give back what one takes: in the end fewer are left than are told of together. */
    @Test
    void noneIsLost() throws InterruptedException {
        int threads = 4;
        int each = 50_000;
        AtomicInteger tellings = new AtomicInteger();
        FreedBuffers counted = new FreedBuffers(new int[] {7}, thing -> tellings.incrementAndGet());
        List<Thread> givers = IntStream.range(0, threads)
                .mapToObj(i -> new Thread(() -> IntStream.range(0, each).forEach(n -> counted.freed(0))))
                .toList();
        givers.forEach(Thread::start);
        int taken = 0;
        int heard = 0;
        while (taken <= threads * each - 7) {
            if (tellings.get() > heard) {
                heard++;
                taken += counted.take(0);
            } else {
                Thread.onSpinWait();
            }
        }
        for (Thread giver : givers) {
            giver.join();
        }
        assertThat(taken + counted.take(0)).isEqualTo(threads * each);
    }
}
