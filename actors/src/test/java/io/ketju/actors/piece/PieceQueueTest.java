package io.ketju.actors.piece;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PieceQueueTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final PieceNews FIRST = new PieceNews.Ended(0, Optional.empty());
    private static final PieceNews SECOND = new PieceNews.Ended(1, Optional.of("broken"));

    private final PieceQueue queue = new PieceQueue();

    @Test
    void whatIsHereIsTakenAtOnceAndInItsOrder() throws InterruptedException {
        queue.add(FIRST);
        queue.add(SECOND);
        assertThat(queue.poll(LONG)).isEqualTo(FIRST);
        assertThat(queue.poll(Duration.ZERO)).isEqualTo(SECOND);
    }

    @Test
    void whoWaitsHasItWhenItComes() {
        CompletableFuture<PieceNews> taken = new CompletableFuture<>();
        Thread taker = Thread.ofPlatform().start(() -> {
            try {
                taken.complete(queue.poll(LONG));
            } catch (InterruptedException e) {
                taken.completeExceptionally(e);
            }
        });
        while (taker.isAlive() && taker.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        queue.add(FIRST);
        assertThat(taken.join()).isEqualTo(FIRST);
    }

    @Test
    void whatDoesNotComeInTimeIsNothing() throws InterruptedException {
        assertThat(queue.poll(Duration.ofMillis(1))).isNull();
    }
}
