package io.ketju.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ParentWatchTest {
    @Test
    void theEndOfTheInputIsTheEndOfTheParent() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (PipedOutputStream parent = new PipedOutputStream()) {
            ParentWatch.start(new PipedInputStream(parent), ended::complete);
            parent.write('x');
            assertThat(ended).isNotDone();
        }
        assertThat(ended.get(10, TimeUnit.SECONDS)).as("told to end").isFalse();
    }

    @Test
    void aParentThatStillRunsCanSayThatItIsTheEnd() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (PipedOutputStream parent = new PipedOutputStream()) {
            ParentWatch.start(new PipedInputStream(parent), ended::complete);
            parent.write(ParentWatch.END);
            parent.flush();
            assertThat(ended.get(10, TimeUnit.SECONDS)).as("told to end").isTrue();
        }
    }

    @Test
    void aParentThatFallsSilentIsTakenForGone() throws Exception {
        CompletableFuture<Boolean> ended = new CompletableFuture<>();
        try (PipedOutputStream parent = new PipedOutputStream()) {
            ParentWatch.start(new PipedInputStream(parent), ended::complete, Duration.ofMillis(200));
            assertThat(ended.get(10, TimeUnit.SECONDS)).as("told to end").isFalse();
        }
    }
}
